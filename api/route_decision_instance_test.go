package api_test

import (
	"strings"
	"testing"
)

// meal is a graph: the dish requires the season.
const meal = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="meal" name="Meal" namespace="test">
  <decision id="season" name="Season"><variable name="season"/>
    <literalExpression><text>if month &gt; 3 then "summer" else "winter"</text></literalExpression></decision>
  <decision id="dish" name="Dish"><variable name="dish"/>
    <informationRequirement id="r"><requiredDecision href="#season"/></informationRequirement>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="in" label="Season"><inputExpression id="x"><text>season</text></inputExpression></input>
      <output id="out" name="dish"/>
      <rule id="warm"><inputEntry id="e1"><text>"summer"</text></inputEntry><outputEntry id="o1"><text>"salad"</text></outputEntry></rule>
      <rule id="cold"><inputEntry id="e2"><text>"winter"</text></inputEntry><outputEntry id="o2"><text>"stew"</text></outputEntry></rule>
    </decisionTable></decision>
</definitions>`

const kitchen = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="d" targetNamespace="test">
  <process id="kitchen" isExecutable="true"><startEvent id="s"/>
    <businessRuleTask id="choose"><extensionElements><zeebe:calledDecision decisionId="dish" resultVariable="dish"/></extensionElements></businessRuleTask>
    <endEvent id="e"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="choose"/><sequenceFlow id="g" sourceRef="choose" targetRef="e"/></process>
</definitions>`

const decisionInstances = "/v2/decision-instances/"

// TestDecisionInstances finds what a business rule task and a caller had evaluated, decision by decision.
func TestDecisionInstances(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("meal.dmn", meal, "kitchen.bpmn", kitchen).is(200)
		instance := k.start(`{"processDefinitionId":"kitchen","variables":{"month":1},"businessId":"table 7"}`)
		alone := k.ask("mod", "POST", "/v2/decision-definitions/evaluation", `{"decisionDefinitionId":"dish","variables":{"month":7}}`).is(200)
		find := func(body string) answer { return k.ask("aud", "POST", decisionInstances+"search", body) }

		found := find(`{"filter":{"processInstanceKey":"`+instance+`"}}`).
			is(200, `"totalItems":2`, `"result":"\"winter\""`, `"result":"\"stew\""`, `"businessId":"table 7"`, `"state":"EVALUATED"`)
		if strings.Contains(found.body, "evaluatedInputs") {
			t.Errorf("a list with the inputs: %s", found.body)
		}
		if found.text("items.0.decisionDefinitionId") != "season" || found.text("items.0.rootDecisionDefinitionKey") != found.text("items.1.decisionDefinitionKey") {
			t.Errorf("the required decision is not first: %s", found.body)
		}
		root := found.text("items.1.decisionEvaluationInstanceKey")
		if root != found.text("items.1.decisionEvaluationKey")+"-2" {
			t.Errorf("the key of the decision is %s", root)
		}
		k.ask("aud", "GET", decisionInstances+root, "").is(200, `"ruleId":"cold"`, `"ruleIndex":2`, `"inputName":"Season"`,
			`"inputValue":"\"winter\""`, `"outputValue":"\"stew\""`, `"decisionDefinitionVersion":1`, instance)

		id := alone.text("evaluatedDecisions.1.decisionEvaluationInstanceKey")
		k.ask("mod", "GET", decisionInstances+id, "").is(200, `"ruleId":"warm"`, `"processInstanceKey":null`, `"elementInstanceKey":null`,
			alone.text("evaluatedDecisions.1.decisionDefinitionKey"), alone.text("decisionEvaluationKey"))
		find(`{"filter":{"decisionEvaluationInstanceKey":"`+id+`"}}`).is(200, `"totalItems":1`, `"salad`)
		find(`{"filter":{"decisionDefinitionId":"season"},"sort":[{"field":"evaluationDate","order":"desc"}]}`).is(200, `"totalItems":2`)
		page := find(`{"page":{"limit":3}}`).is(200, `"totalItems":4`)
		find(`{"page":{"after":"`+page.text("page.endCursor")+`"}}`).is(200, `"salad`)
	})
}

// TestFailedDecisionInstance shows the failure where it happened.
func TestFailedDecisionInstance(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("meal.dmn", strings.Replace(meal, `"summer"</text></inputEntry>`, `"winter"</text></inputEntry>`, 1)).is(200)
		e := k.ask("mod", "POST", "/v2/decision-definitions/evaluation", `{"decisionDefinitionId":"dish","variables":{"month":1}}`).is(200)
		k.ask("aud", "POST", decisionInstances+"search", `{"filter":{"state":"FAILED"}}`).
			is(200, `"totalItems":1`, `"decisionDefinitionId":"dish"`, e.text("failureMessage"))
		k.ask("aud", "POST", decisionInstances+"search", `{"filter":{"state":"EVALUATED"}}`).is(200, `"totalItems":1`, `"season"`)
	})
}

// TestDeleteDecisionInstance forgets an evaluation; that of an instance goes with the instance.
func TestDeleteDecisionInstance(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("meal.dmn", meal, "kitchen.bpmn", kitchen).is(200)
		instance := k.start(`{"processDefinitionId":"kitchen","variables":{"month":1}}`)
		inside := k.ask("aud", "POST", decisionInstances+"search", `{"filter":{"processInstanceKey":"`+instance+`"}}`).text("items.0.decisionEvaluationKey")
		alone := k.ask("mod", "POST", "/v2/decision-definitions/evaluation", `{"decisionDefinitionId":"dish","variables":{"month":7}}`).text("decisionEvaluationKey")

		k.ask("op", "POST", decisionInstances+alone+"/deletion", "").is(403, "decision.delete")
		k.ask("root", "POST", decisionInstances+inside+"/deletion", "").is(409, `"code":"evaluation.inside"`, instance)
		k.ask("root", "POST", decisionInstances+"x/deletion", "").is(400, `"code":"key.invalid"`)
		k.ask("root", "POST", decisionInstances+alone+"-1/deletion", "").is(400, `"code":"key.invalid"`)
		k.ask("root", "POST", decisionInstances+alone+"/deletion", `{"why":"x"}`).is(400, "why")
		k.ask("aud", "POST", decisionInstances+"search", "").is(200, `"totalItems":4`)

		k.ask("root", "POST", decisionInstances+alone+"/deletion", `{"reason":"asked to be forgotten"}`).is(204)
		k.ask("aud", "POST", decisionInstances+"search", "").is(200, `"totalItems":2`, inside)
		k.ask("aud", "GET", decisionInstances+alone+"-1", "").is(404)
		k.ask("root", "POST", decisionInstances+alone+"/deletion", "").is(404, `"code":"evaluation.not_found"`)
		k.written()
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"decision.delete","outcome":"ok"}}`).
			is(200, `"totalItems":1`, `"user:root"`, `"history/default/n1"`, "evaluation:"+alone, `"decisionDefinitionId":"dish"`)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"decision.delete","outcome":"denied"}}`).is(200, "user:op")
		k.ask("aud", "POST", "/v2/audit-entries/verify", "").is(200, `"breaks":[]`)
	})
}

// TestDecisionInstanceRefusals keeps what was decided from who may not see it.
func TestDecisionInstanceRefusals(t *testing.T) {
	onBoth(t, func(t *testing.T, k *kit) {
		k.deploy("meal.dmn", meal).is(200)
		id := k.ask("mod", "POST", "/v2/decision-definitions/evaluation", `{"decisionDefinitionId":"dish","variables":{"month":7}}`).
			text("evaluatedDecisions.1.decisionEvaluationInstanceKey")
		k.ask("ida", "POST", decisionInstances+"search", "").is(200, `"items":[]`, `"totalItems":0`)
		k.ask("ida", "GET", decisionInstances+id, "").is(404)
		k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"decision.inspect"}}`).is(200, `"outcome":"denied"`, "user:ida")
		k.ask("aud", "GET", decisionInstances+strings.TrimSuffix(id, "2")+"3", "").is(404)
		for _, bad := range []string{"7", "7-", "7-0", "-7-1", "07-1", "7-1-1", "99999999999999999999-1", "7-9999999999"} {
			k.ask("aud", "GET", decisionInstances+bad, "").is(400, `"code":"key.invalid"`)
		}
		k.ask("aud", "POST", decisionInstances+"search", `{"filter":{"result":"x"}}`).is(400, "there is no such field to filter by")
		k.ask("aud", "POST", decisionInstances+"search", `{"sort":[{"field":"position"}]}`).is(400, "no field")
	})
}
