package engine

import (
	"cmp"
	"slices"

	"tallystick/bpmn"
)

// waiting is a join of a scope that has tokens, or that has to be reset.
type waiting struct {
	join  *join
	scope int64
	since int64 // when the oldest of its tokens came
	order int   // that of the flow, when tokens came together
}

// touch notes the scopes in which a token moves, comes to life or dies: what waits there for tokens upstream is
// looked at again, whoever caused it (4.1 of the semantics).
func (x *machine) touch(r Record) {
	switch r := r.(type) {
	case FlowTaken:
		x.touchScope(r.Scope)
	case ElementActivated:
		x.touchScope(r.Scope)
	case ElementCompleted:
		x.touchAround(r.Key)
	case ElementTerminated:
		x.touchAround(r.Key)
	case ElementTerminating:
		x.touchAround(r.Key)
	case ScopeTerminated:
		x.touchScope(r.Scope)
	case ScopeInterrupted:
		x.touchScope(r.Scope)
	case VariableSet:
		x.unsettled = x.unsettled || x.def.complex
	}
}

func (x *machine) touchScope(scope int64) {
	if n := len(x.touched); n == 0 || x.touched[n-1] != scope {
		x.touched = append(x.touched, scope)
	}
}

func (x *machine) touchAround(key int64) {
	if scope, ok := x.st.parent(key); ok {
		x.touchScope(scope)
	}
}

// join lets one of the waiting joins fire, that with the oldest token first, and reports whether one did. It is
// asked when nothing else moves: each firing moves tokens, after which it is asked again.
func (x *machine) join() bool {
	if x.unsettled {
		// A variable changed, which the condition of any complex gateway may read.
		for t := range x.st.tokens.all() {
			x.touchScope(t.Scope)
		}
		x.unsettled = false
	}
	if len(x.touched) == 0 {
		return false
	}
	slices.Sort(x.touched)
	x.touched = slices.Compact(x.touched)
	var list []waiting
	for _, scope := range x.touched {
		list = x.waitingJoins(scope, list)
	}
	slices.SortStableFunc(list, func(a, b waiting) int {
		return cmp.Or(cmp.Compare(a.since, b.since), cmp.Compare(a.order, b.order))
	})
	for _, w := range list {
		if x.mayFire(w) {
			return x.fireJoin(w)
		}
	}
	if w, ok := x.circle(list); ok {
		return x.fireJoin(w)
	}
	x.touched = x.touched[:0]
	return false
}

// mayFire reports whether a waiting join has all that it waits for.
func (x *machine) mayFire(w waiting) bool {
	if w.join.node.kind == bpmn.KindComplexGateway {
		return x.mayFireComplex(w)
	}
	full := x.full(w)
	return !x.blocked(w, full)
}

// waitingJoins appends the joins of a scope that have tokens or are to be reset.
func (x *machine) waitingJoins(scope int64, list []waiting) []waiting {
	first := len(list)
	for t := range x.st.tokens.of(scope) {
		f := x.def.flows[t.Flow]
		if f.target.join == nil {
			continue
		}
		w := waiting{f.target.join, scope, t.Since, f.order}
		i := slices.IndexFunc(list[first:], func(o waiting) bool { return o.join == w.join })
		switch {
		case i < 0:
			list = append(list, w)
		case w.since < list[first+i].since || w.since == list[first+i].since && w.order < list[first+i].order:
			list[first+i] = w
		}
	}
	for g := range x.st.gateways.of(scope) {
		j := x.node(g.Element).join
		if !slices.ContainsFunc(list[first:], func(o waiting) bool { return o.join == j }) {
			list = append(list, waiting{join: j, scope: scope, since: g.ElementInstance &^ InstanceOf(g.ElementInstance)})
		}
	}
	return list
}

// full returns the incoming flows of a join that have a token.
func (x *machine) full(w waiting) bits {
	full := make(bits, w.join.words)
	for i, f := range w.join.flows {
		if _, ok := x.st.tokens.get(named(w.scope, f.id)); ok {
			full.add(i)
		}
	}
	return full
}

// without returns the incoming flows of a join that are not in full.
func (j *join) without(full bits) bits {
	empty := make(bits, len(full))
	for i := range j.flows {
		if !full.has(i) {
			empty.add(i)
		}
	}
	return empty
}

// blocked reports whether a token of the scope can still come to an incoming flow that is not full, and to none
// that is (13.4.3).
func (x *machine) blocked(w waiting, full bits) bool {
	empty := w.join.without(full)
	return x.upstream(w, nil, func(reach bits) bool { return reach.meets(empty) && !reach.meets(full) })
}

// upstream reports whether a token of the scope can come to incoming flows that match. A token inside an
// activity stands on the activity.
func (x *machine) upstream(w waiting, but []waiting, match func(reach bits) bool) bool {
	for t := range x.st.tokens.of(w.scope) {
		f := x.def.flows[t.Flow]
		if f.target != w.join.node && !waitsAt(but, f.target) && match(w.join.from(f)) {
			return true
		}
	}
	if x.st.elements.older == nil {
		found := false
		x.st.elements.each(w.scope, func(e *ElementInstance) bool {
			found = found || e.Scope == w.scope && match(w.join.at(x.node(e.Element))) && !x.undoes(*e)
			return !found
		})
		return found
	}
	return x.upstreamPlaces(w, match)
}

// upstreamPlaces does the same in a large state, for each element once however many instances it has.
func (x *machine) upstreamPlaces(w waiting, match func(reach bits) bool) bool {
	found := false
	x.st.elements.places(w.scope, func(element string) bool {
		if n := x.node(element); match(w.join.at(n)) {
			found = !x.def.cancels && !hasContents(n) && !n.leavesFirst() || slices.ContainsFunc(
				x.st.elements.choose(w.scope, func(e *ElementInstance) bool { return e.Element == element }),
				func(e ElementInstance) bool { return e.Scope == w.scope && !x.undoes(e) },
			)
		}
		return !found
	})
	return found
}

// undoes reports whether an element instance only waits for compensation, or for listeners to its termination: it
// leaves by no flow, or has left already.
func (x *machine) undoes(e ElementInstance) bool {
	n := x.nodeOf(e)
	return e.Terminating || e.Compensates != 0 && revived(e, n) || n.leavesFirst() && !x.parked(e.Key)
}

// hasContents reports whether an activity may be revived for the compensation of its contents.
func hasContents(n *node) bool {
	switch n.kind {
	case bpmn.KindSubProcess, bpmn.KindTransaction, bpmn.KindAdHocSubProcess, bpmn.KindCallActivity:
		return true
	}
	return false
}

func waitsAt(list []waiting, n *node) bool {
	return slices.ContainsFunc(list, func(w waiting) bool { return w.join.node == n })
}

// circle finds inclusive joins of one scope that wait for each other and for nothing else, and returns the one
// with the oldest token. By the letter of 13.4.3 they would wait for ever: no other token can come to what is
// empty, so only one of themselves can end it.
func (x *machine) circle(list []waiting) (waiting, bool) {
	for len(list) > 1 {
		scope := list[0].scope
		members := slices.DeleteFunc(slices.Clone(list), func(o waiting) bool {
			return o.scope != scope || o.join.node.kind != bpmn.KindInclusiveGateway
		})
		list = slices.DeleteFunc(list, func(o waiting) bool { return o.scope == scope })
		for n := 0; n != len(members); {
			n = len(members)
			members = slices.DeleteFunc(slices.Clone(members), func(o waiting) bool { return x.awaitsOther(o, members) })
		}
		if len(members) > 1 {
			return members[0], true
		}
	}
	return waiting{}, false
}

// awaitsOther reports whether a token that waits at none of the members can come to an empty flow of one of them.
func (x *machine) awaitsOther(w waiting, members []waiting) bool {
	empty := w.join.without(x.full(w))
	return x.upstream(w, members, func(reach bits) bool { return reach.meets(empty) })
}

// fireJoin lets a join take one token of each flow that has one. A limit may forbid it.
func (x *machine) fireJoin(w waiting) bool {
	if x.rest(w.join.node) {
		x.touched = x.touched[:0]
		return false
	}
	x.moves++
	if w.join.node.kind == bpmn.KindComplexGateway {
		x.fireComplex(w)
		return true
	}
	x.activate(w.join.node, ElementActivated{Scope: w.scope, Via: w.join.ids(x.full(w))})
	return true
}

// ids names the flows of a set.
func (j *join) ids(of bits) []string {
	var ids []string
	for i, f := range j.flows {
		if of.has(i) {
			ids = append(ids, f.id)
		}
	}
	return ids
}
