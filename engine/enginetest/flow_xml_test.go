package enginetest

import (
	"strings"
	"testing"
)

// TestFlowXMLSpelling holds the elements and attributes of the standard that the words become.
func TestFlowXMLSpelling(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`s: start message=paid key=id`:                   `<messageEventDefinition id="s_event" messageRef="message_paid"/>|<message id="message_paid" name="paid">|<zeebe:subscription correlationKey="=id"/>`,
		`s: start keep after=PT1H`:                       `<startEvent id="s" isInterrupting="false">|<timeDuration xsi:type="tFormalExpression">PT1H`,
		`s: start message=a signal=b parallel`:           `parallelMultiple="true"|id="s_event" messageRef|id="s_event2" signalRef="signal_b"|<signal id="signal_b" name="b"/>`,
		`c: catch condition="x > 1" watch=x,y`:           `<intermediateCatchEvent id="c">|<zeebe:conditionalFilter variableNames="x,y"/>|<condition xsi:type="tFormalExpression">=x &gt; 1`,
		`c: catch link=far`:                              `<linkEventDefinition id="c_event" name="far"/>`,
		`c: catch cancel on=a`:                           `<boundaryEvent id="c" attachedToRef="a">|<cancelEventDefinition id="c_event"/>`,
		`c: catch signal=b keep on=a`:                    `attachedToRef="a" cancelActivity="false"|signalRef="signal_b"`,
		`c: catch error on=a`:                            `<errorEventDefinition id="c_event"/>`,
		`c: catch error=E on=a`:                          `errorRef="error_E"|<error id="error_E" name="E" errorCode="E"/>`,
		`c: catch signal=b shared`:                       `<eventDefinitionRef>shared_event_1`,
		`e: end signal=b shared`:                         `<signalEventDefinition id="shared_event_1" signalRef="signal_b"/>`,
		`e: end terminate`:                               `<terminateEventDefinition id="e_event"/>`,
		`e: throw compensation nowait of=a`:              `<intermediateThrowEvent id="e">|activityRef="a" waitForCompletion="false"`,
		`b: receive message=paid instantiate`:            `<receiveTask id="b" instantiate="true" messageRef="message_paid">|<message id="message_paid" name="paid"/>`,
		`b: send message=paid key=id`:                    `<sendTask id="b" messageRef="message_paid">`,
		`b: call process=q all=in`:                       `<zeebe:calledElement processId="q" propagateAllParentVariables="true" propagateAllChildVariables="false"/>`,
		`b: call process=q binding=versionTag version=1`: `bindingType="versionTag" versionTag="1"`,
		"b: transaction {\n}":                            `<transaction id="b">`,
		"b: esub {\n}":                                   `<subProcess id="b" triggeredByEvent="true">`,
		"b: adhoc ordering=sequential keep completion=done active=[\"a\"] {\n}": `ordering="Sequential" cancelRemainingInstances="false"|<zeebe:adHoc activeElementsCollection="=[&#34;a&#34;]"/>|<completionCondition xsi:type="tFormalExpression">=done`,
		`g: or`:                                                         `<inclusiveGateway id="g">`,
		`g: complex activation="n > 1"`:                                 `<complexGateway id="g">|<activationCondition xsi:type="tFormalExpression">=n &gt; 1`,
		`g: events instantiate parallel`:                                `<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel">`,
		`b: task each=l as=i into=r value=i*2`:                          `<multiInstanceLoopCharacteristics>|inputCollection="=l" inputElement="i" outputCollection="r" outputElement="=i*2"`,
		`b: task times=3 sequential done=ok`:                            `isSequential="true"|<loopCardinality xsi:type="tFormalExpression">=3|<completionCondition xsi:type="tFormalExpression">=ok`,
		`b: task times=3 one=signal:b`:                                  `behavior="One" oneBehaviorEventRef="shared_event_1"|<signalEventDefinition id="shared_event_1" signalRef="signal_b"/>`,
		`b: task while="n < 2" max=5 before`:                            `<standardLoopCharacteristics testBefore="true" loopMaximum="5">|<loopCondition xsi:type="tFormalExpression">=n &lt; 2`,
		`b: task takes=2 gives=3`:                                       `startQuantity="2" completionQuantity="3"`,
		`b: user listener.start=x listener.start=y listener.creating=z`: `<zeebe:executionListener eventType="start" type="x"/>|<zeebe:executionListener eventType="start" type="y"/>|<zeebe:taskListener eventType="creating" type="z"/>`,
		"process q \"Q\" tag=1\nb: task\na => b":                        `<participant id="q_pool" processRef="q"/>|<messageFlow id="a_sends_to_b" sourceRef="a" targetRef="b"/>|<process id="q" name="Q" isExecutable="true">|<zeebe:versionTag value="1"/>`,
	} {
		text, err := FlowXML("process p\na: task\n" + line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		for part := range strings.SplitSeq(want, "|") {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s: no %s in\n%s", line, part, text)
			}
		}
	}
}
