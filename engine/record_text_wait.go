package engine

import "tallystick/tasks"

// The fields of the records about what waits: jobs, user tasks, timers and incidents.

func (r JobCreated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.string("type", r.Type)
	t.number("retries", int64(r.Retries))
	t.numberIf("priority", int64(r.Priority))
	t.stringIf("jobKind", r.JobKind)
	t.stringIf("listenerEvent", r.ListenerEvent)
	t.numberIf("listener", int64(r.Listener))
	t.mapIf("headers", r.Headers)
	if r.UserTask != nil {
		t.other("userTask", r.UserTask)
	}
}

func (r JobCompleted) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.trueIf("denied", r.Denied)
	t.stringIf("reason", r.Reason)
}

func (r JobFailed) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("retries", int64(r.Retries))
	t.stringIf("message", r.Message)
	t.timeIf("notBefore", r.NotBefore)
}

func (r JobErrorThrown) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.string("code", r.Code)
	t.stringIf("message", r.Message)
}

func (r JobCanceled) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r JobRetriesUpdated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("retries", int64(r.Retries))
}

func (r TaskCreated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.task(r.Task)
	t.mapIf("headers", r.Headers)
}

func (r TaskAssigned) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.string("assignee", r.Assignee)
	t.stringIf("action", r.Action)
}

func (r TaskUnassigned) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r TaskUpdated) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.other("change", r.Change)
	t.stringIf("action", r.Action)
}

func (r TaskCompleted) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.stringIf("by", r.By)
	t.stringIf("action", r.Action)
}

func (r TaskCanceled) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r TimerArmed) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.numberIf("part", int64(r.Part))
	t.time("due", r.Due)
	t.number("remaining", int64(r.Remaining))
	t.stringIf("interval", r.Interval)
	t.timeIf("anchor", r.Anchor)
}

func (r TimerFired) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r TimerCanceled) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r IncidentRaised) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.string("errorType", r.ErrorType)
	t.string("message", r.Message)
	t.numberIf("job", r.Job)
	t.string("retry", r.Retry)
}

func (r IncidentResolved) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

// task writes the user task that a record or a row holds.
func (t *text) task(u tasks.Task) {
	t.open("task")
	t.stringIf("name", u.Name)
	t.string("state", string(u.State))
	t.stringIf("assignee", u.Assignee)
	t.stringsIf("candidateGroups", u.CandidateGroups)
	t.stringsIf("candidateUsers", u.CandidateUsers)
	t.timeIf("dueDate", u.DueDate)
	t.timeIf("followUpDate", u.FollowUpDate)
	t.number("priority", int64(u.Priority))
	t.numberIf("formKey", u.FormKey)
	t.stringIf("formId", u.FormID)
	t.stringIf("externalReference", u.ExternalReference)
	t.close()
}
