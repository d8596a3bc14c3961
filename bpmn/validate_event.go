package bpmn

import "slices"

// none is the trigger of an event without an event definition.
const none EventKind = 0

// triggers are the event definitions that each event can have (BPMN 2.0.2, table 10.93). Start
// events depend on what they start and are listed apart.
var triggers = map[Kind][]EventKind{
	KindIntermediateCatchEvent: {
		EventMessage, EventTimer, EventConditional, EventLink, EventSignal, EventMultiple, EventParallelMultiple,
	},
	KindIntermediateThrowEvent: {none, EventMessage, EventEscalation, EventCompensation, EventLink, EventSignal, EventMultiple},
	KindEndEvent: {
		none, EventMessage, EventError, EventEscalation, EventCancel, EventCompensation, EventSignal,
		EventTerminate, EventMultiple,
	},
	KindBoundaryEvent: {
		EventMessage, EventTimer, EventError, EventEscalation, EventCancel, EventCompensation,
		EventConditional, EventSignal, EventMultiple, EventParallelMultiple,
	},
}

// startTriggers are those of the start events of a process (KindUnknown), of an embedded
// sub-process and of an event sub-process.
var startTriggers = map[Kind][]EventKind{
	KindUnknown:     {none, EventMessage, EventTimer, EventConditional, EventSignal, EventMultiple, EventParallelMultiple},
	KindSubProcess:  {none},
	KindTransaction: {none},
	KindEventSubProcess: {
		EventMessage, EventTimer, EventError, EventEscalation, EventCompensation, EventConditional,
		EventSignal, EventMultiple, EventParallelMultiple,
	},
}

func (p *parser) validateEvent(n *Node) {
	p.validateTrigger(n)
	if len(n.Incoming) > 0 && (n.Kind == KindStartEvent || n.Kind == KindBoundaryEvent) {
		p.failNode(n, CodeEventIncoming, "a start or boundary event cannot have incoming flows")
	}
	if len(n.Outgoing) > 0 && n.Kind == KindEndEvent {
		p.failNode(n, CodeEventOutgoing, "an end event cannot have outgoing flows")
	}
	p.validateJob(n)
	if n.Event == nil {
		return
	}
	last := n.Event.finishes()
	for _, part := range n.Event.all() {
		p.validateAmong(n, part, last)
		p.validatePart(n, part)
	}
	if n.Event.Kind == EventLink {
		p.validateLinkFlows(n)
	}
}

// all returns the definitions of an event: the parts of a multiple one, else itself.
func (e *EventDefinition) all() []*EventDefinition {
	if e.Kind == EventMultiple || e.Kind == EventParallelMultiple {
		return e.Parts
	}
	return []*EventDefinition{e}
}

func (p *parser) validateTrigger(n *Node) {
	kind, at, allowed := none, n.Position, triggers[n.Kind]
	if n.Event != nil {
		kind, at = n.Event.Kind, n.Event.Position
	}
	if n.Kind == KindStartEvent {
		allowed = startTriggers[n.Scope.kind()]
	}
	switch {
	case n.Scope.kind() == KindAdHocSubProcess && (n.Kind == KindStartEvent || n.Kind == KindEndEvent):
		p.failNode(n, CodeEventMisplaced, "an ad-hoc sub-process has no start and end events")
	case slices.Contains(allowed, kind):
	case kind == none:
		p.failNode(n, CodeEventNoDefinition, "this event needs an event definition")
	case n.Kind == KindStartEvent && n.Scope.Owner != nil:
		p.add(SeverityError, CodeEventMisplaced, n.ID, at, "the start event of this sub-process cannot have this event definition")
	default:
		p.add(SeverityError, CodeEventMisplaced, n.ID, at, "this event cannot have this event definition")
	}
}

// kind is that of the sub-process, KindUnknown for a process.
func (s *Scope) kind() Kind {
	if s.Owner == nil {
		return KindUnknown
	}
	return s.Owner.Kind
}

// validatePart checks one definition of an event.
func (p *parser) validatePart(n *Node, part *EventDefinition) {
	boundary, handles := n.Kind == KindBoundaryEvent, n.Kind == KindBoundaryEvent || n.Kind == KindStartEvent
	switch part.Kind {
	case EventMessage:
		if part.Message == nil && n.Task == nil {
			p.add(SeverityError, CodeMessageMissing, n.ID, part.Position, "the event needs a messageRef")
		}
	case EventError:
		if handles && !n.Interrupting {
			p.failNode(n, CodeEventNotInterrupting, "an event that catches an error always interrupts")
		}
	case EventCancel:
		if n.Kind != KindStartEvent {
			p.validateCancel(n)
		}
	case EventCompensation:
		switch {
		case boundary && n.Event == part:
			p.validateCompensationBoundary(n)
		case n.Kind.isThrow():
			p.validateCompensationThrow(n, part)
		}
	}
}

// validateAmong refuses parts that a multiple event cannot have. A compensation is caught by a handler
// outside the flow, a link is no trigger; a catch that waits for all cannot wait for what ends
// its activity; of what ends the scope only one, last, can be thrown.
func (p *parser) validateAmong(n *Node, part, last *EventDefinition) {
	if n.Event == part {
		return
	}
	allowed := triggers[n.Kind]
	if n.Kind == KindStartEvent {
		allowed = startTriggers[n.Scope.kind()]
	}
	catches := !n.Kind.isThrow()
	switch {
	case !slices.Contains(allowed, part.Kind), part.Kind == EventLink,
		catches && part.Kind == EventCompensation,
		n.Event.Kind == EventParallelMultiple && part.ends(),
		!catches && part.ends() && part != last:
		p.add(SeverityError, CodeEventMisplaced, n.ID, part.Position, "this event cannot have this event definition among several")
	}
}

// ends reports whether throwing the definition ends the scope.
func (e *EventDefinition) ends() bool {
	return e.Kind == EventError || e.Kind == EventCancel || e.Kind == EventTerminate
}

// finishes returns the first part that ends the scope: a second one could not happen.
func (e *EventDefinition) finishes() *EventDefinition {
	for _, part := range e.Parts {
		if part.ends() {
			return part
		}
	}
	return nil
}

// validateCancel wants a transaction: around the end event, or under the boundary event (BPMN
// 2.0.2, 10.5.3 and 10.5.4).
func (p *parser) validateCancel(n *Node) {
	if n.Kind == KindBoundaryEvent {
		if n.AttachedTo != nil && n.AttachedTo.Kind != KindTransaction && n.AttachedTo.Kind != KindUnknown {
			p.failNode(n, CodeCancelNoTransaction, "a cancel boundary event belongs to a transaction")
		}
		if !n.Interrupting {
			p.failNode(n, CodeEventNotInterrupting, "a cancel boundary event always interrupts its transaction")
		}
		return
	}
	for scope := n.Scope; scope.Owner != nil; scope = scope.Owner.Scope {
		if scope.Owner.Kind == KindTransaction {
			return
		}
	}
	p.failNode(n, CodeCancelNoTransaction, "a cancel end event stands inside a transaction")
}
