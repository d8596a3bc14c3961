package api_test

import "testing"

// TestDiagram tells of a running and of an ended instance what a diagram shows.
func TestDiagram(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		instance, job := k.charged()
		path := "/v2/process-instances/" + instance
		flows := k.ask("aud", "GET", path+"/sequence-flows", "").is(200, `"sequenceFlowId":"`+instance+`_f1"`, `"processDefinitionId":"order"`,
			`"rootProcessInstanceKey":"`+instance+`"`, `"elementId":"f2"`)
		if n := len(flows.at("items").([]any)); n != 2 {
			t.Errorf("%d flows: %s", n, flows.body)
		}
		const counts = "/statistics/element-instances"
		k.ask("op", "GET", path+counts, "").is(200, `{"elementId":"charge","active":1,"canceled":0,"incidents":0,"completed":0}`,
			`{"items":[{"elementId":"start","active":0,"canceled":0,"incidents":0,"completed":1}`)
		k.ask("wim", "POST", "/v2/jobs/"+job+"/failure", `{"errorMessage":"no terminal"}`).is(204)
		k.ask("op", "GET", path+counts, "").is(200, `{"elementId":"charge","active":0,"canceled":0,"incidents":1,"completed":0}`)
		k.ask("op", "POST", path+"/cancellation", "").is(204)
		k.ask("op", "GET", path+counts, "").is(200, `{"elementId":"charge","active":0,"canceled":1,"incidents":0,"completed":0}`)
		if again := k.ask("op", "GET", path+"/sequence-flows", ""); again.body != flows.body {
			t.Errorf("%s, before its end %s", again.body, flows.body)
		}
	})
}

// TestDiagramRefusals keeps both from who may not read the instance.
func TestDiagramRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		instance, _ := k.charged()
		for _, what := range []string{"/sequence-flows", "/statistics/element-instances"} {
			k.ask("ida", "GET", "/v2/process-instances/"+instance+what, "").is(404)
			k.ask("aud", "GET", "/v2/process-instances/"+instance+"0"+what, "").is(404)
			k.ask("aud", "GET", "/v2/process-instances/x"+what, "").is(400, `"code":"key.invalid"`)
		}
		k.written()
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"instance.read","outcome":"denied"}}`).is(200, "user:ida")
	})
}
