package engine_test

import (
	"fmt"
	"time"

	"tallystick/bpmn"
	"tallystick/engine"
)

const order = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="file" targetNamespace="http://example.org/order">
  <bpmn:error id="err" name="Sold out" errorCode="SOLD_OUT"/>
  <bpmn:process id="order" name="Order" isExecutable="true">
    <bpmn:startEvent id="placed"/>
    <bpmn:sequenceFlow id="f1" sourceRef="placed" targetRef="size"/>
    <bpmn:exclusiveGateway id="size" default="f3"/>
    <bpmn:sequenceFlow id="f2" sourceRef="size" targetRef="review">
      <bpmn:conditionExpression>=amount &gt; 100 and country in ("DE","FR")</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f3" sourceRef="size" targetRef="ship"/>
    <bpmn:userTask id="review" name="Review order">
      <bpmn:extensionElements>
        <zeebe:userTask/>
        <zeebe:assignmentDefinition candidateGroups="clerks"/>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f4" sourceRef="review" targetRef="ship"/>
    <bpmn:serviceTask id="ship">
      <bpmn:extensionElements><zeebe:taskDefinition type="ship-order"/></bpmn:extensionElements>
    </bpmn:serviceTask>
    <bpmn:boundaryEvent id="soldOut" attachedToRef="ship"><bpmn:errorEventDefinition errorRef="err"/></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f5" sourceRef="ship" targetRef="done"/>
    <bpmn:sequenceFlow id="f6" sourceRef="soldOut" targetRef="sorry"/>
    <bpmn:endEvent id="done"/>
    <bpmn:endEvent id="sorry"/>
  </bpmn:process>
</bpmn:definitions>`

// A process is parsed, compiled, and taken through two commands; records tell what happened.
func ExampleStep() {
	file, _, err := bpmn.Parse([]byte(order))
	if err != nil {
		fmt.Println(err)
		return
	}
	def, found := engine.Compile(file.Processes[0], engine.Identity{Key: 1, Version: 1})
	if found.HasErrors() {
		fmt.Println(found)
		return
	}
	meta := engine.Meta{At: time.Date(2028, 1, 31, 8, 0, 0, 0, time.UTC), Actor: "user:ann"}
	var state engine.State
	step := func(cmd engine.Command) {
		next, records, err := engine.Step(def, state, meta, cmd)
		if err != nil {
			fmt.Println("refused:", err)
			return
		}
		for _, r := range records {
			fmt.Println(r)
		}
		state = next
	}
	step(engine.StartInstance{
		Instance: engine.InstanceKey(1), Variables: engine.Variables{"amount": "250", "country": `"DE"`},
	})
	step(engine.CompleteTask{Task: state.Tasks()[0].Key, Variables: engine.Variables{"approved": "true"}})
	step(engine.ThrowJobError{Job: state.Jobs()[0].Key, Code: "SOLD_OUT"})
	step(engine.CancelInstance{})
	// Output:
	// started order v1
	// set amount = 250
	// set country = "DE"
	// activated placed
	// completed placed
	// took placed -> size
	// activated size
	// completed size
	// took size -> review
	// activated review
	// task created review groups [clerks]
	// task completed review by user:ann
	// set approved = true
	// completed review
	// took review -> ship
	// activated ship
	// job created ship type ship-order retries 3
	// job threw ship error SOLD_OUT
	// error SOLD_OUT from ship, caught by soldOut
	// terminated ship
	// activated soldOut
	// completed soldOut
	// took soldOut -> sorry
	// activated sorry
	// completed sorry
	// instance completed
	// refused: instance.ended: the instance is COMPLETED
}
