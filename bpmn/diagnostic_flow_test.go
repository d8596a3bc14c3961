package bpmn_test

var scopeCases = []diagnosticCase{
	{"sound", around(`<task id="a"/>`), []string{}},
	{
		"not executable",
		head + "\n<process id='p'/>\n<process id='q' isExecutable='false'><callActivity/></process></definitions>",
		[]string{"2 error process.not_executable p", "3 error process.not_executable q"},
	},
	{"no process", head + "</definitions>", []string{"1 error process.not_executable d"}},
	{
		"a drawn pool beside an executable one",
		around(`<task id="a"/>`, `<process id="q"><callActivity id="c"/><sequenceFlow sourceRef="?"/></process>`),
		[]string{},
	},
	{"implicit start", process(`<task id="a"/><parallelGateway id="b"/><sequenceFlow id="f" sourceRef="b" targetRef="a"/>`), []string{"2 warning scope.no_start p"}},
	{"nothing to start with", process(`<task id="a"/><task id="b" isForCompensation="true"/>
<sequenceFlow id="f" sourceRef="a" targetRef="a"/>`), []string{"2 error scope.no_start p"}},
	{"nothing at all", process(``), []string{"2 error scope.no_start p"}},
	{
		"two none starts", process(`<startEvent id="s"/>
<startEvent id="t"/>`),
		[]string{},
	},
	{
		"two starts of a sub-process", around(`<subProcess id="a">
<startEvent id="t"/><startEvent id="u"/></subProcess>`),
		[]string{"3 error scope.multiple_start a"},
	},
	{
		"a none start and a timer start", process(`<startEvent id="s"/>
<startEvent id="t"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>`),
		[]string{},
	},
	{
		"sub-process without start", around(`<subProcess id="a">
<task id="b"/></subProcess>`),
		[]string{"3 warning scope.no_start a"},
	},
	{
		"unreachable", around(`<task id="a"/>
<task id="b"/><task id="c"/><sequenceFlow id="bc" sourceRef="b" targetRef="c"/>`),
		[]string{"4 warning node.unreachable b", "4 warning node.unreachable c"},
	},
}

var flowCases = []diagnosticCase{
	{
		"dangling", around(`<task id="a"/>
<sequenceFlow id="f" sourceRef="a" targetRef="nowhere"/>
<sequenceFlow id="g" targetRef="a"/>`),
		[]string{"4 error flow.dangling f", "5 error flow.dangling g"},
	},
	{
		"crosses a scope", around(`<subProcess id="a"><startEvent id="t"/>
<sequenceFlow id="f" sourceRef="t" targetRef="z"/></subProcess>`),
		[]string{"4 error flow.crosses_scope f"},
	},
	{
		"mentioned wrongly", around(`<task id="a"><incoming>in</incoming>
<incoming>out</incoming>
<outgoing>gone</outgoing></task>`),
		[]string{"4 warning flow.mismatch a", "5 warning flow.mismatch a"},
	},
	{
		"empty condition", around(`<task id="a"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z">
<conditionExpression> </conditionExpression></sequenceFlow>`),
		[]string{"5 error flow.condition_empty f"},
	},
	{
		"condition on events and parallel gateways", process(`<startEvent id="s"/><parallelGateway id="a"/><endEvent id="z"/>
<sequenceFlow id="f" sourceRef="s" targetRef="a"><conditionExpression>=x</conditionExpression></sequenceFlow>
<sequenceFlow id="g" sourceRef="a" targetRef="z"><conditionExpression>=x</conditionExpression></sequenceFlow>`),
		[]string{"4 error flow.condition_not_allowed f", "5 error flow.condition_not_allowed g"},
	},
	{
		"condition on the default flow", around(`<task id="a" default="f"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"><conditionExpression>=x</conditionExpression></sequenceFlow>`),
		[]string{"4 error flow.default_conditional f"},
	},
	{"default of another node", around(`<task id="a" default="in"/>`), []string{"3 error flow.default_foreign a"}},
	{"default does not exist", around(`<task id="a" default="s"/>`), []string{"3 error reference.unresolved a"}},
	{"default of a parallel gateway", around(`<parallelGateway id="a" default="out"/>`), []string{"3 error flow.default_not_allowed a"}},
	{
		"node inside a flow", around(`<task id="a"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"><task id="b"/></sequenceFlow>`),
		[]string{"4 error element.misplaced b"},
	},
}

var gatewayCases = []diagnosticCase{
	{
		"no flows", around(`<task id="a"/>
<exclusiveGateway id="g"/>`),
		[]string{"4 error gateway.no_flow g", "4 warning node.unreachable g"},
	},
	{
		"exclusive split without conditions", around(`<exclusiveGateway id="a"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"/>`),
		[]string{"3 warning gateway.ambiguous a"},
	},
	{
		"exclusive split with a default", around(`<exclusiveGateway id="a" default="out"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"/>`),
		[]string{},
	},
	{
		"inclusive", around(`<inclusiveGateway id="a" default="out"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"><conditionExpression>=x</conditionExpression></sequenceFlow>`),
		[]string{},
	},
	{"complex", around(`<complexGateway id="a" default="out"/>`), []string{}},
	{
		"complex join", process(`<startEvent id="s"/><parallelGateway id="g"/><endEvent id="z"/>
<complexGateway id="a"><activationCondition>=activationCount > 1</activationCondition></complexGateway>
<complexGateway id="b"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="g"/><sequenceFlow id="f2" sourceRef="g" targetRef="a"/><sequenceFlow id="f3" sourceRef="g" targetRef="a"/>
<sequenceFlow id="f4" sourceRef="a" targetRef="b"/><sequenceFlow id="f5" sourceRef="a" targetRef="b"/><sequenceFlow id="f6" sourceRef="b" targetRef="z"/>`),
		[]string{"5 error gateway.no_activation b"},
	},
	{"activation of another gateway", around(`<inclusiveGateway id="a">
<activationCondition>=x</activationCondition></inclusiveGateway>`), []string{"4 error element.misplaced a"}},
}

// choice puts an event-based gateway with two events behind it, and more.
func choice(gateway, targets string) string {
	return process(`<startEvent id="s"/><eventBasedGateway id="a" `+gateway+`/>
`+targets, `<message id="m"/>`)
}

const (
	entry = `<sequenceFlow id="in" sourceRef="s" targetRef="a"/>`
	day   = `<intermediateCatchEvent id="b"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent><sequenceFlow id="ab" sourceRef="a" targetRef="b"/>
`
	answer = `<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent><sequenceFlow id="ac" sourceRef="a" targetRef="c"/>
`
	receive = `<receiveTask id="d1" messageRef="m"/><sequenceFlow id="ad" sourceRef="a" targetRef="d1"/>
`
)

var choiceCases = []diagnosticCase{
	{"event-based", choice("", entry+day+answer), []string{}},
	{"with a receive task", choice("", entry+day+receive), []string{}},
	{"message and receive task", choice("", entry+answer+receive), []string{"3 error gateway.target a"}},
	{"one event", choice("", entry+day), []string{"3 error gateway.target a"}},
	{"a task behind it", choice("", entry+day+`<task id="e"/>
<sequenceFlow id="ae" sourceRef="a" targetRef="e"/>`), []string{"6 error gateway.target ae"}},
	{"a link behind it", choice("", entry+day+`<intermediateCatchEvent id="e"><linkEventDefinition name="l"/></intermediateCatchEvent>
<sequenceFlow id="ae" sourceRef="a" targetRef="e"/>`), []string{"5 error event.incoming e", "6 error gateway.target ae"}},
	{"another way to its event", choice("", entry+answer+day+`<sequenceFlow id="bb" sourceRef="b" targetRef="b"/>`), []string{"5 error gateway.target ab"}},
	{"boundary of its receive task", choice("", entry+day+receive+`<boundaryEvent id="e" attachedToRef="d1"><errorEventDefinition/></boundaryEvent>`), []string{"5 error gateway.target ad"}},
	{"condition", choice("", entry+day+answer+`<sequenceFlow id="ae" sourceRef="a" targetRef="e"><conditionExpression>=x</conditionExpression></sequenceFlow>
<intermediateCatchEvent id="e"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>`), []string{"6 error flow.condition_not_allowed ae"}},
	{"default", choice(`default="ab"`, entry+day+answer), []string{"3 error flow.default_not_allowed a"}},
	{"instantiating", choice(`instantiate="true" eventGatewayType="Parallel"`, day+answer), []string{}},
	{"instantiating with a start", choice(`instantiate="true"`, entry+day+answer), []string{"3 error instantiate.misplaced a"}},
	{"all events without instantiating", choice(`eventGatewayType="Parallel"`, entry+day+answer), []string{"3 error attribute.invalid a"}},
}
