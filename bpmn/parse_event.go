package bpmn

// readEvent reads an event and its trigger.
func (p *parser) readEvent(n *Node, e *element) {
	switch n.Kind {
	case KindBoundaryEvent:
		n.Interrupting = p.boolean(e, "cancelActivity", true)
	case KindStartEvent:
		n.Interrupting = p.boolean(e, "isInterrupting", true)
	}
	p.only(e, "parallelMultiple", "false")
	var definitions []*element
	for _, c := range e.standard() {
		switch roles[c.name] {
		case roleDefinition:
			definitions = append(definitions, c)
		case roleDrawing:
		case roleDataAssociation:
			p.checkDataAssociation(c)
		default:
			p.misfit(c)
		}
	}
	p.readDefinition(n, definitions)
}

// readDefinition reads the one event definition of an event; several are a multiple event. An
// event whose trigger is not executed is kept as KindUnknown, like a refused node.
func (p *parser) readDefinition(n *Node, definitions []*element) {
	if len(definitions) == 0 {
		return
	}
	e := definitions[0]
	kind := eventKinds[e.name]
	switch {
	case len(definitions) > 1:
		p.fail(definitions[1], CodeElementUnsupported, "events with several event definitions are not executed")
		n.Kind = KindUnknown
		return
	case kind == 0:
		p.fail(e, CodeElementUnsupported, "<%s> is not executed", e.name)
		n.Kind = KindUnknown
		return
	}
	n.Event = &EventDefinition{Kind: kind, Position: e.position}
	switch kind {
	case EventTimer:
		n.Event.Timer = p.readTimer(e)
	case EventError:
		n.Event.Error = p.readErrorRef(n, e)
	case EventEscalation:
		n.Event.Escalation = p.readEscalationRef(n, e)
	case EventCompensation:
		p.only(e, "waitForCompletion", "true")
	}
}

// timerForms are the children of a timer event definition (BPMN 2.0.2, 10.5.5).
var timerForms = map[string]TimerKind{
	"timeDate": TimerDate, "timeDuration": TimerDuration, "timeCycle": TimerCycle,
}

func (p *parser) readTimer(e *element) *Timer {
	var timer *Timer
	forms := 0
	for _, c := range e.standard() {
		kind, form := timerForms[c.name]
		if !form {
			continue
		}
		forms++
		timer = &Timer{Kind: kind, Expression: p.expression(c)}
	}
	if forms != 1 || timer.Expression.Text == "" {
		p.fail(e, CodeTimerIncomplete, "a timer needs exactly one of timeDate, timeDuration and timeCycle, with a value")
	}
	return timer
}

// readErrorRef resolves errorRef. A throwing event needs a code; a catching one without a code
// catches every error (BPMN 2.0.2, 10.5.6), which nil stands for.
func (p *parser) readErrorRef(n *Node, e *element) *Error {
	ref := e.ref("errorRef")
	found := p.definitions.Errors[ref]
	switch {
	case ref != "" && found == nil:
		p.fail(e, CodeReferenceUnresolved, "there is no error %q", shorten(ref))
	case found != nil && found.Code != "":
		return found
	case n.Kind.isThrow():
		p.fail(e, CodeErrorNoCode, "a thrown error needs an errorRef to an error with an errorCode")
	case found != nil:
		p.warn(e, CodeErrorNoCode, "the error %q has no errorCode, so every error is caught", ref)
	}
	return nil
}

// readEscalationRef resolves escalationRef by the same rules as errors.
func (p *parser) readEscalationRef(n *Node, e *element) *Escalation {
	ref := e.ref("escalationRef")
	found := p.definitions.Escalations[ref]
	switch {
	case ref != "" && found == nil:
		p.fail(e, CodeReferenceUnresolved, "there is no escalation %q", shorten(ref))
	case found != nil && found.Code != "":
		return found
	case n.Kind.isThrow():
		p.fail(e, CodeEscalationNoCode, "a thrown escalation needs an escalationRef to an escalation with an escalationCode")
	case found != nil:
		p.warn(e, CodeEscalationNoCode, "the escalation %q has no escalationCode, so every escalation is caught", ref)
	}
	return nil
}
