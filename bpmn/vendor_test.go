package bpmn_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tallystick/bpmn"
)

// vendorSpaces declares the prefixes of the other engines; camunda and zeebe are declared by head.
const vendorSpaces = `xmlns:flowable="http://flowable.org/bpmn" xmlns:activiti="http://activiti.org/bpmn"`

// vendorPairs are models of another engine and what they say in zeebe:.
var vendorPairs = []struct{ name, vendor, zeebe string }{
	{
		"external task",
		`<serviceTask id="a" camunda:type="external" camunda:topic="pay" camunda:taskPriority="7"><extensionElements>
			<camunda:failedJobRetryTimeCycle>R5/PT1M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="pay" retries="5"/><zeebe:jobPriorityDefinition priority="7"/></extensionElements></serviceTask>`,
	},
	{
		"external task by expression",
		`<sendTask id="a" camunda:type="external" camunda:topic="#{topic}" camunda:jobPriority="${urgency}"/>`,
		`<sendTask id="a"><extensionElements><zeebe:taskDefinition type="${topic}"/><zeebe:jobPriorityDefinition priority="${urgency}"/></extensionElements></sendTask>`,
	},
	{
		"class with fields",
		`<serviceTask id="a" camunda:class="com.acme.Pay" camunda:resultVariable="r"><extensionElements>
			<camunda:field name="to" stringValue="x@y"/><camunda:field name="sum"><camunda:expression>${amount * 2}</camunda:expression></camunda:field>
			<camunda:field name="text"><camunda:string>Dear</camunda:string></camunda:field>
			<camunda:failedJobRetryTimeCycle>PT1M, PT2M,PT3M</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="com.acme.Pay" retries="4"/>
			<zeebe:ioMapping><zeebe:input source="${amount * 2}" target="sum"/></zeebe:ioMapping>
			<zeebe:taskHeaders><zeebe:header key="to" value="x@y"/><zeebe:header key="text" value="Dear"/><zeebe:header key="resultVariable" value="r"/></zeebe:taskHeaders></extensionElements></serviceTask>`,
	},
	{
		"delegate of Flowable",
		`<serviceTask id="a" flowable:delegateExpression="${ payBean }" flowable:async="false"/>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="payBean"/></extensionElements></serviceTask>`,
	},
	{
		"expression of Activiti",
		`<serviceTask id="a" activiti:expression="#{payBean.pay(order)}" activiti:resultVariableName="r"/>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="payBean.pay(order)"/><zeebe:taskHeaders><zeebe:header key="resultVariable" value="r"/></zeebe:taskHeaders></extensionElements></serviceTask>`,
	},
	{
		"mail and worker of Flowable",
		`<serviceTask id="a" flowable:type="mail"><extensionElements><flowable:field name="to"><flowable:string>x@y</flowable:string></flowable:field></extensionElements></serviceTask>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="mail"/><zeebe:taskHeaders><zeebe:header key="to" value="x@y"/></zeebe:taskHeaders></extensionElements></serviceTask>`,
	},
	{
		"external worker of Flowable",
		`<serviceTask id="a" flowable:type="external-worker" flowable:topic="t"/>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="t"/></extensionElements></serviceTask>`,
	},
	{
		"connector",
		`<serviceTask id="a"><extensionElements><camunda:connector><camunda:connectorId>http-connector</camunda:connectorId>
			<camunda:inputOutput><camunda:inputParameter name="url">https://x/${id}</camunda:inputParameter>
			<camunda:outputParameter name="answer">${response}</camunda:outputParameter></camunda:inputOutput></camunda:connector></extensionElements></serviceTask>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="http-connector"/>
			<zeebe:ioMapping><zeebe:input source="https://x/${id}" target="url"/><zeebe:output source="${response}" target="answer"/></zeebe:ioMapping></extensionElements></serviceTask>`,
	},
	{
		"parameters",
		`<task id="a"><extensionElements><camunda:inputOutput>
			<camunda:inputParameter name="text">a "b"</camunda:inputParameter>
			<camunda:inputParameter name="none"/>
			<camunda:inputParameter name="equals">= 5</camunda:inputParameter>
			<camunda:inputParameter name="list"><camunda:list><camunda:value>x</camunda:value><camunda:value>${y.z}</camunda:value></camunda:list></camunda:inputParameter>
			<camunda:inputParameter name="map"><camunda:map><camunda:entry key="k">v</camunda:entry><camunda:entry key="l"><camunda:list/></camunda:entry></camunda:map></camunda:inputParameter>
			<camunda:inputParameter name="script"><camunda:script scriptFormat="juel">${1 + 1}</camunda:script></camunda:inputParameter>
			<camunda:outputParameter name="o">#{r}</camunda:outputParameter></camunda:inputOutput></extensionElements></task>`,
		`<task id="a"><extensionElements><zeebe:ioMapping>
			<zeebe:input source="a &quot;b&quot;" target="text"/><zeebe:input source="${null}" target="none"/>
			<zeebe:input source="${&quot;= 5&quot;}" target="equals"/>
			<zeebe:input source="${[&quot;x&quot;, (y.z)]}" target="list"/>
			<zeebe:input source="${{&quot;k&quot;: &quot;v&quot;, &quot;l&quot;: []}}" target="map"/>
			<zeebe:input source="${1 + 1}" target="script"/><zeebe:output source="${r}" target="o"/></zeebe:ioMapping></extensionElements></task>`,
	},
	{
		"user task",
		`<userTask id="a" camunda:assignee="${boss}" camunda:candidateUsers="ann, bob" camunda:candidateGroups="#{groups}"
			camunda:dueDate="2030-01-01T00:00:00Z" camunda:followUpDate="${f}" camunda:priority="70" camunda:formKey="embedded:app:f.html"/>`,
		`<userTask id="a"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="${boss}" candidateUsers="ann, bob" candidateGroups="${groups}"/>
			<zeebe:taskSchedule dueDate="2030-01-01T00:00:00Z" followUpDate="${f}"/><zeebe:priorityDefinition priority="70"/><zeebe:formDefinition formKey="embedded:app:f.html"/></extensionElements></userTask>`,
	},
	{
		"linked form",
		`<userTask id="a" camunda:formRef="claim" camunda:formRefBinding="deployment"/>`,
		`<userTask id="a"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="claim" bindingType="deployment"/></extensionElements></userTask>`,
	},
	{
		"what stands in zeebe: wins",
		`<userTask id="a" camunda:assignee="other"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="ann"/></extensionElements></userTask>`,
		`<userTask id="a"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition assignee="ann"/></extensionElements></userTask>`,
	},
	{
		"decision",
		`<businessRuleTask id="a" camunda:decisionRef="fee" camunda:decisionRefBinding="versionTag" camunda:decisionRefVersionTag="v1" camunda:mapDecisionResult="singleEntry" camunda:resultVariable="f"/>`,
		`<businessRuleTask id="a"><extensionElements><zeebe:calledDecision decisionId="fee" resultVariable="f" bindingType="versionTag" versionTag="v1"/></extensionElements></businessRuleTask>`,
	},
	{
		"decision by a worker",
		`<businessRuleTask id="a" camunda:type="external" camunda:topic="decide"/>`,
		`<businessRuleTask id="a"><extensionElements><zeebe:taskDefinition type="decide"/></extensionElements></businessRuleTask>`,
	},
	{
		"properties",
		`<task id="a" camunda:modelerTemplate="t"><extensionElements><camunda:properties><camunda:property name="k" value="v"/></camunda:properties></extensionElements></task>`,
		`<task id="a"><extensionElements><zeebe:properties><zeebe:property name="k" value="v"/></zeebe:properties></extensionElements></task>`,
	},
	{
		"message by a worker",
		`<intermediateThrowEvent id="a"><messageEventDefinition id="md" camunda:type="external" camunda:topic="send"><extensionElements><camunda:field name="k" stringValue="v"/></extensionElements></messageEventDefinition></intermediateThrowEvent>`,
		`<intermediateThrowEvent id="a"><extensionElements><zeebe:taskDefinition type="send"/><zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders></extensionElements><messageEventDefinition id="md"/></intermediateThrowEvent>`,
	},
	{
		"listeners",
		`<userTask id="a"><extensionElements><camunda:executionListener class="C" event="start"><camunda:field name="k" stringValue="v"/></camunda:executionListener>
			<camunda:executionListener event="end"><camunda:script scriptFormat="Groovy">println 1</camunda:script></camunda:executionListener>
			<camunda:taskListener delegateExpression="${bean}" event="create"/><camunda:taskListener expression="${b.done(task)}" event="complete"/></extensionElements></userTask>`,
		`<userTask id="a"><extensionElements><zeebe:userTask/><zeebe:executionListeners>
			<zeebe:executionListener eventType="start" type="C"><zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders></zeebe:executionListener>
			<zeebe:executionListener eventType="end" type="script:groovy"><zeebe:taskHeaders><zeebe:header key="script" value="println 1"/></zeebe:taskHeaders></zeebe:executionListener></zeebe:executionListeners>
			<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="bean"/><zeebe:taskListener eventType="completing" type="b.done(task)"/></zeebe:taskListeners></extensionElements></userTask>`,
	},
	{
		"listener of Flowable for all",
		`<userTask id="a"><extensionElements><flowable:taskListener delegateExpression="${bean}" event="all"/><flowable:executionListener class="C"/></extensionElements></userTask>`,
		`<userTask id="a"><extensionElements><zeebe:userTask/><zeebe:executionListeners><zeebe:executionListener eventType="start" type="C"/></zeebe:executionListeners>
			<zeebe:taskListeners><zeebe:taskListener eventType="creating" type="bean"/><zeebe:taskListener eventType="assigning" type="bean"/>
			<zeebe:taskListener eventType="completing" type="bean"/><zeebe:taskListener eventType="canceling" type="bean"/></zeebe:taskListeners></extensionElements></userTask>`,
	},
	{
		"multi-instance",
		`<serviceTask id="a" camunda:topic="t"><multiInstanceLoopCharacteristics camunda:collection="items" camunda:elementVariable="item"><extensionElements>
			<camunda:failedJobRetryTimeCycle>R2/PT1M</camunda:failedJobRetryTimeCycle></extensionElements></multiInstanceLoopCharacteristics></serviceTask>`,
		`<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="t" retries="2"/></extensionElements><multiInstanceLoopCharacteristics><extensionElements>
			<zeebe:loopCharacteristics inputCollection="${items}" inputElement="item"/></extensionElements></multiInstanceLoopCharacteristics></serviceTask>`,
	},
	{
		"multi-instance by expression",
		`<task id="a"><multiInstanceLoopCharacteristics isSequential="true" flowable:collection="#{order.items}" flowable:elementVariable="item"/></task>`,
		`<task id="a"><multiInstanceLoopCharacteristics isSequential="true"><extensionElements>
			<zeebe:loopCharacteristics inputCollection="${order.items}" inputElement="item"/></extensionElements></multiInstanceLoopCharacteristics></task>`,
	},
	{
		"call that passes everything",
		`<callActivity id="a" calledElement="q" camunda:calledElementBinding="versionTag" camunda:calledElementVersionTag="v2"><extensionElements>
			<camunda:in variables="all"/><camunda:in businessKey="#{key}"/><camunda:out variables="all"/></extensionElements></callActivity>`,
		`<callActivity id="a"><extensionElements><zeebe:calledElement processId="q" bindingType="versionTag" versionTag="v2" businessId="${key}"
			propagateAllParentVariables="true" propagateAllChildVariables="true"/></extensionElements></callActivity>`,
	},
	{
		"call where zeebe: wins",
		`<callActivity id="a" calledElement="x" camunda:calledElementBinding="deployment"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity>`,
		`<callActivity id="a"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity>`,
	},
	{
		"script of another language",
		`<scriptTask id="a" scriptFormat="groovy" camunda:resultVariable="r"><script>1 + 1</script></scriptTask>`,
		`<scriptTask id="a"><extensionElements><zeebe:taskDefinition type="script:groovy"/>
			<zeebe:taskHeaders><zeebe:header key="script" value="1 + 1"/><zeebe:header key="resultVariable" value="r"/></zeebe:taskHeaders></extensionElements></scriptTask>`,
	},
	{
		"signal with a payload",
		`<intermediateThrowEvent id="a"><signalEventDefinition signalRef="sig"><extensionElements><camunda:in source="x" target="y"/><camunda:in sourceExpression="${x + 1}" target="z"/></extensionElements></signalEventDefinition></intermediateThrowEvent>`,
		`<intermediateThrowEvent id="a"><extensionElements><zeebe:ioMapping><zeebe:input source="${x}" target="y"/><zeebe:input source="${x + 1}" target="z"/></zeebe:ioMapping></extensionElements><signalEventDefinition signalRef="sig"/></intermediateThrowEvent>`,
	},
}

// readNode parses a model without errors and returns its node "a".
func readNode(t *testing.T, content string) *bpmn.Node {
	t.Helper()
	src := strings.Replace(around(content, `<signal id="sig" name="S"/>`), "<definitions ", "<definitions "+vendorSpaces+" ", 1)
	definitions, diagnostics, err := bpmn.Parse([]byte(src))
	if err != nil || diagnostics.HasErrors() {
		t.Fatal(err, diagnostics)
	}
	for _, n := range definitions.Processes[0].Body.Nodes {
		if n.ID == "a" {
			return n
		}
	}
	t.Fatal("no node a")
	return nil
}

// details is what a node says beyond its place in the flow.
func details(n *bpmn.Node) bpmn.Node {
	return bpmn.Node{
		Task: n.Task, Headers: n.Headers, Inputs: n.Inputs, Outputs: n.Outputs, UserTask: n.UserTask,
		CalledDecision: n.CalledDecision, Script: n.Script, JobPriority: n.JobPriority, Properties: n.Properties,
		Listeners: n.Listeners, MultiInstance: n.MultiInstance, Call: n.Call,
	}
}

func TestVendorSaysTheSame(t *testing.T) {
	for _, test := range vendorPairs {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, want := details(readNode(t, test.vendor)), details(readNode(t, test.zeebe))
			if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(bpmn.Position{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("the model of the other engine (-zeebe +vendor):\n%s", diff)
			}
			if cmp.Equal(want, bpmn.Node{}, cmpopts.EquateEmpty()) {
				t.Error("the test compares nothing")
			}
		})
	}
}

func TestVendorCallPassesWhatItNames(t *testing.T) {
	call := readNode(t, `<callActivity id="a" calledElement="q" camunda:calledElementBinding="version" camunda:calledElementVersion="3"><extensionElements>
		<camunda:in source="x" target="y"/><camunda:in sourceExpression="${1 + 1}" target="two"/><camunda:out source="r" target="result"/></extensionElements></callActivity>`).Call
	want := &bpmn.Call{
		ProcessID: bpmn.Expression{Text: "q"}, Binding: bpmn.BindingLatest, Version: bpmn.Expression{Text: "3"},
		In:  []bpmn.Mapping{{Source: bpmn.Expression{Text: "${x}"}, Target: "y"}, {Source: bpmn.Expression{Text: "${1 + 1}"}, Target: "two"}},
		Out: []bpmn.Mapping{{Source: bpmn.Expression{Text: "${r}"}, Target: "result"}},
	}
	if diff := cmp.Diff(want, call, cmpopts.IgnoreTypes(bpmn.Position{})); diff != "" {
		t.Errorf("call (-want +got):\n%s", diff)
	}
}

func TestVendorCondition(t *testing.T) {
	n := readNode(t, `<intermediateCatchEvent id="a"><conditionalEventDefinition camunda:variableName="x" camunda:variableEvents="create, delete"><condition>${x > 1}</condition></conditionalEventDefinition></intermediateCatchEvent>`)
	want := &bpmn.Condition{Expression: bpmn.Expression{Text: "${x > 1}"}, Names: []string{"x"}, Changes: []string{"create"}, OnChange: true}
	if diff := cmp.Diff(want, n.Event.Condition, cmpopts.IgnoreTypes(bpmn.Position{})); diff != "" {
		t.Errorf("condition (-want +got):\n%s", diff)
	}
}

func TestVendorForm(t *testing.T) {
	src := process(`<startEvent id="s"/><userTask id="a"><extensionElements><camunda:formData>
<camunda:formField id="sum" label="Sum" type="long" defaultValue="1"><camunda:validation><camunda:constraint name="required"/><camunda:constraint name="max" config="9"/></camunda:validation></camunda:formField>
<camunda:formField id="kind" label="Kind" type="enum"><camunda:value id="x" name="X"/></camunda:formField>
<camunda:formField id="day" type="date"><camunda:validation><camunda:constraint name="readonly"/></camunda:validation></camunda:formField>
</camunda:formData></extensionElements></userTask><userTask id="b"><extensionElements><camunda:formData><camunda:formField id="t" type="string"/></camunda:formData></extensionElements></userTask>
<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="b"/>`)
	definitions, diagnostics, err := bpmn.Parse([]byte(src))
	if err != nil || len(diagnostics) > 0 {
		t.Fatal(err, diagnostics)
	}
	p := definitions.Processes[0]
	want := map[string]string{
		"a-form": `{"type":"default","id":"a-form","components":[` +
			`{"type":"number","key":"sum","id":"sum","label":"Sum","defaultValue":"1","validate":{"required":true,"max":"9"}},` +
			`{"type":"select","key":"kind","id":"kind","label":"Kind","values":[{"label":"X","value":"x"}]},` +
			`{"type":"datetime","key":"day","id":"day","label":"","subtype":"date","disabled":true}]}`,
		"b-form": `{"type":"default","id":"b-form","components":[{"type":"textfield","key":"t","id":"t","label":""}]}`,
	}
	if diff := cmp.Diff(want, p.Forms); diff != "" {
		t.Errorf("forms (-want +got):\n%s", diff)
	}
	if key := p.Body.Nodes[1].UserTask.FormKey; key != "camunda-forms:bpmn:a-form" {
		t.Errorf("form key %q", key)
	}
}

func TestVendorProcess(t *testing.T) {
	src := strings.Replace(around(`<task id="a"/>`), `<process `,
		`<process camunda:historyTimeToLive="P30D" camunda:versionTag="v7" camunda:jobPriority="3" camunda:candidateStarterGroups="all" `, 1)
	definitions, diagnostics, err := bpmn.Parse([]byte(src))
	if err != nil || diagnostics.HasErrors() {
		t.Fatal(err, diagnostics)
	}
	p := definitions.Processes[0]
	if p.HistoryTimeToLive != "P30D" || p.VersionTag != "v7" || p.JobPriority.Text != "3" {
		t.Errorf("%+v", p)
	}
	if len(diagnostics) != 1 || !strings.Contains(diagnostics[0].Message, "camunda:candidateStarterGroups: no effect here; who may start") {
		t.Error(diagnostics)
	}
}

var vendorCases = []diagnosticCase{
	{"no effect", around(`<task id="a" camunda:asyncBefore="true" camunda:asyncAfter="false" camunda:exclusive="true"><extensionElements>
<camunda:newThing/></extensionElements></task>`), []string{"3 warning extension.ignored a", "3 warning extension.ignored a"}},
	{"silent", around(`<task id="a" camunda:asyncBefore="false" camunda:modelerTemplate="x"/>`), []string{}},
	{"code", around(`<serviceTask id="a" camunda:class="C"/>`), []string{"3 warning extension.converted a"}},
	{"nothing to do", around(`<serviceTask id="a" camunda:type="external"/>`), []string{"3 error task.no_type a"}},
	{"retries", around(`<serviceTask id="a" camunda:topic="t"><extensionElements>
<camunda:failedJobRetryTimeCycle>${cycle}</camunda:failedJobRetryTimeCycle></extensionElements></serviceTask>`), []string{"4 warning extension.ignored a"}},
	{"retries of no job", around(`<task id="a"><extensionElements>
<camunda:failedJobRetryTimeCycle>R3/PT1M</camunda:failedJobRetryTimeCycle></extensionElements></task>`), []string{"4 warning extension.ignored a"}},
	{"script in a mapping", around(`<task id="a"><extensionElements><camunda:inputOutput>
<camunda:inputParameter name="x"><camunda:script scriptFormat="groovy">1</camunda:script></camunda:inputParameter>
<camunda:inputParameter name="y"><camunda:list><camunda:value>a ${b}</camunda:value></camunda:list></camunda:inputParameter>
</camunda:inputOutput></extensionElements></task>`), []string{"4 error extension.unsupported a", "5 error extension.unsupported a"}},
	{
		"both", around(`<userTask id="a" camunda:assignee="x"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition/></extensionElements></userTask>`),
		[]string{"3 warning extension.ignored a"},
	},
	{
		"decision", around(`<businessRuleTask id="a" camunda:decisionRef="d" camunda:decisionRefBinding="version" camunda:decisionRefVersion="3" camunda:resultVariable="r"/>`),
		[]string{"3 warning extension.converted a", "3 warning extension.converted a"},
	},
	{"constraint", around(`<userTask id="a"><extensionElements><camunda:formData><camunda:formField id="x"><camunda:validation>
<camunda:constraint name="odd"/></camunda:validation></camunda:formField></camunda:formData></extensionElements></userTask>`), []string{"4 warning extension.ignored a"}},
	{
		"start event", process(`<startEvent id="s" camunda:initiator="i" camunda:formKey="k"/>`),
		[]string{"3 warning extension.ignored s", "3 warning extension.ignored s"},
	},
	{"a user task of Camunda 7 without a word", strings.Replace(around(`<userTask id="a"/>`), "<definitions ",
		`<definitions xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Platform" `, 1), []string{}},
}
