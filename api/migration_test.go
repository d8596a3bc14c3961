package api_test

import (
	"strings"
	"testing"
)

// TestMigration lets an order go on by its next version, on both databases.
func TestMigration(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		const definition = "deployments.0.processDefinition.processDefinitionKey"
		order := read(t, "order.bpmn")
		k.deploy("order.bpmn", order, "review.form", read(t, "review.form")).is(200)
		key := k.start(`{"processDefinitionId":"order"}`)
		next := k.deploy("order.bpmn", strings.ReplaceAll(order, `"review"`, `"check"`)).is(200).text(definition)
		other := k.deploy("quick.bpmn", read(t, "quick.bpmn")).is(200).text(definition)
		path := "/v2/process-instances/" + key + "/migration"
		move := `{"targetProcessDefinitionKey":"` + next + `","equalIds":true,"mappingInstructions":[{"sourceElementId":"review","targetElementId":"check"}]`
		k.ask("mod", "POST", path, move+`}`).is(403)
		k.ask("mod", "POST", path, move+`,"dryRun":true}`).is(403)
		for _, hostile := range []string{
			`{}`, `{"targetProcessDefinitionKey":"x"}`, `{"targetProcessDefinitionKey":"` + next + `","mappingInstructions":{}}`,
			`{"targetProcessDefinitionKey":"` + next + `","mappingInstructions":[{"sourceElementId":"review"}]}`,
			`{"targetProcessDefinitionKey":"` + next + `","mappingInstructions":[{"sourceElementId":"review\u0000","targetElementId":"a"}]}`,
			`{"targetProcessDefinitionKey":"` + next + `","map":[]}`,
		} {
			k.ask("op", "POST", path, hostile).is(400)
		}
		k.ask("op", "POST", path, `{"targetProcessDefinitionKey":"7"}`).is(404, `"code":"process.not_found"`)
		wrong := `{"targetProcessDefinitionKey":"` + other + `","mappingInstructions":[]`
		k.ask("op", "POST", path, wrong+`}`).is(409, `"code":"migration.impossible"`, "UNMAPPED review", `"elementId":"review"`)
		k.ask("op", "POST", path, wrong+`,"dryRun":true}`).is(200, `"possible":false`, `"code":"UNMAPPED"`)
		k.ask("op", "POST", path, move+`,"dryRun":true}`).is(200, `"possible":true`, `"kind":"USER_TASK"`, `"targetElementId":"check"`, `"reasons":[]`)
		k.ask("op", "GET", "/v2/process-instances/"+key, "").is(200, `"processDefinitionVersion":1`)
		k.ask("op", "POST", path, move+`,"reason":"the law changed"}`).is(204)
		k.ask("op", "GET", "/v2/process-instances/"+key, "").is(200, `"processDefinitionVersion":2`, `"processDefinitionKey":"`+next+`"`)
		task := k.ask("ida", "POST", "/v2/user-tasks/search", `{"filter":{"processInstanceKey":"`+key+`"}}`).is(200, `"elementId":"check"`, `"processDefinitionVersion":2`)
		k.ask("ida", "POST", "/v2/user-tasks/"+task.text("items.0.userTaskKey")+"/completion", "").is(204)
		k.ask("op", "POST", "/v2/element-instances/search", `{"filter":{"processDefinitionKey":"`+next+`"}}`).is(200, `"elementId":"check"`)
		if n := k.entries("instance.migrate"); n != 1 {
			t.Errorf("%v entries", n)
		}
	})
}
