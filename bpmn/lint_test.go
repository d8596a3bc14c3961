package bpmn_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
	"tallystick/fault"
)

// lintNow is the time at which the models of the tests are looked at.
var lintNow = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// lintFindings returns what the rules say, as "line rule element".
func lintFindings(t *testing.T, src string) []string {
	t.Helper()
	found, err := bpmn.Lint([]byte(src), lintNow)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, d := range found {
		list = append(list, fmt.Sprintf("%d %s %s", d.Position.Line, d.Code, d.Element))
	}
	return list
}

// lintCases are models and all that one rule says of each; nil means nothing.
var lintCases = []struct {
	rule, src string
	want      []string
}{
	{"ad-hoc-sub-process", around(`<adHocSubProcess id="a">
<startEvent id="b"/><endEvent id="c"/></adHocSubProcess>`), []string{"3 a", "4 b", "4 c"}},
	{"ad-hoc-sub-process", around(`<adHocSubProcess id="a"><task id="t"/></adHocSubProcess>`), nil},
	{"boundary-unreachable", around(`<subProcess id="a"><endEvent id="e"><errorEventDefinition errorRef="x"/></endEvent></subProcess>
<boundaryEvent id="b" attachedToRef="a"><errorEventDefinition errorRef="y"/></boundaryEvent>
<boundaryEvent id="c" attachedToRef="a"><errorEventDefinition errorRef="x"/></boundaryEvent>
<boundaryEvent id="d" attachedToRef="a"><errorEventDefinition/></boundaryEvent>
<boundaryEvent id="f" attachedToRef="a"><escalationEventDefinition/></boundaryEvent>
<boundaryEvent id="g" attachedToRef="a"><timerEventDefinition/></boundaryEvent>
<task id="t"/><boundaryEvent id="h" attachedToRef="t"><errorEventDefinition/></boundaryEvent>
<serviceTask id="u"/><boundaryEvent id="i" attachedToRef="u"><errorEventDefinition errorRef="y"/></boundaryEvent>`,
		`<error id="x" errorCode="X"/><error id="y" errorCode="Y"/>`), []string{"4 b", "7 f", "9 h"}},
	{"boundary-unreachable", around(`<transaction id="a"><subProcess id="n"><endEvent id="e"><cancelEventDefinition/></endEvent></subProcess></transaction>
<boundaryEvent id="b" attachedToRef="a"><cancelEventDefinition/></boundaryEvent>
<transaction id="u"><serviceTask id="v"/></transaction>
<boundaryEvent id="c" attachedToRef="u"><cancelEventDefinition/></boundaryEvent>`), []string{"6 c"}},
	{"conditional-event", around(`<intermediateCatchEvent id="a"><conditionalEventDefinition/></intermediateCatchEvent>
<intermediateCatchEvent id="b"><conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition></intermediateCatchEvent>`), []string{"3 a"}},
	{"conditional-flows", around(`<exclusiveGateway id="a" default="d"/><task id="t"/>
<sequenceFlow id="c" sourceRef="a" targetRef="t"><conditionExpression>=x</conditionExpression></sequenceFlow>
<sequenceFlow id="d" sourceRef="a" targetRef="t"/>`), []string{"7 out"}},
	{"missing-default", around(`<exclusiveGateway id="a"/><inclusiveGateway id="b" default="y"/><task id="t"/>
<sequenceFlow id="c" sourceRef="a" targetRef="t"><conditionExpression>=x</conditionExpression></sequenceFlow>
<sequenceFlow id="x" sourceRef="b" targetRef="t"><conditionExpression>=x</conditionExpression></sequenceFlow><sequenceFlow id="y" sourceRef="b" targetRef="t"/>`), nil},
	{"missing-default", process(`<startEvent id="s"/><exclusiveGateway id="a"/><task id="t"/><sequenceFlow id="in" sourceRef="s" targetRef="a"/>
<sequenceFlow id="c" sourceRef="a" targetRef="t"><conditionExpression>=x</conditionExpression></sequenceFlow>
<sequenceFlow id="d" sourceRef="a" targetRef="t"><conditionExpression>=y</conditionExpression></sequenceFlow>`), []string{"3 a"}},
	{
		"end-event-required", process(`<startEvent id="s"/><subProcess id="u"><startEvent id="t"/></subProcess><adHocSubProcess id="v"><task id="w"/></adHocSubProcess>`),
		[]string{"2 p", "3 u"},
	},
	{
		"start-event-required", process(`<endEvent id="s"/><subProcess id="u"><endEvent id="t"/></subProcess><adHocSubProcess id="v"><task id="w"/></adHocSubProcess>`),
		[]string{"2 p", "3 u"},
	},
	{"event-based-gateway", around(`<eventBasedGateway id="a"/>`), []string{"3 a", "5 out"}},
	{"event-based-gateway", around(`<eventBasedGateway id="a"/><receiveTask id="t"/><intermediateCatchEvent id="c"/>
<sequenceFlow id="x" sourceRef="a" targetRef="t"/><sequenceFlow id="y" sourceRef="a" targetRef="c"/>`), []string{"6 out"}},
	{"event-sub-process-typed-start-event", around(`<task id="a"/><subProcess id="u" triggeredByEvent="true">
<startEvent id="x"/><startEvent id="y"><timerEventDefinition/></startEvent></subProcess>`), []string{"4 x"}},
	{"sub-process-blank-start-event", around(`<subProcess id="a">
<startEvent id="x"/><startEvent id="y"><timerEventDefinition/></startEvent></subProcess>`), []string{"4 y"}},
	{"single-blank-start-event", around(`<task id="a"/><startEvent id="t"/><subProcess id="u"><startEvent id="v"/></subProcess>`), []string{"2 p"}},
	{"single-event-definition", around(`<intermediateCatchEvent id="a"><timerEventDefinition/><eventDefinitionRef>x</eventDefinitionRef></intermediateCatchEvent>`), []string{"3 a"}},
	{"fake-join", around(`<task id="a"/><exclusiveGateway id="g"/>
<sequenceFlow id="x" sourceRef="g" targetRef="a"/><sequenceFlow id="y" sourceRef="a" targetRef="g"/><sequenceFlow id="w" sourceRef="s" targetRef="g"/>`), []string{"3 a"}},
	{"global", around(`<receiveTask id="a" messageRef="m"/>`, `<message id="m" name="M"/>
<message id="n" name="M"/>
<signal id="o"/>
<error id="e" name="E"/><process id="q"><endEvent id="qe"><errorEventDefinition errorRef="e"/></endEvent></process>`), []string{"8 n", "8 n", "9 o", "9 o"}},
	{
		"label-required", process(`<startEvent id="s" name="S"/><task id="a"/>
<exclusiveGateway id="g"/><exclusiveGateway id="h"/><parallelGateway id="i"/><subProcess id="u"/>
<sequenceFlow id="x" sourceRef="s" targetRef="a"/>
<sequenceFlow id="y" sourceRef="g" targetRef="a"><conditionExpression>=x</conditionExpression></sequenceFlow><sequenceFlow id="z" name="Z" sourceRef="g" targetRef="a"><conditionExpression>=x</conditionExpression></sequenceFlow>
<laneSet id="l"><lane id="l1"/></laneSet>`, `<collaboration id="c"><participant id="k" name=" "/></collaboration>`),
		[]string{"3 a", "4 g", "6 y", "7 l1", "9 k"},
	},
	{"link-event", around(`<task id="a"/><intermediateThrowEvent id="b"><linkEventDefinition name="x"/></intermediateThrowEvent>
<intermediateThrowEvent id="c"><linkEventDefinition/></intermediateThrowEvent>
<intermediateCatchEvent id="d"><linkEventDefinition name="y"/></intermediateCatchEvent>
<intermediateThrowEvent id="e"><linkEventDefinition name="z"/></intermediateThrowEvent>
<intermediateCatchEvent id="f"><linkEventDefinition name="z"/></intermediateCatchEvent>
<intermediateCatchEvent id="g"><linkEventDefinition name="z"/></intermediateCatchEvent>`), []string{"3 b", "4 c", "5 d", "7 f", "8 g"}},
	{"no-bpmndi", around(`<task id="a"/>`), []string{"1 d"}},
	{"no-bpmndi", drawn(`<task id="a"/>`, shape("s", 0, 0), shape("a", 200, 0), shape("in", 0, 0)), []string{"4 z", "5 out"}},
	{"no-complex-gateway", around(`<complexGateway id="a"/>`), []string{"3 a"}},
	{"no-inclusive-gateway", around(`<inclusiveGateway id="a"/>`), []string{"3 a"}},
	{"no-disconnected", around(`<task id="a"/><task id="t"/><task id="h" isForCompensation="true"/><subProcess id="u" triggeredByEvent="true"/>
<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent><association id="as" sourceRef="b" targetRef="h"/>
<adHocSubProcess id="v"><task id="w"/></adHocSubProcess>`), []string{"3 t", "5 v"}},
	{"no-duplicate-sequence-flows", around(`<task id="a"/>
<sequenceFlow id="x" sourceRef="a" targetRef="z"/>
<sequenceFlow id="y" sourceRef="a" targetRef="z"><conditionExpression>=x</conditionExpression></sequenceFlow>`), []string{"7 out"}},
	{"no-gateway-join-fork", around(`<parallelGateway id="a"/><task id="t"/>
<sequenceFlow id="x" sourceRef="a" targetRef="t"/><sequenceFlow id="y" sourceRef="t" targetRef="a"/>`), []string{"3 a"}},
	{"no-implicit-split", around(`<task id="a" default="y"/><task id="t"/>
<sequenceFlow id="x" sourceRef="a" targetRef="t"/><sequenceFlow id="y" sourceRef="a" targetRef="t"/>`), []string{"3 a"}},
	{"no-implicit-start", around(`<task id="a"/><task id="t"/>
<intermediateCatchEvent id="l"><linkEventDefinition name="x"/></intermediateCatchEvent>`), []string{"3 t"}},
	{"no-implicit-end", around(`<task id="a"/><task id="t"/>
<intermediateThrowEvent id="l"><linkEventDefinition name="x"/></intermediateThrowEvent>`), []string{"3 t"}},
	{"no-overlapping-elements", drawn(`<task id="a"/><boundaryEvent id="b" attachedToRef="a"/>`, shape("s", 0, 0), shape("a", 50, 50), shape("b", 50, 50), shape("z", 200, 0)), []string{"4 s"}},
	{"no-overlapping-elements", drawn(`<subProcess id="a">
<task id="x"/><task id="y"/></subProcess>`, strings.Replace(shape("a", 200, 0), "<di:BPMNShape ", `<di:BPMNShape isExpanded="true" `, 1), shape("x", 200, 0), shape("y", 250, 0)), []string{"4 y", "4 y"}},
	{"superfluous-gateway", around(`<exclusiveGateway id="a"/>`), []string{"3 a"}},
	{"superfluous-termination", process(`<startEvent id="s"/><endEvent id="z"><terminateEventDefinition/></endEvent><sequenceFlow id="f" sourceRef="s" targetRef="z"/>`), []string{"3 z"}},
	{"superfluous-termination", process(`<startEvent id="s"/><parallelGateway id="g"/><task id="a"/><endEvent id="z"><terminateEventDefinition/></endEvent><sequenceFlow id="f" sourceRef="s" targetRef="g"/>
<sequenceFlow id="h" sourceRef="g" targetRef="a"/><sequenceFlow id="i" sourceRef="g" targetRef="z"/><sequenceFlow id="j" sourceRef="a" targetRef="z"/>`), nil},
	{
		"timer-dead", around(`<intermediateCatchEvent id="a"><timerEventDefinition><timeDate>2025-12-31T00:00:00Z</timeDate></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="b"><timerEventDefinition><timeDate>2026-12-31T00:00:00Z</timeDate></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="c"><timerEventDefinition><timeDuration>PT0S</timeDuration></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="d"><timerEventDefinition><timeDuration>P0DT0H5M</timeDuration></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="e"><timerEventDefinition><timeDuration>=x</timeDuration></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="f"><timerEventDefinition><timeCycle>R0/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="g"><timerEventDefinition><timeCycle>R/PT0H</timeCycle></timerEventDefinition></intermediateCatchEvent>
<intermediateCatchEvent id="h"><timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></intermediateCatchEvent>`),
		[]string{"3 a", "5 c", "8 f", "9 g"},
	},
}

// shape draws an element of 100 by 80.
func shape(id string, x, y int) string {
	return fmt.Sprintf(`<di:BPMNShape bpmnElement="%s"><dc:Bounds x="%d" y="%d" width="100" height="80"/></di:BPMNShape>`, id, x, y)
}

// drawn is around with a diagram.
func drawn(content string, shapes ...string) string {
	return around(content, `<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><di:BPMNPlane bpmnElement="p">`+
		strings.Join(shapes, "")+`</di:BPMNPlane></di:BPMNDiagram>`)
}

func TestLint(t *testing.T) {
	for i, test := range lintCases {
		t.Run(fmt.Sprintf("%s %d", test.rule, i), func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, finding := range lintFindings(t, test.src) {
				if f := strings.Fields(finding); f[1] == test.rule {
					got = append(got, f[0]+" "+f[2])
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s\n%s", diff, test.src)
			}
		})
	}
}

// TestLintRules holds the list of rules and the table together.
func TestLintRules(t *testing.T) {
	provoked := map[string]bool{}
	for _, test := range lintCases {
		provoked[test.rule] = provoked[test.rule] || len(test.want) > 0
	}
	var ids []string
	for _, rule := range bpmn.Rules() {
		ids = append(ids, rule.ID)
		if !provoked[rule.ID] || rule.Help == "" {
			t.Errorf("no case provokes %s, or it has no help", rule.ID)
		}
	}
	if !slices.IsSorted(ids) {
		t.Error("not in order:", ids)
	}
}

// TestLintIsQuiet wants nothing to be said of a model that is drawn well.
func TestLintIsQuiet(t *testing.T) {
	src, err := os.ReadFile("testdata/styles/modeler8.bpmn")
	if err != nil {
		t.Fatal(err)
	}
	if got := lintFindings(t, string(src)); len(got) > 0 {
		t.Error(got)
	}
}

func TestLintRefuses(t *testing.T) {
	for src, code := range map[string]string{"": "xml.malformed", "<a/>": "bpmn.invalid"} {
		if _, err := bpmn.Lint([]byte(src), lintNow); fault.CodeOf(err) != code {
			t.Errorf("%q: %v", src, err)
		}
	}
}
