package bpmn

import "tallystick/fault"

// ErrInvalid says that the source is XML but no BPMN 2.0 definitions.
var ErrInvalid = fault.New(fault.Invalid, "bpmn.invalid", "the document is not BPMN 2.0")

// The codes of diagnostics. They are stable.
const (
	CodeElementUnsupported   = "element.unsupported"   // of the standard, but not executed
	CodeElementUnknown       = "element.unknown"       // in the BPMN namespace, but not of the standard
	CodeElementMisplaced     = "element.misplaced"     // not allowed inside its parent
	CodeAttributeUnsupported = "attribute.unsupported" // a value that changes the behaviour and is not executed
	CodeAttributeInvalid     = "attribute.invalid"     // not a value of the attribute's type
	CodeExtensionUnsupported = "extension.unsupported" // a zeebe: extension with an effect that is not executed
	CodeExtensionUnknown     = "extension.unknown"     // a zeebe: extension that is unknown or has no effect in its place
	CodeExtensionDuplicate   = "extension.duplicate"   // the same key, name or extension given twice
	CodeExtensionIgnored     = "extension.ignored"     // an extension of another engine that has no effect
	CodeExtensionConverted   = "extension.converted"   // an extension of another engine that means something else, or more work, here
	CodeDiagnosticsTruncated = "diagnostics.truncated" // more findings than are listed

	CodeIDMissing           = "id.missing"
	CodeIDDuplicate         = "id.duplicate"
	CodeIDInvalid           = "id.invalid"
	CodeReferenceUnresolved = "reference.unresolved" // names an element that does not exist

	CodeProcessNotExecutable = "process.not_executable" // no process of the file is executable
	CodeScopeNoStart         = "scope.no_start"
	CodeScopeMultipleStart   = "scope.multiple_start"
	CodeNodeUnreachable      = "node.unreachable"

	CodeFlowDangling            = "flow.dangling" // source or target does not exist
	CodeFlowCrossesScope        = "flow.crosses_scope"
	CodeFlowMismatch            = "flow.mismatch" // incoming or outgoing of a node disagrees with the flows
	CodeFlowConditionEmpty      = "flow.condition_empty"
	CodeFlowConditionNotAllowed = "flow.condition_not_allowed"
	CodeFlowDefaultConditional  = "flow.default_conditional"
	CodeFlowDefaultForeign      = "flow.default_foreign" // the default flow leaves another node
	CodeFlowDefaultNotAllowed   = "flow.default_not_allowed"

	CodeGatewayNoFlow          = "gateway.no_flow"
	CodeGatewayAmbiguous       = "gateway.ambiguous"     // several outgoing flows without condition
	CodeGatewayNoActivation    = "gateway.no_activation" // a complex gateway that joins without activationCondition
	CodeGatewayTarget          = "gateway.target"        // what cannot stand behind an event-based gateway
	CodeInstantiateMisplaced   = "instantiate.misplaced"
	CodeEventSubProcessHasFlow = "event_subprocess.has_flow"

	CodeTaskNoType          = "task.no_type"
	CodeTaskRetriesInvalid  = "task.retries_invalid"
	CodeTaskPriorityInvalid = "task.priority_invalid"
	CodeJobPriorityInvalid  = "job.priority_invalid"
	CodeTaskNotManaged      = "task.not_managed" // user task without zeebe:userTask
	CodeTaskNoDecision      = "task.no_decision"
	CodeTaskNoScript        = "task.no_script"
	CodeTaskAmbiguous       = "task.ambiguous" // a job and an evaluation at once
	CodeTaskResultDropped   = "task.result_dropped"
	CodeBindingInvalid      = "binding.invalid"
	CodeMappingInvalid      = "mapping.invalid"

	CodeLoopIncomplete  = "loop.incomplete" // nothing says how often
	CodeLoopAmbiguous   = "loop.ambiguous"  // several things say how often
	CodeCallMissing     = "call.missing"    // a call activity that names no process
	CodeListenerInvalid = "listener.invalid"

	CodeEventIncoming        = "event.incoming" // start or boundary event with an incoming flow
	CodeEventOutgoing        = "event.outgoing" // end event with an outgoing flow
	CodeEventNoDefinition    = "event.no_definition"
	CodeEventMisplaced       = "event.misplaced" // a trigger that this event cannot have
	CodeEventNotInterrupting = "event.not_interrupting"
	CodeEventDuplicate       = "event.duplicate" // two boundary events catch the same
	CodeBoundaryNotActivity  = "boundary.not_activity"
	CodeBoundaryCrossesScope = "boundary.crosses_scope"
	CodeTimerIncomplete      = "timer.incomplete" // not exactly one form of a timer
	CodeMessageMissing       = "message.missing"  // a message event or task that names no message
	CodeSignalMissing        = "signal.missing"
	CodeConditionMissing     = "condition.missing"
	CodeLinkMissing          = "link.missing"   // a link event without name, or a throw without catch
	CodeLinkAmbiguous        = "link.ambiguous" // several catches of one name in a scope
	CodeCancelNoTransaction  = "cancel.no_transaction"
	CodeErrorNoCode          = "error.no_code"
	CodeEscalationNoCode     = "escalation.no_code"

	CodeDataAssociation  = "data.association_invalid"
	CodeDataCrossesScope = "data.crosses_scope"
	CodeDataDuplicate    = "data.duplicate" // two items of a scope are one variable

	CodeCorrelationIncomplete  = "correlation.incomplete" // a part of a correlation key has no value
	CodeCorrelationTooMany     = "correlation.too_many"   // more correlation keys than a file may have, or properties than a message
	CodeMessageFlowSameProcess = "message_flow.same_process"

	CodeCompensationNoHandler        = "compensation.no_handler"
	CodeCompensationMultipleHandlers = "compensation.multiple_handlers"
	CodeCompensationNotHandler       = "compensation.not_handler"
	CodeCompensationCrossesScope     = "compensation.crosses_scope"
	CodeCompensationHasFlow          = "compensation.has_flow"
)
