package oracle

import (
	"maps"
	"slices"

	"tallystick/bpmn"
)

// entry is a completed activity instance that can be undone once (13.5.5).
type entry struct {
	age      int // the order of completion
	node     *bpmn.Node
	pass     int
	repeats  bool
	scope    *active // where it completed
	handler  *bpmn.Node
	vars     map[string]Value
	contents []*entry
	claimed  bool
}

// remember keeps a completing activity instance when it can be undone: by an activity that is linked to it, by an
// event sub-process of its own, or by undoing its contents.
func (i *Instance) remember(a *active) {
	n := a.node
	if n.ForCompensation || n.Kind == bpmn.KindEventSubProcess || a.revived || a.shut {
		return
	}
	i.born++
	e := &entry{age: i.born, node: n, pass: a.pass, repeats: a.repeats, scope: a.parent, vars: maps.Clone(a.vars), contents: a.done}
	for _, b := range n.Boundary {
		if b.Event.Kind == bpmn.EventCompensation && !a.repeats {
			e.handler = b.Compensates
		}
	}
	if e.handler == nil && len(a.done) == 0 && i.undoes(a) == nil {
		return
	}
	a.parent.done = append(a.parent.done, e)
}

// undoes is the compensation event sub-process of a scope, nil when it has none.
func (i *Instance) undoes(a *active) *bpmn.Node {
	body := i.body(a)
	if body == nil {
		return nil
	}
	for _, n := range body.Nodes {
		if n.Kind != bpmn.KindEventSubProcess {
			continue
		}
		for _, s := range n.Body.Nodes {
			if s.Kind == bpmn.KindStartEvent && defines(s, bpmn.EventCompensation) != nil {
				return n
			}
		}
	}
	return nil
}

// throwCompensation claims what the event undoes and starts with the youngest. An event that does not wait goes on
// at once, and stays until everything is undone.
func (i *Instance) throwCompensation(a *active) {
	for _, d := range definitions(a.node) {
		if d.Kind == bpmn.EventCompensation {
			a.claimed = append(a.claimed, claim(a.parent, d.Activity)...)
		}
	}
	sortEntries(a.claimed)
	if a.leavesFirst() {
		flows, ok := i.choose(a)
		if !ok {
			panic("oracle: a throwing event has a choice")
		}
		for _, f := range flows {
			i.put(f, a.parent, 1)
		}
		a.left = true
	}
	i.undoNext(a)
}

// claim finds what a compensation event means. The activity that it names stands in its scope or in one around it.
// Without one it means its scope; inside an event sub-process also what the scope of that has done.
func claim(scope *active, activity *bpmn.Node) []*entry {
	var found []*entry
	for ; scope != nil; scope = scope.parent {
		for _, e := range scope.done {
			if !e.claimed && (activity == nil || e.node == activity) {
				e.claimed = true
				found = append(found, e)
			}
		}
		inHandler := scope.node != nil && scope.node.Kind == bpmn.KindEventSubProcess
		if activity == nil && !inHandler || activity != nil && len(found) > 0 {
			break
		}
	}
	return found
}

func sortEntries(list []*entry) {
	slices.SortStableFunc(list, func(a, b *entry) int { return a.age - b.age })
}

// leavesFirst reports whether a throwing event does not wait for compensation.
func (a *active) leavesFirst() bool {
	d := defines(a.node, bpmn.EventCompensation)
	return d != nil && d.NoWait
}

// undoNext runs the youngest claimed entry; when none is left, the thrower goes on.
func (i *Instance) undoNext(by *active) {
	switch {
	case by.gone:
	case len(by.claimed) > 0:
		last := len(by.claimed) - 1
		e := by.claimed[last]
		by.claimed = by.claimed[:last]
		i.undo(by, e)
	case by.revived || by.left:
		i.remove(by)
		i.ended(by, false)
	default:
		i.conclude(by)
	}
}

// undo runs the handler of an entry where the activity completed, with the data it completed with. Without a
// handler the sub-process opens again and its contents are undone, the youngest first.
func (i *Instance) undo(by *active, e *entry) {
	e.scope.done = slices.DeleteFunc(e.scope.done, func(o *entry) bool { return o == e })
	n := e.node
	if e.handler != nil {
		n = e.handler
	}
	h := i.birth(n, e.scope)
	h.undoes, h.undone, h.vars = by, e, maps.Clone(e.vars)
	if e.handler == nil {
		h.pass, h.repeats = e.pass, e.repeats
	}
	if e.handler != nil {
		i.live(h)
		return
	}
	h.revived, h.done = true, e.contents
	for _, c := range h.done {
		c.scope = h
	}
	if handler := i.undoes(h); handler != nil {
		// It replaces the compensation of the contents, which it may throw itself (13.5.5).
		u := i.birth(handler, h)
		u.undoes = h
		i.live(u)
		return
	}
	for _, c := range h.done {
		c.claimed = true
	}
	h.claimed = slices.Clone(h.done)
	i.later(func() { i.undoNext(h) })
}
