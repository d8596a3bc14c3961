package engine

import (
	"fmt"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// choose returns the outgoing flows of n that get a token, or what forbids a choice.
// An activity's own variables end with it; those of a gateway are there to repair a condition.
func (x *machine) choose(n *node, e ElementInstance) ([]*flow, string) {
	switch {
	case n.kind == bpmn.KindParallelGateway || n.forCompensation:
		return n.outgoing, ""
	case n.kind == bpmn.KindExclusiveGateway:
		return x.chooseOne(n, e.Key)
	case n.kind == bpmn.KindInclusiveGateway:
		return x.chooseAll(n, e.Key)
	case n.kind == bpmn.KindComplexGateway:
		return x.chooseComplex(n, e)
	}
	return x.chooseAll(n, e.Scope)
}

// chooseOne takes the first flow whose condition is true, else the default flow (13.4.2).
func (x *machine) chooseOne(n *node, scope int64) ([]*flow, string) {
	fallback := -1
	for i, f := range n.outgoing {
		if f == n.fallback {
			fallback = i
			continue
		}
		holds, problem := x.holds(f, scope)
		if problem != "" {
			return nil, problem
		}
		if holds {
			return n.outgoing[i : i+1], ""
		}
	}
	if fallback >= 0 {
		return n.outgoing[fallback : fallback+1], ""
	}
	return nil, noFlow(n)
}

// chooseAll takes every flow without condition or with a true one; the default flow when no
// conditional flow is true (13.3.1).
func (x *machine) chooseAll(n *node, scope int64) ([]*flow, string) {
	if n.fallback == nil && !n.conditional {
		return n.outgoing, ""
	}
	var taken []*flow
	conditional := false
	for _, f := range n.outgoing {
		if f == n.fallback {
			continue
		}
		holds, problem := x.holds(f, scope)
		if problem != "" {
			return nil, problem
		}
		if holds {
			taken = append(taken, f)
			conditional = conditional || f.condition != nil
		}
	}
	if !conditional && n.fallback != nil {
		taken = append(taken, n.fallback)
	}
	if len(taken) == 0 {
		return nil, noFlow(n)
	}
	return taken, ""
}

// noFlow is the problem of a node that has flows of which none may be taken.
func noFlow(n *node) string {
	if len(n.outgoing) == 0 {
		return ""
	}
	return fmt.Sprintf("no condition of the flows out of %s is true, and there is no default flow", n.id)
}

// holds evaluates the condition of a flow; without one it holds.
func (x *machine) holds(f *flow, scope int64) (bool, string) {
	if f.condition == nil {
		return true, ""
	}
	r, err := x.eval(f.condition, scope)
	if err != nil {
		return false, fmt.Sprintf("the condition of flow %s failed: %s", f.id, message(err))
	}
	if r.Value != canon.Bool(true) && r.Value != canon.Bool(false) {
		return false, fmt.Sprintf("the condition of flow %s is %s, no boolean%s", f.id, brief(r.Value), because(r.Warnings))
	}
	return r.Value == canon.Bool(true), ""
}
