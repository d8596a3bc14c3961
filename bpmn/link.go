package bpmn

// link resolves the references between nodes, in document order.
func (p *parser) link() {
	for _, f := range p.flows {
		p.linkFlow(f.scope, f.element)
	}
	for _, l := range p.links {
		p.linkDefault(l.node, l.element)
		p.linkMentioned(l.node, l.element)
		if l.node.Kind == KindBoundaryEvent {
			p.linkBoundary(l.node, l.element)
		}
	}
	for _, t := range p.throws {
		p.linkActivityRef(t)
	}
	for _, e := range p.messages {
		p.linkMessageFlow(e)
	}
	p.linkReferences()
	for _, a := range p.data.associations {
		p.linkAssociationData(a)
	}
	for _, r := range p.repeats {
		p.linkRepeat(r.node, r.element)
	}
	for _, e := range p.outlines {
		p.linkAssociation(e)
	}
}

// linkFlow enters a sequence flow when both ends are nodes of its scope.
func (p *parser) linkFlow(scope *Scope, e *element) {
	source, target := p.flowEnd(scope, e, "sourceRef"), p.flowEnd(scope, e, "targetRef")
	flow := &Flow{ID: p.identify(e), Name: e.attr("name"), Source: source, Target: target, Position: e.position}
	for _, c := range e.standard() {
		switch {
		case c.name == "conditionExpression":
			flow.Condition = p.readCondition(c)
		case roles[c.name] != roleDrawing:
			p.misfit(c)
		}
	}
	p.readFlowExtensions(e)
	if source == nil || target == nil {
		return
	}
	source.Outgoing = append(source.Outgoing, flow)
	target.Incoming = append(target.Incoming, flow)
	scope.Flows = append(scope.Flows, flow)
}

func (p *parser) readCondition(e *element) *Expression {
	condition := p.expression(e)
	if condition.Text == "" {
		p.fail(e, CodeFlowConditionEmpty, "the condition is empty")
	}
	return &condition
}

func (p *parser) flowEnd(scope *Scope, e *element, attribute string) *Node {
	ref := e.ref(attribute)
	n := p.nodes[ref]
	switch {
	case n == nil:
		p.fail(e, CodeFlowDangling, "%s=%q is no flow node of an executable process", attribute, shorten(ref))
		return nil
	case n.Scope != scope:
		p.fail(e, CodeFlowCrossesScope, "%s=%q is in another process or sub-process", attribute, shorten(ref))
		return nil
	}
	return n
}

// linkDefault resolves the default flow of an activity or splitting gateway.
func (p *parser) linkDefault(n *Node, e *element) {
	ref := e.ref("default")
	if ref == "" {
		return
	}
	for _, flow := range n.Outgoing {
		if flow.ID == ref {
			n.Default = flow
		}
	}
	named := p.ids[ref]
	switch {
	case !n.Kind.isActivity() && !n.Kind.hasDefault():
		p.fail(e, CodeFlowDefaultNotAllowed, "<%s> cannot have a default flow", e.name)
		n.Default = nil
	case n.Default != nil:
	case named == nil || named.name != "sequenceFlow":
		p.fail(e, CodeReferenceUnresolved, "default=%q is no sequence flow", shorten(ref))
	case named.ref("sourceRef") != n.ID:
		p.fail(e, CodeFlowDefaultForeign, "default=%q leaves another node", shorten(ref))
	}
}

// mentions are the elements by which a node repeats what the sequence flows say.
var mentions = map[string]string{"incoming": "targetRef", "outgoing": "sourceRef"}

// linkMentioned compares the incoming and outgoing elements with the sequence flows, which decide.
func (p *parser) linkMentioned(n *Node, e *element) {
	for _, c := range e.standard() {
		end, mention := mentions[c.name]
		if !mention {
			continue
		}
		ref := localPart(c.text)
		if flow := p.ids[ref]; flow == nil || !flow.is("sequenceFlow") || flow.ref(end) != n.ID {
			p.warn(c, CodeFlowMismatch, "%s %q is no such sequence flow of this node", c.name, shorten(ref))
		}
	}
}

// linkBoundary attaches a boundary event to its activity.
func (p *parser) linkBoundary(n *Node, e *element) {
	ref := e.ref("attachedToRef")
	host := p.nodes[ref]
	switch {
	case host == nil:
		p.fail(e, CodeReferenceUnresolved, "attachedToRef=%q is no flow node of an executable process", shorten(ref))
	case host.Kind == KindUnknown: // refused, so what it is remains open
		n.AttachedTo = host
	case !host.Kind.isActivity() || host.Kind == KindEventSubProcess:
		p.fail(e, CodeBoundaryNotActivity, "attachedToRef=%q is no activity of the flow", shorten(ref))
	case host.Scope != n.Scope:
		p.fail(e, CodeBoundaryCrossesScope, "attachedToRef=%q is in another process or sub-process", shorten(ref))
	default:
		n.AttachedTo = host
		host.Boundary = append(host.Boundary, n)
	}
}

// linkActivityRef resolves the activity that a compensation throw event names.
func (p *parser) linkActivityRef(t pendingThrow) {
	ref := t.element.ref("activityRef")
	if ref == "" || !t.node.Kind.isThrow() {
		return
	}
	activity := p.nodes[ref]
	if activity == nil || !activity.Kind.isActivity() && activity.Kind != KindUnknown {
		p.failAt(t.node, t.element, CodeReferenceUnresolved, "activityRef=%q is no activity of an executable process", shorten(ref))
		return
	}
	t.definition.Activity = activity
}

// linkAssociation notes the associations that mean something: those from a compensation boundary
// event to a node (BPMN 2.0.2, 10.7.2). The others draw.
func (p *parser) linkAssociation(e *element) {
	source, target := e.ref("sourceRef"), e.ref("targetRef")
	for _, end := range []string{source, target} {
		if p.ids[end] == nil {
			p.warn(e, CodeReferenceUnresolved, "the association names %q, which does not exist", shorten(end))
		}
	}
	event, handler := p.nodes[source], p.nodes[target]
	if event == nil || handler == nil || event.Kind != KindBoundaryEvent {
		return
	}
	if event.Event != nil && event.Event.Kind == EventCompensation {
		p.handlers[event] = append(p.handlers[event], handler)
	}
}
