package host_test

import (
	"errors"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// revocable is what ann may do until the policy has its second version.
type revocable struct {
	*house
	ended, evaluation, locked int64
}

func (x *house) revocable() revocable {
	x.t.Helper()
	r := revocable{house: x, ended: x.start("plug", nil).Instance}
	e, err := x.Evaluate(x.t.Context(), admin, host.DecisionCall{ID: "route", Variables: amount(500)})
	if err != nil {
		x.t.Fatal(err)
	}
	r.evaluation = e.Key
	x.start("order", nil)
	jobs, err := x.Activate(x.t.Context(), ann, activation(0))
	if err != nil || len(jobs) != 1 {
		x.t.Fatal(jobs, err)
	}
	r.locked = jobs[0].Key
	x.start("order", nil)
	x.over()
	return r
}

// over is a batch operation that has ended.
func (x *house) over() {
	x.t.Helper()
	if _, err := x.CreateBatch(x.t.Context(), admin, over(host.BatchCancel, "nothing")); err != nil {
		x.t.Fatal(err)
	}
	<-time.After(10 * time.Second) // less than jobs are locked for
}

// TestRightRevokedBeforeTheTransaction takes the right from ann on another node: before she asks, and between the look at
// the policy and the transaction. Neither changes anything.
func TestRightRevokedBeforeTheTransaction(t *testing.T) {
	for name, c := range map[string]struct {
		do     func(r revocable) error
		op     hosttest.Op
		strike int // which question of the kind is the transaction
	}{
		"delete an instance": {func(r revocable) error {
			return r.Delete(r.t.Context(), ann, host.Deletion{Instance: r.ended})
		}, hosttest.OpForget, 1},
		"delete an evaluation": {func(r revocable) error {
			return r.DeleteEvaluation(r.t.Context(), ann, host.EvaluationDeletion{Evaluation: r.evaluation})
		}, hosttest.OpForget, 2},
		"forget batch operations": {func(r revocable) error {
			_, err := r.ForgetBatches(r.t.Context(), ann, time.Second)
			return err
		}, hosttest.OpForget, 1},
		"activate": {func(r revocable) error {
			jobs, err := r.Activate(r.t.Context(), ann, activation(0))
			if err == nil && len(jobs) == 0 {
				return host.ErrDenied // nobody is told of jobs that are not theirs
			}
			return err
		}, hosttest.OpActivate, 1},
		"extend": {func(r revocable) error {
			return r.Extend(r.t.Context(), ann, host.JobLock{Job: r.locked, Timeout: time.Hour})
		}, hosttest.OpExtend, 2},
	} {
		for _, strike := range []int{0, c.strike} {
			t.Run(name, func(t *testing.T) { revokedAt(t, c.op, strike, c.do) })
		}
	}
}

func revokedAt(t *testing.T, op hosttest.Op, strike int, do func(revocable) error) {
	t.Helper()
	rules := func(version int64, by host.Actor, action, scope string) bool {
		return by.Name == admin.Name || by.Kind == "system" || version < 2
	}
	change := func(o *host.Options) { forgetting(rules)(o); o.PollMax = time.Hour }
	run(t, []host.Resource{routeTable, chain("order", charge)}, change, func(t *testing.T, x *house) {
		r := x.revocable()
		entries := len(x.store.Entries())
		bump := make(chan struct{})
		asked := 0
		x.store.Disturb(hosttest.Faults{Before: func(o hosttest.Op) error {
			if o != op {
				return nil
			}
			if asked++; asked == strike {
				go func() { // once the store is free; the delay lets it go first
					x.store.BumpPolicy()
					close(bump)
				}()
			}
			return nil
		}, Delay: func(hosttest.Op) time.Duration { return time.Millisecond }})
		if strike == 0 {
			x.store.BumpPolicy()
			close(bump)
		}
		if err := do(r); !errors.Is(err, host.ErrDenied) {
			t.Errorf("got %v", err)
		}
		<-bump
		x.store.Disturb(hosttest.Faults{})
		for _, row := range x.store.Entries()[entries:] {
			if row.Entry.Actor == "user:ann" && row.Entry.Outcome == "ok" {
				t.Errorf("she did it: %s", row.Entry.View())
			}
		}
		if x.status(r.ended) != engine.Completed {
			t.Error("the instance is gone")
		}
	})
}

// TestRightsThatMoveElsewhere: a change of the policy that leaves ann her right costs one more attempt.
func TestRightsThatMoveElsewhere(t *testing.T) {
	run(t, []host.Resource{routeTable, chain("order", charge)}, forgetting(houseRules), func(t *testing.T, x *house) {
		r := x.revocable()
		for name, do := range map[string]func() error{
			"delete an instance": func() error { return x.Delete(t.Context(), ann, host.Deletion{Instance: r.ended}) },
			"delete an evaluation": func() error {
				return x.DeleteEvaluation(t.Context(), ann, host.EvaluationDeletion{Evaluation: r.evaluation})
			},
			"extend": func() error { return x.Extend(t.Context(), ann, host.JobLock{Job: r.locked, Timeout: time.Hour}) },
			"activate": func() error {
				jobs, err := x.Activate(t.Context(), ann, activation(0))
				if len(jobs) != 1 {
					t.Errorf("%d jobs", len(jobs))
				}
				return err
			},
			"forget batch operations": func() error {
				n, err := x.ForgetBatches(t.Context(), ann, time.Second)
				if n != 1 {
					t.Errorf("%d batch operations", n)
				}
				return err
			},
		} {
			// The next question after the one for the policy finds another.
			bumped := false
			x.store.Disturb(hosttest.Faults{Before: func(o hosttest.Op) error {
				if !bumped && (o == hosttest.OpForget || o == hosttest.OpExtend || o == hosttest.OpActivate || o == hosttest.OpBatches) {
					bumped = true
					go x.store.BumpPolicy()
				}
				return nil
			}, Delay: func(hosttest.Op) time.Duration { return time.Millisecond }})
			if err := do(); err != nil || !bumped {
				t.Errorf("%s: %v", name, err)
			}
			x.store.Disturb(hosttest.Faults{})
		}
	})
}

// TestJobsAreGivenBackUnderAnyPolicy: the host gives back what nobody takes by its own right.
func TestJobsAreGivenBackUnderAnyPolicy(t *testing.T) {
	rules := func(version int64, by host.Actor, action, scope string) bool {
		return by.Name == admin.Name || version < 2
	}
	run(t, []host.Resource{chain("order", charge)}, func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(rules) }, func(t *testing.T, x *house) {
		x.start("order", nil)
		ctx, cancel := contextOf(t)
		x.store.AfterActivate(func() {
			cancel()
			go x.store.BumpPolicy()
		})
		if jobs, err := x.Activate(ctx, ann, activation(0)); !errors.Is(err, host.ErrTimeout) || len(jobs) != 0 {
			t.Errorf("%v, %v", jobs, err)
		}
		x.store.AfterActivate(nil)
		if jobs, err := x.Activate(t.Context(), admin, activation(0)); err != nil || len(jobs) != 1 {
			t.Errorf("the next client: %v, %v", jobs, err)
		}
	})
}
