package bpmn_test

import "strings"

// caught and thrown put event definitions into an event "a" of the flow.
func caught(definitions string, attributes ...string) string {
	return around(`<intermediateCatchEvent id="a" `+strings.Join(attributes, " ")+`>
`+definitions+`</intermediateCatchEvent>`, roots...)
}

func thrown(definitions string) string {
	return around(`<intermediateThrowEvent id="a">
`+definitions+`</intermediateThrowEvent>`, roots...)
}

// started and ended put event definitions into the start event "s" or the end event "z".
func started(definitions string) string {
	return process(`<startEvent id="s">
`+definitions+`</startEvent>`, roots...)
}

func ended(definitions string) string {
	return process(`<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="z"/><endEvent id="z">
`+definitions+`</endEvent>`, roots...)
}

// attached puts them into a boundary event "b" of a task.
func attached(definitions string, attributes ...string) string {
	return around(`<task id="a"/><boundaryEvent id="b" attachedToRef="a" `+strings.Join(attributes, " ")+`>
`+definitions+`</boundaryEvent>`, roots...)
}

var roots = []string{
	`<message id="m" name="=n"/><signal id="g"/><error id="e" errorCode="E"/><escalation id="c" escalationCode="C"/>`,
	`<timerEventDefinition id="shared"><timeDate>=d</timeDate></timerEventDefinition>
<errorEventDefinition id="failed"/>`,
}

const (
	onMessage    = `<messageEventDefinition messageRef="m"/>`
	onSignal     = `<signalEventDefinition signalRef="g"/>`
	onTimer      = `<timerEventDefinition><timeDate>=d</timeDate></timerEventDefinition>`
	onCondition  = `<conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition>`
	onError      = `<errorEventDefinition errorRef="e"/>`
	onEscalation = `<escalationEventDefinition escalationRef="c"/>`
	onCompensate = `<compensateEventDefinition/>`
	onTerminate  = `<terminateEventDefinition/>`
	onLink       = `<linkEventDefinition name="l"/>`
	onCancel     = `<cancelEventDefinition/>`
)

var triggerCases = []diagnosticCase{
	{"message", caught(onMessage), []string{}},
	{"message that is missing", caught(`<messageEventDefinition/>`), []string{"4 error message.missing a"}},
	{"message that does not exist", thrown(`<messageEventDefinition messageRef="g"/>`), []string{"4 error reference.unresolved a", "4 error message.missing a"}},
	{"message by a job", around(`<intermediateThrowEvent id="a"><extensionElements><zeebe:taskDefinition type="t"/><zeebe:taskHeaders/></extensionElements><messageEventDefinition/></intermediateThrowEvent>`), []string{}},
	{"message by a job without type", around(`<intermediateThrowEvent id="a"><extensionElements><zeebe:taskDefinition/></extensionElements><messageEventDefinition/></intermediateThrowEvent>`), []string{"3 error task.no_type a"}},
	{"signal", caught(onSignal), []string{}},
	{"signal that is missing", thrown(`<signalEventDefinition/>`), []string{"4 error signal.missing a"}},
	{"signal that does not exist", thrown(`<signalEventDefinition signalRef="m"/>`), []string{"4 error reference.unresolved a"}},
	{"condition", caught(onCondition), []string{}},
	{"condition that is missing", caught(`<conditionalEventDefinition><condition/></conditionalEventDefinition>`), []string{"4 error condition.missing a"}},
	{
		"only some changes of a condition", around(`<intermediateCatchEvent id="a"><conditionalEventDefinition><extensionElements><zeebe:conditionalFilter variableNames="x" variableEvents="update"/></extensionElements><condition>=x</condition></conditionalEventDefinition></intermediateCatchEvent>`),
		[]string{"3 warning extension.ignored a"},
	},
	{"condition filter", caught(`<conditionalEventDefinition><extensionElements>
<zeebe:conditionalFilter variableNames="x, y" variableEvents="create,delete"/>
<zeebe:script/></extensionElements><condition>=x</condition></conditionalEventDefinition>`), []string{"5 error attribute.invalid a", "5 warning extension.ignored a", "6 warning extension.unknown a"}},
	{"starts", started(onMessage), []string{}},
	{"signal start", started(onSignal), []string{}},
	{"timer start", started(onTimer), []string{}},
	{"conditional start", started(onCondition), []string{}},
	{"multiple start", started(onSignal + onTimer), []string{}},
	{"escalation start", started(onEscalation), []string{"4 error event.misplaced s"}},
	{"multiple start with an escalation", started(onSignal + onEscalation), []string{"4 error event.misplaced s"}},
	{"ends", ended(onMessage), []string{}},
	{"signal end", ended(onSignal), []string{}},
	{"timer end", ended(onTimer), []string{"4 error event.misplaced z"}},
	{"multiple end", ended(onSignal + onMessage + onEscalation + onCompensate + onError), []string{}},
	{"multiple end that ends twice", ended(onSignal + onError + "\n" + onTerminate), []string{"5 error event.misplaced z"}},
	{"multiple throw", thrown(onSignal + onMessage + onEscalation), []string{}},
	{"multiple throw with a link", thrown(onSignal + onLink), []string{"4 error event.misplaced a"}},
	{"multiple throw with an error", thrown(onSignal + "\n" + onError), []string{"5 error event.misplaced a"}},
	{"multiple catch", caught(onSignal + onTimer), []string{}},
	{"parallel multiple catch", caught(onSignal+onTimer, `parallelMultiple="true"`), []string{}},
	{"boundary message", attached(onMessage), []string{}},
	{"boundary multiple", attached(onSignal + onError + onEscalation), []string{}},
	{"boundary multiple that does not interrupt", attached(onSignal+onError, `cancelActivity="false"`), []string{"3 error event.not_interrupting b"}},
	{"boundary parallel multiple with an error", attached(onSignal+onError, `parallelMultiple="true"`), []string{"4 error event.misplaced b"}},
	{"boundary multiple with a compensation", attached(onSignal + onCompensate), []string{"4 error event.misplaced b"}},
	{"boundary terminate", attached(onTerminate), []string{"4 error event.misplaced b"}},
	{"shared definition", caught(`<eventDefinitionRef>shared</eventDefinitionRef>`), []string{}},
	{"shared definitions among others", attached(onSignal + `<eventDefinitionRef>shared</eventDefinitionRef><eventDefinitionRef>failed</eventDefinitionRef>`), []string{}},
	{"shared definition that does not fit", caught(`<eventDefinitionRef>failed</eventDefinitionRef>`), []string{"10 error event.misplaced a"}},
	{"shared definition that does not exist", caught(`<eventDefinitionRef>m</eventDefinitionRef>`), []string{"4 error reference.unresolved a"}},
	{"abstract definition", caught(`<eventDefinition/>`), []string{"4 error element.unsupported a"}},
}

var linkCases = []diagnosticCase{
	{"link", process(`<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>
<intermediateThrowEvent id="a">` + onLink + `</intermediateThrowEvent><intermediateCatchEvent id="b">` + onLink + `</intermediateCatchEvent>
<task id="t"/><sequenceFlow id="g" sourceRef="b" targetRef="t"/>`), []string{}},
	{"link without name", around(`<intermediateCatchEvent id="a">
<linkEventDefinition/></intermediateCatchEvent>`), []string{"3 error event.incoming a", "4 error link.missing a"}},
	{"link without catch", process(`<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>
<intermediateThrowEvent id="a">` + onLink + `</intermediateThrowEvent>`), []string{"4 error link.missing a"}},
	{"link with two catches", process(`<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/><intermediateThrowEvent id="a">` + onLink + `</intermediateThrowEvent>
<intermediateCatchEvent id="b">` + onLink + `</intermediateCatchEvent>
<intermediateCatchEvent id="c">` + onLink + `</intermediateCatchEvent>`), []string{"5 error link.ambiguous c"}},
	{"link into another scope", around(`<subProcess id="a"><startEvent id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="b"/>
<intermediateThrowEvent id="b">` + onLink + `</intermediateThrowEvent></subProcess>
<intermediateCatchEvent id="c">` + onLink + `</intermediateCatchEvent>`), []string{"4 error link.missing b", "5 warning node.unreachable c"}},
	{"link with a way on", thrown(onLink), []string{"3 error event.outgoing a", "3 error link.missing a"}},
}

// handler puts an event sub-process "h" with the start event "t" beside a task.
func handler(definitions string, attributes ...string) string {
	return around(`<task id="a"/><subProcess id="h" triggeredByEvent="true">
<startEvent id="t" `+strings.Join(attributes, " ")+`>`+definitions+`</startEvent></subProcess>`, roots...)
}

var handlerCases = []diagnosticCase{
	{"message", handler(onMessage), []string{}},
	{"timer, not interrupting", handler(onTimer, `isInterrupting="false"`), []string{}},
	{"signal", handler(onSignal), []string{}},
	{"condition", handler(onCondition), []string{}},
	{"escalation", handler(onEscalation, `isInterrupting="false"`), []string{}},
	{"error", handler(onError), []string{}},
	{"error, not interrupting", handler(onError, `isInterrupting="false"`), []string{"4 error event.not_interrupting t"}},
	{"compensation", handler(onCompensate), []string{}},
	{"multiple", handler(onSignal + onTimer + onError), []string{}},
	{"parallel multiple", handler(onSignal+onTimer, `parallelMultiple="1"`), []string{}},
	{"without trigger", handler(""), []string{"4 error event.no_definition t"}},
	{"with cancel", handler(onCancel), []string{"4 error event.misplaced t"}},
	{"without start", around(`<task id="a"/>
<subProcess id="h" triggeredByEvent="true"><task id="b"/></subProcess>`), []string{"4 error scope.no_start h"}},
	{"with two starts", around(`<task id="a"/>
<subProcess id="h" triggeredByEvent="true"><startEvent id="t">`+onError+`</startEvent><startEvent id="u">`+onSignal+`</startEvent></subProcess>`, roots...), []string{"4 error scope.multiple_start h"}},
	{"in the flow", around(`<subProcess id="a" triggeredByEvent="true"><startEvent id="t">`+onError+`</startEvent></subProcess>`, roots...), []string{"5 error event_subprocess.has_flow in", "5 error event_subprocess.has_flow out"}},
	{"with a boundary event", around(`<task id="a"/><subProcess id="h" triggeredByEvent="true"><startEvent id="t">`+onError+`</startEvent></subProcess>
<boundaryEvent id="b" attachedToRef="h">`+onSignal+`</boundaryEvent>`, roots...), []string{"4 error boundary.not_activity b"}},
	{"two for one error", around(`<task id="a"/><subProcess id="h" triggeredByEvent="true"><startEvent id="t">`+onError+`</startEvent></subProcess>
<subProcess id="i" triggeredByEvent="true"><startEvent id="u">`+onError+`</startEvent></subProcess>`, roots...), []string{"4 error event.duplicate u"}},
	{"cancel", around(`<transaction id="a"><startEvent id="t"/><subProcess id="i"><startEvent id="u"/><sequenceFlow id="f" sourceRef="u" targetRef="v"/><endEvent id="v">` + onCancel + `</endEvent></subProcess><sequenceFlow id="g" sourceRef="t" targetRef="i"/></transaction>
<boundaryEvent id="b" attachedToRef="a">` + onCancel + `</boundaryEvent>`), []string{}},
	{"cancel without transaction", ended(onCancel), []string{"3 error cancel.no_transaction z"}},
	{"cancel at a task", attached(onCancel, `cancelActivity="false"`), []string{"3 error cancel.no_transaction b", "3 error event.not_interrupting b"}},
}
