package api_test

import (
	"strings"
	"testing"
)

// active finds the active instances of an element, by their keys.
func (k *kit) active(instance, element string) []string {
	k.t.Helper()
	a := k.ask("op", "POST", "/v2/element-instances/search",
		`{"filter":{"processInstanceKey":"`+instance+`","elementId":"`+element+`","state":"ACTIVE"}}`).is(200)
	var keys []string
	for range a.at("items").([]any) {
		keys = append(keys, a.text("items."+string(rune('0'+len(keys)))+".elementInstanceKey"))
	}
	return keys
}

// TestAdHoc lets people decide what is done in an ad-hoc sub-process, and then a worker.
func TestAdHoc(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("care.bpmn", read(t, "care.bpmn")).is(200)
		instance := k.start(`{"processDefinitionId":"care"}`)
		path := "/v2/element-instances/ad-hoc-activities/" + k.active(instance, "day")[0]
		k.ask("ida", "POST", path+"/activation", `{"elements":[{"elementId":"wash"}]}`).is(403, "instance.modify")
		k.ask("ida", "POST", path+"/completion", "").is(403, "instance.modify")
		for body, want := range map[string]string{
			`{"elements":[]}`:                                            `"code":"adhoc.element_unknown"`,
			`{"elements":[{"elementId":"watch"}]}`:                       `"code":"adhoc.element_unknown"`,
			`{"elements":[{"variables":{}}]}`:                            "elements[0].elementId: the field is required",
			`{"elements":[{"elementId":"wash","variables":{"":1}}]}`:     "a variable has no name",
			`{"elements":[{"elementId":"wash","variables":[]}]}`:         "an object is expected",
			`{"elements":{"elementId":"wash"}}`:                          "a list is expected",
			`{"cancelRemainingInstances":true}`:                          "elements: the field is required",
			`{"elements":[{"elementId":"wash","cancelRemaining":true}]}`: "there is no such field",
		} {
			k.ask("op", "POST", path+"/activation", body).is(400, want)
		}
		many := `{"elements":[{"elementId":"wash"}` + strings.Repeat(`,{"elementId":"wash"}`, 20_000) + `]}`
		k.ask("op", "POST", path+"/activation", many).is(409, `"code":"adhoc.full"`)
		k.ask("op", "POST", "/v2/element-instances/ad-hoc-activities/"+instance+"/activation", `{"elements":[{"elementId":"wash"}]}`).
			is(404, `"code":"adhoc.not_found"`)

		k.ask("op", "POST", path+"/activation", `{"elements":[{"elementId":"wash","variables":{"warm":true}},{"elementId":"feed"}],"reason":"morning"}`).is(204)
		wash := k.active(instance, "wash")
		if len(wash) != 1 || len(k.active(instance, "feed")) != 1 {
			t.Fatal("wash and feed are not both active")
		}
		k.ask("op", "POST", "/v2/variables/search", `{"filter":{"scopeKey":"`+wash[0]+`"}}`).is(200, `"name":"warm"`, `"value":"true"`)
		k.ask("op", "POST", path+"/activation", `{"elements":[{"elementId":"feed"}],"cancelRemainingInstances":true}`).is(204)
		if len(k.active(instance, "wash")) != 0 || len(k.active(instance, "feed")) != 1 {
			t.Error("what was active goes on")
		}
		k.ask("op", "POST", path+"/completion", `{"cancelRemainingInstances":true}`).is(204)
		k.ask("op", "POST", path+"/completion", "").is(404, `"code":"adhoc.not_found"`)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"instance.modify","outcome":"ok"}}`).is(200, `"totalItems":3`, `"user:op"`)
		k.night(instance)
	})
}

// night has the worker of an ad-hoc sub-process decide twice.
func (k *kit) night(instance string) {
	k.t.Helper()
	const fetch = `{"type":"decide","timeout":60000,"maxJobsToActivate":1}`
	job := "/v2/jobs/" + k.ask("wim", "POST", "/v2/jobs/activation", fetch).is(200).text("jobs.0.jobKey")
	k.ask("wim", "POST", job+"/completion", `{"result":{"type":"adHocSubProcess","activateElements":[{"elementId":"wash"}]}}`).
		is(400, `"code":"adhoc.element_unknown"`)
	k.ask("wim", "POST", job+"/completion", `{"result":{"type":"adHocSubProcess","activateElements":[{"elementId":"watch","variables":{"hour":3}}]}}`).is(204)
	task := k.ask("op", "POST", "/v2/user-tasks/search", `{"filter":{"elementId":"watch","state":"CREATED"}}`).is(200).text("items.0.userTaskKey")
	k.ask("root", "POST", "/v2/user-tasks/"+task+"/completion", "").is(204)
	job = "/v2/jobs/" + k.ask("wim", "POST", "/v2/jobs/activation", fetch).is(200).text("jobs.0.jobKey")
	k.ask("wim", "POST", job+"/completion", `{"result":{"type":"adHocSubProcess","isCompletionConditionFulfilled":true}}`).is(204)
	k.ask("op", "GET", "/v2/process-instances/"+instance, "").is(200, `"state":"COMPLETED"`)
}
