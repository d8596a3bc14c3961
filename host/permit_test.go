package host_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/query"
)

func TestTasksNeedARelation(t *testing.T) {
	carl := host.Actor{Kind: "user", Name: "carl"}
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		task := x.task(x.start("order", nil).Instance)
		for _, c := range []engine.Command{
			engine.CompleteTask{Task: task},
			engine.AssignTask{Task: task, Assignee: "carl"},
			engine.AssignTask{Task: task, Assignee: "ann"},
			engine.UnassignTask{Task: task},
			engine.UpdateTask{Task: task},
		} {
			if _, err := x.Do(t.Context(), carl, host.Call{Command: c}); !errors.Is(err, host.ErrDenied) {
				t.Errorf("%T by carl: %v", c, err)
			}
		}
		x.do(bob, host.Call{Command: engine.AssignTask{Task: task, Assignee: "bob"}})
		x.do(admin, host.Call{Command: engine.AssignTask{Task: task, Assignee: "carl", AllowOverride: true}})
		x.do(carl, host.Call{Command: engine.CompleteTask{Task: task}})
		want := []string{"task.claim ok user:bob", "task.assign ok user:root", "task.complete ok user:carl"}
		if got := x.in(piOf(x, task)); !slices.Equal(got[1:], want) {
			t.Errorf("entries %v", got)
		}
	})
}

func piOf(x *house, key int64) string {
	for _, row := range x.store.Entries() {
		if i := row.Entry.Instance; i != nil && *i == engine.InstanceOf(key) && strings.HasPrefix(row.Entry.Stream, "pi/") {
			return row.Entry.Stream
		}
	}
	return ""
}

func TestRefusalIsRecorded(t *testing.T) {
	run(t, []host.Resource{chain("order", review)}, nil, func(t *testing.T, x *house) {
		r := x.start("order", nil)
		_, err := x.Do(t.Context(), eve, host.Call{Instance: r.Instance, Command: engine.CancelInstance{}})
		if !errors.Is(err, host.ErrDenied) {
			t.Fatalf("%v", err)
		}
		rows := x.store.Entries()
		e := rows[len(rows)-1].Entry
		if e.Outcome != audit.OutcomeDenied || e.Action != host.ActionInstanceCancel || e.Actor != "user:eve" ||
			*e.Resource != "def:order" || *e.Instance != r.Instance || e.Stream != "authz/default/n1" {
			t.Errorf("entry %s", e.View())
		}
		if x.status(r.Instance) != engine.Active {
			t.Error("the refusal had an effect")
		}
	})
}

func TestFloodOfRefusalsIsCounted(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		for range 57 {
			x.Refused(t.Context(), eve, host.ActionAuthenticate, host.Target{Scope: "user:eve"}, "wrong password")
		}
		x.stop()
		denied := x.in("authn/default/n1")
		rows := x.store.Entries()
		last := rows[len(rows)-1].Entry
		if len(denied) != 21 || !strings.HasSuffix(*last.Reason, ", 37 more times") {
			t.Errorf("%d entries, the last says %q", len(denied), *last.Reason)
		}
	})
}

func TestFloodOfDeniedCallsIsCountedByTheMinute(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		for range 30 {
			if _, err := x.Do(t.Context(), eve, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
				t.Fatal(err)
			}
		}
		if n := len(x.in("authz/default/n1")); n != 20 {
			t.Errorf("%d entries at once", n)
		}
		<-time.After(62 * time.Second)
		if _, err := x.Do(t.Context(), eve, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
			t.Fatal(err)
		}
		if n := len(x.in("authz/default/n1")); n != 22 {
			t.Errorf("%d entries after a minute", n)
		}
	})
}

func TestRefusalsDuringAnOutageAreCountedLater(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		<-x.Ready()
		x.store.Disturb(hosttest.Faults{Before: func(hosttest.Op) error { return hosttest.ErrUnavailable }})
		for range 7 {
			x.Refused(t.Context(), eve, host.ActionAuthenticate, host.Target{Scope: "user:eve"}, "wrong password")
			synctest.Wait()
		}
		x.store.Disturb(hosttest.Faults{})
		x.stop()
		rows := x.store.Entries()
		if last := rows[len(rows)-1].Entry; last.Reason == nil || !strings.HasSuffix(*last.Reason, ", 7 more times") {
			t.Errorf("the last entry says %s", last.View())
		}
	})
}

func TestRefusalThoughtTwiceCountsOnce(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		for range 20 {
			x.store.Disturb(lose(false, 1))
			if _, err := x.Do(t.Context(), eve, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
				t.Fatal(err)
			}
		}
		if n := len(x.in("authz/default/n1")); n != 20 {
			t.Errorf("%d entries", n)
		}
	})
}

func TestPolicyThatMovesWhileCallsAreAuthorized(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := options(hosttest.New())
		s, armed := o.Store.(*hosttest.Store), false
		var policy *hosttest.Policy
		policy = hosttest.NewPolicy(func(version int64, by host.Actor, action, scope string) bool {
			if armed && action == host.ActionInstanceStart && version == 1 {
				// The old version still says yes, and is replaced before the batch is written.
				s.BumpPolicy()
				if err := policy.Refresh(t.Context(), 2); err != nil {
					t.Error(err)
				}
			}
			return by.Name == admin.Name || by.Kind == "system" || version < 2
		})
		o.Authorizer = policy
		x := open(t, o)
		defer x.close()
		x.deploy(chain("plug"))
		armed = true
		if _, err := x.Do(t.Context(), ann, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
			t.Errorf("%v", err)
		}
	})
}

func TestRevokedRightIsNeverUsed(t *testing.T) {
	policy := func(version int64, by host.Actor, action, scope string) bool {
		return by.Name == admin.Name || by.Kind == "system" || version < 2
	}
	run(t, nil, func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(policy) }, func(t *testing.T, x *house) {
		x.start("plug", nil)
		// Another node changes the policy; this one hears of it by the transaction at the latest.
		x.store.BumpPolicy()
		if _, err := x.Do(t.Context(), ann, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
			t.Errorf("%v", err)
		}
		rows := x.store.Entries()
		if e := rows[len(rows)-1].Entry; *e.PolicyVersion != 2 {
			t.Errorf("decided by version %d", *e.PolicyVersion)
		}
	})
}

func TestPolicyThatMovesBetweenThinkAndCommit(t *testing.T) {
	policy := func(version int64, by host.Actor, action, scope string) bool {
		return by.Name == admin.Name || by.Kind == "system" || version < 2
	}
	run(t, nil, func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(policy) }, func(t *testing.T, x *house) {
		x.start("plug", nil)
		once := true
		x.store.Disturb(hosttest.Faults{Before: func(op hosttest.Op) error {
			if op == hosttest.OpCommit && once {
				once = false
				go x.store.BumpPolicy() // waits for the store; the delay lets it go first
			}
			return nil
		}, Delay: func(hosttest.Op) time.Duration { return time.Millisecond }})
		if _, err := x.Do(t.Context(), ann, startCall("plug", nil)); !errors.Is(err, host.ErrDenied) {
			t.Errorf("%v", err)
		}
		if n := len(x.store.Instances()); n != 1 {
			t.Errorf("%d instances", n)
		}
	})
}

func TestOnlyTheServerPredicts(t *testing.T) {
	run(t, []host.Resource{chain("order", charge)}, nil, func(t *testing.T, x *house) {
		r := x.start("order", nil)
		st, _ := x.store.State(r.Instance)
		c := host.Call{Command: engine.CompleteJob{Job: st.Jobs()[0].Key, Prediction: &engine.Prediction{Model: "fraud", Version: "1", Output: "1", Inputs: "2"}}}
		if _, err := x.Do(t.Context(), ann, c); !errors.Is(err, host.ErrDenied) {
			t.Errorf("by a user: %v", err)
		}
		x.do(host.System("worker:charge"), c)
		rows := x.store.Entries()
		if e := rows[len(rows)-1].Entry; e.Category != "model" || *e.Model != "fraud" || e.Cause == nil {
			t.Errorf("entry %s", e.View())
		}
	})
}

func TestStartUpNeedsEveryAction(t *testing.T) {
	s := hosttest.New()
	o := options(s)
	o.Authorizer = &hosttest.Policy{Unknown: []string{host.ActionTimerFire}}
	if _, err := host.New(o); err == nil || !strings.Contains(err.Error(), host.ActionTimerFire) {
		t.Errorf("%v", err)
	}
}

func TestChangeOfAccounts(t *testing.T) {
	run(t, nil, nil, func(t *testing.T, x *house) {
		user := host.AccountChange{CreateUser: &host.Account{User: query.User{Username: "zoe"}, PasswordHash: "secret-hash"}}
		on := host.Target{Scope: "user:zoe"}
		if err := x.Change(t.Context(), ann, host.ActionUserWrite, on, []host.AccountChange{user}, ""); !errors.Is(err, host.ErrDenied) {
			t.Errorf("by ann: %v", err)
		}
		synctest.Wait() // the refusal is written
		x.store.Disturb(lose(true, 1))
		if err := x.Change(t.Context(), admin, host.ActionUserWrite, on, []host.AccountChange{user}, "new"); err != nil {
			t.Fatal(err)
		}
		if n := len(x.store.Accounts()); n != 1 {
			t.Errorf("%d changes", n)
		}
		rows := x.store.Entries()
		last := rows[len(rows)-1]
		if last.Entry.Stream != "admin/default" || strings.Contains(string(last.Private), "secret") || !strings.Contains(string(last.Private), "zoe") {
			t.Errorf("entry %s with %s", last.Entry.View(), last.Private)
		}
	})
}
