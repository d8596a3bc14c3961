package rules

import (
	"strings"

	"tallystick/rules/feel"
)

// cell is a compiled input entry: its unary tests and, for the cells that most tables consist of,
// a predicate that answers without running them.
type cell struct {
	tests *tests
	texts map[string]bool // of a cell that lists string literals
}

// matches reports whether the input value passes. A nil cell is "-" and lets everything pass.
func (c *cell) matches(s *scope, v feel.Value) (bool, error) {
	if c == nil {
		return true, nil
	}
	if c.texts != nil {
		if text, ok := v.Text(); ok {
			return c.texts[text], nil
		}
	}
	if v.IsNull() {
		// A missing input has been reported once; that null fails each comparison is no news.
		s = s.quietly()
	}
	return c.tests.hold(s, v)
}

// textSet reads a cell like "DE", "FR" as a set. It is nil when the cell is anything else;
// literals with escapes are left to FEEL.
func textSet(source string) map[string]bool {
	set := map[string]bool{}
	for rest := source; ; {
		rest = strings.TrimSpace(rest)
		if !strings.HasPrefix(rest, `"`) {
			return nil
		}
		text, after, closed := strings.Cut(rest[1:], `"`)
		if !closed || strings.ContainsAny(text, "\\\n\r") {
			return nil
		}
		set[text] = true
		after = strings.TrimSpace(after)
		if after == "" {
			return set
		}
		if after[0] != ',' {
			return nil
		}
		rest = after[1:]
	}
}
