package bpmn

// catch is what an event catches, as far as two events can be compared.
type catch struct {
	kind EventKind
	code string
}

// catches lists what only one handler of an activity or scope can catch.
func catches(e *EventDefinition) []catch {
	var found []catch
	if e == nil {
		return nil
	}
	for _, part := range e.all() {
		c := catch{kind: part.Kind}
		switch {
		case part.Kind == EventError && part.Error != nil:
			c.code = part.Error.Code
		case part.Kind == EventEscalation && part.Escalation != nil:
			c.code = part.Escalation.Code
		case part.Kind != EventError && part.Kind != EventEscalation && part.Kind != EventCompensation && part.Kind != EventCancel:
			continue
		}
		found = append(found, c)
	}
	return found
}

// validateBoundaries refuses two boundary events of one activity that catch the same error,
// escalation, cancel or compensation: which one catches would be a matter of chance.
func (p *parser) validateBoundaries(host *Node) {
	caught := map[catch]bool{}
	for _, n := range host.Boundary {
		for _, c := range catches(n.Event) {
			if caught[c] {
				p.failNode(n, CodeEventDuplicate, "another boundary event of %q catches the same", host.ID)
			}
			caught[c] = true
		}
	}
}

// validateHandlers refuses two event sub-processes of one scope that catch the same.
func (p *parser) validateHandlers(scope *Scope) {
	caught := map[catch]bool{}
	for _, n := range scope.Nodes {
		if n.Kind != KindEventSubProcess {
			continue
		}
		for _, start := range n.Body.Nodes {
			if start.Kind != KindStartEvent {
				continue
			}
			for _, c := range catches(start.Event) {
				if caught[c] {
					p.failNode(start, CodeEventDuplicate, "another event sub-process of the same scope catches the same")
				}
				caught[c] = true
			}
		}
	}
}

// validateLinkFlows: a link is itself the way in or out (BPMN 2.0.2, 10.5.5).
func (p *parser) validateLinkFlows(n *Node) {
	if n.Kind == KindIntermediateCatchEvent && len(n.Incoming) > 0 {
		p.failNode(n, CodeEventIncoming, "a link catch event cannot have incoming flows")
	}
	if n.Kind == KindIntermediateThrowEvent && len(n.Outgoing) > 0 {
		p.failNode(n, CodeEventOutgoing, "a link throw event cannot have outgoing flows")
	}
}

// linkName returns the name of a link event of a kind, "" for other nodes.
func linkName(n *Node, kind Kind) string {
	if n.Kind != kind || n.Event == nil || n.Event.Kind != EventLink {
		return ""
	}
	return n.Event.Link
}

// validateLinks wants exactly one catch for each name that is thrown in a scope (BPMN 2.0.2, 10.5.5).
func (p *parser) validateLinks(scope *Scope) {
	caught := map[string]bool{}
	for _, n := range scope.Nodes {
		name := linkName(n, KindIntermediateCatchEvent)
		if name != "" && caught[name] {
			p.failNode(n, CodeLinkAmbiguous, "another link catch event of this scope has the name %q", shorten(name))
		}
		caught[name] = true
	}
	for _, n := range scope.Nodes {
		if name := linkName(n, KindIntermediateThrowEvent); name != "" && !caught[name] {
			p.failNode(n, CodeLinkMissing, "no link catch event of this scope has the name %q", shorten(name))
		}
	}
}
