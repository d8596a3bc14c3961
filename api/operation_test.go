package api_test

import "testing"

// charged starts an order whose job is there to be done, and returns the keys of the instance and of the job.
func (k *kit) charged() (instance, job string) {
	k.t.Helper()
	k.deploy("order.bpmn", read(k.t, "order.bpmn"), "review.form", read(k.t, "review.form")).is(200)
	instance = k.start(`{"processDefinitionId":"order"}`)
	task := k.ask("ida", "POST", "/v2/user-tasks/search", `{"filter":{"processInstanceKey":"`+instance+`"}}`).text("items.0.userTaskKey")
	k.ask("ida", "POST", "/v2/user-tasks/"+task+"/completion", "").is(204)
	job = k.ask("op", "POST", "/v2/jobs/search", `{"filter":{"processInstanceKey":"`+instance+`"}}`).text("items.0.jobKey")
	return instance, job
}

// entries counts the entries of an action in the audit log.
func (k *kit) entries(action string) float64 {
	k.t.Helper()
	a := k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"`+action+`","outcome":"ok"}}`).is(200)
	return a.at("page.totalItems").(float64)
}

// TestPatchJob changes everything of a job at once, by one entry, or nothing.
func TestPatchJob(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		_, job := k.charged()
		path, all := "/v2/jobs/"+job, `{"changeset":{"retries":9,"priority":4,"timeout":60000}`
		k.ask("op", "PATCH", path, all+`}`).is(409, `"code":"job.not_locked"`)
		k.ask("op", "PATCH", path, `{"changeset":{"timeout":60000}}`).is(409, `"code":"job.not_locked"`)
		k.ask("ida", "PATCH", path, all+`}`).is(403, "job.update")
		find := func() answer { return k.ask("op", "POST", "/v2/jobs/search", `{"filter":{"jobKey":"`+job+`"}}`) }
		find().is(200, `"retries":2`, `"priority":0`, `"deadline":null`)
		k.ask("op", "PATCH", path, `{"changeset":{"priority":-7}}`).is(204)
		find().is(200, `"state":"CREATED"`, `"priority":-7`)

		a := k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"charge","timeout":1000,"maxJobsToActivate":1,"withLease":true}`).
			is(200, `"priority":-7`, `"retries":2`)
		k.ask("wim", "PATCH", path, all+`,"jobLeaseToken":"2"}`).is(409, `"code":"job.lease_stale"`)
		find().is(200, `"retries":2`, `"priority":-7`)
		before := k.entries("job.update")
		again := header("Idempotency-Key", "patch-1")
		for range 2 {
			k.ask("wim", "PATCH", path, all+`,"jobLeaseToken":"`+a.text("jobs.0.jobLeaseToken")+`"}`, again).is(204)
		}
		if n := k.entries("job.update") - before; n != 1 {
			t.Errorf("%v entries for one change", n)
		}
		find().is(200, `"state":"RETRIES_UPDATED"`, `"retries":9`, `"priority":4`)
		k.ask("wim", "POST", path+"/completion", "").is(204)
		k.ask("op", "PATCH", path, all+`}`).is(404)
	})
}

// TestResolveWithRetries resolves the incident of a job by one command.
func TestResolveWithRetries(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		instance, job := k.charged()
		k.ask("wim", "POST", "/v2/jobs/"+job+"/failure", `{"errorMessage":"no terminal"}`).is(204)
		path := "/v2/incidents/" + k.ask("op", "POST", "/v2/process-instances/"+instance+"/incidents/search", "").text("items.0.incidentKey") + "/resolution"
		k.ask("op", "POST", path, "").is(409, `"code":"incident.no_retries"`)
		k.ask("op", "POST", path, `{"retries":0}`).is(400, `"code":"job.retries_invalid"`)
		k.ask("op", "POST", path, `{"retries":-1}`).is(400, "retries are from 0")
		k.ask("op", "POST", path, `{"retries":4294967296}`).is(400, "retries are from 0")
		k.ask("wim", "POST", path, `{"retries":3}`).is(403, "incident.resolve")
		before := k.entries("job.update") + k.entries("incident.resolve")
		k.ask("op", "POST", path, `{"retries":3,"reason":"it is back"}`).is(204)
		if n := k.entries("job.update") + k.entries("incident.resolve") - before; n != 1 {
			t.Errorf("%v entries for one command", n)
		}
		k.ask("op", "POST", path, `{"retries":3}`).is(404, `"code":"incident.not_found"`)
		k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"charge","timeout":1000,"maxJobsToActivate":1}`).is(200, `"retries":3`, job)
		k.ask("wim", "POST", "/v2/jobs/"+job+"/error", `{"errorCode":"UNKNOWN"}`).is(204)
		gone := k.ask("op", "POST", "/v2/process-instances/"+instance+"/incidents/search", `{"filter":{"state":"ACTIVE"}}`).text("items.0.incidentKey")
		k.ask("op", "POST", "/v2/incidents/"+gone+"/resolution", `{"retries":1}`).is(400, `"code":"incident.no_job"`)
	})
}

// TestVariablesOfScopes writes into inner scopes: local ones stay there, others go to where the name is.
func TestVariablesOfScopes(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("care.bpmn", read(t, "care.bpmn")).is(200)
		instance := k.start(`{"processDefinitionId":"care","variables":{"far":1}}`)
		day := k.active(instance, "day")[0]
		k.ask("op", "POST", "/v2/element-instances/ad-hoc-activities/"+day+"/activation", `{"elements":[{"elementId":"wash","variables":{"near":1}}]}`).is(204)
		wash := k.active(instance, "wash")[0]
		set := func(scope, body string) answer {
			return k.ask("op", "PUT", "/v2/element-instances/"+scope+"/variables", body)
		}
		value := func(scope, name string) string {
			a := k.ask("op", "POST", "/v2/variables/search", `{"filter":{"scopeKey":"`+scope+`","name":"`+name+`"}}`).is(200)
			if len(a.at("items").([]any)) == 0 {
				return "none"
			}
			return a.text("items.0.value")
		}
		set(wash, `{"variables":{"near":2,"far":2,"new":2}}`).is(204)
		set(wash, `{"variables":{"far":3},"local":true}`).is(204)
		set(day, `{"variables":{"far":4,"middle":4},"local":true}`).is(204)
		set(wash, `{"variables":{"middle":5,"far":5},"local":false}`).is(204)
		for _, c := range []struct{ scope, name, want string }{
			{wash, "near", "2"},
			{wash, "new", "none"},
			{wash, "middle", "none"},
			{wash, "far", "5"},
			{day, "far", "4"},
			{day, "middle", "5"},
			{day, "near", "none"},
			{instance, "far", "2"},
			{instance, "new", "2"},
			{instance, "near", "none"},
			{instance, "middle", "none"},
		} {
			if got := value(c.scope, c.name); got != c.want {
				t.Errorf("%s is %s, want %s", c.name, got, c.want)
			}
		}
		k.ask("ida", "PUT", "/v2/element-instances/"+wash+"/variables", `{"variables":{"far":9}}`).is(403, "variable.write")
		set(wash, `{"variables":{"far":9},"local":"yes"}`).is(400, "true or false")
		k.ask("op", "POST", "/v2/element-instances/ad-hoc-activities/"+day+"/completion", `{"cancelRemainingInstances":true}`).is(204)
		set(wash, `{"variables":{"far":9},"local":true}`).is(404)
	})
}

// TestDelete forgets an instance with the one that it called; the audit log keeps both and verifies.
func TestDelete(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("quick.bpmn", read(t, "quick.bpmn"), "outer.bpmn", read(t, "outer.bpmn")).is(200)
		running, _ := k.charged()
		outer := k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"outer","variables":{"n":1},"tags":["t"],"awaitCompletion":true,"requestTimeout":60000}`).
			is(200).text("processInstanceKey")
		inner := k.ask("op", "POST", "/v2/process-instances/search", `{"filter":{"parentProcessInstanceKey":"`+outer+`"}}`).text("items.0.processInstanceKey")
		path := func(key string) string { return "/v2/process-instances/" + key }
		k.ask("root", "POST", path(running)+"/deletion", "").is(409, `"code":"instance.active"`)
		k.ask("root", "POST", path(inner)+"/deletion", "").is(409, `"code":"instance.called"`, outer)
		k.ask("op", "POST", path(outer)+"/deletion", "").is(403, "instance.delete")
		k.ask("op", "GET", path(outer), "").is(200)

		k.ask("root", "POST", path(outer)+"/deletion", `{"reason":"asked to be forgotten"}`).is(204)
		for _, key := range []string{outer, inner} {
			k.ask("op", "GET", path(key), "").is(404)
			k.ask("op", "POST", "/v2/element-instances/search", `{"filter":{"processInstanceKey":"`+key+`"}}`).is(200, `"totalItems":0`)
			k.ask("op", "POST", "/v2/variables/search", `{"filter":{"processInstanceKey":"`+key+`"}}`).is(200, `"totalItems":0`)
			k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"processInstanceKey":"`+key+`","action":"instance.start"}}`).is(200, `"totalItems":1`)
		}
		k.ask("op", "GET", path(running), "").is(200)
		k.ask("root", "POST", path(outer)+"/deletion", "").is(404, `"code":"instance.not_found"`)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"instance.delete","outcome":"ok"}}`).
			is(200, `"totalItems":1`, `"user:root"`, `"history/default/n1"`)
		k.ask("aud", "POST", "/v2/audit-entries/verify", "").is(200, `"breaks":[]`)
	})
}
