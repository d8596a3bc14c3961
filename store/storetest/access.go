package storetest

import (
	"math/rand/v2"
	"slices"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/query"
	"tallystick/tasks"
)

var accessCases = []testCase{
	{"definitions decide what is seen", definitionsSeen},
	{"own tasks are those that concern one", ownTasks},
	{"entries without a process are for those who see all", entriesSeen},
}

func definitionsSeen(w *world) {
	keys := w.keys(3)
	b := w.batch()
	for i, process := range []string{"order", "claim", "loan"} {
		k := keys[i]
		b.change(k, 0, w.genesis(process), "state")
		b.recordOf(k, process, engine.InstanceStarted{Instance: k, Definition: 7, ProcessID: process})
		b.recordOf(k, process, engine.ElementActivated{Key: k + 1, Scope: k})
		b.recordOf(k, process, engine.VariableSet{Key: k + 2, Scope: k, Name: "x", Value: "1"})
		b.recordOf(k, process, engine.JobCreated{Key: k + 3})
		b.recordOf(k, process, engine.TaskCreated{Key: k + 4})
		b.recordOf(k, process, engine.IncidentRaised{Key: k + 5})
	}
	w.commit(b)
	for _, c := range []struct {
		see  query.Access
		want int
	}{
		{query.Access{}, 0},
		{query.Access{All: true}, 3},
		{query.Access{Definitions: []string{"order", "loan"}}, 2},
		{query.Access{All: true, Denied: []string{"claim"}}, 2},
		{query.Access{Definitions: []string{"order", "loan"}, Denied: []string{"loan"}}, 1},
		{query.Access{Denied: []string{"loan"}}, 0},
		{query.Access{Definitions: []string{"' OR 1=1 --"}}, 0},
	} {
		for name, n := range seen(w, c.see) {
			if n != c.want {
				w.Errorf("%+v sees %d %s, want %d", c.see, n, name, c.want)
			}
		}
	}
}

func seen(w *world, see query.Access) map[string]int {
	w.Helper()
	ctx, q := w.Context(), query.Request{Access: see}
	instances, err := w.db.SearchProcessInstances(ctx, q)
	w.must(err)
	elements, err := w.db.SearchElementInstances(ctx, q)
	w.must(err)
	variables, err := w.db.SearchVariables(ctx, q)
	w.must(err)
	jobs, err := w.db.SearchJobs(ctx, q)
	w.must(err)
	userTasks, err := w.db.SearchUserTasks(ctx, q)
	w.must(err)
	incidents, err := w.db.SearchIncidents(ctx, q)
	w.must(err)
	return map[string]int{
		"instances": len(instances.Items), "elements": len(elements.Items), "variables": len(variables.Items),
		"jobs": len(jobs.Items), "tasks": len(userTasks.Items), "incidents": len(incidents.Items),
	}
}

// ownTasks compares the list with the rule of the tasks package on random tasks.
func ownTasks(w *world) {
	seed := uint64(time.Now().UnixNano())
	w.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	names := []string{"ann", "bob", "clerks", "managers"} // a group may be called like a person
	some := func() []string {
		var s []string
		for _, n := range names {
			if r.IntN(5) == 0 {
				s = append(s, n)
			}
		}
		return s
	}
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	all := map[int64]tasks.Task{}
	for i := range int64(60) {
		t := tasks.Task{CandidateUsers: some(), CandidateGroups: some()}
		if r.IntN(3) == 0 {
			t.Assignee = names[r.IntN(2)]
		}
		all[key+1+i] = t
		b.record(key, engine.TaskCreated{Key: key + 1 + i, Task: t})
	}
	w.commit(b)
	for _, groups := range [][]string{nil, {"clerks"}, {"clerks", "managers"}} {
		found, err := w.db.SearchUserTasks(w.Context(), query.Request{
			Access: query.Access{All: true, Own: true, User: "ann", Groups: groups},
		})
		w.must(err)
		var got, want []int64
		for _, t := range found.Items {
			got = append(got, int64(t.UserTaskKey))
		}
		for k, t := range all {
			if t.Concerns("ann", groups) {
				want = append(want, k)
			}
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			w.Errorf("groups %v: %v, want %v", groups, got, want)
		}
	}
	nobody, err := w.db.SearchUserTasks(w.Context(), query.Request{Access: query.Access{All: true, Own: true}})
	w.must(err)
	if len(nobody.Items) != 0 {
		w.Error("nobody has tasks")
	}
}

func entriesSeen(w *world) {
	w.started(1)
	b := w.batch()
	b.stream(w.genesis("admin/default"), audit.Entry{})
	w.commit(b)
	for want, see := range map[int]query.Access{
		2: {All: true}, 1: {Definitions: []string{"order"}}, 0: {Definitions: []string{"claim"}},
	} {
		r, err := w.db.SearchAuditEntries(w.Context(), query.Request{Access: see})
		w.must(err)
		if len(r.Items) != want {
			w.Errorf("%+v sees %d entries, want %d", see, len(r.Items), want)
		}
	}
}
