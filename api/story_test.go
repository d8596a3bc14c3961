package api_test

import (
	"strings"
	"testing"

	"tallystick/audit"
)

// TestStory walks one process over every kind of route, as the people who would.
func TestStory(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.deploy("order.bpmn", read(t, "order.bpmn"), "lane.dmn", read(t, "lane.dmn"), `C:\files\review.form`, read(t, "review.form"))
	d.is(200, `"resourceName":"review.form"`, `"decisionDefinitionId":"lane"`, `"processDefinitionId":"order"`)
	process := d.text("deployments.0.processDefinition.processDefinitionKey")
	k.ask("mod", "GET", "/v2/process-definitions/"+process, "").is(200, `"hasStartForm":false`)
	k.ask("mod", "GET", "/v2/process-definitions/"+process+"/xml", "").is(200, `<bpmn:process id="order"`)
	k.ask("mod", "POST", "/v2/process-definitions/search", `{"filter":{"isLatestVersion":true}}`).is(200, `"totalItems":1`)

	instance := k.start(`{"processDefinitionId":"order","tenantId":"<default>","variables":{"amount":42.50},"tags":["vip"],"businessId":"B-1"}`)
	k.ask("op", "POST", "/v2/process-instances/search",
		`{"filter":{"tags":["vip"],"variables":[{"name":"amount","value":"42.50"}],"state":"active","$or":[{"businessId":"B-1"},{"hasIncident":true}]}}`).
		is(200, instance, `"tags":["vip"]`)
	k.ask("op", "GET", "/v2/process-instances/"+instance, "").is(200, `"endDate":null`)

	task := k.review(instance)
	job := k.charge(task)
	k.ask("wim", "POST", "/v2/jobs/"+job+"/failure", `{"retries":0,"errorMessage":"no terminal"}`).is(204)
	incident := k.ask("op", "POST", "/v2/process-instances/"+instance+"/incidents/search", "").is(200, "JOB_NO_RETRIES").text("items.0.incidentKey")
	k.ask("op", "GET", "/v2/incidents/"+incident, "").is(200, job)
	k.ask("op", "POST", "/v2/incidents/"+incident+"/resolution", `{"retries":1,"reason":"terminal is back"}`).is(204)
	job = k.activate()
	k.ask("wim", "PATCH", "/v2/jobs/"+job, `{"changeset":{"timeout":60000,"retries":5}}`).is(204)
	k.ask("wim", "POST", "/v2/jobs/"+job+"/completion", `{"variables":{"receipt":"R-1"},"result":{}}`).is(204)
	k.ask("op", "GET", "/v2/process-instances/"+instance, "").is(200, `"state":"COMPLETED"`)
	k.ask("op", "POST", "/v2/jobs/search", `{"filter":{"processInstanceKey":"`+instance+`"},"sort":[{"field":"jobKey","order":"desc"}]}`).is(200, `"state":"COMPLETED"`)
	k.audited(instance)
}

// review finds the task, claims it and completes it as its candidate.
func (k *kit) review(instance string) string {
	k.t.Helper()
	task := k.ask("ida", "POST", "/v2/user-tasks/search", `{"filter":{"state":"CREATED","candidateGroup":"inspectors"}}`).
		is(200, instance, `"customHeaders":{"colour":"blue"}`).text("items.0.userTaskKey")
	path := "/v2/user-tasks/" + task
	k.ask("otto", "POST", "/v2/user-tasks/search", "").is(200, `"items":[]`)
	k.ask("otto", "GET", path, "").is(404)
	k.ask("otto", "POST", path+"/completion", "{}").is(403)
	k.ask("ida", "GET", path, "").is(200, `"assignee":null`)
	k.ask("ida", "GET", path+"/form", "").is(200, "textfield")
	k.ask("ida", "POST", path+"/variables/search", "").is(200, `"value":"42.50"`)
	k.ask("ida", "POST", path+"/assignment", `{"assignee":"ida","allowOverride":false,"action":"claim"}`).is(204)
	k.ask("ida", "DELETE", path+"/assignee", "").is(204)
	k.ask("ida", "POST", path+"/assignment", `{"assignee":"ida"}`).is(204)
	k.ask("ida", "PATCH", path, `{"changeset":{"priority":80,"dueDate":"2027-01-01T10:00:00+02:00"}}`).is(204)
	k.ask("ida", "GET", path, "").is(200, `"dueDate":"2027-01-01T08:00:00Z"`, `"priority":80`)
	return task
}

// charge completes the task and gets the job behind it.
func (k *kit) charge(task string) string {
	k.t.Helper()
	k.ask("ida", "POST", "/v2/user-tasks/"+task+"/completion", `{"variables":{"note":"fine"},"reason":"looked at it"}`).is(204)
	return k.activate()
}

func (k *kit) activate() string {
	k.t.Helper()
	return k.ask("wim", "POST", "/v2/jobs/activation",
		`{"type":"charge","worker":"w1","timeout":60000,"maxJobsToActivate":5,"requestTimeout":-1,"tenantIds":["<default>"],"fetchVariable":["amount"]}`).
		is(200, `"variables":{"amount":42.50}`, `"userTask":null`).text("jobs.0.jobKey")
}

// audited reads the story back from the log, exports it and verifies both.
func (k *kit) audited(instance string) {
	k.t.Helper()
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"processInstanceKey":"`+instance+`","category":"task"}}`).
		is(200, `"action":"task.complete"`, `"reason":"looked at it"`, `"actor":"user:ida"`)
	k.written()
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"outcome":"denied","actor":"user:otto"}}`).is(200, "task.complete", "task.read")
	k.ask("aud", "POST", "/v2/audit-entries/verify", "").is(200, `"breaks":[]`, `"breakCount":0`)
	for _, query := range []string{"", "?processInstanceKey=" + instance, "?private=false", "?stream=pi/" + instance, "?from=2020-01-01T00:00:00Z"} {
		export := k.ask("aud", "GET", "/v2/audit-entries/export"+query, "").is(200)
		report, err := audit.Verify(strings.NewReader(export.body))
		if err != nil || !report.OK() || report.Entries == 0 {
			k.t.Errorf("export%s: %v\n%s", query, err, report.String())
		}
	}
}
