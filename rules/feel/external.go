package feel

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// foreign is the equivalent of a static method of Java, given that the kinds of the arguments fit.
type foreign struct {
	kinds []Kind // of the arguments
	rest  bool   // any number of further arguments may follow
	run   func(a []Value) Value
}

var (
	oneNumber  = []Kind{KindNumber}
	twoNumbers = []Kind{KindNumber, KindNumber}
	oneText    = []Kind{KindString}
)

// foreigners are the methods that models name most; the key leaves out java.lang and blanks.
var foreigners = func() map[string]foreign {
	table := map[string]foreign{
		"String.valueOf(char)": {kinds: oneText, run: func(a []Value) Value {
			if utf8.RuneCountInString(a[0].text()) != 1 {
				return Null
			}
			return a[0]
		}},
		"String.format(String,[LObject;)": {kinds: oneText, rest: true, run: javaFormat},
		"Math.cos(double)":                {kinds: oneNumber, run: float1(math.Cos)},
		"Math.sin(double)":                {kinds: oneNumber, run: float1(math.Sin)},
		"Math.tan(double)":                {kinds: oneNumber, run: float1(math.Tan)},
		"Math.pow(double,double)": {kinds: twoNumbers, run: func(a []Value) Value {
			return fromFloat(math.Pow(toFloat(a[0]), toFloat(a[1])))
		}},
	}
	integers := map[string]string{"Byte": "byte", "Short": "short", "Integer": "int", "Long": "long"}
	for class, primitive := range integers {
		table[class+".valueOf("+primitive+")"] = foreign{kinds: oneNumber, run: wholeOf}
		table[class+".valueOf(String)"] = foreign{kinds: oneText, run: wholeOf}
	}
	for class, primitive := range map[string]string{"Float": "float", "Double": "double"} {
		table[class+".valueOf("+primitive+")"] = foreign{kinds: oneNumber, run: numberFrom}
		table[class+".valueOf(String)"] = foreign{kinds: oneText, run: numberFrom}
	}
	for _, primitive := range []string{"int", "long", "float", "double"} {
		table["Math.max("+primitive+","+primitive+")"] = foreign{kinds: twoNumbers, run: extremeOf(1)}
		table["Math.min("+primitive+","+primitive+")"] = foreign{kinds: twoNumbers, run: extremeOf(-1)}
		table["Math.abs("+primitive+")"] = foreign{kinds: oneNumber, run: func(a []Value) Value { return absNumber(a[0]) }}
	}
	return table
}()

func float1(f func(float64) float64) func([]Value) Value {
	return func(a []Value) Value { return fromFloat(f(toFloat(a[0]))) }
}

func toFloat(v Value) float64 {
	f, err := strconv.ParseFloat(v.numberText(), 64)
	if err != nil {
		return math.NaN()
	}
	return f
}

func fromFloat(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Null
	}
	v, _ := parseNumber(strconv.FormatFloat(f, 'g', -1, 64))
	return v
}

func extremeOf(want int) func([]Value) Value {
	return func(a []Value) Value {
		if compareNumbers(a[1], a[0]) == want {
			return a[1]
		}
		return a[0]
	}
}

func numberFrom(a []Value) Value {
	if a[0].kind == KindNumber {
		return a[0]
	}
	if !isNumber(a[0].text()) {
		return Null
	}
	v, _ := parseNumber(a[0].text())
	return v
}

func wholeOf(a []Value) Value {
	v := numberFrom(a)
	if _, ok := v.integer(); !ok {
		return Null
	}
	return v
}

// javaFormat knows %s and %d with their next argument, %% and %n; everything else is null.
func javaFormat(a []Value) Value {
	text, rest := a[0].text(), a[1:]
	if len(rest) == 1 && rest[0].kind == KindList {
		rest = rest[0].list()
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			b.WriteByte(text[i])
			continue
		}
		if i++; i == len(text) {
			return Null
		}
		switch verb := text[i]; {
		case verb == '%':
			b.WriteByte('%')
		case verb == 'n':
			b.WriteByte('\n')
		case len(rest) > 0 && (verb == 's' || verb == 'd' && rest[0].kind == KindNumber):
			b.WriteString(rest[0].String())
			rest = rest[1:]
		default:
			return Null
		}
	}
	return Text(b.String())
}

// ExternalJava returns the function that stands in for a static method of Java (DMN 1.5,
// 10.3.2.13.3), or null when there is none: no Java runs here.
func ExternalJava(parameters []Parameter, class, signature string) Value {
	key := class + "." + strings.ReplaceAll(signature, " ", "")
	f, ok := foreigners[strings.ReplaceAll(key, "java.lang.", "")]
	if !ok {
		return Null
	}
	return FunctionOf(parameters, nil, func(env Env, a []Value) (Value, error) {
		if len(a) < len(f.kinds) || len(a) > len(f.kinds) && !f.rest {
			return Null, nil
		}
		for i, kind := range f.kinds {
			if a[i].kind != kind {
				return Null, nil
			}
		}
		// One allowance for all arguments, because a format may join them.
		m, rest := env.outer, env.Limits.StringBytes
		for _, v := range a {
			rest = m.weigh(v, rest)
		}
		m.tick(20 + (env.Limits.StringBytes-rest)/8)
		v := f.run(a)
		if text, ok := v.Text(); ok {
			m.textSize(len(text))
		}
		return v, nil
	})
}

// external lowers a function that is defined outside of FEEL.
func (l *lowerer) external(n *functionNode) lowered {
	parameters := make([]Parameter, len(n.parameters))
	for i, p := range n.parameters {
		parameters[i] = Parameter{Name: p.name, Type: p.typed}
	}
	java := entryNode(n.external, "java")
	class, signature := entryText(java, "class"), entryText(java, "method signature")
	f := ExternalJava(parameters, class, signature)
	if f.kind == KindNull {
		return dynamic(func(m *machine) Value {
			return m.fail(n.pos, "the external function %s.%s has no equivalent here", class, signature)
		})
	}
	return dynamic(func(*machine) Value { return f })
}

func entryNode(n node, key string) node {
	c, ok := n.(*contextNode)
	if !ok {
		return nil
	}
	for i, k := range c.keys {
		if k == key {
			return c.values[i]
		}
	}
	return nil
}

func entryText(n node, key string) string {
	c, ok := entryNode(n, key).(*constNode)
	if !ok {
		return ""
	}
	text, _ := c.value.Text()
	return text
}
