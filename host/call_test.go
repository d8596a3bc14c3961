package host_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

func TestCallIsCarriedOutAndSealed(t *testing.T) {
	run(t, []host.Resource{chain("order", route, review), routeTable}, nil, func(t *testing.T, x *house) {
		r := x.start("order", amount(500))
		if r.Status != "ACTIVE" || r.ProcessID != "order" || r.Version != 1 || r.Repeated || len(r.Records) == 0 {
			t.Errorf("receipt %+v", r)
		}
		done := x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(r.Instance)}, Reason: "seen", RequestID: "q1"})
		if done.Status != "COMPLETED" || done.Instance != r.Instance {
			t.Errorf("receipt %+v", done)
		}
		want := []string{"instance.start ok user:ann", "decision.evaluate ok system:engine", "task.complete ok user:ann"}
		if diff := cmp.Diff(want, x.in("pi/"+strconv.FormatInt(r.Instance, 10))); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
	})
}

func TestEntryTellsWhoWhatAndByWhichVersion(t *testing.T) {
	run(t, []host.Resource{chain("order", route, review), routeTable}, nil, func(t *testing.T, x *house) {
		r := x.start("order", amount(500))
		x.do(ann, host.Call{Key: "k", Command: engine.CompleteTask{Task: x.task(r.Instance)}, RequestID: "q1"})
		rows := x.store.Entries()
		decided, completed := rows[len(rows)-2].Entry, rows[len(rows)-1].Entry
		if *decided.Decision != "route" || decided.DecisionRules[0] != "big" || decided.DecisionDigest == nil || decided.Cause == nil {
			t.Errorf("decision entry %s", decided.View())
		}
		if *completed.Element != "review" || *completed.Definition != "order" || *completed.RequestID != "q1" ||
			completed.IdempotencyKey == nil || *completed.PolicyVersion != 1 || completed.After == nil || completed.ArtefactDigest == nil {
			t.Errorf("task entry %s", completed.View())
		}
		if diff := cmp.Diff([]string{"role:clerk"}, completed.Roles); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCallsOnOneInstanceSeeEachOther(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		r := x.start("order", nil)
		task := x.task(r.Instance)
		before := x.store.Commits()
		errs := x.together(
			host.Call{Command: engine.AssignTask{Task: task, Assignee: "ann"}},
			host.Call{Command: engine.CompleteTask{Task: task}},
			host.Call{Command: engine.CompleteTask{Task: task}},
		)
		if errs[0] != nil || errs[1] != nil || fault.KindOf(errs[2]) != fault.NotFound {
			t.Errorf("assign %v, complete %v, again %v", errs[0], errs[1], errs[2])
		}
		if n := x.store.Commits() - before; n != 2 {
			t.Errorf("%d transactions", n-1)
		}
	})
}

func TestBatchSharesOneTransaction(t *testing.T) {
	run(t, []host.Resource{chain("auto")}, nil, func(t *testing.T, x *house) {
		before := x.store.Commits()
		calls := make([]host.Call, 100)
		for i := range calls {
			calls[i] = startCall("auto", nil)
		}
		for i, err := range x.together(calls...) {
			if err != nil {
				t.Errorf("call %d: %v", i, err)
			}
		}
		// One of the two is the plug.
		if n := x.store.Commits() - before; n != 2 {
			t.Errorf("%d transactions for 100 calls", n-1)
		}
	})
}

func TestRefusalHarmsNoNeighbour(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		errs := x.together(
			startCall("order", nil), startCall("nothing", nil), startCall("order", nil),
			host.Call{Instance: 1 << 40, Command: engine.CancelInstance{}},
		)
		want := []error{nil, host.ErrProcessNotFound, nil, engine.ErrInstanceNotFound}
		for i := range want {
			if !errors.Is(errs[i], want[i]) {
				t.Errorf("call %d: %v, want %v", i, errs[i], want[i])
			}
		}
	})
}

func TestUnknownCommandIsRefused(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		if _, err := x.Do(t.Context(), ann, host.Call{Instance: 1 << 24}); !errors.Is(err, host.ErrCommandInvalid) {
			t.Errorf("no command: %v", err)
		}
	})
}

func TestCallOnAnInstanceOfLongAgo(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, func(o *host.Options) { o.CacheCount = 1 }, func(t *testing.T, x *house) {
		first, second := x.start("order", nil), x.start("order", nil)
		for _, r := range []host.Receipt{first, second} {
			x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(r.Instance)}})
			if got := x.status(r.Instance); got != engine.Completed {
				t.Errorf("instance %d is %s", r.Instance, got)
			}
		}
	})
}

// A caller that leaves while another waits for instance numbers is told that its time was over.
func TestLeavingWhileNumbersAreDrawn(t *testing.T) {
	few := func(o *host.Options) { o.SequenceBlock = 1 }
	run(t, []host.Resource{chain("order", review)}, few, func(t *testing.T, x *house) {
		x.store.Disturb(hosttest.Faults{Delay: func(op hosttest.Op) time.Duration {
			if op == hosttest.OpSequences {
				return 20 * time.Second
			}
			return 0
		}})
		slow := make(chan error, 1)
		go func() {
			_, err := x.Do(t.Context(), ann, startCall("order", nil))
			slow <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := x.Do(ctx, ann, startCall("order", nil)); !errors.Is(err, host.ErrTimeout) {
			t.Errorf("got %v", err)
		}
		if err := <-slow; err != nil {
			t.Error(err)
		}
	})
}
