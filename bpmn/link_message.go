package bpmn

// linkMessageFlow keeps a message flow between nodes of two executable processes of the file. Ends that are
// pools or nodes of drawn pools only show who takes part.
func (p *parser) linkMessageFlow(e *element) {
	source, target := e.ref("sourceRef"), e.ref("targetRef")
	for _, end := range []string{source, target} {
		if p.ids[end] == nil {
			p.warn(e, CodeReferenceUnresolved, "the message flow names %q, which does not exist", shorten(end))
		}
	}
	flow := &MessageFlow{ID: e.id(), Source: p.nodes[source], Target: p.nodes[target], Position: e.position}
	if ref := e.ref("messageRef"); ref != "" {
		if flow.Message = p.definitions.Messages[ref]; flow.Message == nil {
			p.fail(e, CodeReferenceUnresolved, "there is no message %q", shorten(ref))
		}
	}
	if flow.Source == nil || flow.Target == nil {
		return
	}
	if flow.Source.Scope.top() == flow.Target.Scope.top() {
		p.fail(e, CodeMessageFlowSameProcess, "a message flow joins two pools, %q and %q are in one", shorten(source), shorten(target))
		return
	}
	p.completeMessages(flow)
	p.definitions.MessageFlows = append(p.definitions.MessageFlows, flow)
}

// completeMessages gives ends that name no message that of the flow, or of the other end.
func (p *parser) completeMessages(flow *MessageFlow) {
	for _, n := range []*Node{flow.Source, flow.Target} {
		for _, place := range n.messages() {
			if flow.Message == nil {
				flow.Message = *place
			}
		}
	}
	for _, n := range []*Node{flow.Source, flow.Target} {
		for _, place := range n.messages() {
			if *place == nil && n.Task == nil {
				*place = flow.Message
			}
		}
	}
}

// messages returns the places where a node names messages.
func (n *Node) messages() []**Message {
	var places []**Message
	if n.Kind == KindSendTask || n.Kind == KindReceiveTask {
		places = append(places, &n.Message)
	}
	if n.Event != nil {
		for _, part := range n.Event.all() {
			if part.Kind == EventMessage {
				places = append(places, &part.Message)
			}
		}
	}
	return places
}

func (s *Scope) top() *Scope {
	for s.Owner != nil {
		s = s.Owner.Scope
	}
	return s
}
