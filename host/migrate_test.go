package host_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// moveTo is a call that migrates an instance.
func moveTo(instance int64, to host.Deployed, lines ...engine.Mapping) host.Call {
	return host.Call{Instance: instance, Command: engine.MigrateInstance{Definition: to.Key, Mapping: lines, EqualIDs: true}}
}

// TestMigrationIsOneCommand moves an instance to another version and then to another process, from a plan on.
func TestMigrationIsOneCommand(t *testing.T) {
	check := strings.NewReplacer(`id="review"`, `id="check"`).Replace(review)
	resources := []host.Resource{chain("claim", review), chain("appeal", check, charge)}
	run(t, resources, func(o *host.Options) { o.CacheCount = 1 }, func(t *testing.T, x *house) {
		r := x.start("claim", amount(7))
		next := x.deploy(chain("claim", review, charge)).Processes[0]
		if got := x.do(admin, moveTo(r.Instance, next)); got.Definition != next.Key || got.Version != 2 || got.Status != "ACTIVE" {
			t.Errorf("receipt %+v", got)
		}
		appeal, _ := x.Catalog().Process(host.ProcessRef{ID: "appeal"})
		move := moveTo(r.Instance, appeal, engine.Mapping{Source: "review", Target: "check"})
		plan, err := x.PlanMigration(t.Context(), admin, r.Instance, move.Command.(engine.MigrateInstance))
		if err != nil || len(plan.Moves) != 2 || len(plan.Reasons) != 0 {
			t.Errorf("%+v, %v", plan, err)
		}
		if got := x.do(admin, move); got.ProcessID != "appeal" {
			t.Errorf("receipt %+v", got)
		}
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(r.Instance)}})
		job := x.activate("charge")
		if job.ProcessID != "appeal" || job.Definition != appeal.Key {
			t.Errorf("job %+v", job)
		}
		if in := x.in(piOf(x, r.Instance)); count(in, "instance.migrate ok user:root") != 2 {
			t.Errorf("the audit log has %v", in)
		}
	})
}

// activate gets the only job of a type.
func (x *house) activate(kind string) host.Job {
	x.t.Helper()
	jobs, err := x.Activate(x.t.Context(), admin, host.Activation{Type: kind, Worker: "w", Max: 1, Timeout: time.Minute})
	if err != nil || len(jobs) != 1 {
		x.t.Fatalf("%v: %v", jobs, err)
	}
	return jobs[0]
}

// TestMigrationIsRefused asks for what cannot be; nothing changes, and a plan says the same.
func TestMigrationIsRefused(t *testing.T) {
	run(t, []host.Resource{chain("claim", review), chain("other", charge)}, nil, func(t *testing.T, x *house) {
		r := x.start("claim", nil)
		other, _ := x.Catalog().Process(host.ProcessRef{ID: "other"})
		refused := func(c host.Call, want error) {
			t.Helper()
			if _, err := x.Do(t.Context(), admin, c); !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
		refused(moveTo(r.Instance, other), engine.ErrMigration)
		refused(moveTo(r.Instance, host.Deployed{Key: 99}), host.ErrProcessNotFound)
		refused(moveTo(r.Instance, host.Deployed{}), host.ErrProcessNotFound)
		refused(moveTo(r.Instance+1<<24, other), engine.ErrInstanceNotFound)
		cmd := moveTo(r.Instance, other).Command.(engine.MigrateInstance)
		plan, err := x.PlanMigration(t.Context(), admin, r.Instance, cmd)
		if err != nil || len(plan.Reasons) != 1 || plan.Reasons[0].Code != engine.ReasonUnmapped {
			t.Errorf("%+v, %v", plan, err)
		}
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(r.Instance)}})
		for instance, want := range map[int64]fault.Kind{r.Instance: fault.NotFound, r.Instance + 1<<30: fault.NotFound} {
			if _, err := x.PlanMigration(t.Context(), admin, instance, cmd); fault.KindOf(err) != want {
				t.Errorf("%v", err)
			}
		}
	})
}

// TestMigrationNeedsRightsOnBoth lets somebody migrate instances of the one process and not of the other.
func TestMigrationNeedsRightsOnBoth(t *testing.T) {
	rules := func(v int64, by host.Actor, action, scope string) bool {
		if by.Name == bob.Name && action == host.ActionInstanceMigrate {
			return scope == "def:claim"
		}
		return houseRules(v, by, action, scope)
	}
	change := func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(rules) }
	run(t, []host.Resource{chain("claim", review), chain("appeal", review)}, change, func(t *testing.T, x *house) {
		claim, appeal := x.start("claim", nil).Instance, x.start("appeal", nil).Instance
		to := map[string]host.Deployed{}
		for _, d := range x.Catalog().Processes() {
			to[d.ID] = d
		}
		for name, c := range map[string]host.Call{
			"to a process without the right":   moveTo(claim, to["appeal"]),
			"from a process without the right": moveTo(appeal, to["claim"]),
		} {
			_, err := x.Do(t.Context(), bob, c)
			_, planned := x.PlanMigration(t.Context(), bob, c.Instance, c.Command.(engine.MigrateInstance))
			if !errors.Is(err, host.ErrDenied) || !errors.Is(planned, host.ErrDenied) {
				t.Errorf("%s: %v, %v", name, err, planned)
			}
		}
		x.do(bob, moveTo(claim, to["claim"]))
		synctest.Wait()
		if in := x.in("authz/default/n1"); count(in, "instance.migrate denied user:bob") < 2 {
			t.Errorf("the audit log has %v", in)
		}
	})
}

// TestMigratedCallerHearsReturn migrates a caller while what it called is active, and the called instance too.
func TestMigratedCallerHearsReturn(t *testing.T) {
	run(t, []host.Resource{chain("outer", calling("inner")), chain("inner", review)}, nil, func(t *testing.T, x *house) {
		outer := x.start("outer", nil).Instance
		inner := x.one("inner")
		next := x.deploy(chain("outer", calling("inner"), charge), chain("late", review))
		x.do(admin, moveTo(outer, next.Processes[0]))
		x.do(admin, moveTo(inner, next.Processes[1]))
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(inner)}})
		x.quiet()
		if job := x.activate("charge"); job.Instance != outer || job.Definition != next.Processes[0].Key {
			t.Errorf("job %+v", job)
		}
	})
}

// TestMigrationFreesItsStart migrates an instance that a message started away from its process: the correlation key is
// free for another one, and for the message that waited.
func TestMigrationFreesItsStart(t *testing.T) {
	ship := startedBy("ship", `<bpmn:messageEventDefinition id="m" messageRef="paid"/>`)
	run(t, []host.Resource{ship, chain("other", review)}, nil, func(t *testing.T, x *house) {
		x.publish(paid(7, time.Hour))
		first := x.one("ship")
		x.publish(paid(7, time.Hour))
		if again := x.one("ship"); again != first {
			t.Fatal("two instances have the key")
		}
		other, _ := x.Catalog().Process(host.ProcessRef{ID: "other"})
		x.do(admin, moveTo(first, other))
		if second := x.one("ship"); second == first {
			t.Error("the message still waits")
		}
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(first)}})
		x.insist(first, engine.Completed)
		x.quiet()
	})
}
