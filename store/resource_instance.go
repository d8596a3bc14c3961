package store

import (
	"context"

	"tallystick/query"
)

// incidentIn is the condition that an active incident lies inside an instance.
func incidentIn(instance, and string) string {
	return "EXISTS (SELECT 1 FROM incident x WHERE x.state = 'ACTIVE' AND " + inside("x.key", instance) + and + ")"
}

// anElement is an element instance of the instance p, anIncident an incident of it, or of that element instance when a
// filter group speaks of both.
var (
	anElement  = &row{any: "EXISTS (SELECT 1 FROM element_instance x WHERE " + inside("x.key", "p.key") + " AND %s)"}
	anIncident = &row{
		any: "EXISTS (SELECT 1 FROM incident y WHERE " + inside("y.key", "p.key") + " AND %s)", of: anElement,
		its: "EXISTS (SELECT 1 FROM incident y WHERE " + inside("y.key", "p.key") + " AND y.element_instance = x.key AND %s)",
	}
)

var processInstances = &resource[query.ProcessInstance]{
	from:      "process_instance p LEFT JOIN definition d ON d.key = p.definition",
	key:       "processInstanceKey",
	access:    visible("p.process_id"),
	variables: variableIn(func(query.VariableCond) string { return "p.key" }),
	attributes: []attribute[query.ProcessInstance]{
		{field{name: "processInstanceKey", kind: key, expr: "p.key"}, func(v *query.ProcessInstance) any { return &v.ProcessInstanceKey }},
		{field{name: "processDefinitionKey", kind: key, expr: "p.definition"}, func(v *query.ProcessInstance) any { return &v.ProcessDefinitionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "p.process_id", heads: indexed}, func(v *query.ProcessInstance) any { return &v.ProcessDefinitionID }},
		{field{name: "processDefinitionName", kind: words, expr: "nullif(d.name, '')", null: true}, func(v *query.ProcessInstance) any { return &v.ProcessDefinitionName }},
		{field{name: "processDefinitionVersion", kind: number, expr: "p.version"}, func(v *query.ProcessInstance) any { return &v.ProcessDefinitionVersion }},
		{field{name: "processDefinitionVersionTag", kind: words, expr: "p.version_tag", null: true}, func(v *query.ProcessInstance) any { return &v.ProcessDefinitionVersionTag }},
		{field{name: "parentProcessInstanceKey", kind: key, expr: "p.parent_instance", null: true}, func(v *query.ProcessInstance) any { return maybeKey{&v.ParentProcessInstanceKey} }},
		{field{name: "parentElementInstanceKey", kind: key, expr: "p.parent_element", null: true}, func(v *query.ProcessInstance) any { return maybeKey{&v.ParentElementInstanceKey} }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.ProcessInstance) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "startDate", kind: moment, expr: "p.started"}, func(v *query.ProcessInstance) any { return into{&v.StartDate} }},
		{field{name: "endDate", kind: moment, expr: "p.ended", null: true}, func(v *query.ProcessInstance) any { return intoMaybe{&v.EndDate} }},
		{field{name: "suspendedDate", kind: moment, expr: "p.suspended", null: true}, func(v *query.ProcessInstance) any { return intoMaybe{&v.SuspendedDate} }},
		{field{name: "state", kind: words, expr: "p.state"}, func(v *query.ProcessInstance) any { return &v.State }},
		{field{name: "hasIncident", kind: flag, expr: incidentIn("p.key", "")}, func(v *query.ProcessInstance) any { return &v.HasIncident }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.ProcessInstance) any { return &v.TenantID }},
		{field{expr: "p.tags"}, func(v *query.ProcessInstance) any { return &fromJSON{v: &v.Tags} }},
		{field{name: "businessId", kind: words, expr: "p.business_id", null: true, heads: indexed}, func(v *query.ProcessInstance) any { return &v.BusinessID }},
		{field{name: "tags", kind: words, expr: "x.name", heads: indexed, through: "p.key IN (SELECT x.instance FROM instance_tag x WHERE %s)"}, nil},
		{field{name: "elementId", kind: words, expr: "x.element", of: anElement}, nil},
		{field{name: "elementInstanceState", kind: words, expr: "x.state", of: anElement}, nil},
		{field{name: "errorMessage", kind: words, expr: "y.message", of: anIncident}, nil},
		{field{name: "batchOperationKey", kind: key, expr: "x.batch", through: "p.key IN (SELECT x.instance FROM batch_operation_item x WHERE %s)"}, nil},
	},
}

// SearchProcessInstances answers a search for process instances; variables are those of the instance itself.
func (d *DB) SearchProcessInstances(ctx context.Context, q query.Request) (query.Result[query.ProcessInstance], error) {
	return search(ctx, d, processInstances, q)
}

// ProcessInstance finds a process instance; false when there is none.
func (d *DB) ProcessInstance(ctx context.Context, key int64) (query.ProcessInstance, bool, error) {
	return get(ctx, d, processInstances, processInstances.byKey(key))
}

// incidentOf is the oldest active incident of an element instance.
var incidentOf = "(SELECT min(x.key) FROM incident x WHERE x.state = 'ACTIVE' AND " +
	inside("x.key", "e.instance") + " AND x.element_instance = e.key)"

var elementInstances = &resource[query.ElementInstance]{
	from:   "element_instance e JOIN process_instance p ON p.key = e.instance",
	key:    "elementInstanceKey",
	access: visible("e.process_id"),
	attributes: []attribute[query.ElementInstance]{
		{field{name: "elementInstanceKey", kind: key, expr: "e.key"}, func(v *query.ElementInstance) any { return &v.ElementInstanceKey }},
		{field{name: "elementId", kind: words, expr: "e.element"}, func(v *query.ElementInstance) any { return &v.ElementID }},
		{field{name: "elementName", kind: words, expr: "e.name"}, func(v *query.ElementInstance) any { return &v.ElementName }},
		{field{name: "type", kind: words, expr: "e.type"}, func(v *query.ElementInstance) any { return &v.Type }},
		{field{name: "state", kind: words, expr: "e.state"}, func(v *query.ElementInstance) any { return &v.State }},
		{field{name: "startDate", kind: moment, expr: "e.started"}, func(v *query.ElementInstance) any { return into{&v.StartDate} }},
		{field{name: "endDate", kind: moment, expr: "e.ended", null: true}, func(v *query.ElementInstance) any { return intoMaybe{&v.EndDate} }},
		{field{name: "hasIncident", kind: flag, expr: incidentIn("e.instance", " AND x.element_instance = e.key")}, func(v *query.ElementInstance) any { return &v.HasIncident }},
		{field{name: "incidentKey", kind: key, expr: incidentOf, null: true}, func(v *query.ElementInstance) any { return maybeKey{&v.IncidentKey} }},
		{field{name: "elementInstanceScopeKey", kind: key, expr: "e.scope", span: "e.key"}, func(v *query.ElementInstance) any { return &v.ElementInstanceScope }},
		{field{name: "processInstanceKey", kind: key, expr: "e.instance", span: "e.key"}, func(v *query.ElementInstance) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.ElementInstance) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "processDefinitionKey", kind: key, expr: "e.definition"}, func(v *query.ElementInstance) any { return &v.ProcessDefinitionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "e.process_id"}, func(v *query.ElementInstance) any { return &v.ProcessDefinitionID }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.ElementInstance) any { return &v.TenantID }},
	},
}

// SearchElementInstances answers a search for element instances.
func (d *DB) SearchElementInstances(ctx context.Context, q query.Request) (query.Result[query.ElementInstance], error) {
	return search(ctx, d, elementInstances, q)
}

// ElementInstance finds an element instance; false when there is none.
func (d *DB) ElementInstance(ctx context.Context, key int64) (query.ElementInstance, bool, error) {
	return get(ctx, d, elementInstances, elementInstances.byKey(key))
}

var incidents = &resource[query.Incident]{
	from:   "incident i JOIN process_instance p ON p.key = i.instance",
	key:    "incidentKey",
	access: visible("i.process_id"),
	attributes: []attribute[query.Incident]{
		{field{name: "incidentKey", kind: key, expr: "i.key"}, func(v *query.Incident) any { return &v.IncidentKey }},
		{field{name: "errorType", kind: words, expr: "i.type"}, func(v *query.Incident) any { return &v.ErrorType }},
		{field{name: "errorMessage", kind: words, expr: "i.message"}, func(v *query.Incident) any { return &v.ErrorMessage }},
		{field{name: "state", kind: words, expr: "i.state"}, func(v *query.Incident) any { return &v.State }},
		{field{name: "creationTime", kind: moment, expr: "i.created"}, func(v *query.Incident) any { return into{&v.CreationTime} }},
		{field{name: "elementId", kind: words, expr: "i.element"}, func(v *query.Incident) any { return &v.ElementID }},
		{field{name: "elementInstanceKey", kind: key, expr: "i.element_instance", span: "i.key"}, func(v *query.Incident) any { return &v.ElementInstanceKey }},
		{field{name: "jobKey", kind: key, expr: "i.job", null: true, span: "i.key"}, func(v *query.Incident) any { return maybeKey{&v.JobKey} }},
		{field{name: "processInstanceKey", kind: key, expr: "i.instance", span: "i.key"}, func(v *query.Incident) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.Incident) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: query.WithinInstance, kind: key, expr: "x.key", through: below("i.instance")}, nil},
		{field{name: "processDefinitionKey", kind: key, expr: "i.definition"}, func(v *query.Incident) any { return &v.ProcessDefinitionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "i.process_id"}, func(v *query.Incident) any { return &v.ProcessDefinitionID }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.Incident) any { return &v.TenantID }},
	},
}

// SearchIncidents answers a search for incidents.
func (d *DB) SearchIncidents(ctx context.Context, q query.Request) (query.Result[query.Incident], error) {
	return search(ctx, d, incidents, q)
}

// Incident finds an incident; false when there is none.
func (d *DB) Incident(ctx context.Context, key int64) (query.Incident, bool, error) {
	return get(ctx, d, incidents, incidents.byKey(key))
}
