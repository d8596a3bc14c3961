package bpmn

import "slices"

// validateStarts checks how a scope starts (BPMN 2.0.2, 10.5.2 and 13.5.1). A process or embedded
// sub-process without start event starts at every node without incoming flow. Several none start
// events of a process are alternatives of which the caller names one; nobody names one of a sub-process.
func (p *parser) validateStarts(scope *Scope, process *Process) {
	id, at := process.ID, process.Position
	if scope.Owner != nil {
		id, at = scope.Owner.ID, scope.Owner.Position
	}
	starts := 0
	for _, n := range scope.Nodes {
		if p.isStart(n) {
			starts++
		}
	}
	switch kind := scope.kind(); {
	case kind == KindAdHocSubProcess, process.GlobalTask:
	case starts > 1 && scope.Owner != nil:
		p.add(SeverityError, CodeScopeMultipleStart, id, at, "there are %d start events, a sub-process has one", starts)
	case starts > 0:
	case kind == KindEventSubProcess:
		p.add(SeverityError, CodeScopeNoStart, id, at, "an event sub-process needs a start event")
	case !p.startsImplicitly(scope):
		p.add(SeverityError, CodeScopeNoStart, id, at, "there is nothing to start with: no start event and no node without incoming flow")
	case !instantiates(scope):
		p.add(SeverityWarning, CodeScopeNoStart, id, at, "there is no start event: every node without incoming flow starts (implicit start)")
	}
}

// isStart also knows start events whose trigger was refused.
func (p *parser) isStart(n *Node) bool {
	return n.Kind == KindStartEvent || n.Kind == KindUnknown && p.ids[n.ID] != nil && p.ids[n.ID].is("startEvent")
}

func (p *parser) startsImplicitly(scope *Scope) bool {
	for _, n := range scope.Nodes {
		if n.Kind == KindUnknown || n.startsImplicitly() {
			return true
		}
	}
	return false
}

// startsImplicitly reports whether a scope without start event puts a token on the node.
func (n *Node) startsImplicitly() bool {
	switch {
	case len(n.Incoming) > 0, n.ForCompensation, n.Kind == KindUnknown:
		return false
	case n.Kind == KindStartEvent, n.Kind == KindBoundaryEvent, n.Kind == KindEventSubProcess:
		return false
	}
	return linkName(n, KindIntermediateCatchEvent) == ""
}

// hasStart reports whether a start event decides where the scope starts.
func (p *parser) hasStart(scope *Scope) bool {
	started, known := p.started[scope]
	if !known {
		started = slices.ContainsFunc(scope.Nodes, func(n *Node) bool { return n.Kind == KindStartEvent })
		p.started[scope] = started
	}
	return started
}

// instantiates reports whether a receive task or event-based gateway of the scope creates instances.
func instantiates(scope *Scope) bool {
	return slices.ContainsFunc(scope.Nodes, func(n *Node) bool { return n.Instantiate })
}

// validateInstantiate checks a receive task or event-based gateway that creates instances (BPMN
// 2.0.2, 10.3.3 and 10.6.6): nothing comes before it but a start event.
func (p *parser) validateInstantiate(n *Node) {
	if !n.Instantiate {
		return
	}
	if n.Scope.Owner != nil {
		p.failNode(n, CodeInstantiateMisplaced, "only a process can be instantiated, not a sub-process")
	}
	for _, flow := range n.Incoming {
		if n.Kind == KindEventBasedGateway || flow.Source.Kind != KindStartEvent {
			p.failNode(n, CodeInstantiateMisplaced, "what creates the instance cannot have incoming flows")
		}
	}
}

// validateReach warns of nodes to which no path leads from a start event, an attached boundary
// event, a link or a compensation.
func (p *parser) validateReach(scope *Scope) {
	w := walk{handlers: p.handlers, catches: map[string][]*Node{}, reached: map[*Node]bool{}}
	started := p.hasStart(scope)
	for _, n := range scope.Nodes {
		// Behind a refused element the paths are not known.
		if n.Kind == KindUnknown {
			return
		}
		if name := linkName(n, KindIntermediateCatchEvent); name != "" {
			w.catches[name] = append(w.catches[name], n)
		}
		if n.Kind == KindStartEvent || n.Kind == KindEventSubProcess || n.Instantiate || !started && n.startsImplicitly() {
			w.reach(n)
		}
	}
	if w.run(); len(w.reached) == 0 {
		return
	}
	for _, n := range scope.Nodes {
		if !w.reached[n] && (n.Kind != KindBoundaryEvent || n.AttachedTo != nil) {
			p.warnNode(n, CodeNodeUnreachable, "no path leads here from a start event")
		}
	}
}

// walk follows the paths of a scope.
type walk struct {
	handlers map[*Node][]*Node
	catches  map[string][]*Node // link catch events by name
	reached  map[*Node]bool
	frontier []*Node
}

func (w *walk) reach(nodes ...*Node) {
	for _, n := range nodes {
		if !w.reached[n] {
			w.reached[n] = true
			w.frontier = append(w.frontier, n)
		}
	}
}

func (w *walk) run() {
	for len(w.frontier) > 0 {
		n := w.frontier[len(w.frontier)-1]
		w.frontier = w.frontier[:len(w.frontier)-1]
		for _, flow := range n.Outgoing {
			w.reach(flow.Target)
		}
		w.reach(n.Boundary...)
		w.reach(w.handlers[n]...)
		if name := linkName(n, KindIntermediateThrowEvent); name != "" {
			w.reach(w.catches[name]...)
		}
	}
}
