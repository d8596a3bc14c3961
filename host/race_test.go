package host_test

import (
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// nodes runs several hosts on one store.
func nodes(t *testing.T, n int, resources []host.Resource, change func(*host.Options), test func(*testing.T, []*house)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := hosttest.New()
		all := make([]*house, n)
		for i := range all {
			o := options(s)
			o.Node, o.Rand = string(rune('a'+i)), seeded(uint64(i))
			if change != nil {
				change(&o)
			}
			all[i] = open(t, o)
		}
		defer all[0].close()
		for _, x := range all[1:] {
			defer x.stop()
		}
		all[0].deploy(append(resources, chain("plug"))...)
		test(t, all)
	})
}

func TestOtherNodeMovedTheInstance(t *testing.T) {
	nodes(t, 2, []host.Resource{chain("order", review, charge)}, nil, func(t *testing.T, x []*house) {
		r := x[0].start("order", nil)
		task := x[0].task(r.Instance)
		x[1].do(ann, host.Call{Command: engine.AssignTask{Task: task, Assignee: "ann"}})
		// The first node still has the state before the assignment in its cache.
		x[0].do(ann, host.Call{Command: engine.CompleteTask{Task: task}})
		if st, _ := x[0].store.State(r.Instance); len(st.Jobs()) != 1 {
			t.Errorf("%d jobs", len(st.Jobs()))
		}
	})
}

func TestStaleCacheRefusesNobody(t *testing.T) {
	nodes(t, 2, []host.Resource{chain("order", charge, review)}, nil, func(t *testing.T, x []*house) {
		r := x[0].start("order", nil)
		st, _ := x[0].store.State(r.Instance)
		x[1].do(ann, host.Call{Command: engine.CompleteJob{Job: st.Jobs()[0].Key}})
		// The task was created by the other node; to the cache of the first one it does not exist.
		x[0].do(ann, host.Call{Command: engine.CompleteTask{Task: x[0].task(r.Instance)}})
		if got := x[0].status(r.Instance); got != engine.Completed {
			t.Errorf("the instance is %s", got)
		}
	})
}

func TestNodesUseWhatOthersDeploy(t *testing.T) {
	nodes(t, 2, nil, nil, func(t *testing.T, x []*house) {
		x[0].deploy(chain("order", review))
		if r := x[1].start("order", nil); r.Version != 1 {
			t.Errorf("%+v", r)
		}
		x[1].deploy(chain("order", charge))
		if r := x[0].start("order", nil); r.Version != 2 {
			t.Errorf("%+v", r)
		}
	})
}

func TestOneTaskIsCompletedOnce(t *testing.T) {
	nodes(t, 3, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x []*house) {
		for range 20 {
			r := x[0].start("order", nil)
			task := x[0].task(r.Instance)
			var won, lost int
			var mu sync.Mutex
			var all sync.WaitGroup
			for i := range 9 {
				all.Go(func() {
					_, err := x[i%3].Do(t.Context(), ann, host.Call{Command: engine.CompleteTask{Task: task}})
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						won++
					case fault.KindOf(err) == fault.NotFound:
						lost++
					default:
						t.Errorf("%v", err)
					}
				})
			}
			all.Wait()
			if won != 1 || lost != 8 {
				t.Errorf("%d won, %d lost", won, lost)
			}
		}
	})
}

func TestOverload(t *testing.T) {
	run(t, nil, func(o *host.Options) { o.QueueMax, o.BatchMax = 2, 1 }, func(t *testing.T, x *house) {
		x.start("plug", nil) // the numbers are drawn
		x.store.Disturb(hosttest.Faults{Delay: func(op hosttest.Op) time.Duration { return time.Second }})
		var waits []func() error
		for range 4 {
			waits = append(waits, x.begin(ann, startCall("plug", nil)))
			synctest.Wait()
		}
		// One is carried out, two wait, and the fourth finds the queue full.
		for i, wait := range waits {
			if err := wait(); errors.Is(err, host.ErrOverloaded) != (i == 3) || i < 3 && err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
	})
}

func TestStopDrains(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		x.start("plug", nil)
		x.store.Disturb(hosttest.Faults{Delay: func(op hosttest.Op) time.Duration { return time.Second }})
		var waits []func() error
		for range 5 {
			waits = append(waits, x.begin(ann, startCall("plug", nil)))
			synctest.Wait()
		}
		x.stop()
		for i, wait := range waits {
			if err := wait(); err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		if _, err := x.Do(t.Context(), ann, startCall("plug", nil)); !errors.Is(err, host.ErrStopped) {
			t.Errorf("after the stop: %v", err)
		}
	})
}

func TestCallerThatLeavesRollsNothingBack(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		x.start("plug", nil)
		x.store.Disturb(hosttest.Faults{Delay: func(op hosttest.Op) time.Duration { return time.Second }})
		ctx, cancel := contextOf(t)
		left := make(chan error, 1)
		go func() {
			_, err := x.Do(ctx, ann, startCall("plug", nil))
			left <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-left; !errors.Is(err, host.ErrUnknown) {
			t.Errorf("%v", err)
		}
		x.stop()
		if n := len(x.store.Instances()); n != 2 {
			t.Errorf("%d instances", n)
		}
	})
}

func TestWhatTheStoreCannotKeepHarmsItsInstanceOnly(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		bad := errors.New("a text that this database refuses")
		x.store.Refuse(func(b host.Batch) error {
			for _, e := range b.Events {
				if v, ok := e.Record.(engine.VariableSet); ok && v.Value == "13" {
					return bad
				}
			}
			return nil
		})
		errs := x.together(startCall("order", amount(1)), startCall("order", amount(13)), startCall("order", amount(2)))
		if errs[0] != nil || !errors.Is(errs[1], bad) || errs[2] != nil {
			t.Errorf("%v", errs)
		}
	})
}

// TestTwinOnAnotherNodeGetsTheSameAnswer: the same call reaches two nodes, and the second one looks for a kept
// outcome before the first is durable and at the instance afterwards.
func TestTwinOnAnotherNodeGetsTheSameAnswer(t *testing.T) {
	for _, slow := range []hosttest.Op{hosttest.OpLoad, hosttest.OpCommit} {
		t.Run(string(slow), func(t *testing.T) {
			nodes(t, 2, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x []*house) {
				r := x[0].start("order", nil)
				jobs, err := x[0].Activate(t.Context(), bob, activation(0))
				if err != nil || len(jobs) != 1 {
					t.Fatalf("%v, %v", jobs, err)
				}
				call := host.Call{
					Key: "once", Instance: r.Instance, Lease: jobs[0].Lease, Command: engine.CompleteJob{Job: jobs[0].Key},
				}
				x[0].store.Disturb(hosttest.Faults{Delay: func(op hosttest.Op) time.Duration {
					if op == slow {
						return time.Second
					}
					return 0
				}})
				twin := x[1].begin(bob, call)
				synctest.Wait()
				x[0].store.Disturb(hosttest.Faults{})
				x[0].do(bob, call)
				if err := twin(); err != nil {
					t.Errorf("the twin was refused: %v", err)
				}
			})
		})
	}
}
