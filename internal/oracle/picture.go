package oracle

import (
	"fmt"
	"slices"
)

// Picture writes down what can be seen of an instance between two actions, sorted: its status, the element
// instances by element, the tokens on flows, what waits, the incidents, and the variables.
func (i *Instance) Picture() []string {
	lines := []string{"status " + i.Status}
	for name, v := range i.root.vars {
		lines = append(lines, fmt.Sprintf("var %s = %s", name, Text(v)))
	}
	if i.Status != Running {
		slices.Sort(lines)
		return lines
	}
	i.root.all(func(a *active) { lines = append(lines, a.picture()...) })
	slices.Sort(lines)
	return lines
}

func (a *active) picture() []string {
	var lines []string
	for f, count := range a.tokens {
		if count > 0 {
			lines = append(lines, fmt.Sprintf("token %s × %d", f.ID, count))
		}
	}
	if a.stuck != nil {
		lines = append(lines, fmt.Sprintf("incident %s at %s", a.stuck.class, a.node.ID))
	}
	for _, w := range a.waits {
		line := fmt.Sprintf("%s %s", w.kind, w.event.ID)
		if w.kind == "timer" {
			line += " due " + w.due.Format("2006-01-02T15:04")
		}
		lines = append(lines, line)
	}
	if a.node == nil {
		return lines
	}
	lines = append(lines, "element "+a.node.ID)
	for name, v := range a.vars {
		lines = append(lines, fmt.Sprintf("var %s = %s in %s", name, Text(v), a.node.ID))
	}
	return lines
}
