package engine

import "tallystick/bpmn"

// throw does what a throw or end event is for.
func (x *machine) throw(n *node, e ElementInstance) {
	switch n.event {
	case bpmn.EventError:
		if code, ok := x.thrownCode(n, e); ok {
			x.throwError(e, thrown{code: code})
		}
	case bpmn.EventEscalation:
		if code, ok := x.thrownCode(n, e); ok {
			x.throwEscalation(n, e, code)
		}
	case bpmn.EventCompensation:
		x.throwCompensation(n, e)
	case bpmn.EventTerminate:
		x.terminateScope(n, e)
	default:
		x.proceed(n, e, retryOutputs)
	}
}

func (x *machine) thrownCode(n *node, e ElementInstance) (string, bool) {
	v := x.values(e.Key)
	code := v.name(n.code, "the code")
	if *v.problem != "" {
		x.park(e, retryExecute, errorValue, *v.problem)
		return "", false
	}
	return code, true
}

// terminateScope ends everything else in the scope of a terminate end event and nothing outside; the
// scope then completes and is left normally (13.5.6). What was completed in it cannot be compensated.
func (x *machine) terminateScope(n *node, e ElementInstance) {
	x.terminateInside(e.Scope, e.Key)
	if x.st.remains(e.Scope) {
		owner, _ := x.st.elements.get(rowID{key: e.Scope})
		x.emit(ScopeTerminated{Scope: e.Scope, Element: owner.Element})
	}
	x.proceed(n, e, retryOutputs)
}

// remains reports whether a scope has tokens on flows or entries in the compensation ledger.
func (s *State) remains(scope int64) bool {
	found := s.tokens.hasOf(scope)
	s.ledger.each(scope, func(c *compensable) bool {
		found = found || c.Scope == scope
		return !found
	})
	return found
}

// trigger lets a boundary event catch: at is the activity instance it is attached to, which ends first
// when the event interrupts. Variables go to the scope of the event.
func (x *machine) trigger(b *node, at ElementInstance, vars Variables) {
	if b.interrupting {
		x.terminateThese([]int64{at.Key})
		x.ended(at, true)
	}
	e := x.open(b, ElementActivated{Scope: at.Scope})
	x.setAll(vars, func(string) int64 {
		if len(b.outputs) > 0 {
			return e.Key
		}
		return at.Scope
	})
	x.proceed(b, e, retryInputs)
}
