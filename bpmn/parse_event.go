package bpmn

// readEvent reads an event and its trigger.
func (p *parser) readEvent(n *Node, e *element) {
	switch n.Kind {
	case KindBoundaryEvent:
		n.Interrupting = p.boolean(e, "cancelActivity", true)
	case KindStartEvent:
		n.Interrupting = p.boolean(e, "isInterrupting", true)
	}
	var definitions []*element
	for _, c := range e.standard() {
		if roles[c.name] == roleDefinition {
			definitions = append(definitions, c)
		} else {
			p.readPart(n, c)
		}
	}
	p.readTrigger(n, e, definitions)
}

// readTrigger reads the event definitions of an event; several are a multiple event (BPMN 2.0.2,
// 10.5.5), of which a catching one with parallelMultiple waits for all. An event whose trigger
// cannot be read is kept as KindUnknown, like a refused node.
func (p *parser) readTrigger(n *Node, e *element, definitions []*element) {
	parts := make([]*EventDefinition, 0, len(definitions))
	for _, d := range definitions {
		part := p.readDefinition(n, d)
		if part == nil {
			n.Kind = KindUnknown
			return
		}
		parts = append(parts, part)
	}
	all := p.boolean(e, "parallelMultiple", false)
	switch {
	case len(parts) == 1:
		n.Event = parts[0]
	case len(parts) > 1:
		n.Event = &EventDefinition{Kind: EventMultiple, Parts: parts, Position: definitions[0].position}
		if all {
			n.Event.Kind = EventParallelMultiple
		}
	}
}

// readDefinition reads an event definition, or the shared one that stands at the root of the file
// (BPMN 2.0.2, 10.5.1), nil when it cannot be read.
func (p *parser) readDefinition(n *Node, e *element) *EventDefinition {
	if e.name == "eventDefinitionRef" {
		shared := p.ids[localPart(e.text)]
		if shared == nil || shared.parent == nil || !shared.parent.is("definitions") || eventKinds[shared.name] == 0 {
			p.fail(e, CodeReferenceUnresolved, "there is no event definition %q at the root of the file", shorten(localPart(e.text)))
			return nil
		}
		e = shared
	}
	kind := eventKinds[e.name]
	if kind == 0 {
		p.fail(e, CodeElementUnsupported, "<%s> is abstract, it cannot be executed", e.name)
		return nil
	}
	read := &EventDefinition{Kind: kind, Position: e.position}
	switch kind {
	case EventTimer:
		read.Timer = p.readTimer(n, e)
	case EventError:
		read.Error = p.readErrorRef(n, e)
	case EventEscalation:
		read.Escalation = p.readEscalationRef(n, e)
	case EventCompensation:
		read.NoWait = !p.boolean(e, "waitForCompletion", true)
		p.throws = append(p.throws, pendingThrow{n, read, e})
	case EventMessage:
		read.Message = p.readMessageRef(n, e)
	case EventSignal:
		read.Signal = p.readSignalRef(n, e)
	case EventConditional:
		read.Condition = p.readEventCondition(n, e)
	case EventLink:
		read.Link = p.readLinkName(n, e)
	}
	return read
}

// timerForms are the children of a timer event definition (BPMN 2.0.2, 10.5.5).
var timerForms = map[string]TimerKind{
	"timeDate": TimerDate, "timeDuration": TimerDuration, "timeCycle": TimerCycle,
}

func (p *parser) readTimer(n *Node, e *element) *Timer {
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
		p.failAt(n, e, CodeTimerIncomplete, "a timer needs exactly one of timeDate, timeDuration and timeCycle, with a value")
	}
	return timer
}
