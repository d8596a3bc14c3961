package bpmn

// validateFlow checks conditions (BPMN 2.0.2, 8.3.13): only activities and splitting gateways
// that look at data may have conditional flows, and a default flow has none.
func (p *parser) validateFlow(flow *Flow) {
	for _, end := range []*Node{flow.Source, flow.Target} {
		if end.Kind == KindEventSubProcess {
			p.failFlow(flow, CodeEventSubProcessHasFlow, "the event sub-process %q cannot have sequence flows", end.ID)
		}
	}
	if flow.Condition == nil {
		return
	}
	source := flow.Source
	if source.Kind.isEvent() || source.Kind.isGateway() && !source.Kind.hasDefault() {
		p.failFlow(flow, CodeFlowConditionNotAllowed, "a flow out of an event, parallel or event-based gateway cannot have a condition")
	}
	if source.Default == flow {
		p.failFlow(flow, CodeFlowDefaultConditional, "the default flow of %q cannot have a condition", source.ID)
	}
}
