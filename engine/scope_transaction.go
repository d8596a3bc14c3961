package engine

import (
	"maps"
	"slices"

	"tallystick/bpmn"
)

// cancelTransaction cancels the nearest transaction around a cancel end event (10.3.5): what is active in it
// ends, what has completed in it is compensated, the youngest first, and then it is left by its cancel
// boundary event. Scopes inside that hold something to undo stay until it is undone.
func (x *machine) cancelTransaction(e ElementInstance) {
	t := x.transaction(e)
	if revived(t, x.nodeOf(t)) || t.Canceled && x.inHandler(e, t) {
		// It is being undone already: there is nothing left to cancel.
		x.proceed(x.nodeOf(e), e, retryOutputs)
		return
	}
	if t.Canceled {
		x.leaveTransaction(e, t)
		return
	}
	x.giveBack(x.undoingWithin(t.Key))
	kept := x.undoneIn(e, t)
	inside := []int64{t.Key}
	for i := 0; i < len(inside); i++ {
		inside = append(inside, x.st.inside(inside[i])...)
	}
	stays := slices.Sorted(maps.Keys(kept))
	x.terminateThese(slices.DeleteFunc(inside, func(key int64) bool { return kept[key] }))
	x.withdraw(stays)
	var entries []int64
	for _, key := range stays {
		if o, _ := x.st.elements.get(rowID{key: key}); key != e.Key {
			x.emit(ScopeInterrupted{Scope: key, Element: o.Element, Canceled: true})
			entries = append(entries, x.unclaimed(key, "")...)
		}
	}
	x.emit(CompensationThrown{Key: e.Key, Element: e.Element, Entries: entries})
	x.compensateNext(e.Key)
}

// inHandler reports whether an element instance stands in a compensation handler inside t.
func (x *machine) inHandler(e, t ElementInstance) bool {
	for e.Key != t.Key && e.Compensates == 0 {
		e, _ = x.st.elements.get(rowID{key: e.Scope})
	}
	return e.Key != t.Key
}

// transaction is the nearest one around an element instance; Compile has seen to it that there is one.
func (x *machine) transaction(e ElementInstance) ElementInstance {
	for {
		outer, n, ok := x.element(e.Scope)
		if !ok {
			panic("engine: " + e.Element + " stands in no transaction")
		}
		if n.kind == bpmn.KindTransaction && n.inner == nil {
			return outer
		}
		e = outer
	}
}

// undoneIn returns what stays while a transaction is undone: the cancel end event with the scopes around it,
// and the active scopes in which something has completed.
func (x *machine) undoneIn(e, t ElementInstance) map[int64]bool {
	kept := map[int64]bool{}
	stay := func(key int64) {
		var path []int64
		for key != t.Key {
			o, ok := x.st.elements.get(rowID{key: key})
			if !ok {
				return
			}
			path, key = append(path, key), o.Scope
		}
		for _, k := range path {
			kept[k] = true
		}
	}
	kept[t.Key] = true
	stay(e.Key)
	for c := range x.st.ledger.all() {
		stay(c.Scope)
	}
	return kept
}

// leaveTransaction goes on at the cancel boundary event. Without one the model says nothing of how.
func (x *machine) leaveTransaction(e, t ElementInstance) {
	for t.LoopCounter > 0 {
		// The events stand on the body of the loop.
		t, _ = x.st.elements.get(rowID{key: t.Scope})
	}
	for _, b := range x.nodeOf(t).boundary {
		if b.trigger(bpmn.EventCancel) != nil {
			x.trigger(b, t, nil)
			return
		}
	}
	x.park(e, retryThrown, errorUnhandled, "transaction "+t.Element+" has no cancel boundary event")
}
