package api_test

import "testing"

// TestModification moves tokens in the form of Camunda 8, on both databases.
func TestModification(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
		instance := "/v2/process-instances/" + k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"order"}`).is(200).text("processInstanceKey")
		path := instance + "/modification"
		move := `{"moveInstructions":[{"sourceElementInstruction":{"sourceType":"byId","sourceElementId":"review"},"targetElementId":"charge",` +
			`"ancestorScopeInstruction":{"ancestorScopeType":"inferred"},"variableInstructions":[{"variables":{"by":"hand"}},{"scopeId":"charge","variables":{"sum":7}}]}],` +
			`"reason":"reviewed by letter"}`
		k.ask("mod", "POST", path, move).is(403)
		for _, hostile := range []string{
			`{"moveInstructions":[{"sourceElementInstruction":{"sourceType":"byId"},"targetElementId":"charge"}]}`,
			`{"moveInstructions":[{"sourceElementInstruction":{"sourceType":"byMagic"},"targetElementId":"charge"}]}`,
			`{"moveInstructions":[{"targetElementId":"charge"}]}`,
			`{"activateInstructions":[{"elementId":"start"}]}`,
			`{"activateInstructions":[{"elementId":"charge","ancestorElementInstanceKey":"x"}]}`,
			`{"activateInstructions":{"elementId":"charge"}}`,
			`{"terminateInstructions":[{"elementId":"nobody\u0000"}]}`,
			`{"terminateInstructions":[{}]}`,
			`{"goto":"end"}`,
			`{}`,
		} {
			k.ask("op", "POST", path, hostile).is(400)
		}
		k.ask("op", "POST", path, `{"terminateInstructions":[{"elementId":"charge"}]}`).is(409, `"code":"modification.state"`, "terminate[0] charge")
		k.ask("op", "POST", path, move).is(204)
		k.ask("op", "POST", "/v2/element-instances/search", `{"filter":{"state":"TERMINATED"}}`).is(200, `"elementId":"review"`)
		k.ask("op", "POST", "/v2/element-instances/search", `{"filter":{"elementId":"charge"}}`).is(200, `"state":"ACTIVE"`)
		k.ask("op", "POST", "/v2/variables/search", `{"filter":{"name":"sum"}}`).is(200, `"value":"7"`)
		k.ask("op", "POST", path, `{"terminateInstructions":[{"elementId":"charge"}]}`).is(204)
		k.ask("op", "GET", instance, "").is(200, `"state":"TERMINATED"`)
	})
}
