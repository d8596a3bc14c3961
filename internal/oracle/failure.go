package oracle

import "tallystick/bpmn"

// catcher is an event that catches: at the activity of a boundary event or at the scope of a start event.
type catcher struct {
	event *bpmn.Node
	at    *active
	left  []*active // compensation handlers that the search left: they have failed, and are not run again
}

// search looks outward for what catches a code: the boundary events of an activity, then the event sub-processes
// of the scope around it, then the activity that this scope is (10.5.6).
func (i *Instance) search(a *active, kind bpmn.EventKind, code string) (catcher, bool) {
	var c catcher
	for at := a; at.parent != nil; {
		canceled := at.ends && at.node.Kind != bpmn.KindTransaction // a failure is the hazard of the transaction now
		if !at.revived && at.pass == 0 && !canceled {
			if c.event = pick(at.node.Boundary, kind, code); c.event != nil {
				c.at = at
				return c, true
			}
		}
		scope := at.parent
		if at.undoes != nil {
			c.left = append(c.left, at)
			if !at.undoes.gone {
				at = at.undoes
				continue
			}
		}
		if !closed(at, kind) && !scope.shut && !scope.revived {
			if c.event = pick(i.handlers(scope), kind, code); c.event != nil {
				c.at = scope
				return c, true
			}
		}
		at = scope
	}
	return c, false
}

// closed reports whether the event sub-processes of the scope do not see what escapes from inside: what leaves one
// of them goes to the parent, but for an error of one that does not interrupt.
func closed(at *active, kind bpmn.EventKind) bool {
	if at.node.Kind != bpmn.KindEventSubProcess {
		return false
	}
	for _, n := range at.node.Body.Nodes {
		if n.Kind == bpmn.KindStartEvent && n.Interrupting {
			return true
		}
	}
	return kind == bpmn.EventEscalation
}

// pick returns the event that catches a code: the exact one before the one that catches all.
func pick(events []*bpmn.Node, kind bpmn.EventKind, code string) *bpmn.Node {
	var all *bpmn.Node
	for _, e := range events {
		for _, d := range definitions(e) {
			if d.Kind != kind {
				continue
			}
			switch caught(d) {
			case code:
				return e
			case "":
				if all == nil {
					all = e
				}
			}
		}
	}
	return all
}

// caught is the code that a definition catches, "" for all.
func caught(d *bpmn.EventDefinition) string {
	switch {
	case d.Error != nil:
		return d.Error.Code
	case d.Escalation != nil:
		return d.Escalation.Code
	}
	return ""
}

// raise throws an error. Nobody catching it is an incident at the thrower, never silence.
func (i *Instance) raise(a *active, code string, vars map[string]Value, retry func()) {
	c, ok := i.search(a, bpmn.EventError, code)
	if !ok {
		a.stuck = &incident{"UNHANDLED_ERROR_EVENT", retry}
		return
	}
	i.caught(c, vars)
}

// escalate throws an escalation; nobody catching it has no effect.
func (i *Instance) escalate(a *active, code string) {
	if c, ok := i.search(a, bpmn.EventEscalation, code); ok {
		i.caught(c, nil)
	}
}

// caught lets the catching event happen.
func (i *Instance) caught(c catcher, vars map[string]Value) {
	if c.event.Interrupting || c.event.Event.Kind == bpmn.EventError {
		for _, h := range c.left {
			if !h.gone {
				i.terminate(h)
			}
		}
	}
	if c.event.Kind == bpmn.KindStartEvent {
		i.startHandler(c.event, c.at, vars)
		return
	}
	i.boundary(c.event, c.at, vars)
}
