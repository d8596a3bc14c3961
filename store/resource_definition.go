package store

import (
	"context"

	"tallystick/query"
)

const (
	theTenant = "CAST('" + query.Tenant + "' AS TEXT)" // the only tenant until tenancy is served
	isLatest  = "d.version = (SELECT max(x.version) FROM definition x WHERE x.kind = d.kind AND substr(x.id, 1, 128) = substr(d.id, 1, 128) AND x.id = d.id)"
)

var processDefinitions = &resource[query.ProcessDefinition]{
	from:   "definition d",
	key:    "processDefinitionKey",
	access: func(a query.Access) pred { return all(pred{sql: "d.kind = 'process'"}, definitions(a, "d.id")) },
	attributes: []attribute[query.ProcessDefinition]{
		{field{name: "processDefinitionKey", kind: key, expr: "d.key"}, func(v *query.ProcessDefinition) any { return &v.ProcessDefinitionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "d.id", heads: indexed}, func(v *query.ProcessDefinition) any { return &v.ProcessDefinitionID }},
		{field{name: "name", kind: words, expr: "nullif(d.name, '')", null: true}, func(v *query.ProcessDefinition) any { return &v.Name }},
		{field{name: "resourceName", kind: words, expr: "d.resource"}, func(v *query.ProcessDefinition) any { return &v.ResourceName }},
		{field{name: "version", kind: number, expr: "d.version"}, func(v *query.ProcessDefinition) any { return &v.Version }},
		{field{name: "versionTag", kind: words, expr: "nullif(d.version_tag, '')", null: true}, func(v *query.ProcessDefinition) any { return &v.VersionTag }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.ProcessDefinition) any { return &v.TenantID }},
		// A start form cannot be deployed and a definition cannot be deleted.
		{field{name: "hasStartForm", kind: flag, expr: "(1 = 0)"}, func(v *query.ProcessDefinition) any { return &v.HasStartForm }},
		{field{name: "state", kind: words, expr: "CASE WHEN " + resting("d.id", "d.version") + " THEN 'SUSPENDED' ELSE 'ACTIVE' END"}, func(v *query.ProcessDefinition) any { return &v.State }},
		{field{name: "isLatestVersion", kind: flag, expr: isLatest}, nil},
	},
}

// SearchProcessDefinitions answers a search for deployed processes.
func (d *DB) SearchProcessDefinitions(ctx context.Context, q query.Request) (query.Result[query.ProcessDefinition], error) {
	return search(ctx, d, processDefinitions, q)
}

// ProcessDefinition finds a deployed process; false when there is none.
func (d *DB) ProcessDefinition(ctx context.Context, key int64) (query.ProcessDefinition, bool, error) {
	return get(ctx, d, processDefinitions, all(processDefinitions.byKey(key), pred{sql: "d.kind = 'process'"}))
}

var decisionDefinitions = &resource[query.DecisionDefinition]{
	from:   "definition d JOIN definition r ON r.key = d.requirements",
	key:    "decisionDefinitionKey",
	access: visible("d.id"),
	attributes: []attribute[query.DecisionDefinition]{
		{field{name: "decisionDefinitionKey", kind: key, expr: "d.key"}, func(v *query.DecisionDefinition) any { return &v.DecisionDefinitionKey }},
		{field{name: "decisionDefinitionId", kind: words, expr: "d.id", heads: indexed}, func(v *query.DecisionDefinition) any { return &v.DecisionDefinitionID }},
		{field{name: "name", kind: words, expr: "d.name"}, func(v *query.DecisionDefinition) any { return &v.Name }},
		{field{name: "version", kind: number, expr: "d.version"}, func(v *query.DecisionDefinition) any { return &v.Version }},
		{field{name: "decisionRequirementsKey", kind: key, expr: "r.key"}, func(v *query.DecisionDefinition) any { return &v.DecisionRequirementsKey }},
		{field{name: "decisionRequirementsId", kind: words, expr: "r.id"}, func(v *query.DecisionDefinition) any { return &v.DecisionRequirementsID }},
		{field{name: "decisionRequirementsName", kind: words, expr: "r.name"}, func(v *query.DecisionDefinition) any { return &v.DecisionRequirementsName }},
		{field{name: "decisionRequirementsVersion", kind: number, expr: "r.version"}, func(v *query.DecisionDefinition) any { return &v.DecisionRequirementsVersion }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.DecisionDefinition) any { return &v.TenantID }},
		{field{name: "isLatestVersion", kind: flag, expr: isLatest}, nil},
	},
}

// SearchDecisionDefinitions answers a search for deployed decisions.
func (d *DB) SearchDecisionDefinitions(ctx context.Context, q query.Request) (query.Result[query.DecisionDefinition], error) {
	return search(ctx, d, decisionDefinitions, q)
}

// DecisionDefinition finds a deployed decision; false when there is none.
func (d *DB) DecisionDefinition(ctx context.Context, key int64) (query.DecisionDefinition, bool, error) {
	return get(ctx, d, decisionDefinitions, decisionDefinitions.byKey(key))
}

// Form finds a deployed form with its schema; false when there is none.
func (d *DB) Form(ctx context.Context, key int64) (query.Form, bool, error) {
	var rows []struct {
		Key     int64
		ID      string
		Version int
		Data    []byte
	}
	err := d.read.NewRaw(`SELECT d.key, d.id, d.version, s.data FROM definition d JOIN source s ON s.digest = d.digest
		WHERE d.kind = 'form' AND d.key = ?`, key).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return query.Form{}, false, d.fault(err, "find a form")
	}
	r := rows[0]
	return query.Form{
		FormKey: query.Key(r.Key), FormID: r.ID, Version: r.Version, Schema: string(r.Data), TenantID: query.Tenant,
	}, true, nil
}
