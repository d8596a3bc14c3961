package bpmn

// role says what an element name of the standard means to the parser.
type role uint8

const (
	roleUnknown     role = iota // not of the standard
	roleDrawing                 // draws, describes or is read with its parent
	roleNode                    // a flow node
	roleNodeRefused             // a flow node that no process can execute
	roleFlow                    // sequenceFlow
	roleAssociation             // association
	roleData                    // data of an activity or event
	roleScopeData               // data of a process or sub-process
	roleDefinition              // an event definition
	roleRefused                 // any other element that has an effect and is not executed
	roleRoot                    // a root element that is read
	rolePart                    // read with some parents, out of place elsewhere
)

// nodeKinds are the flow nodes by the names of their elements.
var nodeKinds = map[string]Kind{
	"task":                   KindTask,
	"manualTask":             KindManualTask,
	"userTask":               KindUserTask,
	"serviceTask":            KindServiceTask,
	"sendTask":               KindSendTask,
	"businessRuleTask":       KindBusinessRuleTask,
	"scriptTask":             KindScriptTask,
	"receiveTask":            KindReceiveTask,
	"callActivity":           KindCallActivity,
	"subProcess":             KindSubProcess,
	"transaction":            KindTransaction,
	"adHocSubProcess":        KindAdHocSubProcess,
	"exclusiveGateway":       KindExclusiveGateway,
	"parallelGateway":        KindParallelGateway,
	"inclusiveGateway":       KindInclusiveGateway,
	"complexGateway":         KindComplexGateway,
	"eventBasedGateway":      KindEventBasedGateway,
	"startEvent":             KindStartEvent,
	"endEvent":               KindEndEvent,
	"intermediateCatchEvent": KindIntermediateCatchEvent,
	"intermediateThrowEvent": KindIntermediateThrowEvent,
	"boundaryEvent":          KindBoundaryEvent,
}

// eventKinds are the event definitions by the names of their elements.
var eventKinds = map[string]EventKind{
	"timerEventDefinition":       EventTimer,
	"errorEventDefinition":       EventError,
	"escalationEventDefinition":  EventEscalation,
	"compensateEventDefinition":  EventCompensation,
	"terminateEventDefinition":   EventTerminate,
	"messageEventDefinition":     EventMessage,
	"signalEventDefinition":      EventSignal,
	"conditionalEventDefinition": EventConditional,
	"linkEventDefinition":        EventLink,
	"cancelEventDefinition":      EventCancel,
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
	enter(roleRoot, "dataStore", "process", "message", "error", "escalation", "signal")
	enter(roleNodeRefused, "implicitThrowEvent", "event", "callChoreography", "choreographyTask", "subChoreography")
	enter(roleDefinition, "eventDefinition", "eventDefinitionRef")
	enter(rolePart, "activationCondition", "completionCondition", "multiInstanceLoopCharacteristics",
		"standardLoopCharacteristics")
	enter(roleData, "dataInputAssociation", "dataOutputAssociation", "property", "ioSpecification", "dataInput",
		"dataOutput", "inputSet", "outputSet")
	enter(roleScopeData, "dataObject", "dataObjectReference", "dataStoreReference")
	enter(roleRefused, "loopCharacteristics", "choreography", "globalChoreographyTask")
	enter(rolePart, "performer", "humanPerformer", "potentialOwner", "resourceRole", "correlationSubscription",
		"globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask")
	enter(roleDrawing, "documentation", "extensionElements", "incoming", "outgoing",
		"laneSet", "textAnnotation", "group", "category",
		"ioBinding",
		"dataState", "itemDefinition", "import", "interface", "resource",
		"collaboration", "participant", "messageFlow", "conversation", "globalConversation",
		"correlationProperty", "correlationKey", "partnerEntity", "partnerRole", "endPoint",
		"relationship", "extension", "auditing", "monitoring", "rendering", "script", "supports",
		"conditionExpression")
	return words
}
