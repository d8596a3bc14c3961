package oracle

import (
	"maps"
	"slices"

	"tallystick/bpmn"
)

// entry is a completed activity instance that can be undone once (13.5.5).
type entry struct {
	node     *bpmn.Node
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
	if n.ForCompensation || a.revived {
		return
	}
	e := &entry{node: n, scope: a.parent, vars: maps.Clone(a.vars), contents: a.done}
	for _, b := range n.Boundary {
		if b.Event.Kind == bpmn.EventCompensation {
			e.handler = b.Compensates
		}
	}
	if e.handler == nil && (n.Body == nil || len(a.done) == 0) {
		return
	}
	a.parent.done = append(a.parent.done, e)
}

// throwCompensation claims what the event undoes and starts with the youngest. It reports whether there is anything
// to wait for.
func (i *Instance) throwCompensation(a *active, d *bpmn.EventDefinition) bool {
	free := func(scope *active, of *bpmn.Node) []*entry {
		var found []*entry
		for _, e := range scope.done {
			if !e.claimed && (of == nil || e.node == of) {
				found = append(found, e)
			}
		}
		return found
	}
	a.claimed = free(a.parent, d.Activity)
	for scope := a.parent; d.Activity != nil && len(a.claimed) == 0 && scope != nil; scope = scope.parent {
		a.claimed = free(scope, d.Activity)
	}
	for _, e := range a.claimed {
		e.claimed = true
	}
	if len(a.claimed) == 0 {
		return false
	}
	i.undoNext(a)
	return true
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
	case by.revived:
		i.remove(by)
		i.ended(by, false)
	default:
		i.finish(by)
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
	h.undoes, h.vars = by, e.vars
	if e.handler != nil {
		i.live(h)
		return
	}
	h.revived, h.done = true, e.contents
	for _, c := range h.done {
		c.scope, c.claimed = h, true
	}
	h.claimed = slices.Clone(h.done)
	i.later(func() { i.undoNext(h) })
}
