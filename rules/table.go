package rules

import (
	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

// table is a compiled decision table.
type table struct {
	element string
	policy  policy
	inputs  []inputClause
	outputs []outputClause
	rules   []rule
	traced  bool // the table is the whole logic of a decision, so its cells belong into the trace
}

// inputClause is an input column.
type inputClause struct {
	id, name   string
	expression expression
	typ        *itemType
	allowed    *tests
}

// outputClause is an output column; order yields the output values as a list.
type outputClause struct {
	id, name, label string
	typ             *itemType
	allowed         *tests
	order           *literal
	fallback        expression
}

// rule is a row: a cell per input column, nil where it tests nothing, and an output per output column.
type rule struct {
	id      string
	cells   []*cell
	outputs []expression
}

func (t *table) eval(s *scope) (feel.Value, error) {
	values, err := t.read(s)
	if err != nil {
		return feel.Null, err
	}
	hits, err := t.hits(s, values)
	if err != nil {
		return feel.Null, err
	}
	t.traceHits(s, hits)
	if len(hits) == 0 {
		return t.fallback(s)
	}
	return t.decide(s, hits)
}

// read evaluates the input columns. An input outside the input values is an error (DMN 1.5, 8.3.2).
func (t *table) read(s *scope) ([]input, error) {
	values := make([]input, len(t.inputs))
	for i, in := range t.inputs {
		v, err := in.expression.eval(s)
		if err != nil {
			return nil, err
		}
		converted, ok, err := s.decode(v, in.typ)
		if err != nil {
			return nil, err
		}
		if ok {
			v = converted
		}
		values[i] = newInput(v)
		t.traceInput(s, in, v)
		if err := in.check(s, v, ok); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// check holds an input value against the input values; a value of another type than declared is
// kept, because tables drawn for lenient engines rely on it, and is reported.
func (in inputClause) check(s *scope, v feel.Value, conforms bool) error {
	if in.allowed != nil {
		ok, err := in.allowed.hold(s, v)
		if err != nil {
			return err
		}
		if !ok {
			return failed("input %q is %s, which is not among its input values", in.name, show(v))
		}
	}
	if !conforms {
		s.ev.warn("%s: input %q is %s, which is not of type %s", in.id, in.name, show(v), in.typ.name)
	}
	return nil
}

// hits finds the rules that match and evaluates their outputs; FIRST looks no further than one.
func (t *table) hits(s *scope, values []input) ([]hit, error) {
	var hits []hit
	if err := s.ev.scan(len(t.rules) * max(len(t.inputs), 1)); err != nil {
		return nil, err
	}
	for i := range t.rules {
		matched, err := t.rules[i].matches(s, values)
		if err != nil {
			return nil, err
		}
		if !matched {
			continue
		}
		h, err := t.hit(s, i)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
		if t.policy.name == first {
			break
		}
	}
	return hits, nil
}

func (r *rule) matches(s *scope, values []input) (bool, error) {
	for i, c := range r.cells {
		ok, err := c.matches(s, &values[i])
		if err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// hit evaluates the outputs of a rule.
func (t *table) hit(s *scope, number int) (hit, error) {
	h := hit{rule: number, values: make([]feel.Value, len(t.outputs))}
	for i, out := range t.outputs {
		v, err := t.rules[number].outputs[i].eval(s)
		if err != nil {
			return h, err
		}
		if h.values[i], err = out.accept(s, v, number); err != nil {
			return h, err
		}
	}
	h.result = t.compose(h.values)
	return h, nil
}

// accept converts an output value to the type of its column and holds it against the output values.
func (out outputClause) accept(s *scope, v feel.Value, number int) (feel.Value, error) {
	converted, ok := conform(v, out.typ)
	if !ok {
		s.ev.warn("%s: output %q of rule %d is %s, which is not of type %s, and becomes null",
			out.id, out.title(), number+1, show(v), out.typ.name)
		return feel.Null, nil
	}
	if out.allowed == nil || converted.IsNull() {
		return converted, nil
	}
	allowed, err := out.allowed.hold(s, converted)
	if err == nil && !allowed {
		err = failed("output %q of rule %d is %s, which is not among its output values",
			out.title(), number+1, show(converted))
	}
	return converted, err
}

// title is the name of the column; a single column may have only a label.
func (out outputClause) title() string {
	if out.name != "" {
		return out.name
	}
	return out.label
}

// compose makes the result of a rule: the bare value of one column, a context of several.
func (t *table) compose(values []feel.Value) feel.Value {
	if len(values) == 1 {
		return values[0]
	}
	keys := make([]string, len(t.outputs))
	for i, out := range t.outputs {
		keys[i] = out.name
	}
	return feel.ContextOf(keys, values)
}

// fallback is the result when no rule matches: the default output entries, else null
// (DMN 1.5, 8.3.5).
func (t *table) fallback(s *scope) (feel.Value, error) {
	values := make([]feel.Value, len(t.outputs))
	given := false
	for i, out := range t.outputs {
		if out.fallback == nil {
			continue
		}
		v, err := out.fallback.eval(s)
		if err != nil {
			return feel.Null, err
		}
		values[i] = v
		given = true
	}
	if !given {
		return feel.Null, nil
	}
	return t.compose(values), nil
}

func (t *table) traceInput(s *scope, in inputClause, v feel.Value) {
	if t.traced {
		e := s.ev.current
		e.Inputs = append(e.Inputs, Input{ID: in.id, Name: in.name, Value: encode(v)})
	}
}

func (t *table) traceHits(s *scope, hits []hit) {
	if !t.traced {
		return
	}
	for _, h := range hits {
		m := Match{RuleID: t.rules[h.rule].id, Index: h.rule + 1, Outputs: make([]Output, len(t.outputs))}
		for i, out := range t.outputs {
			m.Outputs[i] = Output{ID: out.id, Name: out.title(), Value: encode(h.values[i])}
		}
		s.ev.current.Matched = append(s.ev.current.Matched, m)
	}
}

// show prints a value in a message, shortened.
func show(v feel.Value) string {
	const most = 100
	text := []rune(v.JSON())
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

func encode(v feel.Value) canon.JSON { return canon.JSON(v.JSON()) }
