package bpmn_test

import (
	"fmt"
	"strings"
)

// asked puts resource roles into a user task "a".
func asked(roles string, roots ...string) string {
	return around(`<userTask id="a"><extensionElements><zeebe:userTask/></extensionElements>
`+roles+`</userTask>`, roots...)
}

// assigned is a resource assignment expression.
func assigned(text string) string {
	return `<resourceAssignmentExpression><formalExpression>` + text + `</formalExpression></resourceAssignmentExpression>`
}

var peopleCases = []diagnosticCase{
	{"performer", asked(`<humanPerformer>` + assigned("=boss") + `</humanPerformer><potentialOwner>` + assigned("user(ann), group(clerks), agents") + `</potentialOwner><resourceRole/>`), []string{}},
	{"resource", asked(`<potentialOwner><resourceRef>r</resourceRef></potentialOwner>`, `<resource id="r" name="clerks"/>`), []string{}},
	{"resource that does not exist", asked(`<potentialOwner>
<resourceRef>r</resourceRef></potentialOwner>`), []string{"5 error reference.unresolved a"}},
	{"resource with parameters", asked(`<potentialOwner id="o"><resourceRef>r</resourceRef>
<resourceParameterBinding parameterRef="q"/></potentialOwner>`, `<resource id="r"/>`), []string{"5 error element.unsupported o"}},
	{"owners by two expressions", asked(`<potentialOwner>` + assigned("=a") + `</potentialOwner><potentialOwner>` + assigned("=b") + `</potentialOwner>`), []string{"3 error element.unsupported a"}},
	{"performer of a gateway", around(`<exclusiveGateway id="a">
<performer/></exclusiveGateway>`), []string{"4 error element.misplaced a"}},
}

var globalCases = []diagnosticCase{
	{"global tasks", around(`<callActivity id="a" calledElement="g"/>`, `<globalUserTask id="g"><ioSpecification><dataInput id="i"/></ioSpecification><potentialOwner/></globalUserTask>
<globalTask id="t"/><globalManualTask id="m"/><globalScriptTask id="s1" scriptLanguage="python"><script>x</script></globalScriptTask>
<globalBusinessRuleTask id="b"/>`), []string{"7 warning task.not_managed g", "9 error task.no_decision b_task"}},
	{"only a global task", head + `<globalTask id="t"/></definitions>`, []string{}},
	{"node in a global task", head + `<globalTask id="t">
<task id="u"/></globalTask></definitions>`, []string{"2 error element.misplaced u"}},
}

// parties are two pools: p throws a message by "a", q catches one by "b". The contents of the collaboration start in line 10.
func parties(thrown, caught, collaboration string, roots ...string) string {
	return head + `
<process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="z"/><intermediateThrowEvent id="a">
<messageEventDefinition ` + thrown + `/></intermediateThrowEvent>
<sequenceFlow id="sa" sourceRef="s" targetRef="a"/><sequenceFlow id="az" sourceRef="a" targetRef="z"/></process>
<process id="q" isExecutable="true"><startEvent id="t"/><endEvent id="y"/><receiveTask id="b" ` + caught + `/>
<sequenceFlow id="tb" sourceRef="t" targetRef="b"/><sequenceFlow id="by" sourceRef="b" targetRef="y"/></process>
<message id="m" name="order"/><message id="n"/>
<correlationProperty id="number"><correlationPropertyRetrievalExpression messageRef="m"><messagePath>=number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>
<collaboration id="co"><participant id="pp" processRef="p"/><participant id="pq" processRef="q"/>
` + collaboration + `</collaboration>
` + strings.Join(roots, "\n") + `</definitions>`
}

const whole = `<correlationKey id="key"><correlationPropertyRef>number</correlationPropertyRef></correlationKey>`

var partyCases = []diagnosticCase{
	{"message flow", parties(`messageRef="m"`, "", `<messageFlow id="f" sourceRef="a" targetRef="b"/><messageFlow id="g" sourceRef="pp" targetRef="pq"/>`), []string{}},
	{"message flow with a message", parties("", "", `<messageFlow id="f" sourceRef="a" targetRef="b" messageRef="m"/>`), []string{}},
	{"message flow without message", parties("", "", `<messageFlow id="f" sourceRef="a" targetRef="b"/>`), []string{"3 error message.missing a", "5 error message.missing b"}},
	{"message flow to nothing", parties(`messageRef="m"`, `messageRef="m"`, `<messageFlow id="f" sourceRef="a" targetRef="gone" messageRef="x"/>`), []string{"10 warning reference.unresolved f", "10 error reference.unresolved f"}},
	{"message flow inside a pool", parties(`messageRef="m"`, `messageRef="m"`, `<messageFlow id="f" sourceRef="a" targetRef="z"/>`), []string{"10 error message_flow.same_process f"}},
	{"key", parties(`messageRef="m"`, `messageRef="m"`, whole+`<conversation id="talk"><correlationKey id="other"><correlationPropertyRef>number</correlationPropertyRef></correlationKey></conversation>`), []string{}},
	{"key of nothing", parties(`messageRef="m"`, `messageRef="m"`, `<correlationKey id="key">
<correlationPropertyRef>gone</correlationPropertyRef></correlationKey>`), []string{"11 error reference.unresolved key"}},
	{"part of a key", parties(`messageRef="m"`, `messageRef="m"`, `<correlationKey id="key"><correlationPropertyRef>number</correlationPropertyRef><correlationPropertyRef>day</correlationPropertyRef></correlationKey>`,
		`<correlationProperty id="day"/>`), []string{"7 error correlation.incomplete m"}},
	{
		"property read twice, and of nothing", parties(`messageRef="m"`, `messageRef="m"`, "",
			`<correlationProperty id="day">
<correlationPropertyRetrievalExpression messageRef="m"/>
<correlationPropertyRetrievalExpression messageRef="gone"/>
<correlationPropertyRetrievalExpression messageRef="m"><messagePath>=x</messagePath></correlationPropertyRetrievalExpression></correlationProperty>`),
		[]string{"7 error correlation.incomplete m", "12 error correlation.incomplete day", "13 error reference.unresolved day"},
	},
	{"too many keys", parties(`messageRef="m"`, `messageRef="m"`, manyKeys(65)), []string{"10 error correlation.too_many k64"}},
	{"too many properties", parties(`messageRef="m"`, `messageRef="m"`, "", manyProperties(64)), []string{"11 error correlation.too_many c63"}},
	{"subscription", subscribed(`correlationKeyRef="key"`, `<correlationPropertyBinding correlationPropertyRef="number"><dataPath>=id</dataPath></correlationPropertyBinding>`), []string{}},
	{"subscription of another property", subscribed(`correlationKeyRef="key"`, `
<correlationPropertyBinding correlationPropertyRef="day"><dataPath>=id</dataPath></correlationPropertyBinding>`), []string{"4 error correlation.incomplete sub"}},
	{"subscription without binding", subscribed(`correlationKeyRef="key"`, ""), []string{"3 error correlation.incomplete sub"}},
	{"subscription of no key", subscribed(`correlationKeyRef="gone"`, ""), []string{"3 error reference.unresolved sub"}},
}

func manyKeys(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, `<correlationKey id="k%d"/>`, i)
	}
	return b.String()
}

func manyProperties(count int) string {
	var b strings.Builder
	for i := range count {
		fmt.Fprintf(&b, `<correlationProperty id="c%d"><correlationPropertyRetrievalExpression messageRef="m"><messagePath>=x</messagePath></correlationPropertyRetrievalExpression></correlationProperty>`, i)
	}
	return b.String()
}

// subscribed is a process with a correlation subscription "sub" to the key of a collaboration.
func subscribed(attributes, bindings string) string {
	return around(`<correlationSubscription id="sub" `+attributes+`>`+bindings+`</correlationSubscription><task id="a"/>`,
		`<correlationProperty id="number"/><collaboration id="co">`+whole+`</collaboration>`)
}
