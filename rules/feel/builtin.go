package feel

import (
	"slices"
	"strings"
)

// builtin is a built-in function (DMN 1.5, 10.3.4) with its forms, one of which a call must fit.
type builtin struct {
	name    string
	forms   []form
	clock   bool                                   // the result depends on more than the arguments
	prepare func(at pos, arguments []lowered) code // a faster way for constant arguments, or nil
}

// form is one signature. run gets an argument for every parameter; a missing one is null.
type form struct {
	params   []param
	variadic bool // the last parameter takes all further arguments
	run      func(m *machine, at pos, a []Value) Value
}

type param struct {
	name     string
	kinds    kindSet
	optional bool
}

type kindSet uint16

func (s kindSet) has(kind Kind) bool { return s&(1<<kind) != 0 }

const anyKind kindSet = 1<<(KindFunction+1) - 1

var kindWords = map[string]kindSet{
	"any": anyKind, "null": 1 << KindNull, "boolean": 1 << KindBoolean, "number": 1 << KindNumber,
	"string": 1 << KindString, "date": 1 << KindDate, "time": 1 << KindTime,
	"datetime": 1 << KindDateTime, "days": 1 << KindDaysDuration, "years": 1 << KindYearsDuration,
	"list": 1 << KindList, "context": 1 << KindContext, "range": 1 << KindRange,
	"function": 1 << KindFunction,
	"point": 1<<KindNumber | 1<<KindString | 1<<KindDate | 1<<KindTime | 1<<KindDateTime |
		1<<KindDaysDuration | 1<<KindYearsDuration,
}

// define reads a signature like "string: string, start position: number, length?: number". Behind a
// parameter name "?" marks an optional one and "..." one that takes all further arguments; kinds
// are joined by "|".
func define(signature string, run func(m *machine, at pos, a []Value) Value) form {
	f := form{run: run}
	for text := range strings.SplitSeq(signature, ", ") {
		name, kinds, found := strings.Cut(text, ": ")
		if !found {
			continue
		}
		p := param{}
		name, p.optional = strings.CutSuffix(name, "?")
		p.name, f.variadic = strings.CutSuffix(name, "...")
		for kind := range strings.SplitSeq(kinds, "|") {
			p.kinds |= kindWords[kind]
		}
		f.params = append(f.params, p)
	}
	return f
}

func named(name string, forms ...form) *builtin { return &builtin{name: name, forms: forms} }

var builtins, builtinNames = func() (map[string]*builtin, *nameSet) {
	table, names := map[string]*builtin{}, &nameSet{}
	groups := [][]*builtin{
		conversionBuiltins(), logicBuiltins(), stringBuiltins(), regexBuiltins(), listBuiltins(),
		listEditBuiltins(), aggregateBuiltins(), numberBuiltins(), temporalBuiltins(),
		rangeBuiltins(), contextBuiltins(),
	}
	for _, b := range slices.Concat(groups...) {
		table[b.name] = b
		names.add(b.name)
	}
	return table, names
}()

// Builtins returns the names of the built-in functions, sorted.
func Builtins() []string {
	names := make([]string, 0, len(builtins))
	for name := range builtins {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (b *builtin) value() Value {
	return Value{head: head{kind: KindFunction}, ref: &function{builtin: b}}
}

// takes reports whether a form accepts n positional arguments.
func (b *builtin) takes(n int) bool {
	return slices.ContainsFunc(b.forms, func(f form) bool { return f.takes(n) })
}

func (f form) takes(n int) bool {
	required := 0
	for _, p := range f.params {
		if !p.optional {
			required++
		}
	}
	return n >= required && (n <= len(f.params) || f.variadic)
}

// call runs the first form that the arguments fit, at best without conversions. names is nil for
// positional arguments.
func (b *builtin) call(m *machine, at pos, names []string, args []Value) Value {
	m.tick(2 + len(args) + walked(args))
	for _, convert := range []bool{false, true} {
		for i := range b.forms {
			f := &b.forms[i]
			if bound, ok := f.bind(names, args, convert); ok {
				return f.run(m, at, bound)
			}
		}
	}
	kinds := make([]string, len(args))
	for i, arg := range args {
		kinds[i] = arg.kind.String()
	}
	return m.fail(at, "%s can not be called with (%s)", b.name, strings.Join(kinds, ", "))
}

// walked is the price of texts, which most functions walk over.
func walked(args []Value) int {
	bytes := 0
	for i := range args {
		if args[i].kind == KindString {
			bytes += int(args[i].n)
		}
	}
	return bytes / 64
}

func (f *form) bind(names []string, args []Value, convert bool) ([]Value, bool) {
	if names != nil {
		return f.bindNamed(names, args, convert)
	}
	if !f.takes(len(args)) {
		return nil, false
	}
	bound := make([]Value, max(len(args), len(f.params)))
	for i, arg := range args {
		v, ok := f.params[min(i, len(f.params)-1)].accept(arg, convert)
		if !ok {
			return nil, false
		}
		bound[i] = v
	}
	return bound, true
}

func (f *form) bindNamed(names []string, args []Value, convert bool) ([]Value, bool) {
	bound, given := make([]Value, len(f.params)), make([]bool, len(f.params))
	for i, name := range names {
		place := slices.IndexFunc(f.params, func(p param) bool { return p.name == name })
		if place < 0 || given[place] {
			return nil, false
		}
		v, ok := f.params[place].accept(args[i], convert)
		if !ok {
			return nil, false
		}
		bound[place], given[place] = v, true
	}
	for i, p := range f.params {
		if !p.optional && !given[i] && !p.kinds.has(KindNull) {
			return nil, false
		}
	}
	return bound, true
}

// accept checks the kind of an argument and applies the implicit conversions of 10.3.2.9.4.
func (p param) accept(v Value, convert bool) (Value, bool) {
	switch {
	case p.kinds.has(v.kind):
		return v, true
	case !convert || v.kind == KindNull:
		return Null, false
	case p.kinds.has(KindList):
		return ListOf(v), true
	case v.kind == KindList && len(v.list()) == 1:
		return p.accept(v.list()[0], true)
	case v.kind == KindDate && p.kinds.has(KindDateTime):
		return toDateTime(v), true
	default:
		return Null, false
	}
}
