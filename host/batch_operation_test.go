package host_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/query"
)

// over asks for a batch operation over the instances of a process.
func over(kind, process string) host.BatchRequest {
	return host.BatchRequest{
		Type: kind, Text: `{"processDefinitionId":"` + process + `"}`,
		Filter: query.Request{Conds: []query.Cond{{Field: "processDefinitionId", Op: query.Eq, Value: process}}},
	}
}

// starts starts n instances of a process.
func (x *house) starts(id string, n int) []int64 {
	x.t.Helper()
	keys := make([]int64, n)
	for i := range keys {
		keys[i] = x.start(id, nil).Instance
	}
	return keys
}

func (x *house) create(r host.BatchRequest) int64 {
	x.t.Helper()
	made, err := x.CreateBatch(x.t.Context(), admin, r)
	if err != nil {
		x.t.Fatalf("CreateBatch: %v", err)
	}
	return made.Batch
}

// finished waits until a batch operation is over, at most for a time, and describes it.
func (x *house) finished(batch int64, most time.Duration) string {
	x.t.Helper()
	for begin := time.Now(); time.Since(begin) <= most; <-time.After(100 * time.Millisecond) {
		for _, o := range x.store.BatchOperations() {
			if o.Key == batch && !o.Ended.IsZero() {
				return fmt.Sprintf("%s: %d completed, %d failed, %d skipped, %d canceled",
					o.State, o.Counts.Completed, o.Counts.Failed, o.Counts.Skipped, o.Counts.Canceled)
			}
		}
	}
	return "not over"
}

func (x *house) expect(batch int64, want string) {
	x.t.Helper()
	if got := x.finished(batch, 15*time.Second); got != want {
		x.t.Errorf("%s, want %s", got, want)
	}
}

// ends counts how often an instance was terminated.
func (x *house) ends(instance int64) (n int) {
	for _, r := range x.store.Journal(instance) {
		if _, ok := r.(engine.InstanceTerminated); ok {
			n++
		}
	}
	return n
}

func TestBatchCancelsWhatMatches(t *testing.T) {
	run(t, []host.Resource{chain("rest", review), chain("other", review)}, nil, func(t *testing.T, x *house) {
		keys, other := x.starts("rest", 200), x.start("other", nil).Instance
		batch := x.create(over(host.BatchCancel, "rest"))
		x.expect(batch, "COMPLETED: 200 completed, 0 failed, 0 skipped, 0 canceled")
		for _, key := range keys {
			if x.ends(key) != 1 {
				t.Errorf("instance %d ended %d times", key, x.ends(key))
			}
		}
		if x.status(other) != engine.Active {
			t.Error("what did not match was canceled")
		}
		if got := x.in("batch/default/n1"); !slices.Equal(got, []string{"batch.create ok user:root", "batch.update ok system:batch"}) {
			t.Errorf("the audit log has %v", got)
		}
		created, canceled := x.entry("batch.create"), x.entry("instance.cancel")
		if canceled.Entry.Cause == nil || *canceled.Entry.Cause != created.Entry.EventID || canceled.Entry.Actor != "user:root" {
			t.Errorf("the command of an item does not name the batch operation: %+v", canceled.Entry)
		}
		item := x.store.BatchItems(batch)[0]
		if item.Entry != canceled.Entry.EventID.String() || item.At.IsZero() {
			t.Errorf("the item does not name its entry: %+v", item)
		}
	})
}

// entry returns the first audit entry of an action.
func (x *house) entry(action string) host.AuditRow {
	x.t.Helper()
	for _, row := range x.store.Entries() {
		if row.Entry.Action == action {
			return row
		}
	}
	x.t.Fatalf("there is no entry of %s", action)
	return host.AuditRow{}
}

func TestBatchOfNothingIsCompleted(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(_ *testing.T, x *house) {
		x.expect(x.create(over(host.BatchCancel, "rest")), "COMPLETED: 0 completed, 0 failed, 0 skipped, 0 canceled")
	})
}

func TestBatchSuspendsAndResumes(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("rest", 3)
		x.do(admin, host.Call{Instance: keys[0], Command: engine.SuspendInstance{}})
		x.expect(x.create(over(host.BatchSuspend, "rest")), "COMPLETED: 2 completed, 0 failed, 0 skipped, 0 canceled")
		x.expect(x.create(over(host.BatchResume, "rest")), "COMPLETED: 3 completed, 0 failed, 0 skipped, 0 canceled")
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(keys[1])}})
	})
}

func TestBatchResolvesIncidents(t *testing.T) {
	run(t, []host.Resource{chain("stuck", undated)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("stuck", 3)
		for _, key := range keys[:2] {
			x.do(admin, host.Call{Instance: key, Command: engine.SetVariables{Scope: key, Variables: amount(1)}})
		}
		batch := x.create(over(host.BatchResolve, "stuck"))
		x.expect(batch, "COMPLETED: 3 completed, 0 failed, 0 skipped, 0 canceled")
		<-time.After(10 * time.Second)
		if x.status(keys[0]) != engine.Completed || x.status(keys[1]) != engine.Completed || x.status(keys[2]) != engine.Active {
			t.Errorf("%s %s %s", x.status(keys[0]), x.status(keys[1]), x.status(keys[2]))
		}
		if i := x.store.BatchItems(batch)[0]; i.BatchItem.Key == i.Instance || engine.InstanceOf(i.BatchItem.Key) != i.Instance {
			t.Errorf("the item is no incident: %+v", i)
		}
	})
}

const undated = `<bpmn:intermediateCatchEvent id="undated"><bpmn:timerEventDefinition id="t">` +
	`<bpmn:timeDuration>=if amount &gt; 0 then "PT1S" else null</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`

// TestBatchItemsInDeadHands claims items as a node that dies does: another one carries them out.
func TestBatchItemsInDeadHands(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("rest", 10)
		x.store.Disturb(hosttest.Faults{Before: failing(hosttest.OpItems)})
		batch := x.create(over(host.BatchCancel, "rest"))
		synctest.Wait()
		x.store.Disturb(hosttest.Faults{})
		dead, err := x.store.ClaimItems(t.Context(), batch, time.Now(), time.Now().Add(10*time.Second), 7)
		if err != nil || len(dead) != 7 {
			t.Fatalf("%d items, %v", len(dead), err)
		}
		x.expect(batch, "COMPLETED: 10 completed, 0 failed, 0 skipped, 0 canceled")
		for _, key := range keys {
			if x.ends(key) != 1 {
				t.Errorf("instance %d ended %d times", key, x.ends(key))
			}
		}
	})
}

func failing(op hosttest.Op) func(hosttest.Op) error {
	return func(o hosttest.Op) error {
		if o == op {
			return hosttest.ErrUnavailable
		}
		return nil
	}
}

// TestBatchOutlivesItsNode stops the node between the freeze and the first item; another one goes on.
func TestBatchOutlivesItsNode(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		x.starts("rest", 5)
		x.store.Disturb(hosttest.Faults{Before: failing(hosttest.OpItems)})
		batch := x.create(over(host.BatchCancel, "rest"))
		x.stop()
		x.store.Disturb(hosttest.Faults{})
		if items := x.store.BatchItems(batch); len(items) != 5 || items[0].State != host.ItemActive {
			t.Fatalf("frozen: %+v", items)
		}
		o := options(x.store)
		o.Node = "n2"
		other := open(t, o)
		defer other.close()
		other.expect(batch, "COMPLETED: 5 completed, 0 failed, 0 skipped, 0 canceled")
	})
}

// TestBatchUnderFaults lets operations fail, commits lose their answers, and two nodes work at one batch operation.
func TestBatchUnderFaults(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
				o := options(x.store)
				o.Node, o.Rand = "n2", seeded(seed+100)
				twin := open(t, o)
				defer twin.close()
				keys := x.starts("rest", 150)
				batch := x.create(over(host.BatchSuspend, "rest"))
				x.store.Disturb(hosttest.Random(seed, 10, 5, 50*time.Millisecond))
				got := x.finished(batch, 5*time.Minute)
				x.store.Disturb(hosttest.Faults{})
				if want := "COMPLETED: 150 completed, 0 failed, 0 skipped, 0 canceled"; got != want {
					t.Errorf("%s, want %s", got, want)
				}
				for _, key := range keys {
					if n := count(x.in(piOf(x, key)), "instance.suspend ok user:root"); n != 1 {
						t.Errorf("instance %d was suspended %d times", key, n)
					}
				}
			})
		})
	}
}

// TestBatchCreatorLosesRight revokes the right of the creator when some items are done.
func TestBatchCreatorLosesRight(t *testing.T) {
	revoked := func(version int64, by host.Actor, action, scope string) bool {
		return houseRules(version, by, action, scope) && (version == 1 || action != host.ActionInstanceCancel)
	}
	change := func(o *host.Options) { o.ItemsMax, o.Authorizer = 4, hosttest.NewPolicy(revoked) }
	run(t, []host.Resource{chain("rest", review)}, change, func(t *testing.T, x *house) {
		x.starts("rest", 40)
		x.store.Disturb(hosttest.Faults{Delay: taking(hosttest.OpCommit, time.Second)})
		batch := x.create(over(host.BatchCancel, "rest"))
		<-time.After(3500 * time.Millisecond)
		x.store.BumpPolicy()
		x.store.Disturb(hosttest.Faults{})
		got := x.finished(batch, time.Minute)
		var completed, failed int
		_, err := fmt.Sscanf(got, "PARTIALLY_COMPLETED: %d completed, %d failed, 0 skipped, 0 canceled", &completed, &failed)
		if err != nil || completed == 0 || failed == 0 || completed+failed != 40 {
			t.Fatal(got)
		}
		for _, i := range x.store.BatchItems(batch) {
			denied := i.State == host.ItemFailed && i.Code == "authz.denied" && i.Message != ""
			if still := x.status(i.Instance) == engine.Active; still != denied {
				t.Errorf("instance %d is active: %v; item %+v", i.Instance, still, i)
			}
		}
	})
}

func taking(op hosttest.Op, long time.Duration) func(hosttest.Op) time.Duration {
	return func(o hosttest.Op) time.Duration {
		if o == op {
			return long
		}
		return 0
	}
}

// TestBatchSkipsTheEnded lets instances end between the freeze and their turn.
func TestBatchSkipsTheEnded(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("rest", 3)
		x.store.Disturb(hosttest.Faults{Before: failing(hosttest.OpItems)})
		batch := x.create(over(host.BatchCancel, "rest"))
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(keys[1])}})
		x.store.Disturb(hosttest.Faults{})
		x.expect(batch, "COMPLETED: 2 completed, 0 failed, 1 skipped, 0 canceled")
		if i := x.store.BatchItems(batch)[1]; i.State != host.ItemSkipped || i.Code != "instance.ended" {
			t.Errorf("%+v", i)
		}
	})
}

// TestBatchFailsAsAWhole has a creator who may create and not cancel.
func TestBatchFailsAsAWhole(t *testing.T) {
	policy := func(version int64, by host.Actor, action, scope string) bool {
		return houseRules(version, by, action, scope) && (by.Name != "ann" || action != host.ActionInstanceCancel)
	}
	change := func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(policy) }
	run(t, []host.Resource{chain("rest", review)}, change, func(t *testing.T, x *house) {
		x.starts("rest", 30)
		made, err := x.CreateBatch(t.Context(), ann, over(host.BatchCancel, "rest"))
		if err != nil || made.Items != 30 {
			t.Fatal(made, err)
		}
		x.expect(made.Batch, "FAILED: 0 completed, 30 failed, 0 skipped, 0 canceled")
		if got := count(x.in("authz/default/n1"), "instance.cancel denied user:ann"); got < 20 {
			t.Errorf("%d refusals in the audit log", got)
		}
	})
}

func TestBatchRestsUntilItIsResumed(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		x.starts("rest", 6)
		x.store.Disturb(hosttest.Faults{Before: failing(hosttest.OpItems)})
		batch := x.create(over(host.BatchCancel, "rest"))
		x.steer(batch, host.BatchSuspended, nil)
		x.store.Disturb(hosttest.Faults{})
		<-time.After(time.Minute)
		if open := len(x.store.Active()); open != 6 {
			t.Fatalf("%d instances are left while the batch operation is suspended", open)
		}
		x.steer(batch, host.BatchSuspended, host.ErrBatchState)
		x.steer(batch, host.BatchActive, nil)
		x.expect(batch, "COMPLETED: 6 completed, 0 failed, 0 skipped, 0 canceled")
		x.steer(batch, host.BatchActive, host.ErrBatchState)
		x.steer(batch, host.BatchCanceled, host.ErrBatchState)
		x.steer(batch+1, host.BatchCanceled, host.ErrBatchNotFound)
		x.steer(batch, host.BatchCompleted, host.ErrBatch)
	})
}

func (x *house) steer(batch int64, to string, want error) {
	x.t.Helper()
	if err := x.SteerBatch(x.t.Context(), admin, batch, to, "because of "+to, ""); !errors.Is(err, want) {
		x.t.Errorf("to %s: %v, want %v", to, err, want)
	}
	kept := slices.ContainsFunc(x.store.Entries(), func(e host.AuditRow) bool {
		return strings.Contains(string(e.Private), `"reason":"because of `+to+`"`)
	})
	if want == nil && !kept {
		x.t.Errorf("no entry has the reason to go to %s", to)
	}
}

func TestBatchIsCanceledInTheMiddle(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, func(o *host.Options) { o.ItemsMax = 2 }, func(t *testing.T, x *house) {
		x.starts("rest", 20)
		x.store.Disturb(hosttest.Faults{Delay: taking(hosttest.OpCommit, time.Second)})
		batch := x.create(over(host.BatchCancel, "rest"))
		<-time.After(3500 * time.Millisecond)
		x.steer(batch, host.BatchCanceled, nil)
		x.store.Disturb(hosttest.Faults{})
		<-time.After(time.Minute)
		for _, i := range x.store.BatchItems(batch) {
			if active := x.status(i.Instance) == engine.Active; active != (i.State == host.ItemCanceled) || !active != (i.State == host.ItemCompleted) {
				t.Errorf("instance %d is %s, its item %s", i.Instance, x.status(i.Instance), i.State)
			}
		}
		var completed, canceled int
		got := x.finished(batch, time.Second)
		if _, err := fmt.Sscanf(got, "CANCELED: %d completed, 0 failed, 0 skipped, %d canceled", &completed, &canceled); err != nil || completed == 0 || canceled == 0 {
			t.Error(got)
		}
	})
}

func TestBatchIsCreatedOnce(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		x.starts("rest", 2)
		r := over(host.BatchSuspend, "rest")
		r.Key, r.Digest = "k", [32]byte{1}
		first, again := x.create(r), x.create(r)
		if first != again || len(x.store.BatchOperations()) != 1 {
			t.Errorf("%d and %d", first, again)
		}
		r.Digest = [32]byte{2}
		if _, err := x.CreateBatch(t.Context(), admin, r); !errors.Is(err, host.ErrReused) {
			t.Error(err)
		}
	})
}

// TestBatchAnswerIsLost loses the answer of the commit that creates.
func TestBatchAnswerIsLost(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		x.starts("rest", 2)
		lost := false
		x.store.Disturb(hosttest.Faults{Lost: func() bool { first := !lost; lost = true; return first }})
		x.expect(x.create(over(host.BatchCancel, "rest")), "COMPLETED: 2 completed, 0 failed, 0 skipped, 0 canceled")
		if n := len(x.store.BatchOperations()); n != 1 {
			t.Errorf("%d batch operations", n)
		}
	})
}

func TestBatchOfOneInstance(t *testing.T) {
	run(t, []host.Resource{chain("stuck", undated)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("stuck", 2)
		batch := x.create(host.BatchRequest{Type: host.BatchResolve, Instance: keys[0]})
		x.expect(batch, "COMPLETED: 1 completed, 0 failed, 0 skipped, 0 canceled")
		_, err := x.CreateBatch(t.Context(), admin, host.BatchRequest{Type: host.BatchResolve, Instance: 5 << 24})
		if !errors.Is(err, engine.ErrInstanceNotFound) {
			t.Error(err)
		}
		if _, err := x.CreateBatch(t.Context(), eve, host.BatchRequest{Type: host.BatchResolve, Instance: keys[0]}); !errors.Is(err, host.ErrDenied) {
			t.Error(err)
		}
	})
}

func TestBatchPlanChangesNothing(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, func(o *host.Options) { o.BatchSizeMax = 3 }, func(t *testing.T, x *house) {
		x.starts("rest", 3)
		n, err := x.PlanBatch(t.Context(), admin, over(host.BatchCancel, "rest"))
		if n != 3 || err != nil || len(x.store.BatchOperations()) != 0 {
			t.Errorf("%d, %v", n, err)
		}
		x.start("rest", nil)
		for _, try := range []func(host.BatchRequest) error{
			func(r host.BatchRequest) error { _, err := x.PlanBatch(t.Context(), admin, r); return err },
			func(r host.BatchRequest) error { _, err := x.CreateBatch(t.Context(), admin, r); return err },
		} {
			if err := try(over(host.BatchCancel, "rest")); !errors.Is(err, host.ErrBatchTooLarge) || !strings.Contains(err.Error(), "4 items") {
				t.Errorf("too many: %v", err)
			}
			if err := try(over("ADD_VARIABLE", "rest")); !errors.Is(err, host.ErrBatch) {
				t.Errorf("of another type: %v", err)
			}
			long := over(host.BatchCancel, "rest")
			long.Text = strings.Repeat(" ", 300<<10)
			if err := try(long); !errors.Is(err, host.ErrBatch) {
				t.Errorf("too long: %v", err)
			}
		}
	})
}

func TestBatchNeedsItsRight(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		if _, err := x.PlanBatch(t.Context(), eve, over(host.BatchCancel, "rest")); !errors.Is(err, host.ErrDenied) {
			t.Error(err)
		}
		if _, err := x.CreateBatch(t.Context(), eve, over(host.BatchCancel, "rest")); !errors.Is(err, host.ErrDenied) {
			t.Error(err)
		}
		batch := x.create(over(host.BatchCancel, "rest"))
		if err := x.SteerBatch(t.Context(), eve, batch, host.BatchCanceled, "", ""); !errors.Is(err, host.ErrDenied) {
			t.Error(err)
		}
	})
}

func TestBatchIsForgotten(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		x.starts("rest", 2)
		x.expect(x.create(over(host.BatchCancel, "rest")), "COMPLETED: 2 completed, 0 failed, 0 skipped, 0 canceled")
		if _, err := x.ForgetBatches(t.Context(), eve, time.Hour); !errors.Is(err, host.ErrDenied) {
			t.Error(err)
		}
		for _, want := range []int{0, 1, 0} {
			if n, err := x.ForgetBatches(t.Context(), host.System("retention"), time.Hour); n != want || err != nil {
				t.Errorf("%d, %v, want %d", n, err, want)
			}
			<-time.After(2 * time.Hour)
		}
		if n := count(x.in("history/default/n1"), "history.prune ok system:retention"); n != 1 {
			t.Errorf("%d entries", n)
		}
	})
}

// TestAllBatchesAreForgotten has more batch operations and items than one transaction takes, and loses as many races for
// each of them as it may.
func TestAllBatchesAreForgotten(t *testing.T) {
	run(t, []host.Resource{chain("rest", review)}, nil, func(t *testing.T, x *house) {
		const operations = 18
		x.starts("rest", 300)
		for range operations {
			if err := x.SteerBatch(t.Context(), admin, x.create(over(host.BatchSuspend, "rest")), host.BatchCanceled, "", ""); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(2 * time.Hour)
		lost := 0
		x.store.Disturb(hosttest.Faults{Before: func(op hosttest.Op) error {
			if op != hosttest.OpForget {
				return nil
			}
			if lost++; lost%16 != 0 {
				return &host.Moved{}
			}
			return nil
		}})
		n, err := x.ForgetBatches(t.Context(), host.System("retention"), time.Hour)
		x.store.Disturb(hosttest.Faults{})
		if n != operations || err != nil || len(x.store.BatchOperations()) != 0 {
			t.Errorf("%d, %v, %d are left", n, err, len(x.store.BatchOperations()))
		}
		if n := count(x.in("history/default/n1"), "history.prune ok system:retention"); n != 2 {
			t.Errorf("%d entries, want one for each of 2 transactions", n)
		}
	})
}
