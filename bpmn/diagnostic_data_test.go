package bpmn_test

// moving gives a task "a" an input "i" and an output "r", and associations; "o" and "q" are data objects.
func moving(associations string) string {
	return around(`<task id="a"><ioSpecification><dataInput id="i"/><dataOutput id="r"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification>
`+associations+`</task>
<dataObject id="o"/><dataObjectReference id="oRef" dataObjectRef="o" name="order"/><dataObject id="q"/><dataStoreReference id="st" dataStoreRef="file"/>`,
		`<dataStore id="file"/>`)
}

var dataCases = []diagnosticCase{
	{"moved", moving(`<dataInputAssociation><sourceRef>oRef</sourceRef><targetRef>i</targetRef></dataInputAssociation>
<dataOutputAssociation><sourceRef>r</sourceRef><targetRef>st</targetRef></dataOutputAssociation>`), []string{}},
	{"assigned", moving(`<dataInputAssociation><assignment><from>=order.id</from><to>=i.id</to></assignment></dataInputAssociation>`), []string{}},
	{"transformed", moving(`<dataInputAssociation><sourceRef>o</sourceRef><sourceRef>q</sourceRef><targetRef>i</targetRef><transformation>=o + q</transformation></dataInputAssociation>`), []string{}},
	{"drawn", moving(`<dataInputAssociation><sourceRef>o</sourceRef></dataInputAssociation><dataOutputAssociation><targetRef>o</targetRef></dataOutputAssociation>`), []string{}},
	{"of nothing", moving(`<dataInputAssociation>
<sourceRef>z</sourceRef><targetRef>i</targetRef></dataInputAssociation>`), []string{"5 error reference.unresolved a"}},
	{"several sources", moving(`<dataInputAssociation><sourceRef>o</sourceRef><sourceRef>q</sourceRef><targetRef>i</targetRef></dataInputAssociation>`), []string{"4 error data.association_invalid a"}},
	{"assigned nothing", moving(`<dataInputAssociation>
<assignment><from>=o</from></assignment></dataInputAssociation>`), []string{"5 error data.association_invalid a"}},
	{"assigned and transformed", moving(`<dataInputAssociation><sourceRef>o</sourceRef><targetRef>i</targetRef><transformation>=o</transformation><assignment><from>=o</from><to>i</to></assignment></dataInputAssociation>`), []string{"4 error data.association_invalid a"}},
	{"transformed to nowhere", moving(`<dataInputAssociation><sourceRef>o</sourceRef><transformation>=o</transformation></dataInputAssociation>`), []string{"4 error data.association_invalid a"}},
	{"node in an association", moving(`<dataInputAssociation>
<task id="t"/></dataInputAssociation>`), []string{"5 error element.misplaced t"}},
	{"of another task", around(`<task id="a"><property id="own"/></task><task id="b"><dataOutputAssociation><sourceRef>own</sourceRef>
<targetRef>own</targetRef></dataOutputAssociation></task><sequenceFlow id="ab" sourceRef="a" targetRef="b"/>`), []string{"3 error data.crosses_scope b", "4 error data.crosses_scope b"}},
	{"of a sub-process", around(`<subProcess id="a"><property id="own"/><startEvent id="t"/><dataObject id="inner"/></subProcess><task id="b"><dataOutputAssociation><sourceRef>inner</sourceRef>
<targetRef>inner</targetRef></dataOutputAssociation></task><sequenceFlow id="ab" sourceRef="a" targetRef="b"/>`), []string{"3 error data.crosses_scope b", "4 error data.crosses_scope b"}},
	{"of an event", around(`<intermediateCatchEvent id="a"><dataOutput id="content"/><outputSet><dataOutputRefs>content</dataOutputRefs></outputSet><dataOutputAssociation><sourceRef>content</sourceRef><targetRef>o</targetRef></dataOutputAssociation>` + onTimer + `</intermediateCatchEvent><dataObject id="o"/>`), []string{}},
	{"of a gateway", around(`<exclusiveGateway id="a">
<property id="i"/></exclusiveGateway>`), []string{"4 error element.misplaced i"}},
	{"set of nothing", around(`<task id="a"><ioSpecification><inputSet>
<dataInputRefs>i</dataInputRefs></inputSet></ioSpecification></task>`), []string{"4 error reference.unresolved a"}},
	{"reference to nothing", around(`<task id="a"/>
<dataObjectReference id="o" dataObjectRef="gone"/><dataStoreReference id="q" dataStoreRef="gone"/>`), []string{"4 error reference.unresolved o", "4 error reference.unresolved q"}},
	{"one variable", around(`<task id="a"/><dataObject id="o" name="my order"/>
<dataObject id="q" name="my_order"/>`), []string{"4 warning data.duplicate q"}},
	{"of a process", around(`<ioSpecification><dataInput id="i"/><dataOutput id="r"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet></ioSpecification><property id="own"/><task id="a"/>`), []string{}},
	{"collection", around(`<task id="a"><multiInstanceLoopCharacteristics><loopDataInputRef>o</loopDataInputRef><loopDataOutputRef>q</loopDataOutputRef><inputDataItem id="in1"/><outputDataItem id="out1"/></multiInstanceLoopCharacteristics></task><dataObject id="o"/><dataObject id="q"/>`), []string{}},
	{"collection by variable", around(`<task id="a"><multiInstanceLoopCharacteristics>
<loopDataInputRef>list</loopDataInputRef></multiInstanceLoopCharacteristics></task>`), []string{"4 warning reference.unresolved a"}},
	{"collection in another scope", around(`<task id="a"><multiInstanceLoopCharacteristics>
<loopDataInputRef>o</loopDataInputRef></multiInstanceLoopCharacteristics></task><subProcess id="b"><startEvent id="t"/><dataObject id="o"/></subProcess><sequenceFlow id="ab" sourceRef="a" targetRef="b"/>`), []string{"4 error data.crosses_scope a"}},
}
