package bpmn_test

// looping puts loop characteristics into a task "a".
func looping(characteristics string) string {
	return around(`<task id="a">
`+characteristics+`</task>`, roots...)
}

// instances are multi-instance characteristics over a list.
func instances(attributes, contents string) string {
	return looping(`<multiInstanceLoopCharacteristics ` + attributes + `><extensionElements><zeebe:loopCharacteristics inputCollection="=l"/></extensionElements>
` + contents + `</multiInstanceLoopCharacteristics>`)
}

var loopCases = []diagnosticCase{
	{"loop", looping(`<standardLoopCharacteristics testBefore="true" loopMaximum="3"><loopCondition>=again</loopCondition></standardLoopCharacteristics>`), []string{}},
	{"loop without end", looping(`<standardLoopCharacteristics><loopCondition/></standardLoopCharacteristics>`), []string{"4 error loop.incomplete a"}},
	{"loop with an odd maximum", looping(`<standardLoopCharacteristics loopMaximum="0"/>`), []string{"4 error attribute.invalid a"}},
	{"loop of a gateway", around(`<exclusiveGateway id="a">
<standardLoopCharacteristics loopMaximum="2"/></exclusiveGateway>`), []string{"4 error element.misplaced a"}},
	{"loop of an event sub-process", around(`<task id="a"/><subProcess id="h" triggeredByEvent="true"><startEvent id="t"><errorEventDefinition/></startEvent>
<standardLoopCharacteristics loopMaximum="2"/></subProcess>`), []string{"4 error element.misplaced h"}},
	{"loop of a sub-process", around(`<subProcess id="a"><startEvent id="t"/><standardLoopCharacteristics loopMaximum="=n"/></subProcess>`), []string{}},
	{"multi-instance", instances(`isSequential="true"`, `<completionCondition>=done</completionCondition>`), []string{}},
	{"cardinality", looping(`<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>`), []string{}},
	{"multi-instance without number", looping(`<multiInstanceLoopCharacteristics/>`), []string{"4 error loop.incomplete a"}},
	{"multi-instance with two numbers", instances("", `<loopCardinality>3</loopCardinality>`), []string{"4 error loop.ambiguous a"}},
	{"two loops", looping(`<standardLoopCharacteristics loopMaximum="2"/>
<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>`), []string{"5 error loop.ambiguous a"}},
	{"behavior None", instances(`behavior="None" noneBehaviorEventRef="failed"`, ""), []string{"11 error error.no_code a"}},
	{"behavior None without event", instances(`behavior="None"`, ""), []string{}},
	{"behavior One of a timer", instances(`behavior="One" oneBehaviorEventRef="shared"`, ""), []string{"10 error event.misplaced a"}},
	{"behavior of no event", instances(`behavior="One" oneBehaviorEventRef="m"`, ""), []string{"4 error reference.unresolved a"}},
	{"behavior Complex", instances(`behavior="Complex"`, `<complexBehaviorDefinition><condition>=loopCounter = 1</condition><event>`+onSignal+onMessage+`</event></complexBehaviorDefinition>`), []string{}},
	{"behavior Complex without definitions", instances(`behavior="Complex"`, ""), []string{"4 error loop.incomplete a"}},
	{"behavior Complex without condition", instances(`behavior="Complex"`, `<complexBehaviorDefinition><event><messageEventDefinition/></event></complexBehaviorDefinition>`), []string{"5 error loop.incomplete a", "5 error message.missing a"}},
	{"behavior of another kind", instances(`behavior="Some"`, ""), []string{"4 error attribute.invalid a"}},
	{"other extension", looping(`<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality><extensionElements>
<zeebe:script/></extensionElements></multiInstanceLoopCharacteristics>`), []string{"5 warning extension.unknown a"}},
	{"call", around(`<callActivity id="a" calledElement="p"/>`), []string{}},
	{"call by extension", around(`<callActivity id="a"><extensionElements><zeebe:calledElement processId="=x" bindingType="deployment"/></extensionElements></callActivity>`), []string{}},
	{"call of nothing", around(`<callActivity id="a"><extensionElements><zeebe:calledElement/></extensionElements></callActivity>`), []string{"3 error call.missing a"}},
	{"call by an unknown binding", around(`<callActivity id="a"><extensionElements>
<zeebe:calledElement processId="x" bindingType="newest"/></extensionElements></callActivity>`), []string{"4 error binding.invalid a"}},
	{"ad-hoc extension", around(`<adHocSubProcess id="a"><extensionElements><zeebe:adHoc activeElementsCollection="=l" outputCollection="r" outputElement="=x"/></extensionElements><task id="b"/></adHocSubProcess>`), []string{}},
	{"ad-hoc by a job", around(`<adHocSubProcess id="a"><extensionElements><zeebe:taskDefinition type="t"/></extensionElements><task id="b"/></adHocSubProcess>`), []string{}},
}
