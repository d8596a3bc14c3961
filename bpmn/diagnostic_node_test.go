package bpmn_test

var activityCases = []diagnosticCase{
	{"service task without job", around(`<serviceTask id="a"/>`), []string{"3 error task.no_type a"}},
	{"send task without job", around(`<sendTask id="a"/>`), []string{"3 error task.no_type a"}},
	{"job without type", around(`<serviceTask id="a"><extensionElements>
<zeebe:taskDefinition type=" "/></extensionElements></serviceTask>`), []string{"3 error task.no_type a"}},
	{"send task with job", around(`<sendTask id="a"><extensionElements><zeebe:taskDefinition type="t" retries="0"/></extensionElements></sendTask>`), []string{}},
	{"retries", around(`<serviceTask id="a"><extensionElements>
<zeebe:taskDefinition type="t" retries="-1"/></extensionElements></serviceTask>`), []string{"4 error task.retries_invalid a"}},
	{"job priority", around(`<serviceTask id="a"><extensionElements>
<zeebe:taskDefinition type="t"/><zeebe:jobPriorityDefinition priority="high"/></extensionElements></serviceTask>`), []string{"4 error job.priority_invalid a"}},
	{"job priority by expression", around(`<serviceTask id="a"><extensionElements><zeebe:jobPriorityDefinition priority="=n"/><zeebe:taskDefinition type="t"/></extensionElements></serviceTask>`), []string{}},
	{"retries by expression", around(`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="t" retries="=n"/></extensionElements></serviceTask>`), []string{}},
	{"user task without mark", around(`<userTask id="a"/>`), []string{"3 warning task.not_managed a"}},
	{"priority", around(`<userTask id="a"><extensionElements><zeebe:userTask/>
<zeebe:priorityDefinition priority="101"/></extensionElements></userTask>`), []string{"4 error task.priority_invalid a"}},
	{"form that the process lacks", around(`<userTask id="a"><extensionElements><zeebe:userTask/>
<zeebe:formDefinition formKey="camunda-forms:bpmn:f"/></extensionElements></userTask>`), []string{"3 warning reference.unresolved a"}},
	{"rule task without decision", around(`<businessRuleTask id="a"/>`), []string{"3 error task.no_decision a"}},
	{"decision without id", around(`<businessRuleTask id="a"><extensionElements><zeebe:calledDecision/></extensionElements></businessRuleTask>`), []string{"3 error task.no_decision a"}},
	{"decision without result", around(`<businessRuleTask id="a"><extensionElements><zeebe:calledDecision decisionId="d"/></extensionElements></businessRuleTask>`), []string{"3 warning task.result_dropped a"}},
	{"decision and job", around(`<businessRuleTask id="a"><extensionElements><zeebe:calledDecision decisionId="d"/><zeebe:taskDefinition type="t"/></extensionElements></businessRuleTask>`), []string{"3 error task.ambiguous a"}},
	{"binding", around(`<businessRuleTask id="a"><extensionElements>
<zeebe:calledDecision decisionId="d" resultVariable="r" bindingType="oldest"/>
</extensionElements></businessRuleTask>`), []string{"4 error binding.invalid a"}},
	{"binding without tag", around(`<businessRuleTask id="a"><extensionElements>
<zeebe:calledDecision decisionId="d" resultVariable="r" bindingType="versionTag"/>
</extensionElements></businessRuleTask>`), []string{"4 error binding.invalid a"}},
	{"script task without script", around(`<scriptTask id="a" scriptFormat="javascript"/>`), []string{"3 error task.no_script a"}},
	{"script for a worker", around(`<scriptTask id="a" scriptFormat="javascript"><script>1</script></scriptTask>`), []string{}},
	{"script in FEEL", around(`<scriptTask id="a" scriptFormat="FEEL"><script>1</script></scriptTask>`), []string{"3 warning task.result_dropped a"}},
	{"script of no format", around(`<scriptTask id="a"><script>1</script></scriptTask>`), []string{"3 error task.no_script a", "3 error task.no_script a"}},
	{"script format by expression", around(`<scriptTask id="a" scriptFormat="=f"><script>1</script></scriptTask>`), []string{"3 error attribute.invalid a", "3 error task.no_script a"}},
	{"script without expression", around(`<scriptTask id="a"><extensionElements><zeebe:script resultVariable="r"/></extensionElements></scriptTask>`), []string{"3 error task.no_script a"}},
	{"script without result", around(`<scriptTask id="a"><extensionElements><zeebe:script expression="=1"/></extensionElements></scriptTask>`), []string{"3 warning task.result_dropped a"}},
	{"script and job", around(`<scriptTask id="a"><extensionElements><zeebe:script expression="=1"/><zeebe:taskDefinition type="t"/></extensionElements></scriptTask>`), []string{"3 error task.ambiguous a"}},
	{"receive task", around(`<receiveTask id="a" messageRef="m"/>`, `<message id="m"/>`), []string{}},
	{"receive task without message", around(`<receiveTask id="a"/>`), []string{"3 error message.missing a"}},
	{"receive task with an unknown message", around(`<receiveTask id="a" messageRef="m"/>`), []string{"3 error reference.unresolved a", "3 error message.missing a"}},
	{"instantiating receive task", process(`<receiveTask id="a" messageRef="m" instantiate="true"/>`, `<message id="m"/>`), []string{}},
	{"instantiating receive task behind a start event", around(`<receiveTask id="a" messageRef="m" instantiate="true"/>`, `<message id="m"/>`), []string{}},
	{"instantiating receive task in a loop", around(`<receiveTask id="a" messageRef="m" instantiate="true"/>
<task id="b"/><sequenceFlow id="f" sourceRef="a" targetRef="b"/><sequenceFlow id="g" sourceRef="b" targetRef="a"/>`, `<message id="m"/>`), []string{"3 error instantiate.misplaced a"}},
	{"instantiating sub-process", around(`<subProcess id="a">
<receiveTask id="b" messageRef="m" instantiate="true"/></subProcess>`, `<message id="m"/>`), []string{"4 error instantiate.misplaced b"}},
	{"send task with message", around(`<sendTask id="a" messageRef="m"/>`, `<message id="m"/>`), []string{}},
	{"transaction", around(`<transaction id="a"><startEvent id="t"/></transaction>`), []string{}},
	{"transaction without contents", around(`<transaction id="a" method="##Store"/>`), []string{"3 error attribute.unsupported a", "3 error scope.no_start a"}},
	{"transaction triggered by an event", around(`<transaction id="a" triggeredByEvent="true"><startEvent id="t"/></transaction>`), []string{"3 error attribute.unsupported a"}},
	{"ad-hoc", around(`<adHocSubProcess id="a" ordering="Sequential" cancelRemainingInstances="false"><task id="b"/><task id="c"/>
<intermediateThrowEvent id="g"/><sequenceFlow id="cg" sourceRef="c" targetRef="g"/><completionCondition>=done</completionCondition></adHocSubProcess>`), []string{}},
	{"ad-hoc with start and end", around(`<adHocSubProcess id="a" ordering="Random">
<startEvent id="b"/>
<endEvent id="c"/></adHocSubProcess>`), []string{"3 error attribute.invalid a", "4 error event.misplaced b", "5 error event.misplaced c", "5 warning node.unreachable c"}},
	{"completion condition elsewhere", around(`<subProcess id="a"><startEvent id="b"/>
<completionCondition>=done</completionCondition></subProcess>`), []string{"4 error element.misplaced a"}},
	{"quantities", around(`<task id="a" startQuantity="2" completionQuantity="1"/>`), []string{}},
	{"quantities beyond the limit", around(`<task id="a" startQuantity="2000000000"/><task id="b" completionQuantity="1001"/>`), []string{"3 error attribute.invalid a", "3 error attribute.invalid b", "3 warning node.unreachable b"}},
	{"quantities that are none", around(`<task id="a" startQuantity="0" completionQuantity="few"/>`), []string{"3 error attribute.invalid a", "3 error attribute.invalid a"}},
	{"performer of a manual task", around(`<manualTask id="a"><potentialOwner/></manualTask>`), []string{}},
	{"data drawn", around(`<task id="a"><property id="i" name="__targetRef"/><dataInputAssociation id="da"><sourceRef>o</sourceRef><targetRef>i</targetRef></dataInputAssociation></task><dataObjectReference id="o"/>`), []string{}},
}

var eventCases = []diagnosticCase{
	{"start with incoming", around(`<task id="a"/>
<sequenceFlow id="f" sourceRef="a" targetRef="s"/>`), []string{"5 error event.incoming s"}},
	{"boundary with incoming", around(`<task id="a"/>
<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent><sequenceFlow id="f" sourceRef="a" targetRef="b"/>`), []string{"4 error event.incoming b"}},
	{"end with outgoing", around(`<task id="a"/>
<sequenceFlow id="f" sourceRef="z" targetRef="a"/>`), []string{"5 error event.outgoing z"}},
	{"catch without trigger", around(`<intermediateCatchEvent id="a"/>`), []string{"3 error event.no_definition a"}},
	{"boundary without trigger", around(`<task id="a"/>
<boundaryEvent id="b" attachedToRef="a"/>`), []string{"4 error event.no_definition b"}},
	{"trigger that the event cannot have", around(`<intermediateCatchEvent id="a">
<errorEventDefinition/></intermediateCatchEvent>`), []string{"4 error event.misplaced a"}},
	{"timer start inside", around(`<subProcess id="a"><startEvent id="t">
<timerEventDefinition><timeDate>=d</timeDate></timerEventDefinition></startEvent></subProcess>`), []string{"4 error event.misplaced t"}},
	{"timer without form", around(`<intermediateCatchEvent id="a">
<timerEventDefinition/></intermediateCatchEvent>`), []string{"4 error timer.incomplete a"}},
	{"timer with two forms", around(`<intermediateCatchEvent id="a">
<timerEventDefinition><timeDate>=d</timeDate><timeDuration>PT1S</timeDuration></timerEventDefinition></intermediateCatchEvent>`), []string{"4 error timer.incomplete a"}},
	{"timer with an empty form", around(`<intermediateCatchEvent id="a">
<timerEventDefinition><timeDate/></timerEventDefinition></intermediateCatchEvent>`), []string{"4 error timer.incomplete a"}},
	{"thrown error without code", process(`<startEvent id="s"/><endEvent id="z">
<errorEventDefinition errorRef="e"/></endEvent><sequenceFlow id="f" sourceRef="s" targetRef="z"/>`, `<error id="e"/>`), []string{"4 error error.no_code z"}},
	{"caught error without code", around(`<task id="a"/><boundaryEvent id="b" attachedToRef="a">
<errorEventDefinition errorRef="e"/></boundaryEvent>`, `<error id="e"/>`), []string{"4 warning error.no_code b"}},
	{"error that does not exist", around(`<task id="a"/><boundaryEvent id="b" attachedToRef="a">
<errorEventDefinition errorRef="e"/></boundaryEvent>`), []string{"4 error reference.unresolved b"}},
	{"thrown escalation without code", around(`<intermediateThrowEvent id="a">
<escalationEventDefinition/></intermediateThrowEvent>`), []string{"4 error escalation.no_code a"}},
	{"caught escalation without code", around(`<task id="a"/><boundaryEvent id="b" attachedToRef="a">
<escalationEventDefinition escalationRef="e"/></boundaryEvent>`, `<escalation id="e"/>`), []string{"4 warning escalation.no_code b"}},
	{"escalation that does not exist", around(`<intermediateThrowEvent id="a">
<escalationEventDefinition escalationRef="in"/></intermediateThrowEvent>`), []string{"4 error reference.unresolved a"}},
	{"error boundary that does not interrupt", around(`<task id="a"/>
<boundaryEvent id="b" attachedToRef="a" cancelActivity="false"><errorEventDefinition/></boundaryEvent>`), []string{"4 error event.not_interrupting b"}},
	{"two boundaries for one error", around(`<task id="a"/><boundaryEvent id="b" attachedToRef="a"><errorEventDefinition errorRef="e"/></boundaryEvent>
<boundaryEvent id="c" attachedToRef="a"><errorEventDefinition errorRef="f"/></boundaryEvent>
<boundaryEvent id="d1" attachedToRef="a"><errorEventDefinition/></boundaryEvent>`, `<error id="e" errorCode="E"/><error id="f" errorCode="E"/>`), []string{"4 error event.duplicate c"}},
	{"boundary on nothing", around(`<task id="a"/>
<boundaryEvent id="b" attachedToRef="c"><errorEventDefinition/></boundaryEvent>`), []string{"4 error reference.unresolved b"}},
	{"boundary on a gateway", around(`<exclusiveGateway id="a"/>
<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent>`), []string{"4 error boundary.not_activity b"}},
	{"boundary in another scope", around(`<subProcess id="a"><startEvent id="t"/>
<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent></subProcess>`), []string{"4 error boundary.crosses_scope b"}},
	{"boundary on a refused node", around(`<callChoreography id="a"/>
<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition/></boundaryEvent>`), []string{"3 error element.unsupported a"}},
}

const compensable = `<task id="a"/><boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
`

var compensationCases = []diagnosticCase{
	{"sound", around(compensable + `<task id="h" isForCompensation="true"/><association id="n" sourceRef="b" targetRef="h"/>`), []string{}},
	{"beside a text annotation", around(compensable + `<task id="h" isForCompensation="true"/><association id="n" sourceRef="b" targetRef="h"/>
<textAnnotation id="t"/><association id="m" sourceRef="b" targetRef="t"/>`), []string{}},
	{"no handler", around(compensable + `<task id="h" isForCompensation="true"/>`), []string{"3 error compensation.no_handler b", "4 warning node.unreachable h"}},
	{"two handlers", around(compensable + `<task id="h" isForCompensation="true"/><association id="n" sourceRef="b" targetRef="h"/><association id="m" sourceRef="b" targetRef="h"/>`), []string{"3 error compensation.multiple_handlers b"}},
	{"not marked", around(compensable + `<task id="h"/><association id="n" sourceRef="b" targetRef="h"/>`), []string{"3 error compensation.not_handler b"}},
	{"handler elsewhere", around(compensable + `<association id="n" sourceRef="b" targetRef="h"/>
<subProcess id="u" isForCompensation="true"><startEvent id="t"/><task id="h" isForCompensation="true"/></subProcess>`), []string{"3 error compensation.crosses_scope b", "5 warning node.unreachable u", "5 warning node.unreachable h"}},
	{"handler with flows", around(compensable + `<task id="h" isForCompensation="true"/><association id="n" sourceRef="b" targetRef="h"/>
<sequenceFlow id="f" sourceRef="h" targetRef="z"/>`), []string{"4 error compensation.has_flow h"}},
	{"boundary with flows", around(compensable + `<task id="h" isForCompensation="true"/><association id="n" sourceRef="b" targetRef="h"/>
<sequenceFlow id="f" sourceRef="b" targetRef="z"/>`), []string{"3 error compensation.has_flow b"}},
	{"throw for nothing", around(`<intermediateThrowEvent id="a">
<compensateEventDefinition activityRef="s"/></intermediateThrowEvent>`), []string{"4 error reference.unresolved a"}},
	{"throw for what has no handler", around(`<intermediateThrowEvent id="a">
<compensateEventDefinition activityRef="k"/></intermediateThrowEvent><task id="k"/><sequenceFlow id="f" sourceRef="s" targetRef="k"/>`), []string{"3 error compensation.no_handler a"}},
	{"throw for what it cannot see", around(`<subProcess id="a"><startEvent id="t"/><task id="k"/><sequenceFlow id="f" sourceRef="t" targetRef="k"/></subProcess>
<endEvent id="y"><compensateEventDefinition activityRef="k"/></endEvent><sequenceFlow id="g" sourceRef="s" targetRef="y"/>`), []string{"4 error compensation.crosses_scope y"}},
	{"throw that does not wait", around(`<intermediateThrowEvent id="a">
<compensateEventDefinition waitForCompletion="false"/></intermediateThrowEvent>`), []string{}},
	{"association to nothing", around(`<task id="a"/>
<association id="n" sourceRef="a" targetRef="gone"/>`), []string{"4 warning reference.unresolved n"}},
}
