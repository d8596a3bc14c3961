package oracle

import (
	"tallystick/bpmn"
)

// join lets one waiting gateway fire that looks upstream, that with the oldest token first, and reports whether
// one did.
func (i *Instance) join() bool {
	var best *bpmn.Node
	var where *active
	oldest := 0
	i.root.all(func(scope *active) {
		for f, count := range scope.tokens {
			n := f.Target
			if count == 0 || !waitsUpstream(n) || best != nil && scope.since[f] > oldest || !i.fires(n, scope) {
				continue
			}
			best, where, oldest = n, scope, scope.since[f]
		}
	})
	if best == nil {
		return false
	}
	i.fire(best, where)
	return true
}

// fires reports whether an inclusive gateway may take its tokens: no token of the scope can still reach a flow
// that is empty, unless it can also reach one that is not (13.4.3).
func (i *Instance) fires(n *bpmn.Node, scope *active) bool {
	if n.Kind == bpmn.KindComplexGateway {
		panic("oracle: the complex gateway is outside of what is read")
	}
	return !i.mayCome(n, scope, func(f *bpmn.Flow) bool { return scope.tokens[f] > 0 })
}

// mayCome reports whether a token elsewhere in the scope can come to an incoming flow that is not yet full, and to
// none that is.
func (i *Instance) mayCome(n *bpmn.Node, scope *active, full func(*bpmn.Flow) bool) bool {
	comes := func(from []*bpmn.Flow) bool {
		missing, present := false, false
		for f := range reach(from, n) {
			if f.Target == n {
				missing = missing || !full(f)
				present = present || full(f)
			}
		}
		return missing && !present
	}
	for f, count := range scope.tokens {
		if count > 0 && f.Target != n && comes([]*bpmn.Flow{f}) {
			return true
		}
	}
	for _, a := range scope.inside {
		if comes(exits(a.node)) {
			return true
		}
	}
	return false
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
func (i *Instance) fire(n *bpmn.Node, scope *active) {
	for _, f := range n.Incoming {
		if scope.tokens[f] > 0 {
			scope.tokens[f]--
			i.born++
			scope.since[f] = i.born
		}
	}
	i.activate(n, scope)
}
