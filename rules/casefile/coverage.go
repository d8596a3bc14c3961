package casefile

import (
	"fmt"
	"strings"

	"tallystick/rules"
)

// Coverage counts which rules of which tables have matched. The zero value is ready.
type Coverage struct {
	models []*rules.Model
	hit    map[place]bool
}

type place struct {
	model    *rules.Model
	decision string
	rule     int
}

func (c *Coverage) add(m *rules.Model, trace rules.Trace) {
	if c.hit == nil {
		c.hit = map[place]bool{}
	}
	known := false
	for _, model := range c.models {
		known = known || model == m
	}
	if !known {
		c.models = append(c.models, m)
	}
	for _, d := range trace.Decisions {
		for _, match := range d.Matched {
			if d.Namespace == "" {
				c.hit[place{m, d.ID, match.Index}] = true
			}
		}
	}
}

// Rules returns how many rules of all tables have matched, of how many.
func (c *Coverage) Rules() (matched, all int) {
	for _, m := range c.models {
		for _, d := range m.Decisions {
			missed := c.missed(m, d)
			all += d.Rules
			matched += d.Rules - len(missed)
		}
	}
	return matched, all
}

// Lines tells of each table which rules never matched.
func (c *Coverage) Lines() []string {
	var lines []string
	for _, m := range c.models {
		for _, d := range m.Decisions {
			if d.Rules == 0 {
				continue
			}
			missed := c.missed(m, d)
			line := fmt.Sprintf("%s: %d of %d rules matched", d.Name, d.Rules-len(missed), d.Rules)
			if len(missed) > 0 {
				line += ", never " + strings.Trim(strings.ReplaceAll(fmt.Sprint(missed), " ", ", "), "[]")
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func (c *Coverage) missed(m *rules.Model, d *rules.Decision) []int {
	var missed []int
	for n := 1; n <= d.Rules; n++ {
		if !c.hit[place{m, d.ID, n}] {
			missed = append(missed, n)
		}
	}
	return missed
}
