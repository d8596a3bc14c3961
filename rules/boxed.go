package rules

import (
	"tallystick/rules/feel"
)

// context is a boxed context (DMN 1.5, 10.2.1.4); result is the cell without a name, or nil.
type context struct {
	names  []string
	values []expression
	result expression
}

func (c context) eval(s *scope) (feel.Value, error) {
	inner := s.with()
	values := make([]feel.Value, len(c.values))
	for i, entry := range c.values {
		v, err := entry.eval(inner)
		if err != nil {
			return feel.Null, err
		}
		values[i] = v
		inner.set(c.names[i], v)
	}
	if c.result != nil {
		return c.result.eval(inner)
	}
	return feel.ContextOf(c.names, values), nil
}

// list is a boxed list (DMN 1.5, 10.2.1.6).
type list []expression

func (l list) eval(s *scope) (feel.Value, error) {
	values, err := l.values(s)
	return feel.ListOf(values...), err
}

func (l list) values(s *scope) ([]feel.Value, error) {
	values := make([]feel.Value, len(l))
	for i, item := range l {
		v, err := item.eval(s)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// relation is a boxed relation (DMN 1.5, 10.2.1.7): a list of contexts.
type relation struct {
	columns []string
	rows    []list
}

func (r relation) eval(s *scope) (feel.Value, error) {
	rows := make([]feel.Value, len(r.rows))
	for i, row := range r.rows {
		values, err := row.values(s)
		if err != nil {
			return feel.Null, err
		}
		rows[i] = feel.ContextOf(r.columns, values)
	}
	return feel.ListOf(rows...), nil
}

// conditional is a boxed conditional (DMN 1.5, 10.2.1.8). False and null take the else branch; a
// test of another kind makes it null, as the conformance kit has it.
type conditional struct {
	test, then, otherwise expression
	element               string
}

func (c conditional) eval(s *scope) (feel.Value, error) {
	v, err := c.test.eval(s)
	if err != nil {
		return feel.Null, err
	}
	switch yes, ok := v.Bool(); {
	case yes:
		return c.then.eval(s)
	case ok || v.IsNull():
		return c.otherwise.eval(s)
	}
	s.ev.warn("%s: %s is not a boolean", c.element, show(v))
	return feel.Null, nil
}

// filter is a boxed filter (DMN 1.5, 10.2.1.9) whose match cell is a boxed expression. An entry called item hides
// the item.
type filter struct{ in, match expression }

func (f filter) eval(s *scope) (feel.Value, error) {
	source, err := f.in.eval(s)
	if err != nil {
		return feel.Null, err
	}
	items, isList := source.List()
	if !isList && !source.IsNull() {
		items = []feel.Value{source}
	}
	kept := []feel.Value{}
	for _, item := range items {
		if err := s.ev.count(); err != nil {
			return feel.Null, err
		}
		inner := s.with()
		inner.set("item", item)
		keys, values, _ := item.Entries()
		for i, key := range keys {
			inner.set(key, values[i])
		}
		answer, err := f.match.eval(inner)
		if err != nil {
			return feel.Null, err
		}
		if yes, ok := answer.Bool(); ok && yes {
			kept = append(kept, item)
		}
	}
	if source.IsNull() {
		return feel.Null, nil
	}
	return feel.ListOf(kept...), nil
}

// iteration is a boxed for, some or every (DMN 1.5, 10.2.1.10 and 10.2.1.11).
type iteration struct {
	kind     string
	variable string
	in, body expression
}

// itemsOfRange lists the members of a range of integers or dates.
var itemsOfRange = mustCompile("for i in v return i", "v")

func (it iteration) eval(s *scope) (feel.Value, error) {
	source, err := it.in.eval(s)
	if err != nil {
		return feel.Null, err
	}
	items, err := s.items(source)
	if err != nil || items == nil {
		return feel.Null, err
	}
	results := make([]feel.Value, 0, len(items))
	for _, item := range items {
		inner := s.with()
		inner.set(it.variable, item)
		if it.kind == "for" {
			inner.set("partial", feel.ListOf(results...))
		}
		if err := s.ev.count(); err != nil {
			return feel.Null, err
		}
		v, err := it.body.eval(inner)
		if err != nil {
			return feel.Null, err
		}
		results = append(results, v)
	}
	if it.kind == "for" {
		return feel.ListOf(results...), nil
	}
	return quantify(results, it.kind == "some"), nil
}

// items is what an iteration runs over; null gives none, another single value is a list of one.
func (s *scope) items(v feel.Value) ([]feel.Value, error) {
	if v.Kind() == feel.KindRange {
		listed, err := s.apply("", itemsOfRange, v)
		if err != nil {
			return nil, err
		}
		v = listed
	}
	if v.IsNull() {
		return nil, nil
	}
	if items, ok := v.List(); ok {
		return append([]feel.Value{}, items...), nil
	}
	return []feel.Value{v}, nil
}

// quantify folds answers by three-valued or (some) and and (every); an answer of another kind than
// boolean or null makes it null, as the conformance kit has it.
func quantify(answers []feel.Value, some bool) feel.Value {
	unknown := false
	decided := false
	for _, answer := range answers {
		yes, ok := answer.Bool()
		switch {
		case !ok && !answer.IsNull():
			return feel.Null
		case !ok:
			unknown = true
		case yes == some:
			decided = true
		}
	}
	if !decided && unknown {
		return feel.Null
	}
	return feel.Boolean(decided == some)
}
