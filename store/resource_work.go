package store

import (
	"context"

	"tallystick/query"
)

var jobs = &resource[query.Job]{
	from:   "job j JOIN process_instance p ON p.key = j.instance",
	key:    "jobKey",
	access: visible("j.process_id"),
	attributes: []attribute[query.Job]{
		{field{name: "jobKey", kind: key, expr: "j.key"}, func(v *query.Job) any { return &v.JobKey }},
		{field{name: "type", kind: words, expr: "j.type", heads: indexed}, func(v *query.Job) any { return &v.Type }},
		{field{name: "kind", kind: words, expr: "j.kind"}, func(v *query.Job) any { return &v.Kind }},
		{field{name: "listenerEventType", kind: words, expr: "j.listener_event"}, func(v *query.Job) any { return &v.ListenerEventType }},
		{field{name: "state", kind: words, expr: "j.state"}, func(v *query.Job) any { return &v.State }},
		{field{name: "retries", kind: number, expr: "j.retries"}, func(v *query.Job) any { return &v.Retries }},
		{field{name: "worker", kind: words, expr: "j.worker"}, func(v *query.Job) any { return &v.Worker }},
		{field{name: "deadline", kind: moment, expr: "j.deadline", null: true}, func(v *query.Job) any { return intoMaybe{&v.Deadline} }},
		{field{expr: "j.headers"}, func(v *query.Job) any { return &fromJSON{v: &v.CustomHeaders} }},
		{field{name: "errorCode", kind: words, expr: "j.error_code", null: true}, func(v *query.Job) any { return &v.ErrorCode }},
		{field{name: "errorMessage", kind: words, expr: "j.error_message", null: true}, func(v *query.Job) any { return &v.ErrorMessage }},
		{field{name: "hasFailedWithRetriesLeft", kind: flag, expr: "(j.state = 'FAILED' AND j.retries > 0)"}, func(v *query.Job) any { return &v.HasFailedWithRetriesLeft }},
		{field{name: "isDenied", kind: flag, expr: "(j.denied = 1)", null: true}, func(v *query.Job) any { return &v.IsDenied }},
		{field{name: "deniedReason", kind: words, expr: "j.denied_reason", null: true}, func(v *query.Job) any { return &v.DeniedReason }},
		{field{name: "creationTime", kind: moment, expr: "j.created"}, func(v *query.Job) any { return intoMaybe{&v.CreationTime} }},
		{field{name: "lastUpdateTime", kind: moment, expr: "j.updated"}, func(v *query.Job) any { return intoMaybe{&v.LastUpdateTime} }},
		{field{name: "endTime", kind: moment, expr: "j.ended", null: true}, func(v *query.Job) any { return intoMaybe{&v.EndTime} }},
		{field{name: "elementId", kind: words, expr: "j.element"}, func(v *query.Job) any { return &v.ElementID }},
		{field{name: "elementInstanceKey", kind: key, expr: "j.element_instance", span: "j.key"}, func(v *query.Job) any { return &v.ElementInstanceKey }},
		{field{name: "processInstanceKey", kind: key, expr: "j.instance", span: "j.key"}, func(v *query.Job) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.Job) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "processDefinitionKey", kind: key, expr: "j.definition"}, func(v *query.Job) any { return &v.ProcessDefinitionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "j.process_id"}, func(v *query.Job) any { return &v.ProcessDefinitionID }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.Job) any { return &v.TenantID }},
		{field{name: "priority", kind: number, expr: "j.priority"}, func(v *query.Job) any { return &v.Priority }},
	},
}

// SearchJobs answers a search for jobs, open and ended.
func (d *DB) SearchJobs(ctx context.Context, q query.Request) (query.Result[query.Job], error) {
	return search(ctx, d, jobs, q)
}

// Job finds a job; false when there is none.
func (d *DB) Job(ctx context.Context, key int64) (query.Job, bool, error) {
	return get(ctx, d, jobs, jobs.byKey(key))
}

// candidates asks for tasks through the table of their candidates.
func candidates(kind string) string {
	return "t.key IN (SELECT c.task FROM task_candidate c WHERE c.kind = '" + kind + "' AND %s)"
}

var userTasks = &resource[query.UserTask]{
	from: "user_task t JOIN process_instance p ON p.key = t.instance LEFT JOIN definition d ON d.key = t.definition",
	key:  "userTaskKey", access: tasksVisible,
	variables: variableIn(func(c query.VariableCond) string {
		if c.Local {
			return "t.element_instance"
		}
		return "t.instance"
	}),
	attributes: []attribute[query.UserTask]{
		{field{name: "userTaskKey", kind: key, expr: "t.key"}, func(v *query.UserTask) any { return &v.UserTaskKey }},
		{field{name: "name", kind: words, expr: "t.name", null: true}, func(v *query.UserTask) any { return &v.Name }},
		{field{name: "state", kind: words, expr: "t.state"}, func(v *query.UserTask) any { return &v.State }},
		{field{name: "assignee", kind: words, expr: "t.assignee", null: true, heads: indexed}, func(v *query.UserTask) any { return &v.Assignee }},
		{field{expr: "t.candidate_groups"}, func(v *query.UserTask) any { return &fromJSON{v: &v.CandidateGroups} }},
		{field{expr: "t.candidate_users"}, func(v *query.UserTask) any { return &fromJSON{v: &v.CandidateUsers} }},
		{field{name: "creationDate", kind: moment, expr: "t.created"}, func(v *query.UserTask) any { return into{&v.CreationDate} }},
		{field{name: "completionDate", kind: moment, expr: "t.completed", null: true}, func(v *query.UserTask) any { return intoMaybe{&v.CompletionDate} }},
		{field{name: "dueDate", kind: moment, expr: "t.due", null: true}, func(v *query.UserTask) any { return intoMaybe{&v.DueDate} }},
		{field{name: "followUpDate", kind: moment, expr: "t.follow_up", null: true}, func(v *query.UserTask) any { return intoMaybe{&v.FollowUpDate} }},
		{field{name: "priority", kind: number, expr: "t.priority"}, func(v *query.UserTask) any { return &v.Priority }},
		{field{expr: "t.headers"}, func(v *query.UserTask) any { return &fromJSON{v: &v.CustomHeaders} }},
		{field{name: "formKey", kind: key, expr: "t.form", null: true}, func(v *query.UserTask) any { return maybeKey{&v.FormKey} }},
		{field{name: "externalFormReference", kind: words, expr: "t.external_form", null: true}, func(v *query.UserTask) any { return &v.ExternalFormReference }},
		{field{name: "elementId", kind: words, expr: "t.element"}, func(v *query.UserTask) any { return &v.ElementID }},
		{field{name: "elementInstanceKey", kind: key, expr: "t.element_instance", span: "t.key"}, func(v *query.UserTask) any { return &v.ElementInstanceKey }},
		{field{name: "processName", kind: words, expr: "nullif(d.name, '')", null: true}, func(v *query.UserTask) any { return &v.ProcessName }},
		{field{name: "processInstanceKey", kind: key, expr: "t.instance", span: "t.key"}, func(v *query.UserTask) any { return &v.ProcessInstanceKey }},
		{field{name: "rootProcessInstanceKey", kind: key, expr: "p.root_instance"}, func(v *query.UserTask) any { return maybeKey{&v.RootProcessInstanceKey} }},
		{field{name: "processDefinitionKey", kind: key, expr: "t.definition"}, func(v *query.UserTask) any { return &v.ProcessDefinitionKey }},
		{field{name: "processDefinitionId", kind: words, expr: "t.process_id"}, func(v *query.UserTask) any { return &v.ProcessDefinitionID }},
		{field{name: "processDefinitionVersion", kind: number, expr: "p.version"}, func(v *query.UserTask) any { return &v.ProcessDefinitionVersion }},
		{field{name: "tenantId", kind: words, expr: theTenant}, func(v *query.UserTask) any { return &v.TenantID }},
		{field{expr: "p.tags"}, func(v *query.UserTask) any { return &fromJSON{v: &v.Tags} }},
		{field{name: "businessId", kind: words, expr: "p.business_id", null: true, heads: indexed}, nil},
		{field{name: "tags", kind: words, expr: "x.name", heads: indexed, through: "t.instance IN (SELECT x.instance FROM instance_tag x WHERE %s)"}, nil},
		{field{name: "candidateGroup", kind: words, expr: "c.name", heads: indexed, through: candidates(candidateGroup)}, nil},
		{field{name: "candidateUser", kind: words, expr: "c.name", heads: indexed, through: candidates(candidateUser)}, nil},
	},
}

// SearchUserTasks answers a search for user tasks. Variables are those of the instance, or with Local
// those of the task.
func (d *DB) SearchUserTasks(ctx context.Context, q query.Request) (query.Result[query.UserTask], error) {
	return search(ctx, d, userTasks, q)
}

// UserTask finds a user task; false when there is none.
func (d *DB) UserTask(ctx context.Context, key int64) (query.UserTask, bool, error) {
	return get(ctx, d, userTasks, userTasks.byKey(key))
}
