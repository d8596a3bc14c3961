package host_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

func activation(wait time.Duration) host.Activation {
	return host.Activation{Type: "charge", Worker: "w 1", Max: 5, Timeout: time.Minute, Wait: wait}
}

func TestActivationLocksAndRecords(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", amount(3))
		jobs, err := x.Activate(t.Context(), bob, activation(0))
		if err != nil || len(jobs) != 1 || jobs[0].Variables["amount"] != "3" || !jobs[0].Deadline.Equal(x.Now().Add(time.Minute)) {
			t.Fatalf("%+v, %v", jobs, err)
		}
		if again, err := x.Activate(t.Context(), bob, activation(0)); err != nil || len(again) != 0 {
			t.Errorf("%+v, %v", again, err)
		}
		<-time.After(61 * time.Second)
		if again, err := x.Activate(t.Context(), bob, activation(0)); err != nil || len(again) != 1 {
			t.Errorf("after the lock: %+v, %v", again, err)
		}
		if n := count(x.in("work/default/n1/w_1"), "job.fetch ok user:bob"); n != 2 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestActivationNeedsTypeMaximumAndTimeout(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		if _, err := x.Activate(t.Context(), bob, host.Activation{Type: "charge"}); !errors.Is(err, host.ErrActivation) {
			t.Errorf("%v", err)
		}
	})
}

func TestActivationIsFiltered(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", nil)
		if jobs, err := x.Activate(t.Context(), eve, activation(0)); err != nil || len(jobs) != 0 {
			t.Errorf("%v, %v", jobs, err)
		}
	})
}

func TestLongPoll(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		began := time.Now()
		jobs, err := x.Activate(t.Context(), bob, activation(10*time.Second))
		if len(jobs) != 0 || err != nil || time.Since(began) != 10*time.Second {
			t.Errorf("%v, %v after %v", jobs, err, time.Since(began))
		}
		got := x.waitForJob(bob, t.Context())
		synctest.Wait()
		began = time.Now()
		x.start("order", nil)
		if r := <-got; r.err != nil || len(r.jobs) != 1 || time.Since(began) != 0 {
			t.Errorf("%+v after %v", r, time.Since(began))
		}
	})
}

type activated struct {
	jobs []host.Job
	err  error
}

func (x *house) waitForJob(by host.Actor, ctx context.Context) <-chan activated {
	out := make(chan activated, 1)
	go func() {
		jobs, err := x.Activate(ctx, by, activation(time.Hour))
		out <- activated{jobs, err}
	}()
	return out
}

func TestLongPollSeesTheJobsOfOtherNodes(t *testing.T) {
	nodes(t, 2, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x []*house) {
		got := x[1].waitForJob(bob, t.Context())
		synctest.Wait()
		began := time.Now()
		x[0].start("order", nil)
		if r := <-got; r.err != nil || len(r.jobs) != 1 || time.Since(began) > 2*time.Second {
			t.Errorf("%+v after %v", r, time.Since(began))
		}
	})
}

func TestEachJobGoesToOne(t *testing.T) {
	nodes(t, 2, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x []*house) {
		var waits []<-chan activated
		for i := range 10 {
			waits = append(waits, x[i%2].waitForJob(bob, t.Context()))
		}
		synctest.Wait()
		for range 10 {
			x[0].start("order", nil)
			<-time.After(3 * time.Second)
		}
		seen := map[int64]bool{}
		for _, w := range waits {
			r := <-w
			for _, j := range r.jobs {
				if seen[j.Key] {
					t.Errorf("job %d went to two", j.Key)
				}
				seen[j.Key] = true
			}
		}
		if len(seen) != 10 {
			t.Errorf("%d jobs", len(seen))
		}
	})
}

func TestClientThatIsGoneTakesNoJobs(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		ctx, cancel := contextOf(t)
		gone := x.waitForJob(bob, ctx)
		synctest.Wait()
		cancel()
		<-gone
		x.start("order", nil)
		if jobs, err := x.Activate(t.Context(), bob, activation(0)); err != nil || len(jobs) != 1 {
			t.Errorf("%v, %v", jobs, err)
		}
	})
}

func TestClientThatLeavesWhileJobsAreLocked(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", nil)
		ctx, cancel := contextOf(t)
		x.store.AfterActivate(cancel)
		if jobs, err := x.Activate(ctx, bob, activation(0)); !errors.Is(err, host.ErrTimeout) || len(jobs) != 0 {
			t.Errorf("%v, %v", jobs, err)
		}
		x.store.AfterActivate(nil)
		if jobs, err := x.Activate(t.Context(), bob, activation(0)); err != nil || len(jobs) != 1 {
			t.Errorf("the next client: %v, %v", jobs, err)
		}
	})
}

// TestJobsAreNotTakenFromTheNext gives jobs of a client that is gone back so late that their locks have run out and
// somebody else has them.
func TestJobsAreNotTakenFromTheNext(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", nil)
		x.store.Disturb(hosttest.Faults{Delay: late(hosttest.OpExtend, 5*time.Second)})
		ctx, cancel := contextOf(t)
		x.store.AfterActivate(cancel)
		gone := make(chan error, 1)
		go func() {
			brief := activation(0)
			brief.Timeout = time.Second
			_, err := x.Activate(ctx, bob, brief)
			gone <- err
		}()
		<-time.After(2 * time.Second)
		x.store.AfterActivate(nil)
		next := activation(0)
		next.Worker = "w 2"
		if jobs, err := x.Activate(t.Context(), bob, next); err != nil || len(jobs) != 1 {
			t.Errorf("the next client: %v, %v", jobs, err)
		}
		if err := <-gone; !errors.Is(err, host.ErrTimeout) {
			t.Errorf("the first client: %v", err)
		}
		if jobs, err := x.Activate(t.Context(), bob, activation(0)); err != nil || len(jobs) != 0 {
			t.Errorf("a third client gets what the second works on: %v, %v", jobs, err)
		}
	})
}

func TestExtend(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", nil)
		jobs, _ := x.Activate(t.Context(), bob, activation(0))
		if err := x.Extend(t.Context(), eve, host.JobLock{Job: jobs[0].Key, Timeout: time.Hour}); !errors.Is(err, host.ErrDenied) {
			t.Errorf("by eve: %v", err)
		}
		if err := x.Extend(t.Context(), bob, host.JobLock{Job: jobs[0].Key, Timeout: time.Hour, Reason: "a long call"}); err != nil {
			t.Error(err)
		}
		<-time.After(10 * time.Minute)
		if again, _ := x.Activate(t.Context(), bob, activation(0)); len(again) != 0 {
			t.Error("the lock was not extended")
		}
		if err := x.Extend(t.Context(), bob, host.JobLock{Job: 77, Timeout: time.Hour}); !errors.Is(err, engine.ErrJobNotFound) {
			t.Errorf("no such job: %v", err)
		}
	})
}

func TestAwait(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		r := x.start("order", nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if status, err := x.Await(ctx, ann, r.Instance); !errors.Is(err, host.ErrTimeout) || status != "ACTIVE" {
			t.Errorf("%s, %v", status, err)
		}
		if _, err := x.Await(t.Context(), eve, r.Instance); !errors.Is(err, host.ErrDenied) {
			t.Errorf("by eve: %v", err)
		}
		if _, err := x.Await(t.Context(), ann, 1<<50); !errors.Is(err, engine.ErrInstanceNotFound) {
			t.Errorf("no such instance: %v", err)
		}
	})
}

func TestEvaluate(t *testing.T) {
	run(t, []host.Resource{routeTable}, nil, func(t *testing.T, x *house) {
		e, err := x.Evaluate(t.Context(), ann, host.DecisionCall{ID: "route", Variables: amount(500)})
		if err != nil || e.Trace.Output != `"clerk"` || e.Decision.Version != 1 || e.Key == 0 {
			t.Errorf("%+v, %v", e, err)
		}
		rows := x.store.Entries()
		if last := rows[len(rows)-1].Entry; !strings.HasPrefix(last.Stream, "dec/") || last.DecisionRules[0] != "big" || last.Actor != "user:ann" {
			t.Errorf("entry %s", last.View())
		}
		if _, err := x.Evaluate(t.Context(), ann, host.DecisionCall{ID: "none"}); !errors.Is(err, host.ErrDecisionNotFound) {
			t.Errorf("%v", err)
		}
		if _, err := x.Evaluate(t.Context(), eve, host.DecisionCall{Key: e.Decision.Key}); !errors.Is(err, host.ErrDenied) {
			t.Errorf("%v", err)
		}
		x.store.Disturb(hosttest.Faults{Before: func(op hosttest.Op) error {
			if op == hosttest.OpCommit {
				return hosttest.ErrUnavailable
			}
			return nil
		}})
		if _, err := x.Evaluate(t.Context(), ann, host.DecisionCall{ID: "route"}); err == nil {
			t.Error("an evaluation without an entry")
		}
		x.store.Disturb(hosttest.Faults{})
	})
}

func TestRecordOfAReading(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		if err := x.Record(t.Context(), ann, host.ActionAuditExport, host.Target{Scope: "audit:"}, "all of May"); err != nil {
			t.Fatal(err)
		}
		if got := x.in("audit/default"); len(got) != 1 || got[0] != "audit.export ok user:ann" {
			t.Errorf("%v", got)
		}
	})
}
