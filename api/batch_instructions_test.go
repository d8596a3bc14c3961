package api_test

import (
	"strings"
	"testing"
)

// TestBatchModification moves the tokens of what matches, on both databases.
func TestBatchModification(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("order.bpmn", read(t, "order.bpmn"), "review.form", read(t, "review.form")).is(200)
		first, second := k.start(`{"processDefinitionId":"order"}`), k.start(`{"processDefinitionId":"order"}`)
		k.ask("op", "POST", "/v2/process-instances/"+second+"/modification", `{"moveInstructions":[{"sourceElementInstruction":`+
			`{"sourceType":"byId","sourceElementId":"review"},"targetElementId":"charge"}]}`).is(204)
		const path, filter = "/v2/process-instances/modification", `{"filter":{"processDefinitionId":"order"}`
		const moves = `,"moveInstructions":[{"sourceElementId":"review","targetElementId":"charge"}]`
		for _, hostile := range []string{
			`}`, `,"moveInstructions":null}`, `,"moveInstructions":[]}`, `,"moveInstructions":{}}`, `,"moveInstructions":[{"sourceElementId":"review"}]}`,
			`,"moveInstructions":[{"sourceElementId":"review\u0000","targetElementId":"charge"}]}`,
			`,"moveInstructions":[{"sourceElementId":"","targetElementId":"charge"}]}`,
			`,"moveInstructions":[` + strings.Repeat(`{"sourceElementId":"a","targetElementId":"b"},`, 1000) + `{"sourceElementId":"a","targetElementId":"b"}]}`,
			moves + `,"activateInstructions":[]}`, moves + `,"migrationPlan":{}}`,
		} {
			k.ask("op", "POST", path, filter+hostile).is(400)
		}
		k.ask("op", "POST", path, `{"filter":{}`+moves+`}`).is(400, "an empty filter takes every instance")
		k.ask("mod", "POST", path, filter+moves+`}`).is(403, "batch.create")
		k.ask("op", "POST", path, filter+moves+`,"dryRun":true}`).is(200, `"batchOperationType":"MODIFY_PROCESS_INSTANCE"`, `"operationsTotalCount":2`)
		k.ask("op", "POST", "/v2/batch-operations/search", "").is(200, `"totalItems":0`)
		batch := k.ask("op", "POST", path, filter+moves+`,"reason":"reviewed by letter"}`).is(200).text("batchOperationKey")
		k.ended(batch).is(200, `"state":"PARTIALLY_COMPLETED"`, `"operationsCompletedCount":1`, `"operationsFailedCount":1`)
		k.ask("op", "POST", "/v2/element-instances/search", `{"filter":{"processInstanceKey":"`+first+`","elementId":"charge"}}`).is(200, `"state":"ACTIVE"`)
		k.ask("op", "POST", "/v2/batch-operation-items/search", `{"filter":{"batchOperationKey":"`+batch+`","state":"FAILED"}}`).
			is(200, `"totalItems":1`, `"processInstanceKey":"`+second+`"`, "modification.state", "move[0] review")
		k.ask("aud", "POST", "/v2/audit-entries/verify", "").is(200, `"breaks":[]`)
	})
}

// TestBatchMigration lets what matches go on by another version, on both databases.
func TestBatchMigration(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		const definition = "deployments.0.processDefinition.processDefinitionKey"
		order := read(t, "order.bpmn")
		k.deploy("order.bpmn", order, "review.form", read(t, "review.form")).is(200)
		first := k.start(`{"processDefinitionId":"order"}`)
		k.start(`{"processDefinitionId":"order"}`)
		next := k.deploy("order.bpmn", strings.ReplaceAll(order, `"review"`, `"check"`)).is(200).text(definition)
		const path, filter = "/v2/process-instances/migration", `{"filter":{"processDefinitionId":"order"},"migrationPlan":`
		plan := func(more string) string { return filter + `{"targetProcessDefinitionKey":"` + next + `"` + more + `}` }
		for _, hostile := range []string{
			`{"filter":{"processDefinitionId":"order"}}`, filter + `null}`, filter + `{}}`, filter + `[]}`,
			filter + `{"targetProcessDefinitionKey":"x"}}`, filter + `{"targetProcessDefinitionKey":7}}`,
			plan(`,"mappingInstructions":{}`) + `}`, plan(`,"mappingInstructions":[{"sourceElementId":"review"}]`) + `}`,
			plan(`,"mappingInstructions":[{"sourceElementId":"review","targetElementId":"a\u0000"}]`) + `}`,
			plan(``) + `,"moveInstructions":[]}`, plan(`,"map":[]`) + `}`,
		} {
			k.ask("op", "POST", path, hostile).is(400)
		}
		k.ask("op", "POST", path, filter+`{"targetProcessDefinitionKey":"7"}}`).is(404, `"code":"process.not_found"`)
		mapping := plan(`,"equalIds":true,"mappingInstructions":[{"sourceElementId":"review","targetElementId":"check"}]`)
		k.ask("mod", "POST", path, mapping+`}`).is(403, "batch.create")
		k.ask("op", "POST", path, mapping+`,"dryRun":true}`).is(200, `"batchOperationType":"MIGRATE_PROCESS_INSTANCE"`, `"operationsTotalCount":2`)
		impossible := k.ask("op", "POST", path, plan(``)+`}`).is(200).text("batchOperationKey")
		k.ended(impossible).is(200, `"state":"FAILED"`, `"operationsFailedCount":2`)
		k.ask("op", "POST", "/v2/batch-operation-items/search", `{"filter":{"batchOperationKey":"`+impossible+`"}}`).is(200, "migration.impossible", "UNMAPPED review")
		batch := k.ask("op", "POST", path, mapping+`,"reason":"the law changed"}`).is(200).text("batchOperationKey")
		k.ended(batch).is(200, `"state":"COMPLETED"`, `"operationsCompletedCount":2`)
		k.ask("op", "GET", "/v2/process-instances/"+first, "").is(200, `"processDefinitionVersion":2`, `"processDefinitionKey":"`+next+`"`)
		k.ask("ida", "POST", "/v2/user-tasks/search", `{"filter":{"elementId":"check"}}`).is(200, `"totalItems":2`)
		if n := k.entries("instance.migrate"); n != 2 {
			t.Errorf("%v entries", n)
		}
	})
}

// TestBatchDeletion forgets what has ended with what it called, on both databases; the audit log keeps it all.
func TestBatchDeletion(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("quick.bpmn", read(t, "quick.bpmn"), "outer.bpmn", read(t, "outer.bpmn")).is(200)
		running, _ := k.charged()
		outer := k.ask("mod", "POST", "/v2/process-instances", `{"processDefinitionId":"outer","variables":{"n":1},"awaitCompletion":true,"requestTimeout":60000}`).
			is(200).text("processInstanceKey")
		const path, everything = "/v2/process-instances/deletion", `{"filter":{"state":{"$exists":true}}`
		for _, hostile := range []string{
			`{}`, `{"filter":{}}`, `{"filter":null}`, `{"filter":{"state":{"$drop":1}}}`, everything + `,"moveInstructions":[]}`, everything + `,"reason":7}`,
		} {
			k.ask("root", "POST", path, hostile).is(400)
		}
		k.ask("mod", "POST", path, everything+`}`).is(403, "batch.create")
		k.ask("root", "POST", path, everything+`,"dryRun":true}`).is(200, `"batchOperationType":"DELETE_PROCESS_INSTANCE"`, `"operationsTotalCount":1`)
		without := k.ask("op", "POST", path, everything+`}`).is(200).text("batchOperationKey")
		k.ended(without).is(200, `"state":"FAILED"`, `"operationsFailedCount":1`)
		k.ask("op", "POST", "/v2/batch-operation-items/search", `{"filter":{"batchOperationKey":"`+without+`"}}`).is(200, "authz.denied")
		k.ask("op", "GET", "/v2/process-instances/"+outer, "").is(200)
		batch := k.ask("root", "POST", path, everything+`,"reason":"asked to be forgotten"}`).is(200).text("batchOperationKey")
		k.ended(batch).is(200, `"state":"COMPLETED"`, `"operationsCompletedCount":1`)
		k.ask("op", "GET", "/v2/process-instances/"+outer, "").is(404)
		k.ask("op", "POST", "/v2/process-instances/search", `{}`).is(200, `"totalItems":1`, running)
		item := k.ask("root", "POST", "/v2/batch-operation-items/search", `{"filter":{"batchOperationKey":"`+batch+`"}}`).
			is(200, `"state":"COMPLETED"`, `"processInstanceKey":"`+outer+`"`)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"instance.delete","outcome":"ok"}}`).is(200, `"totalItems":1`, item.text("items.0.eventId"))
		k.ask("aud", "POST", "/v2/audit-entries/verify", "").is(200, `"breaks":[]`)
	})
}
