package store

import "slices"

var jobRowColumns = slices.Concat([]column[jobRow]{
	{"key", bigint, func(r *jobRow) cell { return num(r.Key) }},
}, placed(func(r *jobRow) *place { return &r.place }), []column[jobRow]{
	{"element", txt, func(r *jobRow) cell { return str(r.Element) }},
	{"element_instance", bigint, func(r *jobRow) cell { return num(r.ElementInstance) }},
	{"type", txt, func(r *jobRow) cell { return str(r.Type) }},
	{"state", txt, func(r *jobRow) cell { return str(r.State) }},
	{"retries", bigint, func(r *jobRow) cell { return num(r.Retries) }},
	{"priority", bigint, func(r *jobRow) cell { return num(r.Priority) }},
	{"worker", txt, func(r *jobRow) cell { return str(r.Worker) }},
	{"lease", bigint, func(r *jobRow) cell { return num(r.Lease) }},
	{"deadline", bigint, func(r *jobRow) cell { return numOrNull(r.Deadline) }},
	{"not_before", bigint, func(r *jobRow) cell { return numOrNull(r.NotBefore) }},
	{"headers", txt, func(r *jobRow) cell { return str(r.Headers) }},
	{"error_code", txt, func(r *jobRow) cell { return strOrNull(r.ErrorCode) }},
	{"error_message", txt, func(r *jobRow) cell { return strOrNull(r.ErrorMessage) }},
	{"created", bigint, func(r *jobRow) cell { return num(r.Created) }},
	{"updated", bigint, func(r *jobRow) cell { return num(r.Updated) }},
	{"ended", bigint, func(r *jobRow) cell { return numOrNull(r.Ended) }},
	{"kind", txt, func(r *jobRow) cell { return str(r.Kind) }},
	{"listener_event", txt, func(r *jobRow) cell { return str(r.ListenerEvent) }},
	{"user_task", txt, func(r *jobRow) cell { return strOrNull(r.UserTask) }},
	{"denied", bigint, func(r *jobRow) cell { return numOrNull(r.Denied) }},
	{"denied_reason", txt, func(r *jobRow) cell { return strOrNull(r.DeniedReason) }},
})

var jobChangeColumns = []column[jobChange]{
	{"key", bigint, func(r *jobChange) cell { return num(r.Key) }},
	{"lease", bigint, func(r *jobChange) cell { return numOrNull(r.Lease) }},
	{"locked", bigint, func(r *jobChange) cell { return truth(r.Locked) }},
	{"state", txt, func(r *jobChange) cell { return strOrNull(r.State) }},
	{"retries", bigint, func(r *jobChange) cell { return numOrNull(r.Retries) }},
	{"priority", bigint, func(r *jobChange) cell { return numOrNull(r.Priority) }},
	{"deadline", bigint, func(r *jobChange) cell { return numOrNull(r.Deadline) }},
	{"released", bigint, func(r *jobChange) cell { return truth(r.Released) }},
	{"not_before", bigint, func(r *jobChange) cell { return numOrNull(r.NotBefore) }},
	{"error_code", txt, func(r *jobChange) cell { return strOrNull(r.ErrorCode) }},
	{"error_message", txt, func(r *jobChange) cell { return strOrNull(r.ErrorMessage) }},
	{"updated", bigint, func(r *jobChange) cell { return num(r.Updated) }},
	{"ended", bigint, func(r *jobChange) cell { return numOrNull(r.Ended) }},
	{"denied", bigint, func(r *jobChange) cell { return numOrNull(r.Denied) }},
	{"denied_reason", txt, func(r *jobChange) cell { return strOrNull(r.DeniedReason) }},
}

var taskColumns = slices.Concat([]column[taskRow]{
	{"key", bigint, func(r *taskRow) cell { return num(r.Key) }},
}, placed(func(r *taskRow) *place { return &r.place }), []column[taskRow]{
	{"element", txt, func(r *taskRow) cell { return str(r.Element) }},
	{"element_instance", bigint, func(r *taskRow) cell { return num(r.ElementInstance) }},
	{"name", txt, func(r *taskRow) cell { return strOrNull(r.Name) }},
	{"state", txt, func(r *taskRow) cell { return str(r.State) }},
	{"assignee", txt, func(r *taskRow) cell { return strOrNull(r.Assignee) }},
	{"candidate_groups", txt, func(r *taskRow) cell { return str(r.CandidateGroups) }},
	{"candidate_users", txt, func(r *taskRow) cell { return str(r.CandidateUsers) }},
	{"priority", bigint, func(r *taskRow) cell { return num(r.Priority) }},
	{"due", bigint, func(r *taskRow) cell { return numOrNull(r.Due) }},
	{"follow_up", bigint, func(r *taskRow) cell { return numOrNull(r.FollowUp) }},
	{"form", bigint, func(r *taskRow) cell { return numOrNull(r.Form) }},
	{"external_form", txt, func(r *taskRow) cell { return strOrNull(r.ExternalForm) }},
	{"headers", txt, func(r *taskRow) cell { return str(r.Headers) }},
	{"created", bigint, func(r *taskRow) cell { return num(r.Created) }},
	{"completed", bigint, func(r *taskRow) cell { return numOrNull(r.Completed) }},
})

var taskChangeColumns = []column[taskChange]{
	{"key", bigint, func(r *taskChange) cell { return num(r.Key) }},
	{"state", txt, func(r *taskChange) cell { return strOrNull(r.State) }},
	{"completed", bigint, func(r *taskChange) cell { return numOrNull(r.Completed) }},
	{"set_assignee", bigint, func(r *taskChange) cell { return truth(r.SetAssignee) }},
	{"assignee", txt, func(r *taskChange) cell { return strOrNull(r.Assignee) }},
	{"set_due", bigint, func(r *taskChange) cell { return truth(r.SetDue) }},
	{"due", bigint, func(r *taskChange) cell { return numOrNull(r.Due) }},
	{"set_follow_up", bigint, func(r *taskChange) cell { return truth(r.SetFollowUp) }},
	{"follow_up", bigint, func(r *taskChange) cell { return numOrNull(r.FollowUp) }},
	{"priority", bigint, func(r *taskChange) cell { return numOrNull(r.Priority) }},
	{"candidate_groups", txt, func(r *taskChange) cell { return strOrNull(r.CandidateGroups) }},
	{"candidate_users", txt, func(r *taskChange) cell { return strOrNull(r.CandidateUsers) }},
}

var candidateColumns = []column[candidateRow]{
	{"task", bigint, func(r *candidateRow) cell { return num(r.Task) }},
	{"kind", txt, func(r *candidateRow) cell { return str(r.Kind) }},
	{"name", txt, func(r *candidateRow) cell { return str(r.Name) }},
}

var recastColumns = []column[recast]{
	{"task", bigint, func(r *recast) cell { return num(r.Task) }},
	{"kind", txt, func(r *recast) cell { return str(r.Kind) }},
}

var incidentColumns = slices.Concat([]column[incidentRow]{
	{"key", bigint, func(r *incidentRow) cell { return num(r.Key) }},
}, placed(func(r *incidentRow) *place { return &r.place }), []column[incidentRow]{
	{"element", txt, func(r *incidentRow) cell { return str(r.Element) }},
	{"element_instance", bigint, func(r *incidentRow) cell { return num(r.ElementInstance) }},
	{"job", bigint, func(r *incidentRow) cell { return numOrNull(r.Job) }},
	{"type", txt, func(r *incidentRow) cell { return str(r.Type) }},
	{"message", txt, func(r *incidentRow) cell { return str(r.Message) }},
	{"created", bigint, func(r *incidentRow) cell { return num(r.Created) }},
	{"state", txt, func(r *incidentRow) cell { return str(r.State) }},
	{"resolved", bigint, func(r *incidentRow) cell { return numOrNull(r.Resolved) }},
})

var incidentChangeColumns = []column[incidentChange]{
	{"key", bigint, func(r *incidentChange) cell { return num(r.Key) }},
	{"state", txt, func(r *incidentChange) cell { return str(r.State) }},
	{"resolved", bigint, func(r *incidentChange) cell { return numOrNull(r.Resolved) }},
}
