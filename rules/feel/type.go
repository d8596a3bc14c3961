package feel

import (
	"slices"
	"strings"
)

// Type is a FEEL type (DMN 1.5, 10.3.2.2 and 10.3.2.9). A nil *Type stands for any type.
type Type struct {
	kind     Kind // the kind of its values; meaningless for Any
	any      bool
	element  *Type   // of lists and ranges; nil for any
	fields   []Field // of contexts, sorted by name
	params   []*Type // of functions
	result   *Type
	detailed bool // a context or function type with stated parts
	check    Check
}

// Check is a further condition on the values of a type. Its evaluations take env, so that they are part of the one that
// asks; an error ends that.
type Check func(env Env, v Value) (bool, error)

// Field is an entry of a context type.
type Field struct {
	Name string
	Type *Type
}

// KindType returns the type of all values of a kind.
func KindType(kind Kind) *Type { return &Type{kind: kind} }

// AnyType returns the type of all values.
func AnyType() *Type { return &Type{any: true} }

// ListType returns the type of lists of a type.
func ListType(element *Type) *Type { return &Type{kind: KindList, element: element} }

// RangeType returns the type of ranges of a type.
func RangeType(element *Type) *Type { return &Type{kind: KindRange, element: element} }

// ContextType returns the type of contexts that have at least the given entries.
func ContextType(fields []Field) *Type {
	sorted := slices.Clone(fields)
	slices.SortFunc(sorted, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return &Type{kind: KindContext, fields: sorted, detailed: true}
}

// FunctionType returns the type of functions with the given parameters and result.
func FunctionType(params []*Type, result *Type) *Type {
	return &Type{kind: KindFunction, params: params, result: result, detailed: true}
}

// Where returns the type of those values of t that also pass check.
func (t *Type) Where(check Check) *Type {
	restricted := *t
	restricted.check = check
	if before := t.check; before != nil {
		restricted.check = func(env Env, v Value) (bool, error) {
			if ok, err := before(env, v); !ok || err != nil {
				return false, err
			}
			return check(env, v)
		}
	}
	return &restricted
}

// WhereEach is Where for every item of a list.
func (t *Type) WhereEach(check Check) *Type {
	return t.Where(func(env Env, v Value) (bool, error) {
		items, isList := v.List()
		if !isList {
			return check(env, v)
		}
		for _, item := range items {
			env.outer.tick(checkSteps)
			if ok, err := check(env, item); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

var typeNames, simpleTypes = func() (*nameSet, map[string]*Type) {
	types := map[string]*Type{"Any": AnyType(), "Null": KindType(KindNull)}
	for kind := KindBoolean; kind <= KindYearsDuration; kind++ {
		types[kind.String()] = KindType(kind)
	}
	names := &nameSet{}
	for name := range types {
		names.add(name)
	}
	return names, types
}()

// ParseType reads a type as instance of and typeRef attributes name it; types finds item
// definitions and may be nil. It returns nil when there is no such type.
func ParseType(text string, types func(string) *Type) *Type {
	p, err := newParser(text, Options{Types: types})
	if err != nil {
		return nil
	}
	var t *Type
	if _, err := p.parse(func() node { t = p.typeName(); return nil }); err != nil {
		return nil
	}
	return t
}

// typeName is rule 52. A type that does not exist is nil.
func (p *parser) typeName() *Type {
	rest := p.tokens[p.at:]
	if rest[0].kind != tokenName {
		p.fail(rest[0], "expected a type instead of %s", describe(rest[0]))
	}
	if rest[1].kind == tokenSymbol && rest[1].text == "<" {
		switch rest[0].text {
		case "list", "range":
			return p.elementType(rest[0].text)
		case "context":
			return p.contextType()
		case "function":
			return p.functionType()
		}
	}
	name, length := typeNames.longest(rest)
	if p.types != nil {
		if t := p.itemType(length); t != nil {
			return t
		}
	}
	if length > 0 {
		p.at += length
		return simpleTypes[name]
	}
	p.at += p.typeTokens()
	return nil
}

// typeTokens counts the tokens that can be the name of an item definition.
func (p *parser) typeTokens() int {
	length := 1
	for {
		t := p.tokens[p.at+length]
		inside := t.kind == tokenNumber || t.kind == tokenName && !isReserved(t.text) ||
			t.kind == tokenSymbol && (t.text == "." || t.text == "'")
		if !inside {
			return length
		}
		length++
	}
}

// itemType tries the longest run of tokens first, and none shorter than the name of a built-in type.
func (p *parser) itemType(shortest int) *Type {
	longest := p.typeTokens()
	for _, symbol := range []string{"-", "/", "+", "*"} {
		if t := p.tokens[p.at+longest]; t.kind == tokenSymbol && t.text == symbol {
			longest = p.nameTokens()
			break
		}
	}
	for length := longest; length >= max(shortest, 1); length-- {
		if t := p.types(spell(p.tokens[p.at : p.at+length])); t != nil {
			p.at += length
			return t
		}
	}
	return nil
}

func (p *parser) nameTokens() int {
	length := 1
	for {
		t := p.tokens[p.at+length]
		if t.kind != tokenName && t.kind != tokenNumber && !isNameSymbol(t) {
			return length
		}
		length++
	}
}

func (p *parser) elementType(word string) *Type {
	p.at += 2
	element := p.typeName()
	p.expect(">")
	switch {
	case element == nil:
		return nil
	case word == "list":
		return ListType(element)
	default:
		return RangeType(element)
	}
}

func (p *parser) contextType() *Type {
	p.at += 2
	var fields []Field
	known := true
	for !p.accept(">") {
		if len(fields) > 0 {
			p.expect(",")
		}
		name := p.newName(":")
		p.expect(":")
		t := p.typeName()
		known = known && t != nil
		fields = append(fields, Field{Name: name, Type: t})
	}
	if !known {
		return nil
	}
	return ContextType(fields)
}

func (p *parser) functionType() *Type {
	p.at += 2
	params := []*Type{}
	known := true
	for !p.accept(">") {
		if len(params) > 0 {
			p.expect(",")
		}
		t := p.typeName()
		known = known && t != nil
		params = append(params, t)
	}
	p.expect("->")
	result := p.typeName()
	if result == nil || !known {
		return nil
	}
	return FunctionType(params, result)
}

// unchecked returns the type without the checks of Where, which instance of does not look at
// (DMN 1.5, 10.3.2.9.2: conformance is a matter of the structure).
func (t *Type) unchecked() *Type {
	if t == nil {
		return nil
	}
	bare := *t
	bare.check, bare.element = nil, t.element.unchecked()
	bare.fields = slices.Clone(t.fields)
	for i := range bare.fields {
		bare.fields[i].Type = bare.fields[i].Type.unchecked()
	}
	return &bare
}

// Plainly reports whether v is a value of the type and needs neither a walk nor a check to tell.
func (t *Type) Plainly(v Value) bool {
	switch {
	case v.kind == KindNull:
		return true
	case t.check != nil:
		return false
	default:
		return t.any || v.kind == t.kind && v.kind < KindList
	}
}

// Coerce applies the implicit conversions of 10.3.2.9.4: a value to and from a list of one, and a date to a date and
// time. ok is false when the value still does not conform; null always does. It is part of the evaluation that env
// belongs to; the error is that of Program.Eval.
func (t *Type) Coerce(env Env, v Value) (converted Value, ok bool, err error) {
	m := env.outer
	if m == nil {
		m = env.Begin().outer
	}
	defer recoverTrip(&err)
	converted, ok = m.coerce(t, v)
	return converted, ok, nil
}

func (m *machine) coerce(t *Type, v Value) (converted Value, ok bool) {
	switch {
	case v.kind == KindNull || m.conforms(t, v):
		return v, true
	case t.kind == KindList && !t.any && v.kind != KindList:
		converted = ListOf(v)
	case v.kind == KindList && len(v.list()) == 1 && t.kind != KindList:
		converted = v.list()[0]
	case t.kind == KindDateTime && v.kind == KindDate:
		converted = toDateTime(v)
	default:
		return Null, false
	}
	if converted.kind == KindNull || m.conforms(t, converted) {
		return converted, true
	}
	return Null, false
}

// conforms reports whether v is a value of the type. Null is a value of Null and Any only.
func (m *machine) conforms(t *Type, v Value) bool {
	m.tick(1)
	if t == nil || t.any {
		return t == nil || m.passes(t, v)
	}
	return v.kind == t.kind && m.partsConform(t, v) && m.passes(t, v)
}

// checkSteps is what beginning the evaluation of a check costs.
const checkSteps = 10

func (m *machine) passes(t *Type, v Value) bool {
	if t.check == nil {
		return true
	}
	m.tick(checkSteps)
	ok, err := t.check(Env{Limits: m.env.Limits, outer: m, quiet: true}, v)
	if err != nil {
		panic(tripped{err})
	}
	return ok
}

func (m *machine) partsConform(t *Type, v Value) bool {
	switch v.kind {
	case KindList:
		return t.element == nil || !slices.ContainsFunc(v.list(), func(item Value) bool { return !m.accepts(t.element, item) })
	case KindRange:
		r := v.interval()
		return t.element == nil || m.accepts(t.element, r.start) && m.accepts(t.element, r.end)
	case KindContext:
		return !slices.ContainsFunc(t.fields, func(f Field) bool {
			entry, ok := v.Entry(f.Name)
			return !ok || !m.accepts(f.Type, entry)
		})
	case KindFunction:
		return !t.detailed || v.function().conforms(t)
	default:
		return true
	}
}

// accepts is conforms for a part of a value, where null is allowed.
func (m *machine) accepts(t *Type, v Value) bool {
	if v.kind == KindNull {
		m.tick(1)
		return true
	}
	return m.conforms(t, v)
}

// within reports whether every value of t is a value of u.
func (t *Type) within(u *Type) bool {
	switch {
	case u == nil || u.any:
		return true
	case t == nil || t.any || t.kind != u.kind:
		return t != nil && !t.any && t.kind == KindNull
	case t.kind == KindList || t.kind == KindRange:
		return t.element.within(u.element)
	case t.kind == KindContext:
		return !slices.ContainsFunc(u.fields, func(f Field) bool { return !t.hasField(f) })
	case t.kind == KindFunction && u.detailed:
		return t.detailed && functionWithin(t.params, t.result, u)
	default:
		return true
	}
}

func (t *Type) hasField(want Field) bool {
	return slices.ContainsFunc(t.fields, func(f Field) bool { return f.Name == want.Name && f.Type.within(want.Type) })
}

// functionWithin: parameters are contravariant, the result is covariant.
func functionWithin(params []*Type, result *Type, u *Type) bool {
	if len(params) != len(u.params) {
		return false
	}
	for i, p := range u.params {
		if !p.within(params[i]) {
			return false
		}
	}
	// The result of most functions is not declared, and is looked at where the function is called.
	return result == nil || result.any || result.within(u.result)
}

func toDateTime(v Value) Value {
	return withZone(Value{head: head{kind: KindDateTime}, n: v.n * secondsPerDay}, utc)
}
