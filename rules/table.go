package rules

import (
	"tallystick/internal/canon"
	"tallystick/internal/xmlread"
	"tallystick/rules/feel"
)

// table is a compiled decision table.
type table struct {
	element string
	at      xmlread.Element // where it stands in the source
	policy  policy
	inputs  []inputClause
	outputs []outputClause
	rules   []rule
	index   *index // nil for a few rules
	sound   bool   // no error diagnostic concerns it
	traced  bool   // the table is the whole logic of a decision, so its cells belong into the trace
}

// inputClause is an input column.
type inputClause struct {
	id, name   string
	expression expression
	typ        *itemType
	allowed    *cell
	limits     *cell           // what the analysis takes for the input values
	wants      [classes]string // what the cells test for, where no input of the class can pass them
}

// outputClause is an output column; order yields the output values as a list.
type outputClause struct {
	id, name, label string
	typ             *itemType
	allowed         *cell
	order           *literal
	fallback        expression
}

// rule is a row: a cell per input column, nil where it tests nothing, and an output per output column.
type rule struct {
	id      string
	at      xmlread.Element
	cells   []*cell
	outputs []expression
}

func (t *table) eval(s *scope) (feel.Value, error) {
	if !t.sound {
		return feel.Null, failed("%s: the table has errors and cannot be evaluated", t.element)
	}
	var memory [8]input
	values, err := t.read(s, memory[:0])
	if err != nil {
		return feel.Null, err
	}
	hits, err := t.hits(s, values)
	if err != nil {
		return feel.Null, err
	}
	if err := t.traceHits(s, hits); err != nil {
		return feel.Null, err
	}
	if len(hits) == 0 {
		return t.fallback(s)
	}
	return t.decide(s, hits)
}

// read evaluates the input columns. An input outside the input values is an error (DMN 1.5, 8.3.2).
func (t *table) read(s *scope, values []input) ([]input, error) {
	if t.traced {
		s.ev.current.Inputs = make([]Input, 0, len(t.inputs))
	}
	for i := range t.inputs {
		in := &t.inputs[i]
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
		if err := t.traceInput(s, in, v); err != nil {
			return nil, err
		}
		values = append(values, newInput(v))
		if err := in.check(s, &values[i], ok); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// check holds an input value against the input values; a value of another type than declared is
// kept, because tables drawn for lenient engines rely on it, and is reported.
func (in *inputClause) check(s *scope, v *input, conforms bool) error {
	if in.allowed != nil {
		ok, err := in.allowed.matches(s, v)
		if err != nil {
			return err
		}
		if !ok {
			return failed("input %q is %s, which is not among its input values", in.name, show(v.value))
		}
	}
	if !conforms {
		s.ev.warn("%s: input %q is %s, which is not of type %s", in.id, in.name, show(v.value), in.typ.name)
	}
	if kind := in.wants[v.class]; kind != "" {
		s.ev.warn("%s: input %q is a %s, but cells of its column test for a %s", in.id, in.name, v.value.Kind(), kind)
	}
	return nil
}

// hits finds the rules that match and evaluates their outputs; FIRST looks no further than one.
func (t *table) hits(s *scope, values []input) ([]hit, error) {
	var memory [2 * stackWords]uint64
	candidates := bitset(memory[:])
	words := (len(t.rules) + 63) / 64
	if words > stackWords {
		candidates = make(bitset, 2*words)
	}
	candidates, spare := candidates[:words], candidates[words:2*words]
	if err := t.candidates(s, values, candidates, spare); err != nil {
		return nil, err
	}
	var hits []hit
	for i := candidates.next(0); i >= 0; i = candidates.next(i + 1) {
		matched, err := t.confirm(s, i, values)
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

// stackWords is the size of the sets of rules that need no allocation: those of 4,096 rules.
const stackWords = 64

// candidates finds the rules that no literal rules out.
func (t *table) candidates(s *scope, values []input, found, spare bitset) error {
	found.fill(len(t.rules))
	if t.index != nil {
		for i := range t.index.columns {
			t.index.columns[i].narrow(found, spare, &values[i])
		}
		return s.ev.scan(len(values) * (1 + len(found)/8))
	}
	for number := range t.rules {
		for i, c := range t.rules[number].cells {
			if c.decide(&values[i]) == differs {
				found.unset(number)
				break
			}
		}
	}
	return s.ev.scan(len(t.rules) * max(len(t.inputs), 1))
}

// confirm asks the cells of a rule that literals did not decide.
func (t *table) confirm(s *scope, number int, values []input) (bool, error) {
	for i, c := range t.rules[number].cells {
		if t.index != nil && !t.index.columns[i].asks[values[i].class] {
			continue
		}
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
	for i := range t.outputs {
		out := &t.outputs[i]
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
func (out *outputClause) accept(s *scope, v feel.Value, number int) (feel.Value, error) {
	converted, ok, err := s.ev.conform(v, out.typ)
	if err != nil {
		return feel.Null, err
	}
	if !ok {
		s.ev.warn("%s: output %q of rule %d is %s, which is not of type %s, and becomes null",
			out.id, out.title(), number+1, show(v), out.typ.name)
		return feel.Null, nil
	}
	if out.allowed == nil || converted.IsNull() {
		return converted, nil
	}
	in := newInput(converted)
	allowed, err := out.allowed.matches(s, &in)
	if err == nil && !allowed {
		err = failed("output %q of rule %d is %s, which is not among its output values",
			out.title(), number+1, show(converted))
	}
	return converted, err
}

// title is the name of the column; a single column may have only a label.
func (out *outputClause) title() string {
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

func (t *table) traceInput(s *scope, in *inputClause, v feel.Value) error {
	if !t.traced {
		return nil
	}
	text, err := s.ev.tell(in.id, v)
	if err != nil {
		return err
	}
	e := s.ev.current
	e.Inputs = append(e.Inputs, Input{ID: in.id, Name: in.name, Value: text})
	return nil
}

func (t *table) traceHits(s *scope, hits []hit) error {
	if !t.traced || !s.ev.tells() {
		return nil
	}
	matched := make([]Match, len(hits))
	for n, h := range hits {
		m := Match{RuleID: t.rules[h.rule].id, Index: h.rule + 1, Outputs: make([]Output, len(t.outputs))}
		for i := range t.outputs {
			out := &t.outputs[i]
			text, err := s.ev.tell(out.id, h.values[i])
			if err != nil {
				return err
			}
			m.Outputs[i] = Output{ID: out.id, Name: out.title(), Value: text}
		}
		matched[n] = m
	}
	s.ev.current.Matched = matched
	return nil
}

// show prints a value in a message, shortened.
func show(v feel.Value) string { return v.Brief(100) }

func encode(v feel.Value) canon.JSON { return canon.JSON(v.JSON()) }
