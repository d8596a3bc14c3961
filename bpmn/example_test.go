package bpmn_test

import (
	"fmt"

	"tallystick/bpmn"
)

func ExampleParse() {
	definitions, diagnostics, err := bpmn.Parse([]byte(`
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file">
  <process id="order" isExecutable="true">
    <startEvent id="placed"/>
    <sequenceFlow id="f1" sourceRef="placed" targetRef="ship"/>
    <serviceTask id="ship"/>
    <sequenceFlow id="f2" sourceRef="ship" targetRef="shipped"/>
    <endEvent id="shipped"/>
  </process>
</definitions>`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, node := range definitions.Processes[0].Body.Nodes {
		fmt.Println(node.Kind, node.ID)
	}
	for _, diagnostic := range diagnostics {
		fmt.Println(diagnostic)
	}
	// Output:
	// startEvent placed
	// serviceTask ship
	// endEvent shipped
	// 6:5 error task.no_type ship: a service task needs a zeebe:taskDefinition with a type
}
