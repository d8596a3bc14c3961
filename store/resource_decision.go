package store

import (
	"context"
	"strconv"
	"strings"

	"tallystick/query"
)

// The attributes that name one decision of an evaluation.
const (
	evaluationKey      = "decisionEvaluationKey"
	evaluationPosition = "position"
	decisionInstanceID = "decisionEvaluationInstanceKey"
)

var decisionInstances = &resource[query.DecisionInstance]{
	from:   "decision_instance e LEFT JOIN process_instance p ON p.key = e.instance",
	key:    evaluationKey,
	below:  evaluationPosition,
	access: visible("e.decision_id"),
	attributes: []attribute[query.DecisionInstance]{
		{field{name: decisionInstanceID, kind: words, expr: "CAST(e.key AS TEXT) || '-' || CAST(e.position AS TEXT)"}, func(v *query.DecisionInstance) any { return &v.DecisionEvaluationInstanceKey }},
		{field{name: evaluationKey, kind: key, expr: "e.key"}, func(v *query.DecisionInstance) any { return &v.DecisionEvaluationKey }},
		{field{name: evaluationPosition, kind: number, expr: "e.position"}, nil},
		{field{name: "decisionDefinitionKey", kind: key, expr: "e.decision"}, func(v *query.DecisionInstance) any { return &v.DecisionDefinitionKey }},
		{field{name: "decisionDefinitionId", kind: words, expr: "e.decision_id", heads: indexed}, func(v *query.DecisionInstance) any { return &v.DecisionDefinitionID }},
		{field{name: "decisionDefinitionName", kind: words, expr: "e.decision_name"}, func(v *query.DecisionInstance) any { return &v.DecisionDefinitionName }},
		{field{name: "decisionDefinitionVersion", kind: number, expr: "e.decision_version"}, func(v *query.DecisionInstance) any { return &v.DecisionDefinitionVersion }},
		{field{name: "decisionDefinitionType", kind: words, expr: "e.type"}, func(v *query.DecisionInstance) any { return &v.DecisionDefinitionType }},
		{field{name: "rootDecisionDefinitionKey", kind: key, expr: "e.root_decision"}, func(v *query.DecisionInstance) any { return &v.RootDecisionDefinitionKey }},
		{field{name: "decisionRequirementsKey", kind: key, expr: "e.requirements"}, nil},
		{field{name: "state", kind: words, expr: "e.state"}, func(v *query.DecisionInstance) any { return &v.State }},
		{field{name: "evaluationDate", kind: moment, expr: "e.at"}, func(v *query.DecisionInstance) any { return into{&v.EvaluationDate} }},
		{field{name: "evaluationFailure", kind: words, expr: "e.failure", null: true}, func(v *query.DecisionInstance) any { return &v.EvaluationFailure }},
		{field{expr: "e.output"}, func(v *query.DecisionInstance) any { return &v.Result }},
		{field{expr: "e.inputs"}, func(v *query.DecisionInstance) any { return &fromJSON{v: &v.Inputs} }},
		{field{expr: "e.matched"}, func(v *query.DecisionInstance) any { return &fromJSON{v: &v.Matched} }},
		{field{name: "processInstanceKey", kind: key, expr: "e.instance", null: true, span: "e.key"}, func(v *query.DecisionInstance) any { return maybeKey{&v.ProcessInstanceKey} }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance", null: true}, func(v *query.DecisionInstance) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "processDefinitionKey", kind: key, expr: "e.definition", null: true}, func(v *query.DecisionInstance) any { return maybeKey{&v.ProcessDefinitionKey} }},
		{field{name: "elementInstanceKey", kind: key, expr: "e.element_instance", null: true, span: "e.key"}, func(v *query.DecisionInstance) any { return maybeKey{&v.ElementInstanceKey} }},
		{field{name: "businessId", kind: words, expr: "p.business_id", null: true}, func(v *query.DecisionInstance) any { return &v.BusinessID }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.DecisionInstance) any { return &v.TenantID }},
	},
}

// SearchDecisionInstances answers a search for decisions that were evaluated, in instances or on their own.
func (d *DB) SearchDecisionInstances(ctx context.Context, q query.Request) (query.Result[query.DecisionInstance], error) {
	q.Conds = withEvaluations(q.Conds)
	q.Sort = append([]query.Sort(nil), q.Sort...)
	for i, s := range q.Sort {
		if s.Field == decisionInstanceID { // 2 comes before 10
			q.Sort[i].Field = evaluationKey
		}
	}
	return search(ctx, d, decisionInstances, q)
}

// withEvaluations adds to conditions on decisions of evaluations those on the evaluations, whose keys are indexed.
func withEvaluations(conds []query.Cond) []query.Cond {
	all := append([]query.Cond(nil), conds...)
	for _, c := range conds {
		ids, several := c.Value.([]any)
		if !several {
			ids = []any{c.Value}
		}
		if c.Field != decisionInstanceID || c.Op != query.Eq && c.Op != query.In {
			continue
		}
		keys := []any{}
		for _, id := range ids {
			if text, ok := id.(string); ok {
				keys = append(keys, evaluationOf(text))
			}
		}
		all = append(all, query.Cond{Field: evaluationKey, Op: query.In, Value: keys})
	}
	return all
}

// evaluationOf is the evaluation in the key of one of its decisions; 0, which no evaluation is, when it is no such key.
func evaluationOf(id string) int64 {
	evaluation, _, _ := strings.Cut(id, "-")
	key, err := strconv.ParseInt(evaluation, 10, 64)
	if err != nil {
		return 0
	}
	return key
}

// DecisionInstance finds the decision of an evaluation at a position of its trace, from 1; false when there is none.
func (d *DB) DecisionInstance(ctx context.Context, evaluation int64, position int) (query.DecisionInstance, bool, error) {
	return get(ctx, d, decisionInstances, pred{sql: "e.key = ? AND e.position = ?", args: []any{evaluation, position}})
}
