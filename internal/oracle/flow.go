package oracle

import (
	"tallystick/bpmn"
)

// put places tokens on a flow of a scope.
func (i *Instance) put(f *bpmn.Flow, scope *active, count int) {
	for range count {
		if scope.tokens[f] == 0 {
			i.born++
			scope.since[f] = i.born
		}
		scope.tokens[f]++
		i.later(func() { i.arrive(f, scope) })
	}
}

// arrive lets the target of a flow take what it needs. Tokens that it cannot take stay on their flows.
func (i *Instance) arrive(f *bpmn.Flow, scope *active) {
	n := f.Target
	if scope.gone || scope.tokens[f] < max(1, n.StartQuantity) {
		return
	}
	switch {
	case n.Kind == bpmn.KindParallelGateway:
		for _, in := range n.Incoming {
			if scope.tokens[in] == 0 {
				return
			}
		}
		for _, in := range n.Incoming {
			scope.tokens[in]--
		}
	case waitsUpstream(n):
		return
	default:
		scope.tokens[f] -= max(1, n.StartQuantity)
	}
	i.activate(n, scope)
}

// waitsUpstream reports whether a gateway looks at what may still come before it takes tokens (13.4.3, 13.4.5).
func waitsUpstream(n *bpmn.Node) bool {
	return n.Kind == bpmn.KindInclusiveGateway && len(n.Incoming) > 1 || n.Kind == bpmn.KindComplexGateway
}

// leave ends an element instance and puts tokens on the flows that are to be taken.
func (i *Instance) leave(a *active) {
	flows, ok := i.choose(a)
	if !ok {
		a.stuck = &incident{"CONDITION_ERROR", func() { i.leave(a) }}
		return
	}
	i.complete(a)
	for _, f := range flows {
		i.put(f, a.parent, max(1, a.node.CompletionQuantity))
	}
	i.ended(a, len(flows) > 0)
}

// complete ends an element instance normally; what can be undone is kept in its scope.
func (i *Instance) complete(a *active) {
	i.remember(a)
	i.remove(a)
}

// ended tells those who care: the thrower of a compensation, and the scope unless a token goes on in it.
func (i *Instance) ended(a *active, goesOn bool) {
	if by := a.undoes; by != nil {
		i.later(func() { i.undoNext(by) })
	}
	if scope := a.parent; !goesOn {
		i.later(func() { i.endScope(scope) })
	}
}

// choose returns the flows that get a token; false when a condition is no boolean or none may be taken.
func (i *Instance) choose(a *active) ([]*bpmn.Flow, bool) {
	n := a.node
	if n.Kind == bpmn.KindComplexGateway {
		if g := a.parent.started[n]; g == nil || g.by != a {
			return chooseReset(a)
		}
	}
	if n.ForCompensation || n.Kind == bpmn.KindParallelGateway {
		return n.Outgoing, true
	}
	if n.Kind == bpmn.KindExclusiveGateway {
		return i.chooseFirst(a)
	}
	from := a.parent
	if n.Kind == bpmn.KindInclusiveGateway || n.Kind == bpmn.KindComplexGateway {
		from = a
	}
	var taken []*bpmn.Flow
	conditional := false
	for _, f := range n.Outgoing {
		if f == n.Default {
			continue
		}
		holds, ok := condition(f, from)
		switch {
		case !ok:
			return nil, false
		case holds:
			taken = append(taken, f)
			conditional = conditional || f.Condition != nil
		}
	}
	// The default flow counts only against the conditional ones (13.3.1).
	if !conditional && n.Default != nil {
		taken = append(taken, n.Default)
	}
	return taken, len(taken) > 0 || len(n.Outgoing) == 0
}

// chooseFirst takes the first flow whose condition is true, else the default (13.4.2).
func (i *Instance) chooseFirst(a *active) ([]*bpmn.Flow, bool) {
	for _, f := range a.node.Outgoing {
		if f == a.node.Default {
			continue
		}
		holds, ok := condition(f, a)
		if !ok {
			return nil, false
		}
		if holds {
			return []*bpmn.Flow{f}, true
		}
	}
	if a.node.Default != nil {
		return []*bpmn.Flow{a.node.Default}, true
	}
	return nil, len(a.node.Outgoing) == 0
}

// condition says whether a flow may be taken, and whether that could be said.
func condition(f *bpmn.Flow, from *active) (holds, ok bool) {
	if f.Condition == nil {
		return true, true
	}
	holds, ok = evaluate(f.Condition.Text, from.lookup).(bool)
	return holds, ok
}
