package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
	"tallystick/store"
)

var gaugeCases = []testCase{
	{"count what is open and forget what ended", gaugesFollow},
	{"tell ready, leased, backed-off and dead jobs apart", gaugesJobs},
	{"tell how long the oldest timer is overdue", gaugesLag},
	{"tell when things began", gaugesBeginnings},
	{"say that a fresh store can be used", gaugesReady},
}

// gauges reads the figures at a time.
func gauges(w *world, at time.Time) query.Gauges {
	w.Helper()
	g, err := store.NewGauges(w.db).Read(w.Context(), at)
	w.must(err)
	return g
}

func gaugesFollow(w *world) {
	if g := gauges(w, noon); len(g.Instances)+len(g.Jobs)+len(g.Tasks)+len(g.Incidents) != 0 || g.Timers != 0 {
		w.Errorf("an empty store has %+v", g)
	}
	keys := w.started(3)
	for _, key := range keys {
		b := w.batch().again(key, w.load(key).Instances[key], "next")
		fillInstance(b, key)
		w.commit(b)
	}
	want := func(n int64) {
		w.Helper()
		g := gauges(w, noon)
		for name, got := range map[string]int64{
			"instances": g.Instances["order"], "tasks": g.Tasks["order"], "incidents": g.Incidents["order"],
			"jobs": g.Jobs["pay"].Ready, "timers": g.Timers,
		} {
			if got != n {
				w.Errorf("%d %s, want %d", got, name, n)
			}
		}
		if len(g.Pools) == 0 || g.Pools[0].Name == "" {
			w.Errorf("the pools are %+v", g.Pools)
		}
	}
	want(3)
	b := w.batch().again(keys[1], w.load(keys[1]).Instances[keys[1]], "end")
	emptyInstance(b, keys[1])
	w.commit(b)
	want(2)
}

// gaugesJobs has one job in each state and one of another type.
func gaugesJobs(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	for i, jobType := range []string{"pay", "pay", "pay", "pay", "ship"} {
		b.record(key, engine.JobCreated{Key: key + 1 + int64(i), Element: "e", ElementInstance: key, Type: jobType, Retries: 3})
	}
	b.record(key, engine.JobFailed{Key: key + 2, Element: "e", Retries: 2, NotBefore: noon.Add(time.Minute)})
	b.record(key, engine.JobFailed{Key: key + 3, Element: "e", Retries: 0})
	b.record(key, engine.IncidentRaised{Key: key + 9, Element: "e", ElementInstance: key, ErrorType: "JOB_NO_RETRIES", Job: key + 3})
	w.commit(b)
	locked, err := w.db.Activate(w.Context(), host.Activation{Type: "pay", Worker: "w", Timeout: time.Minute, Max: 1}, noon, all,
		func([]host.Job) (host.AuditBatch, error) { return host.AuditBatch{}, nil })
	w.must(err)
	if len(locked) != 1 {
		w.Fatalf("%d jobs were locked", len(locked))
	}
	want := map[string]query.JobGauge{
		"pay":  {Ready: 1, Leased: 1, Backoff: 1, Dead: 1, Oldest: noon},
		"ship": {Ready: 1, Oldest: noon},
	}
	if diff := cmp.Diff(want, gauges(w, noon.Add(time.Second)).Jobs); diff != "" {
		w.Error(diff)
	}
	want["pay"] = query.JobGauge{Ready: 3, Dead: 1, Oldest: noon}
	if diff := cmp.Diff(want, gauges(w, noon.Add(time.Minute)).Jobs); diff != "" {
		w.Errorf("after lock and back-off: %s", diff)
	}
}

func gaugesLag(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	b.record(key, engine.TimerArmed{Key: key + 1, Due: noon.Add(time.Minute)})
	w.commit(b.record(key, engine.TimerArmed{Key: key + 2, Due: noon.Add(time.Hour)}))
	for _, c := range []struct{ at, lag time.Duration }{{0, 0}, {time.Minute, 0}, {90 * time.Second, 30 * time.Second}} {
		if g := gauges(w, noon.Add(c.at)); g.TimerLag != c.lag || g.Timers != 2 {
			w.Errorf("after %v: lag %v of %d timers, want %v", c.at, g.TimerLag, g.Timers, c.lag)
		}
	}
}

func gaugesBeginnings(w *world) {
	key := w.started(1)[0]
	b := w.batch().again(key, w.load(key).Instances[key], "next")
	fillInstance(b, key)
	w.commit(b)
	unknown := key + 1<<40
	for name, c := range map[string]struct {
		ask  func(keys []int64) ([]query.Beginning, error)
		want query.Beginning
	}{
		"instance": {func(k []int64) ([]query.Beginning, error) { return w.db.InstanceBeginnings(w.Context(), k) }, query.Beginning{Key: query.Key(key), Name: "order", At: noon}},
		"job":      {func(k []int64) ([]query.Beginning, error) { return w.db.JobBeginnings(w.Context(), k) }, query.Beginning{Key: query.Key(key + 5), Name: "pay", At: noon}},
		"task":     {func(k []int64) ([]query.Beginning, error) { return w.db.TaskBeginnings(w.Context(), k) }, query.Beginning{Key: query.Key(key + 3), Name: "order", At: noon}},
	} {
		got, err := c.ask([]int64{int64(c.want.Key), unknown})
		w.must(err)
		if diff := cmp.Diff([]query.Beginning{c.want}, got); diff != "" {
			w.Errorf("%s: %s", name, diff)
		}
		if got, err := c.ask(nil); err != nil || len(got) != 0 {
			w.Errorf("%s: nothing is answered with %v, %v", name, got, err)
		}
	}
}

// gaugesReady goes through the checks with an empty log, after a batch, and after the database is gone.
func gaugesReady(w *world) {
	checks := map[string]func() error{
		"migrated": func() error { return w.db.Migrated(w.Context()) },
		"writable": func() error { return w.db.Writable(w.Context(), false) },
		"durable":  func() error { return w.db.Writable(w.Context(), true) },
		"sealed":   func() error { return w.db.Sealed(w.Context()) },
	}
	for _, when := range []string{"empty", "with a log"} {
		for name, check := range checks {
			if err := check(); err != nil {
				w.Errorf("%s, %s: %v", when, name, err)
			}
		}
		w.started(2)
	}
	gone := w.open(noCleanup{w.TB}, store.Options{})
	w.must(gone.Close())
	for name, check := range map[string]func() error{
		"migrated": func() error { return gone.Migrated(w.Context()) },
		"writable": func() error { return gone.Writable(w.Context(), false) },
		"sealed":   func() error { return gone.Sealed(w.Context()) },
	} {
		if check() == nil {
			w.Errorf("closed, %s: no error", name)
		}
	}
}

// noCleanup is for a store that the case closes itself.
type noCleanup struct{ testing.TB }

// Cleanup implements testing.TB.
func (noCleanup) Cleanup(func()) {}
