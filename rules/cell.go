package rules

import (
	"tallystick/rules/feel"
)

// cell is a compiled input entry: its unary tests and, for the cells that most tables consist of,
// a predicate that answers without running them. At most one of texts and spans is set.
type cell struct {
	tests *tests
	texts map[string]bool // of a cell that lists string literals
	spans []span          // of a cell that lists numbers, comparisons and intervals of number literals
}

// input is the value of a column, taken apart once for all cells that test it.
type input struct {
	value  feel.Value
	text   string
	isText bool
	number decimal
	isNum  bool
}

func newInput(v feel.Value) input {
	in := input{value: v}
	switch v.Kind() {
	case feel.KindString:
		in.text, in.isText = v.Text()
	case feel.KindNumber:
		in.number, in.isNum = parseDecimal(v.JSON())
	}
	return in
}

// matches reports whether the input passes. A nil cell is "-" and lets everything pass.
func (c *cell) matches(s *scope, in *input) (bool, error) {
	switch {
	case c == nil:
		return true, nil
	case c.texts != nil && in.isText:
		return c.texts[in.text], nil
	case c.spans != nil && in.isNum:
		for i := range c.spans {
			if c.spans[i].contains(in.number) {
				return true, nil
			}
		}
		return false, nil
	case in.value.IsNull():
		// A missing input has been reported once; that null fails each comparison is no news.
		s = s.quietly()
	}
	return c.tests.hold(s, in.value)
}
