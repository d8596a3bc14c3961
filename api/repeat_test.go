package api_test

import (
	"strings"
	"testing"
)

// startedByEvent is a process that starts by the definition of an event.
func startedByEvent(id, definition string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test"><bpmn:signal id="alarm" name="alarm"/>
<bpmn:process id="` + id + `" isExecutable="true"><bpmn:startEvent id="start">` + definition + `</bpmn:startEvent>
<bpmn:endEvent id="end"/><bpmn:sequenceFlow id="f" sourceRef="start" targetRef="end"/></bpmn:process></bpmn:definitions>`
}

// TestRepeatedBroadcastAndEvaluation: a broadcast, and an evaluation of conditions, that is repeated with its key
// answers the same and starts nothing; another request with the key is refused.
func TestRepeatedBroadcastAndEvaluation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("heard.bpmn", startedByEvent("heard", `<bpmn:signalEventDefinition id="s" signalRef="alarm"/>`)).is(200)
		k.deploy("much.bpmn", startedByEvent("much", `<bpmn:conditionalEventDefinition id="c"><bpmn:condition>=n &gt; 1</bpmn:condition></bpmn:conditionalEventDefinition>`)).is(200)
		for path, bodies := range map[string][2]string{
			"/v2/signals/broadcast":       {`{"signalName":"alarm"}`, `{"signalName":"other"}`},
			"/v2/conditionals/evaluation": {`{"variables":{"n":2}}`, `{"variables":{"n":3}}`},
		} {
			key := header("Idempotency-Key", "once "+path)
			first := k.ask("mod", "POST", path, bodies[0], key).is(200)
			if again := k.ask("mod", "POST", path, bodies[0], key).is(200); again.body != first.body {
				t.Errorf("a repetition answers %s, the first was %s", again.body, first.body)
			}
			k.ask("mod", "POST", path, bodies[1], key).is(422, `"code":"command.reused"`)
			k.ask("mod", "POST", path, bodies[0], header("Idempotency-Key", strings.Repeat("x", 256))).is(400)
		}
		k.ask("op", "POST", "/v2/process-instances/search", `{"filter":{"processDefinitionId":"much"}}`).is(200, `"totalItems":1`)
		if n := k.entries("signal.broadcast"); n != 1 {
			t.Errorf("%v broadcasts", n)
		}
	})
}
