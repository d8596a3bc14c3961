package host_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// TestUpdateJob changes a job in one transaction with one entry, or not at all.
func TestUpdateJob(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		instance := x.start("order", nil).Instance
		st, _ := x.store.State(instance)
		job := st.Jobs()[0].Key
		all := engine.UpdateJob{Job: job, Retries: new(9), Priority: new(5), Timeout: new(time.Hour)}
		if _, err := x.Do(t.Context(), bob, host.Call{Command: all}); !errors.Is(err, host.ErrNotLocked) {
			t.Errorf("nobody has the job: %v", err)
		}
		if err := x.Extend(t.Context(), bob, host.JobLock{Job: job, Timeout: time.Hour}); !errors.Is(err, host.ErrNotLocked) {
			t.Errorf("nobody has the job: %v", err)
		}
		x.do(bob, host.Call{Command: engine.UpdateJob{Job: job, Priority: new(1)}})
		jobs, _ := x.Activate(t.Context(), bob, activation(0))
		if len(jobs) != 1 || jobs[0].Retries != 3 || jobs[0].Priority != 1 {
			t.Fatalf("%+v", jobs)
		}
		if _, err := x.Do(t.Context(), bob, host.Call{Lease: 7, Command: all}); !errors.Is(err, host.ErrLease) {
			t.Errorf("somebody else's lease: %v", err)
		}
		before := len(x.in(piOf(x, job)))
		x.do(bob, host.Call{Lease: jobs[0].Lease, Command: all})
		if log := x.in(piOf(x, job)); !slices.Equal(log[before:], []string{"job.update ok user:bob"}) {
			t.Errorf("the audit log has %v", log[before:])
		}
		<-time.After(59 * time.Minute)
		if again, _ := x.Activate(t.Context(), bob, activation(0)); len(again) != 0 {
			t.Error("the lock was not moved")
		}
		<-time.After(2 * time.Minute)
		if again, _ := x.Activate(t.Context(), bob, activation(0)); len(again) != 1 || again[0].Retries != 9 || again[0].Priority != 5 {
			t.Errorf("%+v", again)
		}
	})
}

// TestFailureAndLockOfOneBatch has a lock move and the job given back in the same transaction: it is not locked again.
func TestFailureAndLockOfOneBatch(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", nil)
		jobs, _ := x.Activate(t.Context(), ann, activation(0))
		for _, err := range x.together(
			host.Call{Command: engine.FailJob{Job: jobs[0].Key, Retries: 2}},
			host.Call{Command: engine.UpdateJob{Job: jobs[0].Key, Timeout: new(time.Hour)}},
		) {
			if err != nil {
				t.Error(err)
			}
		}
		if again, _ := x.Activate(t.Context(), ann, activation(0)); len(again) != 1 {
			t.Error("the job that failed is locked")
		}
	})
}

// TestResolveWithRetries needs the right to change jobs beside the right to resolve incidents.
func TestResolveWithRetries(t *testing.T) {
	rules := func(v int64, by host.Actor, action, scope string) bool {
		return houseRules(v, by, action, scope) && (by.Name != "bob" || action != host.ActionJobUpdate)
	}
	change := func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(rules) }
	run(t, []host.Resource{chain("order", charge)}, change, func(t *testing.T, x *house) {
		instance := x.start("order", nil).Instance
		jobs, _ := x.Activate(t.Context(), ann, activation(0))
		x.do(ann, host.Call{Command: engine.FailJob{Job: jobs[0].Key, Message: "down"}})
		st, _ := x.store.State(instance)
		resolve := engine.ResolveIncident{Incident: st.Incidents()[0].Key, Retries: new(4)}
		if _, err := x.Do(t.Context(), bob, host.Call{Command: resolve}); !errors.Is(err, host.ErrDenied) {
			t.Errorf("without job.update: %v", err)
		}
		if _, err := x.Do(t.Context(), bob, host.Call{Command: engine.ResolveIncident{Incident: resolve.Incident}}); !errors.Is(err, engine.ErrNoRetries) {
			t.Errorf("without retries: %v", err)
		}
		before := len(x.in(piOf(x, instance)))
		x.do(ann, host.Call{Command: resolve})
		if log := x.in(piOf(x, instance)); !slices.Equal(log[before:], []string{"incident.resolve ok user:ann"}) {
			t.Errorf("the audit log has %v", log[before:])
		}
		if again, _ := x.Activate(t.Context(), ann, activation(0)); len(again) != 1 || again[0].Retries != 4 {
			t.Errorf("%+v", again)
		}
	})
}
