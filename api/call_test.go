package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tallystick/api"
	"tallystick/host"
	"tallystick/query"
)

// calls starts a chain of calls, top over middle over order, and returns their instances and the job at the bottom.
func (k *kit) calls() (top, middle, bottom, job string) {
	k.t.Helper()
	outer := func(id, calls string) string {
		return strings.NewReplacer(`id="outer"`, `id="`+id+`"`, `"quick"`, `"`+calls+`"`).Replace(read(k.t, "outer.bpmn"))
	}
	k.deploy("order.bpmn", read(k.t, "order.bpmn"), "review.form", read(k.t, "review.form"),
		"middle.bpmn", outer("middle", "order"), "top.bpmn", outer("top", "middle")).is(200)
	top = k.start(`{"processDefinitionId":"top"}`)
	called := func(by string) string {
		return k.only("/v2/process-instances/search", "parentProcessInstanceKey", by).text("items.0.processInstanceKey")
	}
	middle = called(top)
	bottom = called(middle)
	task := k.only("/v2/user-tasks/search", "processInstanceKey", bottom).text("items.0.userTaskKey")
	k.ask("ida", "POST", "/v2/user-tasks/"+task+"/completion", "").is(204)
	job = k.ask("op", "POST", "/v2/jobs/search", `{"filter":{"processInstanceKey":"`+bottom+`"}}`).text("items.0.jobKey")
	return top, middle, bottom, job
}

// only waits until a search finds one thing: what calls do happens after the answer.
func (k *kit) only(path, field, value string) answer {
	k.t.Helper()
	for range 300 {
		a := k.ask("op", "POST", path, `{"filter":{"`+field+`":"`+value+`"}}`).is(200)
		if a.at("page.totalItems") == 1.0 {
			return a
		}
		<-time.After(50 * time.Millisecond)
	}
	k.t.Fatalf("%s finds nothing with %s %s", path, field, value)
	return answer{}
}

// TestJobOfCall hands out the job of a called instance with the instance at the top of the calls.
func TestJobOfCall(t *testing.T) {
	onBoth(t, func(_ *testing.T, k *kit) {
		top, _, bottom, job := k.calls()
		k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"charge","timeout":60000,"maxJobsToActivate":1}`).
			is(200, job, `"processInstanceKey":"`+bottom+`"`, `"rootProcessInstanceKey":"`+top+`"`)
	})
}

// blind sees nothing of the process order.
type blind struct{ host.Authorizer }

func (b blind) Access(by host.Actor, action string) query.Access {
	a := b.Authorizer.Access(by, action)
	a.Denied = append(slices.Clone(a.Denied), "order")
	return a
}

// TestIncidentsOfCalls finds the incidents of an instance with those of all that it called, and of nothing else.
func TestIncidentsOfCalls(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		top, middle, bottom, job := k.calls()
		_, alone := k.charged()
		for _, j := range []string{job, alone} {
			k.ask("wim", "POST", "/v2/jobs/"+j+"/failure", `{"retries":0,"errorMessage":"no link"}`).is(204)
		}
		const found = `"totalItems":1`
		for _, instance := range []string{top, middle, bottom} {
			path := "/v2/process-instances/" + instance + "/incidents/search"
			k.ask("op", "POST", path, "").is(200, found, `"processInstanceKey":"`+bottom+`"`, `"rootProcessInstanceKey":"`+top+`"`)
			k.ask("op", "POST", path, `{"filter":{"state":"RESOLVED"}}`).is(200, `"totalItems":0`)
			k.ask("op", "POST", path, `{"filter":{"withinProcessInstanceKey":"1"}}`).is(400, "there is no such field")
		}
		k.ask("op", "POST", "/v2/incidents/search", "").is(200, `"totalItems":2`)
		options := k.options
		options.Authorizer = blind{options.Authorizer}
		var err error
		k.server, err = api.New(options)
		must(t, err)
		k.ask("op", "POST", "/v2/process-instances/"+top+"/incidents/search", "").is(200, `"totalItems":0`)
	})
}

// TestVersionOfKey starts by key and version when both name the same definition.
func TestVersionOfKey(t *testing.T) {
	onBoth(t, func(_ *testing.T, k *kit) {
		key := k.deploy("quick.bpmn", read(k.t, "quick.bpmn")).is(200).text("deployments.0.processDefinition.processDefinitionKey")
		start := func(rest string) answer {
			return k.ask("mod", "POST", "/v2/process-instances", fmt.Sprintf(`{"processDefinitionKey":%q,"variables":{"n":1}%s}`, key, rest))
		}
		start(`,"processDefinitionVersion":-1`).is(200)
		start(`,"processDefinitionVersion":1`).is(200, `"processDefinitionVersion":1`)
		start(`,"processDefinitionVersion":2`).is(400, `"code":"process.version_mismatch"`, "has version 1, not 2")
		k.ask("wim", "POST", "/v2/process-instances", `{"processDefinitionKey":"`+key+`","processDefinitionVersion":2}`).is(403)
		start(`,"tags":["vip"]`).is(200, `"tags":["vip"]`)
		start(`,"tags":["vip",""]`).is(400, "tags[1]: a tag is a letter")
		start(`,"tags":[7]`).is(400, "tags[0]: a text is expected")
	})
}

// steered hears with which reason a batch operation is steered.
type steered struct {
	api.Doer
	reason string
}

func (s *steered) SteerBatch(_ context.Context, _ host.Actor, _ int64, _, reason, _ string) error {
	s.reason = reason
	return nil
}

// TestReasonOfSteering hands the reason on to the host.
func TestReasonOfSteering(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	heard, options := &steered{Doer: k.host}, k.options
	options.Host = heard
	var err error
	k.server, err = api.New(options)
	must(t, err)
	for _, verb := range []string{"suspension", "resumption", "cancellation"} {
		k.ask("op", "POST", "/v2/batch-operations/7/"+verb, `{"reason":"`+verb+`","operationReference":7}`).is(204)
		if want := verb + " operationReference=7"; heard.reason != want {
			t.Errorf("the reason is %q, want %q", heard.reason, want)
		}
	}
}

// TestReasons keeps the reason of every command that takes one.
func TestReasons(t *testing.T) {
	onBoth(t, func(_ *testing.T, k *kit) {
		_, job := k.charged()
		k.start(`{"processDefinitionId":"order"}`)
		k.ask("wim", "POST", "/v2/jobs/activation", `{"type":"charge","timeout":60000,"maxJobsToActivate":1}`).is(200, job)
		task := k.ask("op", "POST", "/v2/user-tasks/search", `{"filter":{"state":"CREATED"}}`).text("items.0.userTaskKey")
		for _, c := range []struct{ who, method, path, body, action string }{
			{"op", "PATCH", "/v2/jobs/" + job, `{"changeset":{"timeout":90000},%s}`, "job.update"},
			{"op", "PATCH", "/v2/jobs/" + job, `{"changeset":{"priority":9},%s}`, "job.update"},
			{"ida", "POST", "/v2/user-tasks/" + task + "/assignment", `{"assignee":"ida",%s}`, "task.claim"},
			{"ida", "DELETE", "/v2/user-tasks/" + task + "/assignee", `{%s}`, "task.unclaim"},
		} {
			k.ask(c.who, c.method, c.path, fmt.Sprintf(c.body, `"reason":"because of `+c.path+`","operationReference":7`)).is(204)
			k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"`+c.action+`"},"sort":[{"field":"time","order":"desc"}],"page":{"limit":1}}`).
				is(200, `"reason":"because of `+c.path+` operationReference=7"`)
		}
		k.ask("ida", "DELETE", "/v2/user-tasks/"+task+"/assignee", `{"why":"x"}`).is(400, "there is no such field")
	})
}

// heard starts by a message.
const heard = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test">
<bpmn:message id="m" name="go"/><bpmn:process id="heard" isExecutable="true">
<bpmn:startEvent id="start"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent><bpmn:endEvent id="end"/>
<bpmn:sequenceFlow id="f" sourceRef="start" targetRef="end"/></bpmn:process></bpmn:definitions>`

// TestReasonsOfEvents keeps the reason of what comes from outside.
func TestReasonsOfEvents(t *testing.T) {
	onBoth(t, func(_ *testing.T, k *kit) {
		k.deploy("heard.bpmn", heard).is(200)
		for path, body := range map[string]string{
			"/v2/messages/publication":    `{"name":"nobody","timeToLive":1000,%s}`,
			"/v2/messages/correlation":    `{"name":"go",%s}`,
			"/v2/signals/broadcast":       `{"signalName":"nobody",%s}`,
			"/v2/conditionals/evaluation": `{"variables":{},%s}`,
		} {
			id := strings.ReplaceAll(path[1:], "/", ".")
			k.ask("root", "POST", path, fmt.Sprintf(body, `"reason":"because of `+id+`","operationReference":7`), header("X-Request-Id", id)).is(200)
			k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"requestId":"`+id+`"}}`).
				is(200, `"totalItems":1`, `"reason":"because of `+id+` operationReference=7"`)
		}
	})
}
