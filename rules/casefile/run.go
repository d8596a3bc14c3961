package casefile

import (
	"fmt"
	"slices"
	"strings"

	"tallystick/internal/canon"
	"tallystick/rules"
	"tallystick/rules/feel"
)

// Run asks the model and returns how the answer differs from what is expected, "" when it does not.
func (c Case) Run(m *rules.Model, seen *Coverage) string {
	d := find(m, c.Decision)
	if d == nil {
		return fmt.Sprintf("the model has no decision %q", c.Decision)
	}
	lookup := func(name string) (canon.JSON, bool) { v, ok := c.Input[name]; return v, ok }
	trace, err := m.Evaluate(d.ID, rules.Env{Lookup: lookup, Now: c.Now, Strict: c.Strict})
	if err != nil {
		return err.Error()
	}
	seen.add(m, trace)
	return c.judge(d.ID, trace)
}

// find finds a decision by id or name.
func find(m *rules.Model, name string) *rules.Decision {
	for _, d := range m.Decisions {
		if d.ID == name || d.Name == name {
			return d
		}
	}
	return nil
}

func (c Case) judge(id string, trace rules.Trace) string {
	switch {
	case c.Fails == "" && trace.Failure != "":
		return "failed: " + trace.Failure
	case c.Fails != "" && !strings.Contains(trace.Failure, c.Fails):
		return fmt.Sprintf("failed with %q, want %q", trace.Failure, c.Fails)
	case c.Expect != "" && normal(trace.Output) != normal(c.Expect):
		return fmt.Sprintf("got %s, want %s", trace.Output, c.Expect)
	}
	var matched []int
	warned := false
	for _, d := range trace.Decisions {
		warned = warned || slices.ContainsFunc(d.Warnings, func(w string) bool { return strings.Contains(w, c.Warns) })
		if d.ID == id && d.Service == "" {
			for _, m := range d.Matched {
				matched = append(matched, m.Index)
			}
		}
	}
	if c.Rules != nil && !slices.Equal(matched, c.Rules) {
		return fmt.Sprintf("rules %v match, want %v", matched, c.Rules)
	}
	if c.Warns != "" && !warned {
		return fmt.Sprintf("no warning tells of %q", c.Warns)
	}
	return ""
}

// normal is JSON with numbers as FEEL writes them: 1.0 is 1.
func normal(text canon.JSON) string {
	v, err := feel.DecodeJSON(string(text))
	if err != nil {
		return string(text)
	}
	return v.JSON()
}
