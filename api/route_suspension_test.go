package api_test

import (
	"strings"
	"testing"
	"time"
)

// TestSuspendProcess keeps a process from starting and lists it; job types likewise.
func TestSuspendProcess(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		key := k.deploy("quick.bpmn", read(t, "quick.bpmn")).is(200).text("deployments.0.processDefinition.processDefinitionKey")
		path := "/v2/process-definitions/" + key
		k.ask("mod", "POST", path+"/suspension", "").is(403, "definition.suspend")
		k.ask("op", "POST", path+"/suspension", `{"allVersions":"yes"}`).is(400, "true or false")
		k.ask("op", "POST", path+"/resumption", "").is(409, `"code":"suspension.not_found"`)
		k.ask("op", "POST", path+"/suspension", `{"reason":"a wrong rate"}`).is(204)
		k.ask("op", "POST", path+"/suspension", "").is(409, `"code":"suspension.exists"`)
		k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"quick"}`).is(409, `"code":"definition.suspended"`, "a wrong rate")
		k.ask("op", "GET", path, "").is(200, `"state":"SUSPENDED"`)
		k.ask("op", "POST", "/v2/process-definitions/search", `{"filter":{"state":"SUSPENDED"}}`).is(200, `"totalItems":1`)
		k.ask("op", "GET", "/v2/suspensions", "").is(200, `"processDefinitionVersion":1`, `"suspendedBy":"user:op"`)

		again := strings.ReplaceAll(read(t, "quick.bpmn"), "* 2", "* 3")
		k.deploy("quick.bpmn", again).is(200)
		k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"quick"}`).is(200, `"processDefinitionVersion":2`)
		k.ask("op", "POST", path+"/suspension", `{"allVersions":true}`).is(204)
		k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"quick"}`).is(409)
		k.ask("op", "POST", path+"/resumption", `{"allVersions":true}`).is(204)
		k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"quick","processDefinitionVersion":1}`).is(409)
		k.ask("op", "POST", path+"/resumption", "").is(204)
		k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"quick","processDefinitionVersion":1}`).is(200)
		if n := k.entries("definition.suspend"); n != 4 {
			t.Errorf("%v entries", n)
		}
	})
}

func TestSuspendJobType(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.charged()
		const path, fetch = "/v2/job-types/charge", `{"type":"charge","timeout":60000,"maxJobsToActivate":1,"requestTimeout":-1}`
		k.ask("wim", "POST", path+"/suspension", "").is(403, "job.suspend")
		k.ask("op", "POST", "/v2/job-types/"+strings.Repeat("x", 1025)+"/suspension", "").is(400, `"code":"suspension.invalid"`)
		k.ask("op", "POST", path+"/suspension", "").is(204)
		k.ask("wim", "POST", "/v2/jobs/activation", fetch).is(200, `"jobs":[]`)
		k.ask("op", "GET", "/v2/suspensions", "").is(200, `"jobType":"charge"`, `"reason":null`)
		k.ask("op", "POST", path+"/resumption", "").is(204)
		k.ask("wim", "POST", "/v2/jobs/activation", fetch).is(200, `"type":"charge"`)
		k.ask("op", "POST", path+"/resumption", "").is(409, `"code":"suspension.not_found"`)
		k.ask("op", "GET", "/v2/suspensions", "").is(200, `"items":[]`)
	})
}

const everySecond = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test">
  <bpmn:process id="clockwork" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:timerEventDefinition id="t"><bpmn:timeCycle>R/PT1S</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>
    <bpmn:endEvent id="end"/><bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>`

// TestSuspendTimerStart stops the clock, lets many dates pass while the process is suspended, and sees one start.
func TestSuspendTimerStart(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		at := func(s string) { k.ask("root", "PUT", "/v2/clock", `{"timestamp":"`+s+`"}`).is(204) }
		at("2040-01-01T00:00:00Z")
		key := k.deploy("clockwork.bpmn", everySecond).is(200).text("deployments.0.processDefinition.processDefinitionKey")
		path := "/v2/process-definitions/" + key
		k.ask("op", "POST", path+"/suspension", `{"allVersions":true}`).is(204)
		at("2040-01-01T01:00:00.500Z") // between two dates: one that comes at this very moment is not missed and starts as well
		due, err := k.db.DueStarts(t.Context(), time.Date(2040, 1, 1, 1, 0, 0, 0, time.UTC), time.Date(2040, 1, 1, 2, 0, 0, 0, time.UTC), 9)
		if err != nil || len(due) != 0 {
			t.Fatalf("due while suspended: %+v %v", due, err)
		}
		k.ask("op", "POST", "/v2/process-instances/search", "").is(200, `"totalItems":0`)
		k.ask("op", "POST", path+"/resumption", `{"allVersions":true}`).is(204)
		for k.ask("op", "POST", "/v2/process-instances/search", "").at("page.totalItems").(float64) == 0 {
			if err := t.Context().Err(); err != nil {
				t.Fatal(err)
			}
		}
		k.ask("op", "POST", "/v2/process-instances/search", "").is(200, `"totalItems":1`)
	})
}
