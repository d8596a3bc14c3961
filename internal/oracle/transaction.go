package oracle

import (
	"slices"

	"tallystick/bpmn"
)

// cancelTransaction ends the nearest transaction: what is active in it ends, what has completed in it is undone,
// the youngest first, and then it is left by its cancel boundary event (10.3.5). Scopes inside that hold something
// to undo stay until that is done.
func (i *Instance) cancelTransaction(a *active) {
	t := a.parent
	for t.node.Kind != bpmn.KindTransaction || t.repeats {
		t = t.parent
	}
	handler := a
	for handler != t && handler.undoes == nil {
		handler = handler.parent
	}
	if t.revived || t.ends && handler != t {
		i.finish(a) // what is being undone already cannot be canceled
		return
	}
	if t.ends {
		i.leaveTransaction(a, t)
		return
	}
	t.reopen()
	kept := map[*active]bool{a: true}
	for o := a; o != t; o = o.parent {
		kept[o.parent] = true
	}
	t.all(func(o *active) {
		for ; len(o.done) > 0 && o != t && !kept[o]; o = o.parent {
			kept[o] = true
		}
	})
	for o := range kept {
		for p := o; p != t; p = p.parent {
			kept[p] = true
		}
	}
	t.all(func(o *active) {
		if !kept[o] {
			i.terminate(o)
		}
	})
	t.all(func(o *active) {
		o.waits, o.stuck = nil, nil
		if o != a {
			o.clear()
			o.shut, o.ends = true, true
			a.claimed = append(a.claimed, o.free()...)
		}
	})
	sortEntries(a.claimed)
	i.undoNext(a)
}

// reopen takes back what compensation handlers in a scope and in those inside, which are about to end, have begun to
// undo.
func (a *active) reopen() {
	for _, o := range a.inside {
		o.reopen()
		a.retake(o)
	}
}

// vacate takes back what handlers of a scope have begun to undo, and ends everything in it. The scope itself lives on:
// what has completed in it can be undone later. What stands in scopes that end has nobody left to undo it.
func (i *Instance) vacate(a *active) {
	a.reclaim()
	for _, o := range slices.Clone(a.inside) {
		i.terminate(o)
	}
}

func (a *active) reclaim() {
	for _, o := range a.inside {
		if o.revived {
			o.reclaim()
		}
		a.retake(o)
	}
}

// retake takes from a handler what it has begun to undo: that is to be undone from the beginning, at the place that
// its completion gave it. Of a completed sub-process it is what its contents have left.
func (a *active) retake(o *active) {
	e := o.undone
	if e == nil {
		return
	}
	o.undone, e.claimed = nil, false
	if o.revived {
		e.contents, o.done, o.claimed = o.done, nil, nil
		for _, c := range e.contents {
			c.claimed = false
		}
	}
	a.done = append(a.done, e)
	sortEntries(a.done)
}

// free claims all entries of a scope that nobody has claimed.
func (a *active) free() []*entry {
	var found []*entry
	for _, e := range a.done {
		if !e.claimed {
			e.claimed = true
			found = append(found, e)
		}
	}
	return found
}

// leaveTransaction goes on at the cancel boundary event. Without one the model says nothing of how.
func (i *Instance) leaveTransaction(a, t *active) {
	for t.pass > 0 {
		t = t.parent
	}
	for _, b := range t.node.Boundary {
		if slices.ContainsFunc(definitions(b), func(d *bpmn.EventDefinition) bool { return d.Kind == bpmn.EventCancel }) {
			i.boundary(b, t, nil)
			return
		}
	}
	a.stuck = &incident{"UNHANDLED_ERROR_EVENT", func() { i.conclude(a) }}
}
