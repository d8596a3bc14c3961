package oracle

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Value is what a variable holds: nil, bool, int64, string, []Value or map[string]Value.
type Value any

// Text writes a value as canonical JSON.
func Text(v Value) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		return strconv.Quote(v)
	case []Value:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = Text(item)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]Value:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, strconv.Quote(name)+":"+Text(v[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	panic("oracle: no value")
}

// evaluate computes a formula such as "=x + 1 > y and flag". A text without = stands for itself.
func evaluate(text string, lookup func(string) Value) Value {
	source, formula := strings.CutPrefix(text, "=")
	if !formula {
		return text
	}
	f := &formulaReader{words: split(source), lookup: lookup}
	v := f.conjunction()
	if len(f.words) > 0 {
		panic("oracle: the formula " + text + " is outside its language")
	}
	return v
}

// split cuts a formula into names, numbers, texts and signs.
func split(source string) []string {
	var words []string
	for source != "" {
		end := strings.IndexFunc(source, func(r rune) bool { return strings.ContainsRune(` +-<>=[],()"`, r) })
		switch {
		case end < 0:
			end = len(source)
		case end > 0:
		case source[0] == '"':
			end = strings.IndexByte(source[1:], '"') + 2
		case strings.HasPrefix(source, "<=") || strings.HasPrefix(source, ">="):
			end = 2
		default:
			end = 1
		}
		if word := source[:end]; word != " " {
			words = append(words, word)
		}
		source = source[end:]
	}
	return words
}

// formulaReader reads the words of a formula and computes as it goes.
type formulaReader struct {
	words  []string
	lookup func(string) Value
}

// next takes one of the given words when it comes next, "" otherwise.
func (f *formulaReader) next(words ...string) string {
	for _, w := range words {
		if len(f.words) > 0 && f.words[0] == w {
			f.words = f.words[1:]
			return w
		}
	}
	return ""
}

func (f *formulaReader) conjunction() Value {
	v := f.comparison()
	for f.next("and") != "" {
		v = both(v, f.comparison())
	}
	return v
}

// both is the conjunction of three-valued logic.
func both(a, b Value) Value {
	switch {
	case a == false || b == false:
		return false
	case a == true && b == true:
		return true
	}
	return nil
}

func (f *formulaReader) comparison() Value {
	a := f.sum()
	sign := f.next("<=", ">=", "<", ">", "=")
	if sign == "" {
		return a
	}
	b := f.sum()
	if sign == "=" {
		return Text(a) == Text(b)
	}
	x, ok := a.(int64)
	y, also := b.(int64)
	if !ok || !also {
		return nil
	}
	switch sign {
	case "<":
		return x < y
	case ">":
		return x > y
	case "<=":
		return x <= y
	}
	return x >= y
}

func (f *formulaReader) sum() Value {
	v := f.operand()
	for {
		sign := f.next("+", "-")
		if sign == "" {
			return v
		}
		x, ok := v.(int64)
		y, also := f.operand().(int64)
		switch {
		case !ok || !also:
			v = nil
		case sign == "+":
			v = x + y
		default:
			v = x - y
		}
	}
}

func (f *formulaReader) operand() Value {
	if f.next("[") != "" {
		return f.list()
	}
	if len(f.words) == 0 {
		panic("oracle: a formula ends too early")
	}
	w := f.words[0]
	f.words = f.words[1:]
	if n, err := strconv.ParseInt(w, 10, 64); err == nil {
		return n
	}
	switch {
	case w == "true" || w == "false":
		return w == "true"
	case w == "null":
		return nil
	case w[0] == '"':
		return strings.Trim(w, `"`)
	}
	return f.lookup(w)
}

func (f *formulaReader) list() Value {
	items := []Value{}
	for f.next("]") == "" {
		items = append(items, f.sum())
		f.next(",")
	}
	return items
}
