package bpmn

// triggers are the event definitions that each event can have in the flow of a process
// (BPMN 2.0.2, table 10.93); the none event is checked apart.
var triggers = map[Kind]map[EventKind]bool{
	KindStartEvent:             {EventTimer: true},
	KindIntermediateCatchEvent: {EventTimer: true},
	KindIntermediateThrowEvent: {EventEscalation: true, EventCompensation: true},
	KindEndEvent:               {EventError: true, EventEscalation: true, EventCompensation: true, EventTerminate: true},
	KindBoundaryEvent:          {EventTimer: true, EventError: true, EventEscalation: true, EventCompensation: true},
}

func (p *parser) validateEvent(n *Node) {
	p.validateTrigger(n)
	if len(n.Incoming) > 0 && (n.Kind == KindStartEvent || n.Kind == KindBoundaryEvent) {
		p.failNode(n, CodeEventIncoming, "a start or boundary event cannot have incoming flows")
	}
	if len(n.Outgoing) > 0 && n.Kind == KindEndEvent {
		p.failNode(n, CodeEventOutgoing, "an end event cannot have outgoing flows")
	}
	if n.Event == nil {
		return
	}
	switch {
	case n.Kind == KindBoundaryEvent && n.Event.Kind == EventCompensation:
		p.validateCompensationBoundary(n)
	case n.Kind == KindBoundaryEvent && n.Event.Kind == EventError && !n.Interrupting:
		p.failNode(n, CodeEventNotInterrupting, "an error boundary event always interrupts its activity")
	case n.Kind.isThrow() && n.Event.Kind == EventCompensation:
		p.validateCompensationThrow(n)
	}
}

func (p *parser) validateTrigger(n *Node) {
	switch {
	case n.Event == nil:
		if n.Kind == KindIntermediateCatchEvent || n.Kind == KindBoundaryEvent {
			p.failNode(n, CodeEventNoDefinition, "a catching event needs an event definition")
		}
	case !triggers[n.Kind][n.Event.Kind]:
		p.add(SeverityError, CodeEventMisplaced, n.ID, n.Event.Position, "this event cannot have this event definition")
	case n.Kind == KindStartEvent && n.Scope.Owner != nil:
		p.add(SeverityError, CodeEventMisplaced, n.ID, n.Event.Position,
			"the start event of an embedded sub-process cannot have an event definition")
	}
}

// validateBoundaries refuses two boundary events of one activity that catch the same error,
// escalation or compensation: which one catches would be a matter of chance.
func (p *parser) validateBoundaries(host *Node) {
	type catch struct {
		kind EventKind
		code string
	}
	caught := map[catch]bool{}
	for _, n := range host.Boundary {
		if n.Event == nil || n.Event.Kind == EventTimer {
			continue
		}
		c := catch{kind: n.Event.Kind}
		if n.Event.Error != nil {
			c.code = n.Event.Error.Code
		}
		if n.Event.Escalation != nil {
			c.code = n.Event.Escalation.Code
		}
		if caught[c] {
			p.failNode(n, CodeEventDuplicate, "another boundary event of %q catches the same", host.ID)
		}
		caught[c] = true
	}
}
