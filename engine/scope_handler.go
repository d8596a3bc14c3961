package engine

import "slices"

// startHandler lets the start event of an event sub-process catch in a scope. An interrupting one ends
// everything else in the scope first, and nothing else is caught there any more (13.5.4). The variables belong
// to the event sub-process.
func (x *machine) startHandler(event *node, scope int64, vars Variables) {
	if event.interrupting {
		x.interrupt(scope)
	}
	e := x.open(event.owner, ElementActivated{Scope: scope})
	x.setAll(vars, func(string) int64 { return e.Key })
	x.proceed(event.owner, e, retryInputs)
}

// interrupt empties a scope for a handler. Its compensation ledger stays: the handler may want to undo.
func (x *machine) interrupt(scope int64) {
	x.cancelInside(scope)
	x.disarmScope(scope)
	owner, _ := x.st.elements.get(rowID{key: scope})
	x.stopAdHoc(owner)
	x.emit(ScopeInterrupted{Scope: scope, Element: owner.Element})
}

// disarmScope withdraws the event sub-processes of a scope.
func (x *machine) disarmScope(scope int64) {
	if !x.handled(scope) {
		return
	}
	watches := func(i *Incident) bool { return i.Retry == retryWatch && x.node(i.Element).startsHandler() }
	for _, i := range slices.Backward(x.st.incidents.choose(scope, watches)) {
		x.emit(IncidentResolved{Key: i.Key, Element: i.Element})
	}
	x.disarm(scope, func(element string) bool { return x.node(element).startsHandler() })
}

// handled reports whether a scope has event sub-processes that are armed as rows of the state.
func (x *machine) handled(scope int64) bool {
	if scope == x.st.key {
		return x.def.watched
	}
	_, n, ok := x.element(scope)
	return ok && n.watched && n.body != nil && len(n.body.handlers) > 0
}

// interrupted reports whether a scope was ended by an interrupting handler or a terminate end event: it is
// left as usual, but did not complete.
func (x *machine) interrupted(scope int64) bool {
	if scope == x.st.key {
		return x.st.interrupted
	}
	e, ok := x.st.elements.get(rowID{key: scope})
	return ok && e.Interrupted
}

// onlyHandlers reports whether a scope has nothing left but running event sub-processes. They are awaited,
// but nothing is caught any more (13.5.4).
func (s *State) onlyHandlers(scope int64) bool {
	only := !s.tokens.hasOf(scope) && !s.gateways.hasOf(scope)
	s.elements.each(scope, func(e *ElementInstance) bool {
		only = only && (e.Scope != scope || e.ElementType == eventSubProcess || e.Terminating)
		return only
	})
	return only
}
