package bpmn

// isActivity reports whether boundary events may be attached to nodes of this kind.
func (k Kind) isActivity() bool { return k >= KindTask && k <= KindAdHocSubProcess }

// isJob reports whether a job worker can do the task, send the message of the event or drive the ad-hoc sub-process.
func (n *Node) isJob() bool {
	switch n.Kind {
	case KindServiceTask, KindSendTask, KindBusinessRuleTask, KindScriptTask, KindAdHocSubProcess:
		return true
	}
	return n.Kind.isThrow() && n.Event != nil && n.Event.Kind == EventMessage
}

// isGateway reports whether the kind is a gateway.
func (k Kind) isGateway() bool { return k >= KindExclusiveGateway && k <= KindEventBasedGateway }

// hasDefault reports whether gateways of this kind look at conditions, so that one flow may be the default.
func (k Kind) hasDefault() bool {
	return k == KindExclusiveGateway || k == KindInclusiveGateway || k == KindComplexGateway
}

// isEvent reports whether the kind is an event.
func (k Kind) isEvent() bool { return k >= KindStartEvent && k <= KindBoundaryEvent }

// isThrow reports whether an event of this kind throws.
func (k Kind) isThrow() bool { return k == KindEndEvent || k == KindIntermediateThrowEvent }

// isSubProcess reports whether nodes of this kind have a body.
func (k Kind) isSubProcess() bool { return k >= KindSubProcess && k <= KindAdHocSubProcess }

var kindNames = func() map[Kind]string {
	names := map[Kind]string{KindEventSubProcess: "eventSubProcess"}
	for name, kind := range nodeKinds {
		names[kind] = name
	}
	return names
}()

// String returns the name of the element in the standard, "eventSubProcess" for the sub-process that is
// triggered by an event, and "unknown" for KindUnknown.
func (k Kind) String() string {
	if name, found := kindNames[k]; found {
		return name
	}
	return "unknown"
}
