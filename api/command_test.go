package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tallystick/api"
	"tallystick/host"
)

// TestStart has one case for each way to start an instance, or to fail to.
func TestStart(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	key := k.deploy("quick.bpmn", read(t, "quick.bpmn")).is(200).text("deployments.0.processDefinition.processDefinitionKey")
	const path = "/v2/process-instances"
	for body, want := range map[string]string{
		`{"processDefinitionId":"quick"}`:                                                                                                       `"variables":{}`,
		`{"processDefinitionId":"quick","processDefinitionVersion":-1,"tags":["a-1"]}`:                                                          `"tags":["a-1"]`,
		`{"processDefinitionId":"quick","processDefinitionVersion":1,"operationReference":9}`:                                                   `"processDefinitionVersion":1`,
		`{"processDefinitionKey":"` + key + `","businessId":"B","tenantId":""}`:                                                                 `"businessId":"B"`,
		`{"processDefinitionKey":"` + key + `","startInstructions":[],"runtimeInstructions":null,"tags":null}`:                                  `"processDefinitionId":"quick"`,
		`{"processDefinitionKey":"` + key + `","awaitCompletion":true,"variables":{"n":21}}`:                                                    `"twice":42`,
		`{"processDefinitionKey":"` + key + `","awaitCompletion":true,"requestTimeout":5000,"fetchVariables":["twice"],"variables":{"n":1.25}}`: `"variables":{"twice":2.5`,
	} {
		k.ask("mod", "POST", path, body).is(200, want)
	}
	for body, want := range map[string]string{
		`{}`: "exactly one of",
		`{"processDefinitionId":"quick","processDefinitionKey":"` + key + `"}`:                 "exactly one of",
		`{"processDefinitionId":"quick","processDefinitionVersion":0}`:                         "a version is 1 or more",
		`{"processDefinitionId":"quick","tenantId":"other"}`:                                   "the only tenant is",
		`{"processDefinitionId":"quick","businessId":""}`:                                      "1 to 256 characters",
		`{"processDefinitionId":"quick","tags":["1"]}`:                                         "tags[0]: a tag is a letter",
		`{"processDefinitionId":"quick","tags":["a","a","a","a","a","a","a","a","a","a","a"]}`: "more than 10 tags",
		`{"processDefinitionId":"quick","startInstructions":[{"elementId":"x"}]}`:              "not supported by this server",
		`{"processDefinitionId":"quick","variables":[]}`:                                       "variables: an object is expected",
		`{"processDefinitionId":"quick","variables":{"":1}}`:                                   "a variable has no name",
		`{"processDefinitionId":"quick","awaitCompletion":"yes"}`:                              "true or false is expected",
		`{"processDefinitionId":"quick","processDefinitionVersoin":1}`:                         `did you mean \"processDefinitionVersion\"?`,
	} {
		k.ask("mod", "POST", path, body).is(400, want)
	}
	k.ask("mod", "POST", path, `{"processDefinitionId":"none"}`).is(404, `"code":"process.not_found"`)
	k.ask("mod", "POST", path, `{"processDefinitionId":"quick","processDefinitionVersion":2}`).is(404)
	k.ask("mod", "POST", path, `{"processDefinitionKey":"-5"}`).is(404)
	k.ask("mod", "POST", path, "").is(400, "a JSON body is required")
}

// TestAwait gives up waiting and tells which instance goes on.
func TestAwait(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
	a := k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"order","awaitCompletion":true,"requestTimeout":1}`).
		is(504, `"title":"DEADLINE_EXCEEDED"`)
	k.ask("op", "GET", "/v2/process-instances/"+a.text("processInstanceKey"), "").is(200, `"state":"ACTIVE"`)
	instance := "/v2/process-instances/" + a.text("processInstanceKey")
	k.ask("op", "POST", instance+"/resumption", "").is(409, `"code":"instance.not_suspended"`)
	k.ask("op", "POST", instance+"/suspension", `{"reason":"a wrong price"}`).is(204)
	k.ask("op", "POST", instance+"/suspension", "").is(409, `"code":"instance.suspended"`)
	k.ask("op", "GET", instance, "").is(200, `"state":"SUSPENDED"`, `"suspendedDate":"`)
	k.ask("op", "POST", "/v2/process-instances/search", `{"filter":{"state":"SUSPENDED"}}`).is(200, `"totalItems":1`)
	k.ask("op", "POST", instance+"/resumption", "").is(204)
	k.ask("op", "GET", instance, "").is(200, `"state":"ACTIVE"`, `"suspendedDate":null`)
	k.ask("op", "POST", "/v2/process-instances/"+a.text("processInstanceKey")+"/cancellation", "").is(204)
	k.ask("op", "POST", "/v2/process-instances/"+a.text("processInstanceKey")+"/cancellation", "{}").is(404, `"code":"instance.ended"`)
}

// TestIdempotency repeats commands under a key.
func TestIdempotency(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("quick.bpmn", read(t, "quick.bpmn")).is(200)
	const path, body = "/v2/process-instances", `{"processDefinitionId":"quick","variables":{"n":1}}`
	key := header("Idempotency-Key", "start-1")
	first := k.ask("mod", "POST", path, body, key).is(200)
	again := k.ask("mod", "POST", path, ` {"variables":{ "n":1 },"processDefinitionId":"quick"}`, key).is(200)
	if again.body != first.body {
		t.Errorf("a repetition answers %s, the first was %s", again.body, first.body)
	}
	k.ask("mod", "POST", path, `{"processDefinitionId":"quick","variables":{"n":2}}`, key).is(422, `"code":"command.reused"`)
	if other := k.ask("op", "POST", path, body, key).is(200); other.text("processInstanceKey") == first.text("processInstanceKey") {
		t.Error("a key of one person answers another")
	}
	k.ask("mod", "POST", path, body, header("Idempotency-Key", strings.Repeat("x", 256))).is(400)
	k.ask("op", "POST", "/v2/process-instances/search", "").is(200, `"totalItems":2`)

	files, contentType := upload("quick.bpmn", strings.ReplaceAll(read(t, "quick.bpmn"), "* 2", "* 3"))
	deploy := func() answer {
		return k.ask("mod", "POST", "/v2/deployments", files, header("Content-Type", contentType), header("Idempotency-Key", "d-1")).is(200)
	}
	if a, b := deploy(), deploy(); a.text("deploymentKey") != b.text("deploymentKey") {
		t.Error("a repeated deployment has another key")
	}
}

// TestTasks has the refusals of task commands.
func TestTasks(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
	k.start(`{"processDefinitionId":"order"}`)
	path := "/v2/user-tasks/" + k.ask("ida", "POST", "/v2/user-tasks/search", "").text("items.0.userTaskKey")
	k.ask("ida", "POST", path+"/assignment", `{"assignee":"otto"}`).is(403, "task.assign")
	k.ask("op", "POST", path+"/assignment", `{"assignee":"otto"}`).is(204)
	k.ask("ida", "POST", path+"/assignment", `{"assignee":"ida","allowOverride":false}`).is(409, `"code":"task.assigned"`, `"title":"INVALID_STATE"`)
	k.ask("ida", "POST", path+"/assignment", `{"assignee":""}`).refuses(400, 403)
	k.ask("ida", "PATCH", path, `{"changeset":{"priority":101}}`).is(400, `"code":"task.priority_invalid"`)
	k.ask("ida", "PATCH", path, `{"changeset":{"dueDate":"soon"}}`).is(400, "changeset.dueDate: a date-time")
	k.ask("ida", "PATCH", path, `{"changeset":{"dueDate":"2027-01-01T00:00:00Z","candidateUsers":["otto"]}}`).is(204)
	k.ask("otto", "PATCH", path, `{"changeset":{"dueDate":""}}`).is(204)
	k.ask("otto", "GET", path, "").is(200, `"dueDate":null`, `"candidateUsers":["otto"]`)
	k.ask("otto", "POST", path+"/completion", `{"variables":null}`).is(204)
	k.ask("otto", "POST", path+"/completion", `{}`).refuses(404, 409)
	k.ask("otto", "GET", path, "").is(200, `"state":"COMPLETED"`)
}

// TestJobs has the ends of jobs that the story does not have.
func TestJobs(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
	instance := k.start(`{"processDefinitionId":"order","variables":{"amount":42.50}}`)
	task := k.ask("ida", "POST", "/v2/user-tasks/search", "").text("items.0.userTaskKey")
	job := k.charge(task)
	path := "/v2/jobs/" + job
	for body, want := range map[string]string{
		`{"changeset":{}}`:                         "nothing to change",
		`{"changeset":null}`:                       "changeset: the field is required",
		`{"changeset":{"priority":2147483648}}`:    "job.priority_invalid",
		`{"changeset":{"retries":0}}`:              "job.retries_invalid",
		`{"changeset":{"retries":1,"timeout":-1}}`: "job.timeout_invalid",
		`{"changeset":{"retries":-1}}`:             "retries are from 0",
		`{"changeset":{"retries":"3"}}`:            "a whole number is expected",
	} {
		k.ask("wim", "PATCH", path, body).is(400, want)
	}
	k.ask("wim", "POST", path+"/failure", `{"retries":1,"retryBackoff":-1}`).is(400)
	k.ask("wim", "POST", path+"/failure", `{"retries":99999999999}`).is(400)
	k.ask("wim", "POST", path+"/completion", `{"result":{"type":"userTask","denied":true}}`).is(400, "job.result_invalid")
	k.ask("wim", "POST", path+"/error", `{"errorMessage":"x"}`).is(400, "errorCode: the field is required")
	k.ask("ida", "POST", path+"/error", `{"errorCode":"NO_MONEY"}`).is(403)
	k.ask("wim", "POST", path+"/error", `{"errorCode":"NO_MONEY","jobLeaseToken":"","leaseToken":null}`).is(204)
	k.ask("wim", "POST", path+"/completion", "").is(404)
	k.ask("op", "POST", "/v2/element-instances/search", `{"filter":{"processInstanceKey":"`+instance+`","elementId":"declined"}}`).
		is(200, `"state":"COMPLETED"`)
	for body, want := range map[string]string{
		`{"type":"","timeout":1,"maxJobsToActivate":1}`:                    "the type is empty",
		`{"type":"x","timeout":0,"maxJobsToActivate":1}`:                   "the time limit must be positive",
		`{"type":"x","timeout":1,"maxJobsToActivate":0}`:                   "at least one job",
		`{"type":"x","timeout":9223372036854775807,"maxJobsToActivate":1}`: "longer than ten years",
		`{"type":"x","timeout":1,"maxJobsToActivate":1,"tenantIds":["t"]}`: "the only tenant",
		`{"timeout":1,"maxJobsToActivate":1}`:                              "type: the field is required",
	} {
		k.ask("wim", "POST", "/v2/jobs/activation", body).is(400, want)
	}
}

// TestLongPoll holds an activation until there is a job, and gives up when the client does.
func TestLongPoll(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
	k.start(`{"processDefinitionId":"order"}`)
	task := k.ask("ida", "POST", "/v2/user-tasks/search", "").text("items.0.userTaskKey")
	got := make(chan answer, 1)
	go func() {
		got <- k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"charge","timeout":60000,"maxJobsToActivate":1,"withLease":true}`)
	}()
	k.ask("ida", "POST", "/v2/user-tasks/"+task+"/completion", "").is(204)
	locked := (<-got).is(200, `"type":"charge"`, `"leaseToken":"1"`, `"jobLeaseToken":"1"`)
	job := "/v2/jobs/" + locked.text("jobs.0.jobKey")
	for _, token := range []string{"2", "0", "x"} {
		k.ask("wim", "POST", job+"/failure", `{"retries":1,"jobLeaseToken":"`+token+`"}`).is(409, `"code":"job.lease_stale"`)
		k.ask("wim", "PATCH", job, `{"changeset":{"retries":2},"leaseToken":"`+token+`"}`).is(409, `"code":"job.lease_stale"`)
	}
	k.ask("wim", "PATCH", job, `{"changeset":{"timeout":60000},"leaseToken":"7"}`).is(409)
	k.ask("wim", "PATCH", job, `{"changeset":{"timeout":60000},"leaseToken":"1"}`).is(204)
	ctx, hangUp := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer hangUp()
	gone := func(r *http.Request) { *r = *r.WithContext(ctx) }
	k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"charge","timeout":60000,"maxJobsToActivate":1}`, gone).is(504)
}

// TestDecision evaluates a decision on its own.
func TestDecision(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.deploy("lane.dmn", read(t, "lane.dmn")).is(200)
	key := d.text("deployments.1.decisionDefinition.decisionDefinitionKey")
	const path = "/v2/decision-definitions/"
	k.ask("mod", "POST", path+"evaluation", `{"decisionDefinitionId":"lane","variables":{"amount":100},"tenantId":"<default>"}`).
		is(200, `"output":"\"slow\""`, `"ruleId":"large"`, `"ruleIndex":2`, `"inputName":"Amount"`, `"failureMessage":null`, key)
	k.ask("mod", "POST", path+"evaluation", `{"decisionDefinitionKey":"`+key+`","variables":{"amount":1}}`).is(200, `"output":"\"fast\""`)
	k.ask("mod", "POST", path+"evaluation", `{"decisionDefinitionId":"none"}`).is(404, `"code":"decision.not_deployed"`)
	k.ask("mod", "POST", path+"evaluation", `{}`).is(400, "exactly one of")
	k.ask("ida", "POST", path+"evaluation", `{"decisionDefinitionId":"lane"}`).is(403)
	k.ask("mod", "POST", path+"search", `{"filter":{"name":{"$like":"L*"}}}`).is(200, key)
	k.ask("mod", "GET", path+key, "").is(200, `"decisionRequirementsName":"Lanes"`)
	if a := k.ask("mod", "GET", path+key+"/xml", "").is(200, "decisionTable"); a.header.Get("Content-Type") != "text/xml; charset=utf-8" {
		t.Errorf("the type is %q", a.header.Get("Content-Type"))
	}
}

// TestDeploymentRefusals has the ways in which a deployment is not acceptable.
func TestDeploymentRefusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	order := read(t, "order.bpmn")
	k.deploy("order.bpmn", strings.Replace(order, `targetRef="end"`, `targetRef="nowhere"`, 1)).
		is(400, `"code":"definition.invalid"`, `"resource":"order.bpmn"`, `"line":`)
	k.deploy("order.bpmn", "<a/>").is(400)
	k.deploy("order.exe", "x").is(400)
	k.deploy("a.bpmn", order, "dir/a.bpmn", order).is(400, "comes twice")
	k.deploy("", order).is(400)
	k.deploy().is(400, "no part")
	k.deploy("big.form", strings.Repeat("x", 9<<20)).is(413)
	k.deploy("a.form", strings.Repeat("x", 7<<20), "b.form", strings.Repeat("x", 7<<20), "c.form", strings.Repeat("x", 7<<20)).is(413)
	k.ask("mod", "POST", "/v2/deployments", "{}").is(415)
	k.ask("mod", "POST", "/v2/deployments", "junk", header("Content-Type", "multipart/form-data; boundary=b")).is(400)
	for part, status := range map[string]int{"tenantId\"\r\n\r\n<default>": 400, "tenantId\"\r\n\r\nother": 400, "else\"\r\n\r\nx": 400} {
		body := "--b\r\nContent-Disposition: form-data; name=\"" + part + "\r\n--b--\r\n"
		k.ask("mod", "POST", "/v2/deployments", body, header("Content-Type", "multipart/form-data; boundary=b")).is(status)
	}
	again := k.deploy("order.bpmn", order, "review.form", read(t, "review.form")).is(200)
	same := k.deploy("order.bpmn", order).is(200, `"processDefinitionVersion":1`)
	if again.text("deployments.0.processDefinition.processDefinitionKey") != same.text("deployments.0.processDefinition.processDefinitionKey") {
		t.Error("the same bytes have another key")
	}
	form := again.text("deployments.1.form.formKey")
	k.ask("mod", "GET", "/v2/forms/"+form, "").is(200, `"formId":"review-form"`)
	k.ask("ida", "GET", "/v2/forms/"+form, "").is(404)
}

// TestClock moves the test clock; a real clock stays.
func TestClock(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "PUT", "/v2/clock", `{"timestamp":4102444800000}`).is(204)
	k.ask("root", "PUT", "/v2/clock", `{"timestamp":"2100-01-01T00:00:00Z"}`).is(204)
	k.ask("root", "PUT", "/v2/clock", `{"timestamp":true}`).is(400)
	k.ask("root", "PUT", "/v2/clock", `{}`).is(400)
	k.ask("root", "POST", "/v2/clock/reset", "").is(204)
	k.ask("op", "POST", "/v2/clock/reset", "").is(403)
	fixed := newKit(t, func(_ *api.Options, h *host.Options) { h.TestClock = false })
	fixed.ask("root", "PUT", "/v2/clock", `{"timestamp":4102444800000}`).is(403, `"code":"clock.real"`)
}

// TestServer reads what describes the server.
func TestServer(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("ida", "GET", "/v2/topology", "").is(200, `"gatewayVersion":"8.9.0"`, `"role":"leader"`, `"product":"Tallystick"`)
	k.ask("ida", "GET", "/v2/authentication/me", "").is(200, `"username":"ida"`, `"groups":["inspectors"]`, `"roles":["clerk"]`, `"c8Links":{}`)
	k.ask("", "GET", "/v2/status", "").is(204)
	k.ask("", "GET", "/livez", "").is(200)
	k.ask("", "GET", "/readyz", "").is(200)
	k.ask("", "GET", "/v2/license", "").is(200, "Apache-2.0")
	k.ask("", "GET", "/v2/openapi.yaml", "").is(200, "openapi: 3.1.0")
	real := httptest.NewServer(k.server)
	defer real.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, real.URL+"/v2/topology", nil)
	must(t, err)
	r.SetBasicAuth("ida", password)
	res, err := real.Client().Do(r)
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("over a connection: %d", res.StatusCode)
	}
}

// TestReadTimeout waits longer than the server's time limit for reading.
func TestReadTimeout(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	s := httptest.NewUnstartedServer(k.server)
	s.Config.ReadTimeout = 50 * time.Millisecond
	s.Start()
	defer s.Close()
	const body = `{"type":"none","timeout":1000,"maxJobsToActivate":1,"requestTimeout":300}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/v2/jobs/activation", strings.NewReader(body))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.SetBasicAuth("wim", password)
	res, err := s.Client().Do(r)
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
}
