package engine

import (
	"fmt"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// thrown is an error on its way to a catching event.
type thrown struct {
	code, message string
	vars          Variables
	job           int64  // the job that threw it, 0 for an end event
	retry         string // the step to try again when nobody catches it, "" for execute
}

// throwError throws an error from an element instance. The nearest scope outward that catches it ends
// with everything in it (10.5.6, 13.5.3). What nobody catches ends a called process and goes on from its
// caller; else it is an incident, never silence.
func (x *machine) throwError(e ElementInstance, t thrown) {
	c, ok := x.catcher(e, bpmn.EventError, t.code)
	r := ErrorThrown{Element: e.Element, Code: t.code, Message: t.message}
	switch {
	case ok:
		r.CaughtBy = c.event.id
		x.emit(r)
		x.abandon(c)
		x.deliver(c, t.vars)
	case x.st.caller != 0:
		x.emit(r)
		x.failCalled(t)
	default:
		x.emit(r)
		retry := t.retry
		if retry == "" {
			retry = retryExecute
		}
		x.raise(IncidentRaised{
			Element: e.Element, ElementInstance: e.Key, ErrorType: errorUnhandled, Job: t.job, Retry: retry,
			Message: fmt.Sprintf("no event catches the error %q", t.code),
		})
	}
}

// failCalled ends a called instance with an error that goes on from the call activity.
func (x *machine) failCalled(t thrown) {
	r := CallErrorThrown{Caller: x.st.caller, Code: t.code, Message: t.message}
	if len(t.vars) > 0 {
		r.Variables = canon.Object(t.vars)
	}
	x.clear()
	x.emit(r)
	x.terminateInstance("error " + t.code)
}

// escalate throws an escalation from an element instance, which goes on unless it was interrupted. Nobody
// catching it has no effect (10.5.6).
func (x *machine) escalate(e ElementInstance, code string, vars Variables) {
	c, ok := x.catcher(e, bpmn.EventEscalation, code)
	r := EscalationThrown{Element: e.Element, Code: code}
	if !ok {
		x.emit(r)
		if x.st.caller != 0 {
			x.emit(CallEscalationThrown{Caller: x.st.caller, Code: code})
		}
		return
	}
	r.CaughtBy = c.event.id
	x.emit(r)
	if c.event.interrupting {
		x.abandon(c)
	}
	x.deliver(c, vars)
}

// caught is a catching event: a boundary event with the activity instance it is attached to, or the start of an
// event sub-process with its scope. Handlers are the compensation handlers that the search left on its way to
// the event that threw the compensation.
type caught struct {
	event    *node
	at       ElementInstance
	scope    int64
	handlers []int64
}

func (x *machine) deliver(c caught, vars Variables) {
	if c.event.startsHandler() {
		x.startHandler(c.event, c.scope, vars)
		return
	}
	x.trigger(c.event, c.at, vars)
}

// catcher searches outward from an element instance for an event that catches: in each scope first its event
// sub-processes, then its boundary events. What a compensation handler throws goes up from the event that
// threw the compensation (4.11 of the semantics). Scopes that are canceled with their transaction catch nothing: what
// fails then is the hazard of the transaction (10.3.5).
func (x *machine) catcher(e ElementInstance, kind bpmn.EventKind, code string) (caught, bool) {
	var c caught
	closed := false
	for at, more := e, true; more; {
		n := x.nodeOf(at)
		if !revived(at, n) {
			if c.event = match(n.handlers(), kind, code); c.event != nil && !closed && !at.Interrupted {
				c.scope = at.Key
				return c, true
			}
			if c.event = match(n.boundary, kind, code); c.event != nil && (!at.Canceled || n.kind == bpmn.KindTransaction) {
				c.at = at
				return c, true
			}
		}
		// What escapes an event sub-process goes to the parent; only an error that a non-interrupting one
		// throws may still meet the error handler of the same scope.
		closed = n.kind == bpmn.KindEventSubProcess && (kind == bpmn.EventEscalation || n.body.entries[0].interrupting)
		outer := at.Scope
		if at.Compensates != 0 {
			c.handlers = append(c.handlers, at.Key)
		}
		if thrower, waits := x.st.elements.get(rowID{key: at.Compensates}); waits {
			outer, closed = thrower.Key, false
		}
		at, more = x.st.elements.get(rowID{key: outer})
	}
	if c.event = match(x.def.body.handlers, kind, code); c.event != nil && !closed && !x.st.interrupted && !x.st.returned {
		c.scope = x.st.key
		return c, true
	}
	return c, false
}

// abandon ends the handlers that the search left. They have failed (13.3.2): who catches what they threw answers for
// what they were to undo, and it is not undone anew.
func (x *machine) abandon(c caught) {
	for _, key := range c.handlers {
		x.terminateThese([]int64{key})
	}
}

// match returns the event that catches a code: the exact one before the one that catches all.
func match(events []*node, kind bpmn.EventKind, code string) *node {
	var all *node
	for _, event := range events {
		for _, t := range event.triggers {
			switch {
			case t.kind != kind:
			case t.caught == code:
				return event
			case t.caught == "":
				all = event
			}
		}
	}
	return all
}
