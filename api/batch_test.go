package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// ended waits until a batch operation is over.
func (k *kit) ended(batch string) answer {
	k.t.Helper()
	for range 300 {
		a := k.ask("op", "GET", "/v2/batch-operations/"+batch, "").is(200)
		if !strings.Contains(a.body, `"endDate":null`) {
			return a
		}
		<-time.After(50 * time.Millisecond)
	}
	k.t.Fatal("the batch operation does not end")
	return answer{}
}

// TestBatchOperations suspends, resumes and cancels what matches, on both databases.
func TestBatchOperations(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
		var instances []string
		for i := range 5 {
			instances = append(instances, k.start(fmt.Sprintf(`{"processDefinitionId":"order","variables":{"n":%d}}`, i)))
		}
		const filter = `{"filter":{"processDefinitionId":"order","variables":[{"name":"n","value":{"$in":["1","2","3"]}}]}`
		k.ask("op", "POST", "/v2/process-instances/cancellation", filter+`,"dryRun":true}`).
			is(200, `"batchOperationKey":null`, `"batchOperationType":"CANCEL_PROCESS_INSTANCE"`, `"operationsTotalCount":3`)
		k.ask("op", "POST", "/v2/batch-operations/search", "").is(200, `"totalItems":0`)
		do := func(what, total string) answer {
			made := k.ask("op", "POST", "/v2/process-instances/"+what, filter+`,"reason":"a recall"}`).is(200, `"operationsTotalCount":`+total)
			return k.ended(made.text("batchOperationKey")).is(200, `"state":"COMPLETED"`, `"operationsCompletedCount":`+total, `"actorType":"USER"`, `"actorId":"op"`)
		}
		do("suspension", "3")
		k.ask("op", "POST", "/v2/process-instances/search", `{"filter":{"state":"SUSPENDED"}}`).is(200, `"totalItems":3`)
		do("suspension", "0")
		do("resumption", "3")
		last := do("cancellation", "3")
		k.ask("op", "POST", "/v2/process-instances/search", `{"filter":{"state":"ACTIVE"}}`).is(200, `"totalItems":2`)
		of := `{"filter":{"batchOperationKey":"` + last.text("batchOperationKey") + `"}}`
		items := k.ask("op", "POST", "/v2/batch-operation-items/search", of).
			is(200, `"totalItems":3`, `"state":"COMPLETED"`, `"operationType":"CANCEL_PROCESS_INSTANCE"`, `"processInstanceKey":"`+instances[1]+`"`)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"batch.create"}}`).is(200, `"totalItems":4`)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"processInstanceKey":"`+instances[1]+`","action":"instance.cancel"}}`).
			is(200, `"totalItems":1`, items.text("items.0.eventId"))
		k.ask("op", "POST", "/v2/process-instances/search", of).is(200, `"totalItems":3`)
	})
}

// TestBatchOperationRefusals has what is no batch operation, and who may not have one.
func TestBatchOperationRefusals(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
	k.start(`{"processDefinitionId":"order"}`)
	const path = "/v2/process-instances/cancellation"
	for body, want := range map[string]string{
		`{}`:                                     "filter: the field is required",
		`{"filter":{}}`:                          "an empty filter takes every instance",
		`{"filter":[]}`:                          "filter: an object is expected",
		`{"filter":{"processDefinitionld":"x"}}`: `did you mean`,
		`{"filter":{"state":{"$gt":"A"}}}`:       "does not take this operator",
		`{"filter":{"processInstanceKey":"1 OR 1=1"}}`:                              "filter.processInstanceKey",
		`{"filter":{"$or":[{"$or":[{"state":"ACTIVE"}]}]}}`:                         "there is no such field",
		`{"filter":{"state":"ACTIVE"},"dryRun":"yes"}`:                              "true or false is expected",
		`{"filter":{"state":"ACTIVE"},"migrationPlan":{}}`:                          "there is no such field",
		`{"filter":{"processDefinitionId":"` + strings.Repeat("x", 300<<10) + `"}}`: `"code":"batch.invalid"`,
	} {
		k.ask("op", "POST", path, body).is(400, want)
	}
	k.ask("op", "POST", path, `{"filter":{"processDefinitionId":"order' OR '1'='1"}}`).is(200, `"operationsTotalCount":0`)
	k.ask("op", "POST", path, `{"filter":{"processDefinitionId":{"$like":"*%_\\"}}}`).is(200, `"operationsTotalCount":0`)
	k.ask("op", "POST", "/v2/process-instances/search", `{"filter":{"state":"ACTIVE"}}`).is(200, `"totalItems":1`)
	for _, who := range []string{"mod", "aud", "wim", "nil"} {
		k.ask(who, "POST", path, `{"filter":{"state":"ACTIVE"}}`).is(403, "batch.create")
		k.ask(who, "POST", path, `{"filter":{"state":"ACTIVE"},"dryRun":true}`).is(403, "batch.create")
		k.ask(who, "GET", "/v2/batch-operations/7", "").is(403, "batch.read")
		k.ask(who, "POST", "/v2/batch-operations/7/cancellation", "").is(403, "batch.update")
	}
	k.ask("op", "GET", "/v2/batch-operations/7", "").is(404, `"code":"batch.not_found"`)
	made := k.ask("op", "POST", path, `{"filter":{"processDefinitionId":"none"}}`).is(200).text("batchOperationKey")
	k.ended(made)
	for _, verb := range []string{"cancellation", "suspension", "resumption"} {
		k.ask("op", "POST", "/v2/batch-operations/"+made+"/"+verb, "").is(409, `"code":"batch.state"`)
	}
	key := header("Idempotency-Key", "b-1")
	first := k.ask("op", "POST", path, `{"filter":{"processDefinitionId":"none"}}`, key).is(200)
	if again := k.ask("op", "POST", path, `{"filter":{"processDefinitionId":"none"}}`, key).is(200); again.body != first.body {
		t.Errorf("%s, first %s", again.body, first.body)
	}
	k.ask("op", "POST", path, `{"filter":{"processDefinitionId":"other"}}`, key).is(422, `"code":"command.reused"`)
}
