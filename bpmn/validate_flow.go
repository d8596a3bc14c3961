package bpmn

// validateFlow checks conditions (BPMN 2.0.2, 8.3.13): only activities and splitting gateways
// that look at data may have conditional flows, and a default flow has none.
func (p *parser) validateFlow(flow *Flow) {
	if flow.Condition == nil {
		return
	}
	source := flow.Source
	if source.Kind == KindParallelGateway || source.Kind.isEvent() {
		p.failFlow(flow, CodeFlowConditionNotAllowed, "a flow out of an event or parallel gateway cannot have a condition")
	}
	if source.Default == flow {
		p.failFlow(flow, CodeFlowDefaultConditional, "the default flow of %q cannot have a condition", source.ID)
	}
}

// validateGateway checks what a gateway connects.
func (p *parser) validateGateway(n *Node) {
	if len(n.Incoming) == 0 || len(n.Outgoing) == 0 {
		p.failNode(n, CodeGatewayNoFlow, "a gateway needs incoming and outgoing flows, there are %d and %d",
			len(n.Incoming), len(n.Outgoing))
	}
	if n.Kind != KindExclusiveGateway || len(n.Outgoing) < 2 {
		return
	}
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
