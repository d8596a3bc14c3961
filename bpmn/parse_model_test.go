package bpmn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
)

// reading is a model without errors, of which a test says facts, one a line.
type reading struct {
	t *testing.T
	*bpmn.Definitions
	said strings.Builder
}

func read(t *testing.T, src string) *reading {
	t.Helper()
	definitions, diagnostics, err := bpmn.Parse([]byte(src))
	if err != nil || diagnostics.HasErrors() {
		t.Fatal(err, diagnostics)
	}
	return &reading{t: t, Definitions: definitions}
}

func (r *reading) say(format string, args ...any) { fmt.Fprintf(&r.said, format+"\n", args...) }

func (r *reading) want(want string) {
	r.t.Helper()
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(r.said.String())); diff != "" {
		r.t.Errorf("model (-want +got):\n%s", diff)
	}
}

// node finds a node of any process or sub-process.
func (r *reading) node(id string) *bpmn.Node {
	r.t.Helper()
	var scopes []*bpmn.Scope
	for _, p := range r.Processes {
		scopes = append(scopes, p.Body)
	}
	for len(scopes) > 0 {
		for _, n := range scopes[0].Nodes {
			if n.ID == id {
				return n
			}
			if n.Body != nil {
				scopes = append(scopes, n.Body)
			}
		}
		scopes = scopes[1:]
	}
	r.t.Fatalf("no node %q", id)
	return nil
}

func trigger(e *bpmn.EventDefinition) string {
	if e == nil {
		return "none"
	}
	parts := make([]string, len(e.Parts))
	for i, part := range e.Parts {
		parts[i] = trigger(part)
	}
	switch e.Kind {
	case bpmn.EventMultiple:
		return "any of " + strings.Join(parts, ", ")
	case bpmn.EventParallelMultiple:
		return "all of " + strings.Join(parts, ", ")
	case bpmn.EventMessage:
		return "message " + e.Message.Name + " by " + e.Message.CorrelationKey.Text
	case bpmn.EventSignal:
		return "signal " + e.Signal.Name
	case bpmn.EventConditional:
		return fmt.Sprintf("condition %s of %v when %v", e.Condition.Expression.Text, e.Condition.Names, e.Condition.Changes)
	case bpmn.EventLink:
		return "link " + e.Link
	case bpmn.EventCompensation:
		return fmt.Sprintf("compensation, no wait %t", e.NoWait)
	case bpmn.EventCancel:
		return "cancel"
	}
	return fmt.Sprint(e.Kind)
}

func TestParseTriggers(t *testing.T) {
	t.Parallel()
	r := read(t, around(`<intermediateThrowEvent id="a"><messageEventDefinition messageRef="m"/><eventDefinitionRef>shared</eventDefinitionRef></intermediateThrowEvent>
<subProcess id="h" triggeredByEvent="true"><startEvent id="t" isInterrupting="false" parallelMultiple="true"><signalEventDefinition signalRef="named"/>
<conditionalEventDefinition><extensionElements><zeebe:conditionalFilter variableNames="x, y" variableEvents="update"/></extensionElements><condition>=x &gt; y</condition></conditionalEventDefinition></startEvent></subProcess>
<subProcess id="i" triggeredByEvent="true"><startEvent id="u"><compensateEventDefinition/></startEvent></subProcess>
<sequenceFlow id="ab" sourceRef="a" targetRef="b"/><intermediateThrowEvent id="b"><linkEventDefinition name="on"/></intermediateThrowEvent><intermediateCatchEvent id="c"><linkEventDefinition name="on"/></intermediateCatchEvent>
<sequenceFlow id="ck" sourceRef="c" targetRef="k"/><intermediateThrowEvent id="k"><compensateEventDefinition waitForCompletion="false"/></intermediateThrowEvent>
<transaction id="x"><startEvent id="xs"/><sequenceFlow id="xf" sourceRef="xs" targetRef="xe"/><endEvent id="xe"><cancelEventDefinition/></endEvent></transaction><sequenceFlow id="kx" sourceRef="k" targetRef="x"/>
<boundaryEvent id="w" attachedToRef="x" cancelActivity="false"><timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition><eventDefinitionRef>shared</eventDefinitionRef></boundaryEvent>`,
		`<message id="m" name="=kind"><extensionElements><zeebe:subscription correlationKey="=key"/></extensionElements></message>
<signal id="g"/><signal id="named" name="ring"/><signalEventDefinition id="shared" signalRef="g"/>`))
	for _, id := range []string{"a", "t", "u", "b", "c", "k", "xe", "w"} {
		n := r.node(id)
		r.say("%s %s, interrupting %t: %s", n.Kind, id, n.Interrupting, trigger(n.Event))
	}
	for _, id := range []string{"h", "x"} {
		r.say("%s %s with %d nodes", r.node(id).Kind, id, len(r.node(id).Body.Nodes))
	}
	r.want(`
intermediateThrowEvent a, interrupting false: any of message =kind by =key, signal g
startEvent t, interrupting false: all of signal ring, condition =x > y of [x y] when [update]
startEvent u, interrupting true: compensation, no wait false
intermediateThrowEvent b, interrupting false: link on
intermediateCatchEvent c, interrupting false: link on
intermediateThrowEvent k, interrupting false: compensation, no wait true
endEvent xe, interrupting false: cancel
boundaryEvent w, interrupting false: any of 1, signal g
eventSubProcess h with 1 nodes
transaction x with 2 nodes`)
}

func TestParseGateways(t *testing.T) {
	t.Parallel()
	r := read(t, process(`<eventBasedGateway id="a" instantiate="true" eventGatewayType="Parallel"/>`+day+receive+`
<complexGateway id="k" default="kz"><activationCondition>=activationCount &gt; 1</activationCondition></complexGateway><endEvent id="z"/><endEvent id="y"/>
<sequenceFlow id="bk" sourceRef="b" targetRef="k"/><sequenceFlow id="dk" sourceRef="d1" targetRef="k"/><sequenceFlow id="kz" sourceRef="k" targetRef="z"/>
<sequenceFlow id="ky" sourceRef="k" targetRef="y"><conditionExpression>=x</conditionExpression></sequenceFlow>`, `<message id="m"/>`))
	a, k := r.node("a"), r.node("k")
	r.say("%s instantiates %t, all events %t", a.Kind, a.Instantiate, a.AllEvents)
	r.say("%s joins when %s, else %s", k.Kind, k.Activation.Text, k.Default.ID)
	r.say("%s waits for %s", r.node("d1").Kind, r.node("d1").Message.Name)
	r.want(`
eventBasedGateway instantiates true, all events true
complexGateway joins when =activationCount > 1, else kz
receiveTask waits for m`)
}

func TestParseRepeats(t *testing.T) {
	t.Parallel()
	r := read(t, around(`<task id="a" startQuantity="2" completionQuantity="3"><standardLoopCharacteristics testBefore="true" loopMaximum="4"><loopCondition>=again</loopCondition></standardLoopCharacteristics></task>
<sequenceFlow id="f" sourceRef="a" targetRef="b"/><task id="b"><ioSpecification><dataInput id="items"/><dataOutput id="answers"/></ioSpecification>
<dataInputAssociation><sourceRef>o</sourceRef><targetRef>items</targetRef></dataInputAssociation><dataOutputAssociation><sourceRef>answers</sourceRef><targetRef>q</targetRef></dataOutputAssociation>
<multiInstanceLoopCharacteristics isSequential="true" behavior="Complex"><loopDataInputRef>items</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef><inputDataItem id="i1" name="item"/><outputDataItem id="o1"/>
<complexBehaviorDefinition><condition>=loopCounter = 1</condition><event>`+onSignal+`</event></complexBehaviorDefinition><completionCondition>=done</completionCondition></multiInstanceLoopCharacteristics></task>
<sequenceFlow id="bk" sourceRef="b" targetRef="k"/><task id="k"><multiInstanceLoopCharacteristics behavior="One" oneBehaviorEventRef="rung"><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></task>
<dataObject id="o"/><dataObjectReference id="oRef" name="my orders" dataObjectRef="o"/><dataObject id="q" name="replies"/>`, append(roots, `<signalEventDefinition id="rung" signalRef="g"/>`)...))
	a, b, c := r.node("a"), r.node("b").MultiInstance, r.node("k").MultiInstance
	r.say("loop before %t, at most %s, while %s; takes %d gives %d", a.Loop.TestBefore, a.Loop.Maximum.Text, a.Loop.Condition.Text, a.StartQuantity, a.CompletionQuantity)
	r.say("sequential %t over %s as %s, %s into %s until %s", b.Sequential, b.Collection.Text, b.InputElement, b.OutputElement.Text, b.OutputCollection, b.Completion.Text)
	r.say("%s: %s throws %s", b.Behavior, b.Complex[0].Condition.Text, trigger(b.Complex[0].Event))
	r.say("%d associations stay", len(r.node("b").DataInputs)+len(r.node("b").DataOutputs))
	r.say("%s times, %s throws %s", c.Cardinality.Text, c.Behavior, trigger(c.Event))
	r.want(`
loop before true, at most 4, while =again; takes 2 gives 3
sequential true over =my_orders as item, =o1 into replies until =done
Complex: =loopCounter = 1 throws signal g
0 associations stay
3 times, One throws signal g`)
}

func TestParseCalls(t *testing.T) {
	t.Parallel()
	r := read(t, around(`<callActivity id="a" calledElement="x:other"/><sequenceFlow id="f" sourceRef="a" targetRef="b"/>
<callActivity id="b"><extensionElements><zeebe:calledElement processId="=who" propagateAllParentVariables="false" bindingType="versionTag" versionTag="v1" businessId="=id"/>
<zeebe:executionListeners><zeebe:executionListener eventType="end" type="t" retries="5"><zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders></zeebe:executionListener></zeebe:executionListeners></extensionElements></callActivity>
<sequenceFlow id="g" sourceRef="b" targetRef="c"/><adHocSubProcess id="c" ordering="Sequential" cancelRemainingInstances="false"><extensionElements><zeebe:adHoc activeElementsCollection="=l" outputCollection="r" outputElement="=x"/></extensionElements><task id="c1"/><completionCondition>=done</completionCondition></adHocSubProcess>
<sequenceFlow id="h" sourceRef="c" targetRef="e"/><scriptTask id="e" scriptFormat="python"><script>print(1)</script></scriptTask><sequenceFlow id="i" sourceRef="e" targetRef="k"/><scriptTask id="k" scriptFormat="expr"><script>1 + 2</script></scriptTask>`,
		`<globalUserTask id="g1" name="approve"><ioSpecification><dataInput id="what"/><inputSet><dataInputRefs>what</dataInputRefs></inputSet></ioSpecification><humanPerformer>`+assigned("=boss")+`</humanPerformer></globalUserTask>`))
	for _, id := range []string{"a", "b"} {
		c := r.node(id).Call
		r.say("%s calls %s, %s %s, in %t out %t, key %s", id, c.ProcessID.Text, c.Binding, c.VersionTag, c.AllIn, c.AllOut, c.BusinessKey.Text)
	}
	l := r.node("b").Listeners[0]
	r.say("listener %s %s %s %s", l.Event, l.Type.Text, l.Retries.Text, l.Headers["k"])
	c := r.node("c").AdHoc
	r.say("ad-hoc sequential %t keeps %t until %s; %s, %s into %s; manual %t", c.Sequential, c.KeepRemaining, c.Completion.Text, c.Active.Text, c.OutputElement.Text, c.OutputCollection, c.Manual)
	r.say("job %s: %s", r.node("e").Task.Type.Text, r.node("e").Headers["script"])
	r.say("script %s in %s", r.node("k").Script.Expression.Text, r.node("k").Script.Expression.Language)
	g := r.Processes[1]
	r.say("global %t %s %q: %s %s, assignee %s, input %s optional %t", g.GlobalTask, g.ID, g.Name, g.Body.Nodes[0].Kind, g.Body.Nodes[0].ID, g.Body.Nodes[0].UserTask.Assignee.Text, g.Inputs[0].Variable(), g.Inputs[0].Optional)
	r.want(`
a calls other, latest , in false out false, key 
b calls =who, versionTag v1, in false out true, key =id
listener end t 5 v
ad-hoc sequential true keeps true until =done; =l, =x into r; manual false
job script:python: print(1)
script 1 + 2 in expr
global true g1 "approve": userTask g1_task, assignee =boss, input what optional false`)
}

func TestParseData(t *testing.T) {
	t.Parallel()
	r := read(t, moving(`<property id="own" name="left over"/>
<dataInputAssociation id="da"><sourceRef>oRef</sourceRef><targetRef>i</targetRef><transformation>=order.id</transformation></dataInputAssociation>
<dataOutputAssociation id="db"><assignment><from>=r.total</from><to>order.total</to></assignment></dataOutputAssociation>
<dataOutputAssociation id="dc"><sourceRef>r</sourceRef><targetRef>st</targetRef></dataOutputAssociation>
<dataOutputAssociation id="drawn"><targetRef>st</targetRef></dataOutputAssociation>`))
	a := r.node("a")
	for _, item := range append(a.Data, r.Processes[0].Body.Data...) {
		r.say("item %s kind %d is %s, optional %t", item.ID, item.Kind, item.Variable(), item.Optional)
	}
	for _, d := range append(a.DataInputs, a.DataOutputs...) {
		r.say("association %s: %d sources", d.ID, len(d.Sources))
		if d.Target != nil {
			r.say("  to %s kind %d", d.Target.Variable(), d.Target.Kind)
		}
		if d.Transformation != nil {
			r.say("  by %s", d.Transformation.Text)
		}
		for _, as := range d.Assignments {
			r.say("  %s := %s", as.To.Text, as.From.Text)
		}
	}
	r.say("%d input sets", len(a.InputSets))
	r.want(`
item i kind 3 is i, optional false
item r kind 4 is r, optional true
item own kind 2 is left_over, optional false
item o kind 1 is order, optional false
item q kind 1 is q, optional false
association da: 1 sources
  to i kind 3
  by =order.id
association db: 0 sources
  order.total := =r.total
association dc: 1 sources
  to file kind 5
1 input sets`)
}

func TestParseParties(t *testing.T) {
	t.Parallel()
	r := read(t, parties(`messageRef="m"`, "", whole+`<messageFlow id="f" sourceRef="a" targetRef="b"/><messageFlow id="g" sourceRef="pp" targetRef="b"/>`))
	for _, f := range r.MessageFlows {
		r.say("flow %s from %s to %s with %s", f.ID, f.Source.ID, f.Target.ID, f.Message.Name)
	}
	r.say("b waits for %s", r.node("b").Message.Name)
	for _, v := range r.Messages["m"].Properties {
		r.say("%s reads %s", v.Property, v.Path.Text)
	}
	s := read(t, subscribed(`correlationKeyRef="key"`, `<correlationPropertyBinding correlationPropertyRef="number"><dataPath>=id</dataPath></correlationPropertyBinding>`))
	c := s.Processes[0].Correlation[0]
	r.say("key %s: %s is %s", c.Key, c.Bindings[0].Property, c.Bindings[0].Path.Text)
	u := read(t, asked(`<potentialOwner>`+assigned("user(ann), group(clerks), agents")+`</potentialOwner><potentialOwner><resourceRef>res</resourceRef></potentialOwner>`, `<resource id="res" name="chiefs"/>`)).node("a").UserTask
	r.say("users %s groups %s", u.CandidateUsers.Text, u.CandidateGroups.Text)
	r.want(`
flow f from a to b with order
b waits for order
number reads =number
key key: number is =id
users ann groups clerks,agents,chiefs`)
}
