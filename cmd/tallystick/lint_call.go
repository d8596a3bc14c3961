package main

import (
	"fmt"
	"strings"

	"tallystick/bpmn"
)

// references notes what a file offers to others and what it needs.
func (l *linter) references(name string, d *bpmn.Definitions) {
	for _, p := range d.Processes {
		l.processes[p.ID] = true
		l.needs(name, p.Body)
	}
}

func (l *linter) needs(name string, s *bpmn.Scope) {
	if s == nil {
		return
	}
	for _, n := range s.Nodes {
		if n.Call != nil {
			l.need(name, n, ruleUnknownCall, "process", n.Call.ProcessID.Text, l.processes)
		}
		if n.CalledDecision != nil {
			l.need(name, n, ruleUnknownDecision, "decision", n.CalledDecision.DecisionID.Text, l.decisions)
		}
		l.needs(name, n.Body)
	}
}

// need notes a literal id; what an expression gives is known only when it runs.
func (l *linter) need(name string, n *bpmn.Node, rule, what, id string, targets map[string]bool) {
	if id == "" || strings.HasPrefix(id, "=") || strings.Contains(id, "${") || strings.Contains(id, "#{") {
		return
	}
	l.calls = append(l.calls, lintCall{id, targets, finding{
		File: name, Line: n.Position.Line, Column: n.Position.Column, Severity: "warning", Rule: rule, Element: n.ID,
		Message: fmt.Sprintf("none of the given files has the %s %q", what, id),
	}})
}
