package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/canon"
	"tallystick/query"
)

var jobCases = []testCase{
	{"a job comes with what its element sees", jobActivated},
	{"order, locks, back-off and retries", jobOrder},
	{"few jobs with large variables come at once", jobLarge},
	{"an incident keeps a job back", jobIncident},
	{"a seal that fails locks nothing", jobSealFails},
	{"a moved stream locks nothing", jobSealMoved},
	{"access is asked", jobAccess},
	{"a lock is extended", jobExtended},
	{"a job gets another priority and another time limit", jobUpdated},
	{"each job is locked once", jobLockedOnce},
	{"a suspended instance rests", suspensionRests},
	{"a suspended job type is not handed out", jobTypeRests},
	{"a task listener holds its task", taskListened},
}

// unsealed writes no audit entries.
func unsealed([]host.Job) (host.AuditBatch, error) { return host.AuditBatch{}, nil }

func (w *world) activate(a host.Activation, now time.Time) []host.Job {
	w.Helper()
	jobs, err := w.db.Activate(w.Context(), a, now, all, unsealed)
	w.must(err)
	return jobs
}

func jobActivated(w *world) {
	key := w.keys(1)[0]
	b := w.batch().start(key, "vip")
	fillInstance(b, key)
	b.record(key, engine.VariableSet{Key: key + 20, Scope: key + 4, Name: "amount", Value: "5"})
	b.record(key, engine.VariableSet{Key: key + 21, Scope: key + 4, Name: "local", Value: "true"})
	w.commit(b)
	seal := w.batch() // before the transaction: a seal must not ask the store
	jobs, err := w.db.Activate(w.Context(), host.Activation{Type: "pay", Worker: "w1", Max: 5, Timeout: time.Minute}, noon, all,
		func(jobs []host.Job) (host.AuditBatch, error) {
			seal.stream(w.genesis("work/default/w1"), activationEntry(jobs))
			return seal.Audit, nil
		})
	w.must(err)
	want := []host.Job{{
		Key: key + 5, Type: "pay", Instance: key, Root: key, Element: "charge", ElementInstance: key + 4, Definition: 7,
		ProcessID: "order", DefinitionVersion: 3, BusinessID: fmt.Sprint("B-", key), Tags: []string{"vip"},
		Headers: map[string]string{"k": "v"}, Worker: "w1", Lease: 1, Retries: 3, Deadline: noon.Add(time.Minute),
		Variables: map[string]canon.JSON{"amount": "5", "local": "true"}, Kind: engine.JobElement, ListenerEvent: engine.ListensToNothing,
	}}
	if diff := cmp.Diff(want, jobs); diff != "" {
		w.Error(diff)
	}
	info, ok, err := w.db.JobInfo(w.Context(), key+5)
	w.must(err)
	if want := (host.JobInfo{ProcessID: "order", Type: "pay", Worker: "w1", Lease: 1, Locked: true}); !ok || info != want {
		w.Errorf("info %+v", info)
	}
	if e, ok, err := w.db.AuditEntry(w.Context(), "work/default/w1", 1); !ok || err != nil || e.Action != "job.fetch" {
		w.Errorf("the activation left no entry: %+v %v", e, err)
	}
	again := w.activate(host.Activation{Type: "pay", Max: 5, Timeout: time.Minute, Fetch: []string{"local"}}, noon.Add(2*time.Minute))
	if len(again) != 1 || !cmp.Equal(again[0].Variables, map[string]canon.JSON{"local": "true"}) {
		w.Errorf("fetched %+v", again)
	}
}

func activationEntry(jobs []host.Job) audit.Entry {
	return audit.Entry{
		Category: "job", Action: "job.fetch", Outcome: audit.OutcomeOK, Actor: "client:w1", Job: &jobs[0].Key,
	}
}

func jobOrder(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i := range int64(5) {
		b.record(key, engine.JobCreated{Key: key + 1 + i, ElementInstance: key, Type: "x", Retries: 1})
	}
	b.record(key, engine.JobCreated{Key: key + 9, Type: "y", Retries: 1})
	b.record(key, engine.JobFailed{Key: key + 2, Retries: 0})
	b.record(key, engine.JobFailed{Key: key + 3, Retries: 1, NotBefore: noon.Add(time.Hour)})
	w.commit(b.record(key, engine.JobCompleted{Key: key + 4}))
	x := host.Activation{Type: "x", Worker: "w", Max: 1, Timeout: time.Minute}
	steps := []struct {
		after time.Duration
		want  int64
	}{{0, 1}, {0, 5}, {0, 0}, {time.Minute - time.Microsecond, 0}, {time.Minute, 1}, {time.Hour, 1}, {time.Hour, 3}}
	for i, s := range steps {
		jobs := w.activate(x, noon.Add(s.after))
		var got int64
		if len(jobs) > 0 {
			got = jobs[0].Key - key
		}
		if got != s.want {
			w.Errorf("step %d: job %d, want %d", i, got, s.want)
		}
	}
}

func jobLarge(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	b.record(key, engine.VariableSet{Key: key + 30, Scope: key, Name: "large", Value: canonText(`"` + strings.Repeat("x", 4<<20) + `"`)})
	for i := range int64(12) {
		b.record(key, engine.JobCreated{Key: key + 1 + i, ElementInstance: key, Type: "x", Retries: 1})
	}
	w.commit(b)
	x := host.Activation{Type: "x", Worker: "w", Max: 20, Timeout: time.Minute}
	for i, want := range []int{8, 4, 0} {
		jobs := w.activate(x, noon)
		w.same(fmt.Sprint("jobs of activation ", i), want, len(jobs))
		for _, j := range jobs {
			w.same("bytes", 4<<20+2, len(j.Variables["large"]))
		}
	}
	x.Fetch = []string{"small"}
	w.same("jobs without it", 12, len(w.activate(x, noon.Add(time.Hour))))
}

func jobIncident(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	b.record(key, engine.JobCreated{Key: key + 1, ElementInstance: key, Type: "x", Retries: 1})
	b.record(key, engine.JobFailed{Key: key + 1, Retries: 0})
	b.record(key, engine.IncidentRaised{Key: key + 2, Job: key + 1, ErrorType: "JOB_NO_RETRIES"})
	w.commit(b.record(key, engine.JobRetriesUpdated{Key: key + 1, Retries: 3}))
	x := host.Activation{Type: "x", Max: 1, Timeout: time.Minute}
	if jobs := w.activate(x, noon); len(jobs) != 0 {
		w.Errorf("a job with an incident was activated")
	}
	b = w.batch().again(key, w.load(key).Instances[key], "next")
	w.commit(b.record(key, engine.IncidentResolved{Key: key + 2}))
	if jobs := w.activate(x, noon); len(jobs) != 1 {
		w.Errorf("a job without an incident was not activated")
	}
}

// oneJob starts an instance with a job of type "x" at key+1.
func oneJob(w *world) int64 {
	w.Helper()
	key := w.keys(1)[0]
	w.commit(w.batch().start(key).record(key, engine.JobCreated{Key: key + 1, ElementInstance: key, Type: "x", Retries: 1}))
	return key
}

func jobSealFails(w *world) {
	oneJob(w)
	x := host.Activation{Type: "x", Max: 1, Timeout: time.Minute}
	refusal := errors.New("no seal")
	_, err := w.db.Activate(w.Context(), x, noon, all, func([]host.Job) (host.AuditBatch, error) {
		return host.AuditBatch{}, refusal
	})
	if !errors.Is(err, refusal) {
		w.Errorf("got %v", err)
	}
	if jobs := w.activate(x, noon); len(jobs) != 1 {
		w.Error("the job stayed locked")
	}
}

func jobSealMoved(w *world) {
	key := oneJob(w)
	genesis := w.genesis("work/default/w")
	first := w.batch()
	first.stream(genesis, audit.Entry{})
	w.commit(first)
	x := host.Activation{Type: "x", Max: 1, Timeout: time.Minute}
	b := w.batch()
	_, err := w.db.Activate(w.Context(), x, noon, all, func(jobs []host.Job) (host.AuditBatch, error) {
		b.stream(genesis, activationEntry(jobs))
		return b.Audit, nil
	})
	if m := w.moved(err); len(m.Streams) != 1 {
		w.Errorf("moved: %+v", m)
	}
	if j, _, err := w.db.Job(w.Context(), key+1); err != nil || j.Deadline != nil {
		w.Errorf("the job stayed locked: %+v %v", j, err)
	}
}

func jobAccess(w *world) {
	oneJob(w)
	x := host.Activation{Type: "x", Max: 1, Timeout: time.Minute}
	for _, see := range []query.Access{{}, {Definitions: []string{"other"}}, {All: true, Denied: []string{"order"}}} {
		jobs, err := w.db.Activate(w.Context(), x, noon, see, unsealed)
		if err != nil || len(jobs) != 0 {
			w.Errorf("%+v sees %d jobs, %v", see, len(jobs), err)
		}
	}
	jobs, err := w.db.Activate(w.Context(), x, noon, query.Access{Definitions: []string{"order"}}, unsealed)
	if err != nil || len(jobs) != 1 {
		w.Errorf("the definition's worker sees %d jobs, %v", len(jobs), err)
	}
}

func jobExtended(w *world) {
	key := oneJob(w)
	lock := host.JobLock{Job: key + 1, Timeout: time.Hour}
	if ok, err := w.db.Extend(w.Context(), lock, noon, host.AuditBatch{}); ok || err != nil {
		w.Errorf("a job that is not locked was extended: %v %v", ok, err)
	}
	x := host.Activation{Type: "x", Max: 1, Timeout: time.Minute}
	w.activate(x, noon)
	b := w.batch()
	b.stream(w.genesis("work/default/w"), audit.Entry{})
	if ok, err := w.db.Extend(w.Context(), lock, noon.Add(30*time.Second), b.Audit); !ok || err != nil {
		w.Fatalf("extend: %v %v", ok, err)
	}
	if jobs := w.activate(x, noon.Add(time.Hour)); len(jobs) != 0 {
		w.Error("the lock ended too early")
	}
	if ok, err := w.db.Extend(w.Context(), host.JobLock{Job: 1}, noon, host.AuditBatch{}); ok || err != nil {
		w.Errorf("a job that does not exist was extended: %v %v", ok, err)
	}
	if _, ok, err := w.db.AuditEntry(w.Context(), "work/default/w", 1); !ok || err != nil {
		w.Errorf("the extension left no entry: %v", err)
	}
}

// jobLockedOnce lets workers race for jobs; every job goes to exactly one of them.
func jobLockedOnce(w *world) {
	const jobs, workers = 60, 6
	keys := w.keys(jobs)
	b := w.batch()
	for _, k := range keys {
		b.start(k).record(k, engine.JobCreated{Key: k + 1, ElementInstance: k, Type: "x", Retries: 1})
	}
	w.commit(b)
	var mu sync.Mutex
	got := map[int64]int{}
	var wg sync.WaitGroup
	for n := range workers {
		wg.Go(func() {
			a := host.Activation{Type: "x", Worker: fmt.Sprint("w", n), Max: 7, Timeout: time.Minute}
			for {
				locked, err := w.db.Activate(w.Context(), a, noon, all, unsealed)
				if err != nil {
					w.Error(err)
				}
				if err != nil || len(locked) == 0 {
					return
				}
				mu.Lock()
				for _, j := range locked {
					got[j.Key]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	// A worker may see nothing while another holds the rest; what is left is still there.
	for _, j := range w.activate(host.Activation{Type: "x", Max: jobs, Timeout: time.Minute}, noon) {
		got[j.Key]++
	}
	if len(got) != jobs {
		w.Errorf("%d of %d jobs were locked", len(got), jobs)
	}
	for key, n := range got {
		if n != 1 {
			w.Errorf("job %d was locked %d times", key, n)
		}
	}
}
