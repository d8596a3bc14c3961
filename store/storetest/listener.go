package storetest

import (
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
	"tallystick/tasks"
)

// taskListened holds a user task in a transition: its job says what it is about, with the variables that complete the
// task, and what the worker said of it is kept.
func taskListened(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	b.record(key, engine.ElementActivated{Key: key + 1, Element: "ask", ElementType: "USER_TASK", Scope: key})
	b.record(key, engine.VariableSet{Key: key + 2, Scope: key, Name: "amount", Value: "1"})
	b.record(key, engine.TaskCreated{Key: key + 3, Element: "ask", ElementInstance: key + 1, Task: tasks.Task{State: tasks.Created}})
	b.record(key, engine.TaskTransitionStarted{Key: key + 3, Element: "ask", Transition: engine.Transition{Event: "COMPLETING"}})
	told := engine.JobTask{
		Key: key + 3, Action: "complete", Assignee: "ann", CandidateGroups: []string{"clerks"}, Changed: []string{"assignee"},
		DueDate: noon.Add(time.Hour), FormKey: 12, Priority: 70, Variables: `{"amount":2,"ok":true}`,
	}
	b.record(key, engine.JobCreated{
		Key: key + 4, Element: "ask", ElementInstance: key + 1, Type: "hear", Retries: 3,
		JobKind: engine.JobTaskListener, ListenerEvent: "COMPLETING", UserTask: &told,
	})
	w.commit(b)
	w.taskIs(key+3, tasks.Completing)
	jobs := w.activate(host.Activation{Type: "hear", Max: 1, Timeout: time.Minute}, noon)
	want := map[string]canon.JSON{"amount": "2", "ok": "true"}
	if len(jobs) != 1 || jobs[0].Kind != engine.JobTaskListener || jobs[0].ListenerEvent != "COMPLETING" ||
		!cmp.Equal(jobs[0].UserTask, &told) || !cmp.Equal(jobs[0].Variables, want) {
		w.Fatalf("activated %+v", jobs)
	}
	again := w.activate(host.Activation{Type: "hear", Max: 1, Timeout: time.Minute, Fetch: []string{"ok"}}, noon.Add(time.Hour))
	if len(again) != 1 || !cmp.Equal(again[0].Variables, map[string]canon.JSON{"ok": "true"}) {
		w.Errorf("fetched %+v", again)
	}
	w.denied(key, false)
	w.commit(w.batch().again(key, w.load(key).Instances[key], "next").
		record(key, engine.JobCompleted{Key: key + 4, Element: "ask", Denied: true, Reason: "no"}).
		record(key, engine.TaskTransitionEnded{Key: key + 3, Element: "ask", Event: "COMPLETING", Denied: true, Reason: "no"}))
	w.taskIs(key+3, tasks.Created)
	w.denied(key, true)
}

func (w *world) taskIs(key int64, state tasks.State) {
	w.Helper()
	t, ok, err := w.db.UserTask(w.Context(), key)
	w.must(err)
	if !ok || t.State != string(state) {
		w.Errorf("the task is %s, not %s", t.State, state)
	}
}

// denied looks for the listener of an instance among the jobs by what its worker said.
func (w *world) denied(key int64, denied bool) {
	w.Helper()
	found, err := w.db.SearchJobs(w.Context(), query.Request{Access: all, Conds: []query.Cond{
		{Field: "processInstanceKey", Op: query.Eq, Value: key},
		{Field: "kind", Op: query.Eq, Value: engine.JobTaskListener},
		{Field: "listenerEventType", Op: query.Eq, Value: "COMPLETING"},
		{Field: "isDenied", Op: query.Exists, Value: denied},
	}})
	w.must(err)
	if len(found.Items) != 1 {
		w.Fatalf("%d jobs, denied %t", len(found.Items), denied)
	}
	j := found.Items[0]
	if denied && (j.IsDenied == nil || !*j.IsDenied || j.DeniedReason == nil || *j.DeniedReason != "no") || !denied && j.IsDenied != nil {
		w.Errorf("the job %+v", j)
	}
}
