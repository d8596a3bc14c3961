package api_test

import (
	"fmt"
	"testing"
)

// hear activates the next job of a type and completes it with a body.
func (k *kit) hear(jobType, body string) answer {
	k.t.Helper()
	a := k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"`+jobType+`","timeout":60000,"maxJobsToActivate":1,"requestTimeout":30000}`).is(200)
	k.ask("wim", "POST", "/v2/jobs/"+a.text("jobs.0.jobKey")+"/completion", body).is(204)
	return a
}

// meanwhile sends a request that waits for listeners, lets them answer, and returns what came of it.
func (k *kit) meanwhile(who, method, path, body string, listeners func()) answer {
	k.t.Helper()
	answered := make(chan answer, 1)
	go func() { answered <- k.ask(who, method, path, body) }()
	listeners()
	return <-answered
}

// TestTaskListeners holds what happens to a user task until its listeners have answered.
func TestTaskListeners(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("approve.bpmn", read(t, "approve.bpmn")).is(200)
		instance := k.start(`{"processDefinitionId":"approve"}`)
		a := k.hear("open", `{"variables":{"amount":7}}`)
		a.is(200, `"kind":"EXECUTION_LISTENER"`, `"listenerEventType":"START"`, `"elementId":"approve"`, `"elementInstanceKey":"`+instance+`"`, `"userTask":null`)
		find := `{"filter":{"processInstanceKey":"` + instance + `"}}`
		task := k.ask("ida", "POST", "/v2/user-tasks/search", find).is(200, `"state":"CREATING"`).text("items.0.userTaskKey")
		path := "/v2/user-tasks/" + task
		k.ask("ida", "POST", path+"/assignment", `{"assignee":"ida"}`).is(409, `"code":"task.held"`, "CREATING")
		a = k.hear("hear", `{"result":{"type":"userTask","denied":false,"corrections":{"priority":80,"candidateUsers":["otto"],"dueDate":"2027-01-01T00:00:00Z","assignee":null}}}`)
		a.is(200, `"kind":"TASK_LISTENER"`, `"listenerEventType":"CREATING"`, `"userTaskKey":"`+task+`"`, `"candidateGroups":["inspectors"]`, `"changedAttributes":[]`, `"priority":50`, `"dueDate":null`)
		k.ask("otto", "GET", path, "").is(200, `"state":"CREATED"`, `"priority":80`, `"dueDate":"2027-01-01T00:00:00Z"`)

		denied := `{"result":{"type":"userTask","denied":true,"deniedReason":"on leave"}}`
		k.meanwhile("ida", "POST", path+"/assignment", `{"assignee":"ida"}`, func() {
			k.hear("hear", denied).is(200, `"listenerEventType":"ASSIGNING"`, `"action":"assign"`, `"assignee":"ida"`, `"changedAttributes":["assignee"]`)
		}).is(409, `"code":"task.denied"`, "on leave")
		k.ask("op", "POST", "/v2/jobs/search", `{"filter":{"isDenied":true,"kind":"TASK_LISTENER","listenerEventType":"ASSIGNING"}}`).is(200, `"deniedReason":"on leave"`, `"totalItems":1`)
		k.meanwhile("ida", "POST", path+"/assignment", `{"assignee":"ida"}`, func() { k.hear("hear", "") }).is(204)
		k.meanwhile("ida", "PATCH", path, `{"changeset":{"priority":10}}`, func() {
			k.hear("hear", `{"result":{"type":"userTask","corrections":{"priority":20,"dueDate":""}}}`).is(200, `"listenerEventType":"UPDATING"`, `"changedAttributes":["priority"]`, `"priority":10`)
		}).is(204)
		k.ask("ida", "GET", path, "").is(200, `"priority":20`, `"dueDate":null`, `"assignee":"ida"`)
		k.meanwhile("ida", "DELETE", path+"/assignee", "", func() { k.hear("hear", `{"result":{"type":"userTask","corrections":{"assignee":"otto"}}}`) }).is(204)
		k.ask("otto", "GET", path, "").is(200, `"assignee":"otto"`)

		for body, want := range map[string]string{
			`{"result":{"denied":"yes"}}`:                                                  "result.denied",
			`{"result":{"corrections":{"name":"x"}}}`:                                      "there is no such field",
			`{"result":{"corrections":{"priority":101}}}`:                                  "task.priority_invalid",
			`{"result":{"corrections":{"dueDate":"soon"}}}`:                                "a date-time",
			`{"result":{"denied":true,"corrections":{"priority":1}}}`:                      "job.result_invalid",
			`{"result":{"type":"adHocSubProcess","activateElements":[{"elementId":"x"}]}}`: "adhoc.result_unexpected",
		} {
			k.meanwhile("otto", "POST", path+"/completion", `{"variables":{"ok":true}}`, func() {
				j := k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"hear","timeout":60000,"maxJobsToActivate":1,"requestTimeout":30000}`).is(200, `"ok":true`, `"amount":7`)
				k.ask("wim", "POST", "/v2/jobs/"+j.text("jobs.0.jobKey")+"/completion", body).is(400, want)
				k.ask("wim", "POST", "/v2/jobs/"+j.text("jobs.0.jobKey")+"/error", `{"errorCode":"E"}`).is(409, "job.listener_error")
				k.ask("wim", "POST", "/v2/jobs/"+j.text("jobs.0.jobKey")+"/completion", `{"result":{"type":"userTask","denied":true}}`).is(204)
			}).is(409, `"code":"task.denied"`)
		}
		k.meanwhile("otto", "POST", path+"/completion", `{"variables":{"ok":true}}`, func() { k.hear("hear", `{"variables":{"checked":true}}`) }).is(204)
		k.ask("op", "GET", "/v2/process-instances/"+instance, "").is(200, `"state":"COMPLETED"`)
		for name, value := range map[string]string{"ok": "true", "checked": "true", "amount": "7"} {
			k.ask("op", "POST", "/v2/variables/search", fmt.Sprintf(`{"filter":{"scopeKey":%q,"name":%q}}`, instance, name)).is(200, `"value":"`+value+`"`)
		}
	})
}

// TestCancelingListener holds the end of an instance.
func TestCancelingListener(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("approve.bpmn", read(t, "approve.bpmn")).is(200)
		instance := k.start(`{"processDefinitionId":"approve"}`)
		k.hear("open", "")
		k.hear("hear", "")
		cancel := "/v2/process-instances/" + instance + "/cancellation"
		k.ask("op", "POST", cancel, "").is(204)
		k.ask("op", "POST", cancel, "").is(409, "instance.terminating")
		find := `{"filter":{"processInstanceKey":"` + instance + `"}}`
		k.ask("ida", "POST", "/v2/user-tasks/search", find).is(200, `"state":"CANCELING"`)
		k.hear("hear", "").is(200, `"listenerEventType":"CANCELING"`)
		k.ask("ida", "POST", "/v2/user-tasks/search", find).is(200, `"state":"CANCELED"`)
		k.ask("op", "GET", "/v2/process-instances/"+instance, "").is(200, `"state":"TERMINATED"`)
	})
}
