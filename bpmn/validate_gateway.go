package bpmn

import "slices"

// validateGateway checks what a gateway connects. Without a start event a gateway may have no incoming flow.
func (p *parser) validateGateway(n *Node) {
	p.validateInstantiate(n)
	incoming := len(n.Incoming) > 0 || n.Instantiate || !p.hasStart(n.Scope)
	if !incoming || len(n.Outgoing) == 0 {
		p.failNode(n, CodeGatewayNoFlow, "a gateway needs incoming and outgoing flows, there are %d and %d",
			len(n.Incoming), len(n.Outgoing))
	}
	switch n.Kind {
	case KindExclusiveGateway:
		p.validateExclusive(n)
	case KindEventBasedGateway:
		p.validateEventBased(n)
	case KindComplexGateway:
		if n.Activation == nil && len(n.Incoming) > 1 {
			p.failNode(n, CodeGatewayNoActivation, "a complex gateway that joins needs an activationCondition")
		}
	}
}

func (p *parser) validateExclusive(n *Node) {
	open := 0
	for _, flow := range n.Outgoing {
		if flow.Condition == nil && flow != n.Default {
			open++
		}
	}
	if open > 1 {
		p.warnNode(n, CodeGatewayAmbiguous, "%d outgoing flows have no condition, only the first of them can be taken", open)
	}
}

// validateEventBased checks what stands behind an event-based gateway (BPMN 2.0.2, 10.6.6).
func (p *parser) validateEventBased(n *Node) {
	if n.AllEvents && !n.Instantiate {
		p.failNode(n, CodeAttributeInvalid, "eventGatewayType Parallel needs instantiate: only the start of a process can wait for all events")
	}
	if len(n.Outgoing) == 1 {
		p.failNode(n, CodeGatewayTarget, "an event-based gateway needs two or more events to choose from")
	}
	messages, receives := false, false
	for _, flow := range n.Outgoing {
		target := flow.Target
		p.validateEventTarget(flow, target)
		receives = receives || target.Kind == KindReceiveTask
		messages = messages || target.Event != nil && slices.Contains(kindsOf(target.Event), EventMessage)
	}
	if messages && receives {
		p.failNode(n, CodeGatewayTarget, "message events and receive tasks cannot stand behind one event-based gateway")
	}
}

func (p *parser) validateEventTarget(flow *Flow, target *Node) {
	switch {
	case target.Kind == KindUnknown:
	case target.Kind != KindReceiveTask && (target.Kind != KindIntermediateCatchEvent || linkName(target, target.Kind) != ""):
		p.failFlow(flow, CodeGatewayTarget, "behind an event-based gateway stand catch events and receive tasks, not %q", target.ID)
	case len(target.Incoming) > 1:
		p.failFlow(flow, CodeGatewayTarget, "%q has other incoming flows beside that of the event-based gateway", target.ID)
	case target.Kind == KindReceiveTask && len(target.Boundary) > 0:
		p.failFlow(flow, CodeGatewayTarget, "the receive task %q behind an event-based gateway cannot have boundary events", target.ID)
	}
}

func kindsOf(e *EventDefinition) []EventKind {
	var kinds []EventKind
	for _, part := range e.all() {
		kinds = append(kinds, part.Kind)
	}
	return kinds
}
