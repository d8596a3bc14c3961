package rules

import (
	"tallystick/rules/feel"
)

// cell is a compiled input entry. Most tables consist of cells that list literals: those are decided without
// FEEL, and can be put into an index. At most one of words, spans and truths is set.
type cell struct {
	element string
	source  string
	tests   *tests   // of a cell that only FEEL can decide
	words   []string // of a cell that lists string literals
	negated bool     // the words are those that do not pass
	spans   []span   // of a cell that lists numbers, comparisons and intervals of number literals
	truths  []bool   // of a cell that lists true and false
}

// literals reports whether the cell is one of literals.
func (c *cell) literals() bool { return c.words != nil || c.spans != nil || c.truths != nil }

// input is the value of a column, taken apart once for all cells that test it.
type input struct {
	value  feel.Value
	class  class
	text   string
	number decimal
	truth  bool
}

// class is what the kind of an input means for cells of literals.
type class uint8

const (
	missing  class = iota // null
	worded                // a string
	numeric               // a number that fits a decimal
	logical               // a boolean
	dated                 // a date, time or duration: no literal of a cell can be equal to it
	compound              // what only FEEL can say: lists, contexts, long numbers, …
	classes
)

func newInput(v feel.Value) input {
	in := input{value: v, class: compound}
	switch v.Kind() {
	case feel.KindNull:
		in.class = missing
	case feel.KindString:
		in.text, _ = v.Text()
		in.class = worded
	case feel.KindBoolean:
		in.truth, _ = v.Bool()
		in.class = logical
	case feel.KindNumber:
		if coefficient, scale, ok := v.Decimal(); ok {
			in.number, in.class = decimal{coefficient, scale}, numeric
		}
	case feel.KindDate, feel.KindTime, feel.KindDateTime, feel.KindDaysDuration, feel.KindYearsDuration:
		in.class = dated
	}
	return in
}

// verdict is what can be said about a cell without FEEL.
type verdict uint8

const (
	undecided verdict = iota
	passes
	differs
)

func verdictOf(yes bool) verdict {
	if yes {
		return passes
	}
	return differs
}

// decide says whether an input passes, as far as literals tell. It agrees with FEEL, whose tests on a value of
// another kind are null, which is no.
func (c *cell) decide(in *input) verdict {
	switch {
	case c == nil:
		return passes
	case c.words != nil:
		return c.decideWords(in)
	case c.spans != nil:
		return c.decideSpans(in)
	case c.truths != nil:
		return c.decideTruths(in)
	}
	return undecided
}

func (c *cell) decideWords(in *input) verdict {
	switch {
	case in.class == worded:
		return verdictOf(contains(c.words, in.text) != c.negated)
	case c.negated || in.class == compound:
		return undecided
	}
	return differs
}

func contains(words []string, text string) bool {
	for _, word := range words {
		if word == text {
			return true
		}
	}
	return false
}

func (c *cell) decideSpans(in *input) verdict {
	switch in.class {
	case numeric:
		for i := range c.spans {
			if c.spans[i].contains(in.number) {
				return passes
			}
		}
		return differs
	case compound:
		return undecided
	}
	return differs
}

// decideTruths leaves inputs of another kind to FEEL, where a boolean as a test stands for itself.
func (c *cell) decideTruths(in *input) verdict {
	switch in.class {
	case logical:
		for _, truth := range c.truths {
			if truth == in.truth {
				return passes
			}
		}
		return differs
	case missing:
		return differs
	}
	return undecided
}

// matches reports whether the input passes. A nil cell is "-" and lets everything pass.
func (c *cell) matches(s *scope, in *input) (bool, error) {
	if v := c.decide(in); v != undecided {
		return v == passes, nil
	}
	return c.ask(s, in)
}

// ask runs the tests.
func (c *cell) ask(s *scope, in *input) (bool, error) {
	if err := s.ev.scan(1); err != nil {
		return false, err
	}
	if in.class == missing {
		// A missing input has been reported once; that null fails each comparison is no news.
		s = s.quietly()
	}
	t := c.tests
	if t == nil {
		compiled, err := feel.CompileTests(c.source, feel.Options{})
		if err != nil {
			return false, failureIn(c.element, err)
		}
		t = &tests{program: compiled, element: c.element}
	}
	return t.hold(s, in.value)
}

// wants names the kind that a cell of literals tests for, "" for others.
func (c *cell) wants() (kind string, of class) {
	switch {
	case c == nil || c.negated:
		return "", missing
	case c.words != nil:
		return "string", worded
	case c.spans != nil:
		return "number", numeric
	}
	return "", missing
}
