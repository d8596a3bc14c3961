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
	p.validateReach(scope)
}

// validateStarts wants a start event in a process, and exactly one none start event in an
// embedded sub-process (BPMN 2.0.2, 10.5.2). Several none start events of a process leave open
// which one a start means.
func (p *parser) validateStarts(scope *Scope, process *Process) {
	id, at := process.ID, process.Position
	if scope.Owner != nil {
		id, at = scope.Owner.ID, scope.Owner.Position
	}
	starts, none := 0, 0
	for _, n := range scope.Nodes {
		if p.isStart(n) {
			starts++
		}
		if n.Kind == KindStartEvent && n.Event == nil {
			none++
		}
	}
	if starts == 0 {
		p.add(SeverityError, CodeScopeNoStart, id, at, "there is no start event")
	}
	if none > 1 {
		p.add(SeverityError, CodeScopeMultipleStart, id, at, "there are %d none start events, at most one is executed", none)
	}
}

// isStart also knows start events whose trigger was refused.
func (p *parser) isStart(n *Node) bool {
	return n.Kind == KindStartEvent || n.Kind == KindUnknown && p.ids[n.ID] != nil && p.ids[n.ID].is("startEvent")
}

// validateReach warns of nodes to which no path leads from a start event, an attached boundary
// event or a compensation.
func (p *parser) validateReach(scope *Scope) {
	var frontier []*Node
	reached := map[*Node]bool{}
	reach := func(n *Node) {
		if !reached[n] {
			reached[n] = true
			frontier = append(frontier, n)
		}
	}
	for _, n := range scope.Nodes {
		// Behind a refused element the paths are not known (links, event sub-processes).
		if n.Kind == KindUnknown {
			return
		}
		if n.Kind == KindStartEvent {
			reach(n)
		}
	}
	for len(frontier) > 0 {
		n := frontier[len(frontier)-1]
		frontier = frontier[:len(frontier)-1]
		for _, flow := range n.Outgoing {
			reach(flow.Target)
		}
		for _, event := range n.Boundary {
			reach(event)
		}
		for _, handler := range p.handlers[n] {
			reach(handler)
		}
	}
	if len(reached) == 0 {
		return
	}
	for _, n := range scope.Nodes {
		if !reached[n] && (n.Kind != KindBoundaryEvent || n.AttachedTo != nil) {
			p.warnNode(n, CodeNodeUnreachable, "no path leads here from a start event")
		}
	}
}
