package bpmn

// validateCompensationBoundary wants exactly one association to a compensation activity of the
// same scope, and no sequence flow (BPMN 2.0.2, 10.7.2).
func (p *parser) validateCompensationBoundary(n *Node) {
	if len(n.Outgoing) > 0 {
		p.failNode(n, CodeCompensationHasFlow, "a compensation boundary event has an association, not outgoing flows")
	}
	handlers := p.handlers[n]
	if len(handlers) != 1 {
		code := CodeCompensationNoHandler
		if len(handlers) > 1 {
			code = CodeCompensationMultipleHandlers
		}
		p.failNode(n, code, "a compensation boundary event needs exactly one association to an activity, there are %d", len(handlers))
		return
	}
	handler := handlers[0]
	switch {
	case handler.Kind == KindUnknown:
	case !handler.ForCompensation:
		p.failNode(n, CodeCompensationNotHandler, "%q is not marked isForCompensation", handler.ID)
	case handler.Scope != n.Scope:
		p.failNode(n, CodeCompensationCrossesScope, "%q is in another process or sub-process", handler.ID)
	default:
		n.Compensates = handler
	}
}

// validateCompensationThrow checks that the activity is one that the throw can see, in its own or
// an enclosing scope (BPMN 2.0.2, 10.7.1), and that there is something to do.
func (p *parser) validateCompensationThrow(n *Node, thrown *EventDefinition) {
	activity := thrown.Activity
	if activity == nil || activity.Kind == KindUnknown {
		return
	}
	if !encloses(activity.Scope, n.Scope) {
		p.failNode(n, CodeCompensationCrossesScope, "%q is in no enclosing scope of the event", activity.ID)
		return
	}
	if activity.Kind.isSubProcess() || activity.Kind == KindCallActivity {
		return
	}
	for _, event := range activity.Boundary {
		if event.Event != nil && event.Event.Kind == EventCompensation {
			return
		}
	}
	p.failNode(n, CodeCompensationNoHandler, "%q has no compensation boundary event", activity.ID)
}

func encloses(outer, inner *Scope) bool {
	for inner != outer {
		if inner.Owner == nil {
			return false
		}
		inner = inner.Owner.Scope
	}
	return true
}

// validateHandler checks a compensation activity: it stands outside the normal flow.
func (p *parser) validateHandler(n *Node) {
	if n.ForCompensation && len(n.Incoming)+len(n.Outgoing) > 0 {
		p.failNode(n, CodeCompensationHasFlow, "an activity that isForCompensation cannot have sequence flows")
	}
}
