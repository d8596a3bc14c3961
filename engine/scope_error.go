package engine

import "fmt"

// thrown is an error on its way to a catching event.
type thrown struct {
	code, message string
	vars          Variables
	job           int64 // the job that threw it, 0 for an end event
}

// throwError throws an error from an element instance. The nearest scope outward that catches it ends
// with everything in it (10.5.6, 13.5.3); nobody catching it is an incident, never silence.
func (x *machine) throwError(e ElementInstance, t thrown) {
	c, ok := x.catcher(e, func(n *node) *node { return match(n.errors, t.code) })
	r := ErrorThrown{Element: e.Element, Code: t.code, Message: t.message}
	if !ok {
		x.emit(r)
		x.raise(IncidentRaised{
			Element: e.Element, ElementInstance: e.Key, ErrorType: errorUnhandled, Job: t.job, Retry: retryExecute,
			Message: fmt.Sprintf("no event catches the error %q", t.code),
		})
		return
	}
	r.CaughtBy = c.event.id
	x.emit(r)
	x.abandon(c)
	x.trigger(c.event, c.at, t.vars)
}

// throwEscalation throws an escalation from an event, which goes on unless it was interrupted. Nobody
// catching it has no effect (10.5.6).
func (x *machine) throwEscalation(n *node, e ElementInstance, code string) {
	x.escalate(e, code, nil)
	if _, alive := x.st.elements.get(rowID{key: e.Key}); alive {
		x.proceed(n, e, retryOutputs)
	}
}

// escalate throws an escalation to the nearest event that catches it.
func (x *machine) escalate(e ElementInstance, code string, vars Variables) {
	c, ok := x.catcher(e, func(n *node) *node { return match(n.escalations, code) })
	r := EscalationThrown{Element: e.Element, Code: code}
	if ok {
		r.CaughtBy = c.event.id
	}
	x.emit(r)
	if ok {
		if c.event.interrupting {
			x.abandon(c)
		}
		x.trigger(c.event, c.at, vars)
	}
}

// caught is a catching event and the activity instance it is attached to. Handlers are the compensation
// handlers that the search left on its way to the event that threw the compensation.
type caught struct {
	event    *node
	at       ElementInstance
	handlers []int64
}

// catcher searches outward from an element instance for an event that catches. What a compensation
// handler throws goes up from the event that threw the compensation (4.11 of the semantics).
func (x *machine) catcher(e ElementInstance, pick func(*node) *node) (caught, bool) {
	var c caught
	for at, ok := e, true; ok; {
		n := x.nodeOf(at)
		if event := pick(n); event != nil && !revived(at, n) {
			c.event, c.at = event, at
			return c, true
		}
		outer := at.Scope
		if thrower, waits := x.st.elements.get(rowID{key: at.Compensates}); waits {
			c.handlers = append(c.handlers, at.Key)
			outer = thrower.Key
		}
		at, ok = x.st.elements.get(rowID{key: outer})
	}
	return c, false
}

// abandon ends the handlers that the search left and that do not stand inside the activity that ends.
func (x *machine) abandon(c caught) {
	for _, key := range c.handlers {
		x.terminateThese([]int64{key})
	}
}

// match returns the event that catches a code: the exact one before the one that catches all.
func match(events []*node, code string) *node {
	var all *node
	for _, b := range events {
		switch b.caught {
		case code:
			return b
		case "":
			all = b
		}
	}
	return all
}
