package bpmn_test

var extensionCases = []diagnosticCase{
	{"listeners", around(`<userTask id="a"><extensionElements><zeebe:userTask/>
<zeebe:executionListeners><zeebe:executionListener eventType="start" type="t"/></zeebe:executionListeners>
<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="t"/></zeebe:taskListeners>
</extensionElements></userTask>`), []string{}},
	{"listeners of the process", around(`<extensionElements>
<zeebe:executionListeners><zeebe:executionListener eventType="end" type="=t"/></zeebe:executionListeners></extensionElements><task id="a"/>`), []string{}},
	{"listener without type", around(`<task id="a"><extensionElements><zeebe:executionListeners>
<zeebe:executionListener eventType="start" retries="many"/></zeebe:executionListeners></extensionElements></task>`), []string{"4 error listener.invalid a", "4 error task.retries_invalid a"}},
	{"listener of another event", around(`<userTask id="a"><extensionElements><zeebe:userTask/><zeebe:taskListeners>
<zeebe:taskListener eventType="start" type="t"/></zeebe:taskListeners></extensionElements></userTask>`), []string{"4 error listener.invalid a"}},
	{"task listener of no user task", around(`<task id="a"><extensionElements>
<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="t"/></zeebe:taskListeners></extensionElements></task>`), []string{"4 error extension.unsupported a"}},
	{"no listeners", around(`<task id="a"><extensionElements><zeebe:executionListeners/></extensionElements></task>`), []string{}},
	{"linked resources", around(`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="t"/>
<zeebe:linkedResources><zeebe:linkedResource resourceId="r"/></zeebe:linkedResources></extensionElements></serviceTask>`), []string{"4 error extension.unsupported a"}},
	{"unknown and out of place", around(`<task id="a"><extensionElements>
<zeebe:taskDefinition type="t"/>
<zeebe:newerThing/>
<x:other/></extensionElements></task>`), []string{"4 warning extension.unknown a", "5 warning extension.unknown a"}},
	{
		"on a flow and on a message", around(`<task id="a"/>
<sequenceFlow id="f" sourceRef="a" targetRef="z"><extensionElements><zeebe:script/></extensionElements></sequenceFlow>`,
			`<message id="m"><extensionElements><zeebe:subscription correlationKey="=k"/><zeebe:script/></extensionElements></message>`),
		[]string{"4 warning extension.unknown f", "8 warning extension.unknown m"},
	},
	{"mapping of a gateway", around(`<parallelGateway id="a"><extensionElements>
<zeebe:ioMapping/></extensionElements></parallelGateway>`), []string{"4 warning extension.unknown a"}},
	{"input of a start event", process(`<startEvent id="s"><extensionElements><zeebe:ioMapping>
<zeebe:input source="=1" target="x"/></zeebe:ioMapping></extensionElements></startEvent>`), []string{"4 warning extension.unknown s"}},
	{
		"mappings", around(`<task id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="=1" target="b.c"/>
<zeebe:input source="" target="b"/>
<zeebe:output source="=1" target="b..c"/>
<zeebe:output source="=1" target="b c"/></zeebe:ioMapping></extensionElements></task>`),
		[]string{"4 error mapping.invalid a", "5 error mapping.invalid a", "6 error mapping.invalid a"},
	},
	{"header twice", around(`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="t"/><zeebe:taskHeaders><zeebe:header key="k" value="1"/>
<zeebe:header key="k" value="2"/></zeebe:taskHeaders></extensionElements></serviceTask>`), []string{"4 warning extension.duplicate a"}},
	{"extension twice", around(`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="t"/>
<zeebe:taskDefinition type="u"/></extensionElements></serviceTask>`), []string{"4 warning extension.duplicate a"}},
	{"of Camunda 7", around(`<task id="a" camunda:asyncBefore="true"><extensionElements>
<camunda:properties/></extensionElements></task>`), []string{"3 warning extension.ignored a"}},
}

var elementCases = []diagnosticCase{
	{"unknown", around(`<task id="a"/>
<robotTask id="r"/>`), []string{"4 error element.unknown r"}},
	{"unknown root", around(`<task id="a"/>`, `<robot id="r"/>`), []string{"7 error element.unknown r"}},
	{"misplaced", around(`<userTask id="a"><extensionElements><zeebe:userTask/></extensionElements>
<startEvent id="t"/></userTask>`), []string{"4 error element.misplaced t"}},
	{"misplaced root", around(`<task id="a"/>`, `<startEvent id="t"/>`), []string{"7 error element.misplaced t"}},
	{"node in an event", process(`<startEvent id="s">
<task id="t"/></startEvent>`), []string{"4 error element.misplaced t"}},
	{"choreography", around(`<task id="a"/>`, `<choreography id="g"/>`), []string{"7 error element.unsupported g"}},
	{"boolean", around(`<task id="a" isForCompensation="maybe"/>`), []string{"3 error attribute.invalid a"}},
	{"drawing", around(`<documentation>d</documentation><laneSet id="l"><lane id="l1"><flowNodeRef>a</flowNodeRef></lane></laneSet>
<task id="a"/><textAnnotation id="t"><text>t</text></textAnnotation><association id="n" sourceRef="a" targetRef="t"/>
<group id="g" categoryValueRef="cv"/><dataObject id="o"/><dataStoreReference id="ds"/><ioSpecification/>`,
		`<category id="c"><categoryValue id="cv"/></category><dataStore id="st"/><import/><itemDefinition id="i"/>
<collaboration id="co"><participant id="pa" processRef="p"/><messageFlow id="mf" sourceRef="a" targetRef="pa"/></collaboration>`), []string{}},
}

var identityCases = []diagnosticCase{
	{"missing", around(`<task id="a"/>
<task/>`), []string{"4 error id.missing p", "4 warning node.unreachable "}},
	{"invalid", around(`<task id="a"/><dataObject id="any thing"/>
<exclusiveGateway id="1 2"/>`), []string{"4 error id.invalid 1 2", "4 error gateway.no_flow 1 2", "4 warning node.unreachable 1 2"}},
	{"duplicate", around(`<task id="a"/>
<sequenceFlow id="in" sourceRef="a" targetRef="z"/>`), []string{"6 error id.duplicate in"}},
	{"extension ids do not count", around(`<task id="a"><extensionElements><x:y id="a"/></extensionElements></task>`), []string{}},
}
