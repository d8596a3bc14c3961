package store

import (
	"context"
	"strconv"

	"tallystick/query"
)

// sortedValue is what variables are sorted by of their values, so that a cursor stays short.
var sortedValue = "substr(v.value, 1, " + strconv.Itoa(valueHead) + ")"

var variables = &resource[query.Variable]{
	from:   "variable v JOIN process_instance p ON p.key = v.instance",
	key:    "variableKey",
	access: visible("v.process_id"),
	attributes: []attribute[query.Variable]{
		{field{name: "variableKey", kind: key, expr: "v.key"}, func(v *query.Variable) any { return &v.VariableKey }},
		{field{name: "name", kind: words, expr: "v.name", heads: valueHead}, func(v *query.Variable) any { return &v.Name }},
		{field{name: "value", kind: words, expr: "v.value", heads: valueHead, sorts: sortedValue}, func(v *query.Variable) any { return &v.Value }},
		{field{name: "scopeKey", kind: key, expr: "v.scope", span: "v.key"}, func(v *query.Variable) any { return &v.ScopeKey }},
		{field{name: "processInstanceKey", kind: key, expr: "v.instance", span: "v.key"}, func(v *query.Variable) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.Variable) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.Variable) any { return &v.TenantID }},
	},
}

// SearchVariables answers a search for variables of all scopes.
func (d *DB) SearchVariables(ctx context.Context, q query.Request) (query.Result[query.Variable], error) {
	return search(ctx, d, variables, q)
}

// Variable finds a variable; false when there is none.
func (d *DB) Variable(ctx context.Context, key int64) (query.Variable, bool, error) {
	return get(ctx, d, variables, variables.byKey(key))
}

// TaskVariables answers a search for the variables that a user task sees, scope by scope: a name that is
// in several scopes comes once for each. Who may see the task may see them: the access of q is not asked.
func (d *DB) TaskVariables(ctx context.Context, userTask int64, q query.Request) (query.Result[query.Variable], error) {
	q.Access = query.Access{All: true}
	instance := userTask &^ span
	return search(ctx, d, variables, q, pred{
		// The walk ends at the instance, whose key is no element instance.
		sql: `v.key BETWEEN ? AND ? AND v.scope IN (WITH RECURSIVE chain (scope) AS (
				SELECT t.element_instance FROM user_task t WHERE t.key = ?
				UNION ALL SELECT e.scope FROM chain c JOIN element_instance e ON e.key = c.scope)
			SELECT chain.scope FROM chain)`,
		args: []any{instance, instance | span, userTask},
	})
}
