package bpmn

// validate checks the linked model against the rules of the standard.
func (p *parser) validate() {
	for _, process := range p.definitions.Processes {
		if process.Executable {
			p.validateScope(process.Body, process)
			p.validateForms(process.Body, process)
		}
	}
}

func (p *parser) validateScope(scope *Scope, process *Process) {
	p.validateStarts(scope, process)
	for _, n := range scope.Nodes {
		switch {
		case n.Kind == KindUnknown:
		case n.Kind.isEvent():
			p.validateEvent(n)
		case n.Kind.isGateway():
			p.validateGateway(n)
		default:
			p.validateActivity(n, process)
		}
	}
	for _, flow := range scope.Flows {
		p.validateFlow(flow)
	}
	p.validateData(scope)
	p.validateHandlers(scope)
	p.validateLinks(scope)
	p.validateReach(scope)
}
