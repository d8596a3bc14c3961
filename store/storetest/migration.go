package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

var migrationCases = []testCase{
	{"what is open follows to the other definition", func(w *world) { migrated(w, false) }},
	{"also in the batch in which it began", func(w *world) { migrated(w, true) }},
	{"what ends in the same batch follows too", migratedAndEnded},
	{"a suspended instance stays suspended", migratedSuspended},
	{"rights follow", rightsFollow},
}

// migrated migrates an instance that has one of everything, and an element that has ended before.
func migrated(w *world, together bool) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	b.record(key, engine.SubscriptionOpened{
		Key: key + 13, Element: "paid", ElementInstance: key + 2, Type: engine.SubscribesMessage, Name: "paid", CorrelationKey: "7", Interrupting: true,
	})
	b.record(key, engine.ElementActivated{Key: key + 14, Element: "early", ElementType: "TASK", Scope: key})
	b.record(key, engine.VariableSet{Key: key + 15, Scope: key + 14, Name: "own", Value: "1"})
	b.record(key, engine.ElementCompleted{Key: key + 14})
	if !together {
		w.commit(b)
		b = w.batch().again(key, w.load(key).Instances[key], "state-2")
	}
	b.migrate(key)
	b.recordAs(key, engine.VariableSet{Key: key + 7, Scope: key, Name: "amount", Value: "300"})
	w.commit(b)
	if diff := cmp.Diff(migratedPlaces, w.places(key)); diff != "" {
		w.Error(diff)
	}
	p, _, err := w.db.ProcessInstance(w.Context(), key)
	w.must(err)
	if p.State != "ACTIVE" || p.EndDate != nil || p.ProcessDefinitionVersion != 4 || *p.ProcessDefinitionVersionTag != "v4" {
		w.Errorf("instance %+v", p)
	}
	v, _, err := w.db.Variable(w.Context(), key+7)
	w.must(err)
	if v.Value != "300" {
		w.Errorf("variable %s", v.Value)
	}
	if due, err := w.db.Due(w.Context(), noon.Add(time.Hour), noon.Add(time.Hour), 9); err != nil || len(due) != 1 {
		w.Errorf("timers %v: %v", due, err)
	}
	catchers, err := w.db.MessageCatchers(w.Context(), "paid", "7")
	w.must(err)
	if len(catchers) != 1 || catchers[0].ProcessID != "shipment" || catchers[0].Element != "billed" {
		w.Errorf("catchers %+v", catchers)
	}
}

// migratedPlaces are definition, process, element and state of everything of an instance after its migration.
var migratedPlaces = []string{
	"instance 8 shipment ACTIVE",
	"element 8 shipment box ACTIVE Box SUB_PROCESS",
	"element 8 shipment check ACTIVE Check USER_TASK",
	"element 8 shipment bill ACTIVE Bill SERVICE_TASK",
	"element 7 order early COMPLETED  TASK",
	"variable shipment amount", "variable shipment note", "variable order own",
	"job 8 shipment bill CREATED", "task 8 shipment check CREATED", "incident 8 shipment box ACTIVE",
	"subscription 8 shipment billed CREATED",
}

// migrate records the migration of what fillInstance and migrated began, to version 4 of shipment.
func (b *batch) migrate(key int64) {
	b.recordAs(key, engine.InstanceMigrated{
		Definition: 8, From: 7, ProcessID: "shipment", Version: 4, VersionTag: "v4", Variables: []int64{key + 7, key + 8},
	})
	for _, r := range []engine.Record{
		engine.ElementMigrated{Key: key + 1, Element: "box", From: "sub", ElementType: "SUB_PROCESS", Name: "Box"},
		engine.ElementMigrated{Key: key + 2, Element: "check", From: "approve", ElementType: "USER_TASK", Name: "Check"},
		engine.TaskMigrated{Key: key + 3, Element: "check", From: "approve"},
		engine.ElementMigrated{Key: key + 4, Element: "bill", From: "charge", ElementType: "SERVICE_TASK", Name: "Bill"},
		engine.JobMigrated{Key: key + 5, Element: "bill", From: "charge"},
		engine.TimerMigrated{Key: key + 6, Element: "pause", From: "wait"},
		engine.IncidentMigrated{Key: key + 9, Element: "box", From: "sub"},
		engine.SubscriptionMigrated{Key: key + 13, Element: "billed", From: "paid"},
	} {
		b.recordAs(key, r)
	}
}

// recordAs adds an event of an instance that was migrated.
func (b *batch) recordAs(key int64, r engine.Record) {
	b.Events = append(b.Events, host.Event{Instance: key, Definition: 8, ProcessID: "shipment", At: b.At, Actor: "user:ann", Record: r})
}

// places lists where everything of an instance belongs.
func (w *world) places(key int64) []string {
	w.Helper()
	ctx, q := w.Context(), query.Request{Access: all}
	var list []string
	add := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	p, _, err := w.db.ProcessInstance(ctx, key)
	w.must(err)
	add("instance %d %s %s", p.ProcessDefinitionKey, p.ProcessDefinitionID, p.State)
	elements, err := w.db.SearchElementInstances(ctx, q)
	w.must(err)
	for _, e := range elements.Items {
		add("element %d %s %s %s %s %s", e.ProcessDefinitionKey, e.ProcessDefinitionID, e.ElementID, e.State, e.ElementName, e.Type)
	}
	for _, process := range []string{"shipment", "order"} {
		vars, err := w.db.SearchVariables(ctx, query.Request{Access: query.Access{Definitions: []string{process}}})
		w.must(err)
		for _, v := range vars.Items {
			add("variable %s %s", process, v.Name)
		}
	}
	job, _, err := w.db.Job(ctx, key+5)
	w.must(err)
	add("job %d %s %s %s", job.ProcessDefinitionKey, job.ProcessDefinitionID, job.ElementID, job.State)
	task, _, err := w.db.UserTask(ctx, key+3)
	w.must(err)
	add("task %d %s %s %s", task.ProcessDefinitionKey, task.ProcessDefinitionID, task.ElementID, task.State)
	incident, _, err := w.db.Incident(ctx, key+9)
	w.must(err)
	add("incident %d %s %s %s", incident.ProcessDefinitionKey, incident.ProcessDefinitionID, incident.ElementID, incident.State)
	subscriptions, err := w.db.SearchMessageSubscriptions(ctx, q)
	w.must(err)
	for _, s := range subscriptions.Items {
		add("subscription %d %s %s %s", s.ProcessDefinitionKey, s.ProcessDefinitionID, s.ElementID, s.MessageSubscriptionState)
	}
	return list
}

func migratedAndEnded(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b)
	b = w.batch().again(key, w.load(key).Instances[key], "over")
	b.migrate(key)
	emptyInstance(b, key)
	b.Instances[len(b.Instances)-1].Status = "COMPLETED"
	w.commit(b)
	checkEnded(w, key)
	p, _, err := w.db.ProcessInstance(w.Context(), key)
	w.must(err)
	job, _, err := w.db.Job(w.Context(), key+5)
	w.must(err)
	if p.ProcessDefinitionID != "shipment" || job.ProcessDefinitionKey != 8 || job.ElementID != "bill" {
		w.Errorf("instance %+v, job %+v", p, job)
	}
}

func migratedSuspended(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b.record(key, engine.InstanceSuspended{}))
	b = w.batch().again(key, w.load(key).Instances[key], "next")
	b.migrate(key)
	w.commit(b)
	w.stands(key, "SUSPENDED", true)
	if st, _, err := w.db.Status(w.Context(), key); err != nil || st.ProcessID != "shipment" {
		w.Errorf("%+v: %v", st, err)
	}
	b = w.batch().again(key, w.load(key).Instances[key], "last")
	b.migrate(key)
	b.recordAs(key, engine.InstanceResumed{})
	w.commit(b)
	w.stands(key, "ACTIVE", false)
}

// rightsFollow looks for the instance with the rights on the one process and on the other.
func rightsFollow(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key)
	fillInstance(b, key)
	w.commit(b)
	b = w.batch().again(key, w.load(key).Instances[key], "next")
	b.migrate(key)
	w.commit(b)
	for process, want := range map[string]int{"order": 0, "shipment": 1} {
		q := query.Request{Access: query.Access{Definitions: []string{process}}}
		instances, err := w.db.SearchProcessInstances(w.Context(), q)
		w.must(err)
		jobs, err := w.db.SearchJobs(w.Context(), q)
		w.must(err)
		tasks, err := w.db.SearchUserTasks(w.Context(), q)
		w.must(err)
		handed := 0
		_, err = w.db.Activate(w.Context(), host.Activation{Type: "pay", Max: 9, Worker: "w", Timeout: time.Minute}, noon, q.Access,
			func(list []host.Job) (host.AuditBatch, error) {
				handed = len(list)
				if list[0].Definition != 8 || list[0].Element != "bill" {
					w.Errorf("a worker gets %+v", list[0])
				}
				return host.AuditBatch{}, nil
			})
		w.must(err)
		if len(instances.Items) != want || len(jobs.Items) != want || len(tasks.Items) != want || handed != want {
			w.Errorf("%s: %d instances, %d jobs, %d tasks, %d handed out", process, len(instances.Items), len(jobs.Items), len(tasks.Items), handed)
		}
	}
}
