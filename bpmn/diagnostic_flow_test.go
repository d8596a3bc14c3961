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
	{"no start", process(`<task id="a"/>`), []string{"2 error scope.no_start p"}},
	{
		"two none starts", process(`<startEvent id="s"/>
<startEvent id="t"/>`),
		[]string{"2 error scope.multiple_start p"},
	},
	{
		"a none start and a timer start", process(`<startEvent id="s"/>
<startEvent id="t"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>`),
		[]string{},
	},
	{
		"sub-process without start", around(`<subProcess id="a">
<task id="b"/></subProcess>`),
		[]string{"3 error scope.no_start a"},
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
	{"inclusive", around(`<inclusiveGateway id="a"/>`), []string{"3 error element.unsupported a"}},
	{"event-based", around(`<eventBasedGateway id="a"/>`), []string{"3 error element.unsupported a"}},
	{"complex", around(`<complexGateway id="a"/>`), []string{"3 error element.unsupported a"}},
}
