package bpmn

// role says what an element name of the standard means to the parser.
type role uint8

const (
	roleUnknown         role = iota // not of the standard
	roleDrawing                     // draws, describes or is read with its parent
	roleNode                        // an executed flow node
	roleNodeRefused                 // a flow node that is not executed
	roleFlow                        // sequenceFlow
	roleAssociation                 // association
	roleDataAssociation             // refused when it has an effect
	roleDefinition                  // an event definition
	roleRefused                     // any other element that has an effect and is not executed
	roleRoot                        // a root element that is read
)

// nodeKinds are the flow nodes that are executed.
var nodeKinds = map[string]Kind{
	"task":                   KindTask,
	"manualTask":             KindManualTask,
	"userTask":               KindUserTask,
	"serviceTask":            KindServiceTask,
	"sendTask":               KindSendTask,
	"businessRuleTask":       KindBusinessRuleTask,
	"scriptTask":             KindScriptTask,
	"subProcess":             KindSubProcess,
	"exclusiveGateway":       KindExclusiveGateway,
	"parallelGateway":        KindParallelGateway,
	"startEvent":             KindStartEvent,
	"endEvent":               KindEndEvent,
	"intermediateCatchEvent": KindIntermediateCatchEvent,
	"intermediateThrowEvent": KindIntermediateThrowEvent,
	"boundaryEvent":          KindBoundaryEvent,
}

// eventKinds are the event definitions that are executed.
var eventKinds = map[string]EventKind{
	"timerEventDefinition":      EventTimer,
	"errorEventDefinition":      EventError,
	"escalationEventDefinition": EventEscalation,
	"compensateEventDefinition": EventCompensation,
	"terminateEventDefinition":  EventTerminate,
}

var roles = vocabulary()

func vocabulary() map[string]role {
	words := map[string]role{"sequenceFlow": roleFlow, "association": roleAssociation}
	enter := func(r role, names ...string) {
		for _, name := range names {
			words[name] = r
		}
	}
	for name := range nodeKinds {
		words[name] = roleNode
	}
	for name := range eventKinds {
		words[name] = roleDefinition
	}
	enter(roleRoot, "process", "message", "error", "escalation", "signal")
	enter(roleNodeRefused, "callActivity", "receiveTask", "transaction", "adHocSubProcess",
		"eventBasedGateway", "inclusiveGateway", "complexGateway", "implicitThrowEvent", "event",
		"callChoreography", "choreographyTask", "subChoreography")
	enter(roleDefinition, "messageEventDefinition", "signalEventDefinition", "conditionalEventDefinition",
		"linkEventDefinition", "cancelEventDefinition", "eventDefinition", "eventDefinitionRef")
	enter(roleDataAssociation, "dataInputAssociation", "dataOutputAssociation")
	enter(roleRefused, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
		"loopCharacteristics", "performer", "humanPerformer", "potentialOwner", "resourceRole",
		"globalTask", "globalUserTask", "globalManualTask", "globalScriptTask",
		"globalBusinessRuleTask", "choreography", "globalChoreographyTask", "correlationSubscription")
	enter(roleDrawing, "documentation", "extensionElements", "incoming", "outgoing",
		"laneSet", "textAnnotation", "group", "category", "dataObject", "dataObjectReference",
		"dataStore", "dataStoreReference", "property", "ioSpecification", "ioBinding", "dataInput",
		"dataOutput", "inputSet", "outputSet", "dataState", "itemDefinition", "import", "interface", "resource",
		"collaboration", "participant", "messageFlow", "conversation", "globalConversation",
		"correlationProperty", "correlationKey", "partnerEntity", "partnerRole", "endPoint",
		"relationship", "extension", "auditing", "monitoring", "rendering", "script", "supports",
		"conditionExpression")
	return words
}

// isActivity reports whether boundary events may be attached to nodes of this kind.
func (k Kind) isActivity() bool { return k >= KindTask && k <= KindAdHocSubProcess }

// isJob reports whether a task of this kind can be done by a job worker.
func (k Kind) isJob() bool {
	return k == KindServiceTask || k == KindSendTask || k == KindBusinessRuleTask || k == KindScriptTask
}

// isGateway reports whether the kind is a gateway.
func (k Kind) isGateway() bool { return k >= KindExclusiveGateway && k <= KindEventBasedGateway }

// isEvent reports whether the kind is an event.
func (k Kind) isEvent() bool { return k >= KindStartEvent && k <= KindBoundaryEvent }

// isThrow reports whether an event of this kind throws.
func (k Kind) isThrow() bool { return k == KindEndEvent || k == KindIntermediateThrowEvent }

var kindNames = func() map[Kind]string {
	names := map[Kind]string{}
	for name, kind := range nodeKinds {
		names[kind] = name
	}
	return names
}()

// String returns the name of the element in the standard, "unknown" for KindUnknown.
func (k Kind) String() string {
	if name, found := kindNames[k]; found {
		return name
	}
	return "unknown"
}
