package storetest

import (
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
	"tallystick/tasks"
)

var projectionCases = []testCase{
	{"an instance is shown as it is", instanceShown},
	{"begin and end in one batch", beginAndEndTogether},
	{"begin and end in two batches", beginAndEndApart},
	{"a task changes piece by piece", taskChanges},
	{"a task changes in the batch that creates it", taskChangesAtOnce},
	{"a job fails and is tried again", jobFails},
	{"a variable changes under its key", variableChanges},
	{"incidents show on what they stop", incidentsShow},
}

func instanceShown(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key, "urgent", "vip")
	fillInstance(b, key)
	w.commit(b)
	p, ok, err := w.db.ProcessInstance(w.Context(), key)
	w.must(err)
	want := query.ProcessInstance{
		ProcessInstanceKey: query.Key(key), ProcessDefinitionKey: 7, ProcessDefinitionID: "order",
		ProcessDefinitionVersion: 3, ProcessDefinitionVersionTag: ptr("v3"), RootProcessInstanceKey: ptr(query.Key(key)),
		StartDate: noon, State: "ACTIVE", HasIncident: true, TenantID: query.Tenant, Tags: []string{"urgent", "vip"},
		BusinessID: p.BusinessID,
	}
	if diff := cmp.Diff(want, p); !ok || diff != "" {
		w.Error(diff)
	}
	task, ok, err := w.db.UserTask(w.Context(), key+3)
	w.must(err)
	wantTask := query.UserTask{
		UserTaskKey: query.Key(key + 3), Name: ptr("Approve"), State: "CREATED", CandidateGroups: []string{"clerks", "managers"},
		CandidateUsers: []string{"bob"}, CreationDate: noon, DueDate: ptr(noon.Add(time.Hour)), Priority: 50,
		CustomHeaders: map[string]string{"a": "b"}, FormKey: ptr(query.Key(12)), ElementID: "approve",
		ElementInstanceKey: query.Key(key + 2), ProcessInstanceKey: query.Key(key), RootProcessInstanceKey: ptr(query.Key(key)),
		ProcessDefinitionKey: 7, ProcessDefinitionID: "order", ProcessDefinitionVersion: 3, TenantID: query.Tenant,
		Tags: []string{"urgent", "vip"},
	}
	if diff := cmp.Diff(wantTask, task); !ok || diff != "" {
		w.Error(diff)
	}
	if _, ok, err := w.db.UserTask(w.Context(), key+4); ok || err != nil {
		w.Errorf("a task that is none: %v %v", ok, err)
	}
}

func beginAndEndTogether(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	emptyInstance(b, key)
	w.commit(b)
	checkEnded(w, key)
}

func beginAndEndApart(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b)
	end := w.batch().again(key, w.load(key).Instances[key], "state-2")
	emptyInstance(end, key)
	w.commit(end)
	checkEnded(w, key)
}

// checkEnded finds everything of fillInstance ended, however many batches it took.
func checkEnded(w *world, key int64) {
	w.Helper()
	ctx := w.Context()
	p, _, err := w.db.ProcessInstance(ctx, key)
	w.must(err)
	if p.State != "COMPLETED" || p.EndDate == nil || !p.EndDate.Equal(noon) || p.HasIncident {
		w.Errorf("instance %+v", p)
	}
	elements, err := w.db.SearchElementInstances(ctx, query.Request{Access: all})
	w.must(err)
	for _, e := range elements.Items {
		if e.State != "COMPLETED" || e.EndDate == nil || e.HasIncident {
			w.Errorf("element %+v", e)
		}
	}
	job, _, err := w.db.Job(ctx, key+5)
	w.must(err)
	task, _, err := w.db.UserTask(ctx, key+3)
	w.must(err)
	incident, _, err := w.db.Incident(ctx, key+9)
	w.must(err)
	if job.State != "COMPLETED" || task.State != "COMPLETED" || incident.State != "RESOLVED" || task.CompletionDate == nil {
		w.Errorf("job %s, task %s, incident %s", job.State, task.State, incident.State)
	}
	if !slices.Equal(task.CandidateGroups, []string{"board"}) || countTasks(w, "candidateGroup", "clerks") != 0 ||
		countTasks(w, "candidateGroup", "board") != 1 {
		w.Errorf("candidate groups %v", task.CandidateGroups)
	}
	if due, err := w.db.Due(ctx, noon.Add(time.Hour), noon.Add(time.Hour), 10); err != nil || len(due) != 0 {
		w.Errorf("timers left: %v %v", due, err)
	}
	v, _, err := w.db.Variable(ctx, key+7)
	w.must(err)
	if v.Value != "200" || len(elements.Items) != 3 {
		w.Errorf("variable %s, %d elements", v.Value, len(elements.Items))
	}
}

func countTasks(w *world, field string, value any) int {
	w.Helper()
	r, err := w.db.SearchUserTasks(w.Context(), query.Request{
		Access: all, Conds: []query.Cond{{Field: field, Op: query.Eq, Value: value}},
	})
	w.must(err)
	return len(r.Items)
}

// taskSteps change the task of fillInstance; want is the task after each.
var taskSteps = []struct {
	record func(key int64) engine.Record
	want   func(*query.UserTask)
}{
	{
		func(k int64) engine.Record { return engine.TaskAssigned{Key: k, Assignee: "ann"} },
		func(t *query.UserTask) { t.Assignee = ptr("ann") },
	},
	{func(k int64) engine.Record {
		return engine.TaskUpdated{Key: k, Change: tasks.Change{Priority: ptr(80), FollowUpDate: ptr(noon)}}
	}, func(t *query.UserTask) { t.Priority, t.FollowUpDate = 80, ptr(noon) }},
	{func(k int64) engine.Record {
		return engine.TaskUpdated{Key: k, Change: tasks.Change{DueDate: &time.Time{}, CandidateUsers: &[]string{}}}
	}, func(t *query.UserTask) { t.DueDate, t.CandidateUsers = nil, []string{} }},
	{
		func(k int64) engine.Record { return engine.TaskUnassigned{Key: k} },
		func(t *query.UserTask) { t.Assignee = nil },
	},
	{func(k int64) engine.Record {
		return engine.TaskUpdated{Key: k, Change: tasks.Change{CandidateUsers: &[]string{"eve", "bob"}}}
	}, func(t *query.UserTask) { t.CandidateUsers = []string{"eve", "bob"} }},
	{
		func(k int64) engine.Record { return engine.TaskCanceled{Key: k} },
		func(t *query.UserTask) { t.State, t.CompletionDate = "CANCELED", ptr(noon) },
	},
}

func taskChanges(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b)
	want, _, err := w.db.UserTask(w.Context(), key+3)
	w.must(err)
	for i, step := range taskSteps {
		next := w.batch().again(key, w.load(key).Instances[key], "next")
		w.commit(next.record(key, step.record(key+3)))
		step.want(&want)
		got, _, err := w.db.UserTask(w.Context(), key+3)
		w.must(err)
		if diff := cmp.Diff(want, got); diff != "" {
			w.Errorf("step %d: %s", i, diff)
		}
	}
	if countTasks(w, "candidateUser", "eve") != 1 {
		w.Error("the new candidate is not found")
	}
}

func taskChangesAtOnce(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	for _, step := range taskSteps {
		b.record(key, step.record(key+3))
	}
	w.commit(b)
	got, _, err := w.db.UserTask(w.Context(), key+3)
	w.must(err)
	want := got
	want.DueDate = ptr(noon.Add(time.Hour))
	for _, step := range taskSteps {
		step.want(&want)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Error(diff)
	}
	if got.DueDate != nil || countTasks(w, "candidateUser", "eve") != 1 || countTasks(w, "candidateUser", "bob") != 1 {
		w.Error("candidates or due date are those of another moment")
	}
}

func jobFails(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b)
	later := noon.Add(time.Minute)
	b = w.batch().again(key, w.load(key).Instances[key], "state-2")
	w.commit(b.record(key, engine.JobFailed{Key: key + 5, Retries: 2, Message: "no answer", NotBefore: later}))
	j, _, err := w.db.Job(w.Context(), key+5)
	w.must(err)
	if j.State != "FAILED" || j.Retries != 2 || !j.HasFailedWithRetriesLeft || *j.ErrorMessage != "no answer" {
		w.Errorf("failed job %+v", j)
	}
	pay := host.Activation{Type: "pay", Worker: "w", Max: 1, Timeout: time.Second}
	if early := w.activate(pay, later.Add(-time.Microsecond)); len(early) != 0 {
		w.Error("the job was tried again before its back-off was over")
	}
	if due := w.activate(pay, later); len(due) != 1 {
		w.Error("the job was not tried again")
	}
	b = w.batch().again(key, w.load(key).Instances[key], "state-3")
	b.record(key, engine.JobRetriesUpdated{Key: key + 5, Retries: 9})
	w.commit(b.record(key, engine.JobErrorThrown{Key: key + 5, Code: "E1", Message: "declined"}))
	j, _, err = w.db.Job(w.Context(), key+5)
	w.must(err)
	if j.State != "ERROR_THROWN" || j.Retries != 9 || *j.ErrorCode != "E1" || *j.ErrorMessage != "declined" || j.EndTime == nil {
		w.Errorf("job after an error %+v", j)
	}
}

func variableChanges(w *world) {
	key := w.started(1)[0]
	for _, value := range []string{"1", `{"a":1}`} {
		b := w.batch().again(key, w.load(key).Instances[key], "next")
		b.record(key, engine.VariableSet{Key: key + 1, Scope: key, Name: "x", Value: "0"})
		w.commit(b.record(key, engine.VariableSet{Key: key + 1, Scope: key, Name: "x", Value: canonText(value)}))
		r, err := w.db.SearchVariables(w.Context(), query.Request{Access: all})
		w.must(err)
		if len(r.Items) != 1 || r.Items[0].Value != value || r.Items[0].ScopeKey != query.Key(key) {
			w.Errorf("variables %+v", r.Items)
		}
	}
}

func incidentsShow(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b)
	e, _, err := w.db.ElementInstance(w.Context(), key+1)
	w.must(err)
	if !e.HasIncident || e.IncidentKey == nil || *e.IncidentKey != query.Key(key+9) {
		w.Errorf("element %+v", e)
	}
	other, _, err := w.db.ElementInstance(w.Context(), key+4)
	w.must(err)
	if other.HasIncident || other.IncidentKey != nil {
		w.Errorf("element %+v", other)
	}
}
