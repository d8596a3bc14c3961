package oracle

import (
	"slices"

	"tallystick/bpmn"
)

// waitingJoin is a gateway of a scope that looks upstream and has tokens, or is to be reset.
type waitingJoin struct {
	node  *bpmn.Node
	scope *active
	since int // when the oldest of its tokens came
}

// join lets one waiting gateway fire that looks upstream, that with the oldest token first, and reports whether
// one did.
func (i *Instance) join() bool {
	list := i.waitingJoins()
	var ready []waitingJoin
	for _, w := range list {
		if i.fires(w) {
			ready = append(ready, w)
		}
	}
	if len(ready) == 0 {
		ready = i.circle(list)
	}
	if len(ready) == 0 {
		return false
	}
	// What came in the same action came together: which of two goes first is open.
	i.Open = i.Open || len(ready) > 1 && ready[0].since > i.before && ready[1].since > i.before
	i.fire(ready[0])
	return true
}

// waitingJoins lists the gateways that wait, that with the oldest token first.
func (i *Instance) waitingJoins() []waitingJoin {
	var list []waitingJoin
	i.root.all(func(scope *active) {
		body := i.body(scope)
		if body == nil {
			return
		}
		for _, n := range body.Nodes {
			w := waitingJoin{node: n, scope: scope}
			for _, f := range n.Incoming {
				if scope.tokens[f] > 0 && (w.since == 0 || scope.since[f] < w.since) {
					w.since = scope.since[f]
				}
			}
			if g := scope.started[n]; w.since == 0 && g != nil {
				w.since = g.by.age
			}
			if waitsUpstream(n) && w.since > 0 {
				list = append(list, w)
			}
		}
	})
	slices.SortFunc(list, func(a, b waitingJoin) int { return a.since - b.since })
	return list
}

// fires reports whether a gateway may take its tokens: no token of the scope can still reach a flow that is empty,
// unless it can also reach one that is not (13.4.3).
func (i *Instance) fires(w waitingJoin) bool {
	if w.node.Kind == bpmn.KindComplexGateway {
		return i.complexFires(w)
	}
	return !i.mayCome(w, func(f *bpmn.Flow) bool { return w.scope.tokens[f] > 0 })
}

// circle finds inclusive gateways of one scope that wait for each other and for nothing else, that with the oldest
// token first: the letter of 13.4.3 would let them wait for ever.
func (i *Instance) circle(list []waitingJoin) []waitingJoin {
	for _, first := range list {
		members := map[*bpmn.Node]bool{}
		var order []waitingJoin
		for _, w := range list {
			if w.scope == first.scope && w.node.Kind == bpmn.KindInclusiveGateway {
				members[w.node] = true
				order = append(order, w)
			}
		}
		for changed := true; changed; {
			changed = false
			for _, w := range order {
				if members[w.node] && i.awaitsOther(w, members) {
					delete(members, w.node)
					changed = true
				}
			}
		}
		if len(members) > 1 {
			return slices.DeleteFunc(order, func(w waitingJoin) bool { return !members[w.node] })
		}
	}
	return nil
}

// awaitsOther reports whether a token that waits at none of the members can come to an empty flow.
func (i *Instance) awaitsOther(w waitingJoin, members map[*bpmn.Node]bool) bool {
	found := false
	i.elsewhere(w, func(target *bpmn.Node, from []*bpmn.Flow) {
		for f := range reach(from, w.node) {
			found = found || !members[target] && f.Target == w.node && w.scope.tokens[f] == 0
		}
	})
	return found
}

// elsewhere visits the tokens of the scope that do not wait at the gateway itself: the node that each stands before,
// if it stands on a flow, and the flows by which it goes on.
func (i *Instance) elsewhere(w waitingJoin, visit func(target *bpmn.Node, from []*bpmn.Flow)) {
	for f, count := range w.scope.tokens {
		if count > 0 && f.Target != w.node {
			visit(f.Target, []*bpmn.Flow{f})
		}
	}
	for _, a := range w.scope.inside {
		if !a.revived && !a.left {
			visit(nil, exits(a.node))
		}
	}
}

// mayCome reports whether a token elsewhere in the scope can come to an incoming flow that is not full, and to none
// that is.
func (i *Instance) mayCome(w waitingJoin, full func(*bpmn.Flow) bool) bool {
	found := false
	i.elsewhere(w, func(_ *bpmn.Node, from []*bpmn.Flow) {
		missing, present := false, false
		for f := range reach(from, w.node) {
			if f.Target == w.node {
				missing = missing || !full(f)
				present = present || full(f)
			}
		}
		found = found || missing && !present
	})
	return found
}

// reach finds every flow on a path from the given ones that does not visit n. It goes through links.
func reach(from []*bpmn.Flow, n *bpmn.Node) map[*bpmn.Flow]bool {
	found := map[*bpmn.Flow]bool{}
	for len(from) > 0 {
		f := from[0]
		from = from[1:]
		if found[f] {
			continue
		}
		found[f] = true
		if f.Target != n {
			from = append(from, exits(f.Target)...)
		}
	}
	return found
}

// exits are the flows by which a token may leave a node; a throwing link leaves by those of its catching one.
func exits(n *bpmn.Node) []*bpmn.Flow {
	if n.Kind != bpmn.KindIntermediateThrowEvent || n.Event == nil || n.Event.Kind != bpmn.EventLink {
		return n.Outgoing
	}
	for _, o := range n.Scope.Nodes {
		if o.Kind == bpmn.KindIntermediateCatchEvent && o.Event.Kind == bpmn.EventLink && o.Event.Link == n.Event.Link {
			return o.Outgoing
		}
	}
	return nil
}

// fire takes one token of each flow that has one.
func (i *Instance) fire(w waitingJoin) {
	if i.moves++; i.moves > MovesMax {
		i.Wild = true
	}
	if w.node.Kind == bpmn.KindComplexGateway {
		i.fireComplex(w)
		return
	}
	for _, f := range w.node.Incoming {
		w.scope.take(f)
	}
	i.activate(w.node, w.scope)
}

// take takes one token of a flow that has one.
func (a *active) take(f *bpmn.Flow) bool {
	if a.tokens[f] == 0 {
		return false
	}
	a.tokens[f]--
	return true
}
