package engine

import (
	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// throw does what a throw or end event is for. A multiple one throws all of its triggers (10.5.5): messages,
// signals and escalations first, then compensation, which it waits for, then what ends the scope.
func (x *machine) throw(n *node, e ElementInstance) {
	if len(n.triggers) == 0 {
		x.proceed(n, e, retryOutputs)
		return
	}
	sent, flows, problem := x.prepare(n, e)
	if problem != "" {
		x.park(e, retryExecute, errorValue, problem)
		return
	}
	for _, r := range sent {
		if raised, ok := r.(EscalationThrown); ok {
			x.escalate(e, raised.Code, nil)
		} else {
			x.emit(r)
		}
		if _, alive := x.st.elements.get(rowID{key: e.Key}); !alive {
			return
		}
	}
	if n.trigger(bpmn.EventCompensation) == nil {
		x.conclude(n, e)
		return
	}
	x.throwCompensation(n, e)
	if n.leavesFirst() {
		x.take(n, e, flows)
	}
	x.compensateNext(e.Key)
}

// prepare computes what an event sends, in order, and what it needs to go on before compensation is done.
func (x *machine) prepare(n *node, e ElementInstance) (sent []Record, flows []*flow, problem string) {
	v := x.values(e.Key)
	for _, t := range n.triggers {
		switch t.kind {
		case bpmn.EventMessage:
			sent = append(sent, x.outgoing(t.message, e, &v))
		case bpmn.EventSignal:
			sent = append(sent, SignalThrown{
				Element: e.Element, ElementInstance: e.Key, Name: v.name(t.signal, "the name of the signal"), Variables: x.content(e),
			})
		case bpmn.EventEscalation:
			sent = append(sent, EscalationThrown{Code: v.name(t.code, "the code")})
		}
	}
	if *v.problem == "" && n.leavesFirst() {
		flows, *v.problem = x.choose(n, e)
	}
	return sent, flows, *v.problem
}

// outgoing is the message that an element instance sends. Its content are the variables of the element
// instance alone: what its input mappings made.
func (x *machine) outgoing(m *messageEvent, e ElementInstance, v *values) MessageThrown {
	r := MessageThrown{Element: e.Element, ElementInstance: e.Key, Name: v.name(m.name, "the name of the message")}
	r.Variables = x.content(e)
	if !m.fromContent {
		r.CorrelationKey = x.correlationKey(m, v)
		return r
	}
	var list []canon.JSON
	for _, k := range m.keys {
		result, err := k.within(x.st.Variables(e.Key), x.at)
		if err != nil {
			v.fail("the correlation key", "cannot be evaluated: %s", message(err))
			return r
		}
		list = append(list, result.Value)
	}
	var wrong string
	if r.CorrelationKey, wrong = keyText(list); wrong != "" {
		v.fail("the correlation key", "%s", wrong)
	}
	return r
}

// content is what a message or signal carries; "" is nothing.
func (x *machine) content(e ElementInstance) canon.JSON {
	vars := x.st.Variables(e.Key)
	if len(vars) == 0 {
		return ""
	}
	return canon.Object(vars)
}

// conclude throws what ends a scope, or goes on. It is what follows compensation.
func (x *machine) conclude(n *node, e ElementInstance) {
	switch {
	case n.trigger(bpmn.EventError) != nil:
		v := x.values(e.Key)
		code := v.name(n.trigger(bpmn.EventError).code, "the code")
		if *v.problem != "" {
			x.park(e, retryThrown, errorValue, *v.problem)
			return
		}
		x.throwError(e, thrown{code: code, retry: retryThrown})
	case n.trigger(bpmn.EventCancel) != nil:
		x.cancelTransaction(e)
	case n.trigger(bpmn.EventTerminate) != nil:
		x.terminateScope(n, e)
	default:
		x.proceed(n, e, retryOutputs)
	}
}

// terminateScope ends everything else in the scope of a terminate end event and nothing outside; the
// scope then completes and is left normally (13.5.6). What was completed in it cannot be compensated.
func (x *machine) terminateScope(n *node, e ElementInstance) {
	x.terminateInside(e.Scope, e.Key)
	x.disarmScope(e.Scope)
	if x.st.remains(e.Scope) || x.undoable(e.Scope) || x.startsByItself(e.Scope) {
		owner, _ := x.st.elements.get(rowID{key: e.Scope})
		x.emit(ScopeTerminated{Scope: e.Scope, Element: owner.Element})
	}
	x.proceed(n, e, retryOutputs)
}

// undoable reports whether a scope has a handler that would undo it as a whole.
func (x *machine) undoable(scope int64) bool {
	if scope == x.st.key {
		return x.def.body.compensation != nil
	}
	_, n, ok := x.element(scope)
	return ok && (n.compensator != nil || n.body != nil && n.body.compensation != nil)
}

// startsByItself reports whether a scope has several nodes that start it; some may not have had their turn.
func (x *machine) startsByItself(scope int64) bool {
	body := x.def.body
	if scope != x.st.key {
		_, n, ok := x.element(scope)
		if !ok || n.body == nil {
			return false
		}
		body = n.body
	}
	return len(body.entries) > 1 && body.entries[0].kind != bpmn.KindStartEvent
}

// remains reports whether a scope has tokens on flows, complex gateways to reset, or entries in the compensation
// ledger.
func (s *State) remains(scope int64) bool {
	found := s.tokens.hasOf(scope) || s.gateways.hasOf(scope)
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
		if b.keepsResults() {
			return e.Key
		}
		return at.Scope
	})
	x.proceed(b, e, retryInputs)
}
