package engine

import "tallystick/bpmn"

// subscribeCompensation enters a completing activity instance into the ledger of its scope: when an
// activity is linked to undo it, or when it is a sub-process whose contents can be undone (13.5.5).
func (x *machine) subscribeCompensation(n *node, e ElementInstance) {
	if n.forCompensation || e.Interrupted || n.kind == bpmn.KindEventSubProcess {
		return
	}
	r := CompensationSubscribed{Element: n.id, ElementInstance: e.Key, Scope: e.Scope, LoopCounter: e.LoopCounter}
	switch {
	case n.compensator != nil:
		r.Handler = n.compensator.id
	case n.call != nil:
		if c, _ := x.st.calls.get(rowID{key: e.Key}); c.Called == 0 {
			return
		}
	case n.body == nil && n.inner == nil:
		return
	case (n.body == nil || n.body.compensation == nil) && !x.st.remains(e.Key):
		return
	}
	r.Key = x.key()
	x.emit(r)
}

// unclaimed returns the keys of the ledger entries of a scope, of one element unless it is "", that no
// throwing event has claimed.
func (x *machine) unclaimed(scope int64, element string) []int64 {
	var keys []int64
	x.st.ledger.each(scope, func(c *compensable) bool {
		if c.Scope == scope && c.ClaimedBy == 0 && (element == "" || element == c.Element) {
			keys = append(keys, c.Key)
		}
		return true
	})
	return keys
}

// throwCompensation claims what a compensation event undoes: the completed instances of one activity, or of
// all activities of its scope.
func (x *machine) throwCompensation(n *node, e ElementInstance) {
	var entries []int64
	for _, t := range n.triggers {
		if t.kind == bpmn.EventCompensation {
			entries = append(entries, x.meant(t, e)...)
		}
	}
	x.emit(CompensationThrown{Key: e.Key, Element: e.Element, Entries: entries})
}

// meant finds the entries that one definition of a throwing event means. The activity it names stands in the
// scope of the event or in one around it. Without one it means the scope of the event; an event sub-process
// undoes what the scope has done that it handles (10.5.6, 13.5.5).
func (x *machine) meant(t *trigger, e ElementInstance) []int64 {
	var entries []int64
	element := ""
	if t.activity != nil {
		element = t.activity.id
	}
	for scope, more := e.Scope, true; more; scope, more = x.st.parent(scope) {
		entries = append(entries, x.unclaimed(scope, element)...)
		o, _ := x.st.elements.get(rowID{key: scope})
		if t.activity == nil && o.ElementType != eventSubProcess || t.activity != nil && len(entries) > 0 {
			break
		}
	}
	return entries
}

// leavesFirst reports whether a throwing event puts its tokens on before the compensation is done. The element
// instance stays until then and keeps its scope open.
func (n *node) leavesFirst() bool {
	t := n.trigger(bpmn.EventCompensation)
	return t != nil && t.noWait
}

// compensateNext runs the youngest entry that a throwing element instance claimed, one at a time. When
// none is left the throwing event goes on, or the revived sub-process is undone.
func (x *machine) compensateNext(thrower int64) {
	if thrower == x.st.key {
		x.compensateInstance()
		return
	}
	e, n, ok := x.element(thrower)
	if !ok || e.Terminating {
		return
	}
	if c, more := x.st.ledger.latest(thrower, func(c *compensable) bool { return c.ClaimedBy == thrower }); more {
		x.compensate(e, c)
		return
	}
	if revived(e, n) || n.leavesFirst() {
		x.undone(e)
		return
	}
	x.conclude(n, e)
}

// undone ends an element instance that was there for compensation alone. It leaves by no flow.
func (x *machine) undone(e ElementInstance) {
	x.emit(ElementCompleted{Key: e.Key, Element: e.Element})
	x.ended(e, false)
}

// compensate consumes an entry: its handler starts in the scope of the activity, with the variables
// that the activity instance had when it completed. Without a handler the sub-process itself is revived.
func (x *machine) compensate(thrower ElementInstance, c compensable) {
	handler := x.node(c.Element)
	switch {
	case c.Handler != "":
		handler = x.node(c.Handler)
	case c.LoopCounter > 0 && handler.inner != nil: // an ad-hoc sub-process numbers what is activated in it too
		handler = handler.inner
	}
	snapshot := x.st.Variables(c.ElementInstance)
	call, _ := x.st.calls.get(rowID{key: c.ElementInstance})
	key := x.key()
	x.emit(CompensationTriggered{Key: c.Key, Element: c.Element, Handler: c.Handler, ElementInstance: key})
	e := x.open(handler, ElementActivated{Key: key, Scope: c.Scope, Compensates: thrower.Key})
	x.setAll(snapshot, func(string) int64 { return e.Key })
	if c.Handler != "" {
		x.proceed(handler, e, retryInputs)
		return
	}
	if handler.call != nil {
		x.emit(CallCompensated{Element: e.Element, ElementInstance: e.Key, Called: call.Called})
		return
	}
	if handler.body != nil && handler.body.compensation != nil {
		// It replaces the compensation of the contents, which it may throw itself (13.5.5).
		undo := handler.body.compensation
		x.activate(undo, ElementActivated{Scope: e.Key, Compensates: e.Key})
		return
	}
	entries := x.unclaimed(e.Key, "")
	x.emit(CompensationThrown{Key: e.Key, Element: e.Element, Entries: entries})
	x.later(move{kind: moveCompensate, scope: e.Key})
}

// revived reports whether an element instance is a completed sub-process that was opened again for the
// compensation of its contents. It runs nothing but handlers.
func revived(e ElementInstance, n *node) bool {
	return e.Compensates != 0 && !n.forCompensation && n.kind != bpmn.KindEventSubProcess
}
