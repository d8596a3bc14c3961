package host_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

func (x *house) suspend(s host.Suspension) {
	x.t.Helper()
	if err := x.Suspend(x.t.Context(), admin, s, "r1"); err != nil {
		x.t.Fatal(err)
	}
}

func (x *house) lift(s host.Suspension) {
	x.t.Helper()
	if err := x.Lift(x.t.Context(), admin, s, "r2"); err != nil {
		x.t.Fatal(err)
	}
}

func TestSuspendedProcessDoesNotStart(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		running := x.start("order", nil).Instance
		whole, one := host.Suspension{Kind: host.SuspendsDefinition, Name: "order", Reason: "a wrong price"}, host.Suspension{Kind: host.SuspendsDefinition, Name: "order", Version: 1}
		x.suspend(one)
		x.suspend(whole)
		for _, s := range []host.Suspension{whole, one} {
			if err := x.Suspend(t.Context(), admin, s, ""); !errors.Is(err, host.ErrSuspended) {
				t.Errorf("twice: %v", err)
			}
			if _, err := x.Do(t.Context(), ann, startCall("order", nil)); !errors.Is(err, host.ErrDefinitionSuspended) {
				t.Errorf("started: %v", err)
			}
			x.lift(s)
			if err := x.Lift(t.Context(), admin, s, ""); !errors.Is(err, host.ErrNotSuspended) {
				t.Errorf("lifted twice: %v", err)
			}
			if s.Version == 0 {
				x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(running)}})
			}
		}
		x.start("order", nil)
		if log := x.in("admin/default"); count(log, "definition.suspend ok user:root") != 4 {
			t.Errorf("the audit log has %v", log)
		}
		for _, s := range []host.Suspension{whole, {Kind: host.SuspendsJobs, Name: "charge"}} {
			if err := x.Suspend(t.Context(), eve, s, ""); !errors.Is(err, host.ErrDenied) {
				t.Errorf("by eve: %v", err)
			}
		}
		if err := x.Suspend(t.Context(), admin, host.Suspension{Kind: host.SuspendsDefinition, Name: "none"}, ""); !errors.Is(err, host.ErrProcessNotFound) {
			t.Errorf("no such process: %v", err)
		}
		if err := x.Suspend(t.Context(), admin, host.Suspension{Kind: host.SuspendsJobs}, ""); !errors.Is(err, host.ErrSuspension) {
			t.Errorf("no type: %v", err)
		}
	})
}

// TestSuspensionReachesOldThoughts suspends a process while a start of it waits on another node, thought already, for
// what that node looks up about another call of its batch.
func TestSuspensionReachesOldThoughts(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		o := options(x.store)
		o.Node, o.Rand = "n2", seeded(2)
		y := open(t, o)
		defer y.stop()
		running := y.start("order", nil).Instance
		y.do(ann, host.Call{Command: engine.CompleteTask{Task: y.task(y.start("order", nil).Instance)}})

		y.store.Disturb(hosttest.Faults{Delay: late(hosttest.OpCommit, time.Second)})
		plug := y.begin(ann, startCall("plug", nil))
		synctest.Wait()
		start := y.begin(ann, startCall("order", nil))
		synctest.Wait()
		refused := y.begin(ann, host.Call{Command: engine.CompleteTask{Task: running + 1000}})
		synctest.Wait()
		y.store.Disturb(hosttest.Faults{Delay: late(hosttest.OpLoad, 10*time.Second)})
		if err := plug(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		y.store.Disturb(hosttest.Faults{})
		x.suspend(host.Suspension{Kind: host.SuspendsDefinition, Name: "order"})
		if err := start(); !errors.Is(err, host.ErrDefinitionSuspended) {
			t.Errorf("the start: %v", err)
		}
		if err := refused(); err == nil {
			t.Error("a task that never was is completed")
		}
	})
}

func late(slow hosttest.Op, by time.Duration) func(hosttest.Op) time.Duration {
	return func(op hosttest.Op) time.Duration {
		if op == slow {
			return by
		}
		return 0
	}
}

// TestSuspensionReachesOtherNodes suspends on one node; the other, which has the process in memory, starts none.
func TestSuspensionReachesOtherNodes(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		o := options(x.store)
		o.Node, o.Rand = "n2", seeded(2)
		y := open(t, o)
		defer y.stop()
		y.start("order", nil)
		x.suspend(host.Suspension{Kind: host.SuspendsDefinition, Name: "order"})
		if _, err := y.Do(t.Context(), ann, startCall("order", nil)); !errors.Is(err, host.ErrDefinitionSuspended) {
			t.Errorf("the other node: %v", err)
		}
	})
}

// TestCallOfSuspendedProcess leaves an incident at the caller, which goes on after a retry.
func TestCallOfSuspendedProcess(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner")}, nil, func(t *testing.T, x *house) {
		s := host.Suspension{Kind: host.SuspendsDefinition, Name: "inner"}
		x.suspend(s)
		outer := x.start("outer", nil).Instance
		synctest.Wait()
		st, _ := x.store.State(outer)
		if len(st.Incidents()) != 1 {
			t.Fatalf("%d incidents", len(st.Incidents()))
		}
		x.lift(s)
		x.do(admin, host.Call{Command: engine.ResolveIncident{Incident: st.Incidents()[0].Key}})
		if status, err := x.Await(t.Context(), ann, outer); err != nil || status != "COMPLETED" {
			t.Errorf("%s, %v", status, err)
		}
		x.quiet()
	})
}

// TestSuspendedJobsRest hands out no jobs of the type; what a worker has is completed.
func TestSuspendedJobsRest(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		x.start("order", nil)
		had, _ := x.Activate(t.Context(), bob, activation(0))
		s := host.Suspension{Kind: host.SuspendsJobs, Name: "charge"}
		x.suspend(s)
		x.start("order", nil)
		if jobs, err := x.Activate(t.Context(), bob, activation(0)); err != nil || len(jobs) != 0 {
			t.Errorf("%d jobs, %v", len(jobs), err)
		}
		x.do(bob, host.Call{Command: engine.CompleteJob{Job: had[0].Key}})
		got := make(chan int, 1)
		go func() {
			jobs, _ := x.Activate(t.Context(), bob, activation(time.Hour))
			got <- len(jobs)
		}()
		synctest.Wait()
		x.lift(s)
		if n := <-got; n != 1 {
			t.Errorf("%d jobs after the resumption", n)
		}
	})
}
