package host_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/query"
)

// told is over with instructions.
func told(kind, process, payload string) host.BatchRequest {
	r := over(kind, process)
	r.Payload = json.RawMessage(payload)
	return r
}

// TestBatchModifies moves tokens in each instance; where nothing stands on the source, the item fails and nothing moves.
func TestBatchModifies(t *testing.T) {
	run(t, []host.Resource{chain("claim", review, charge)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("claim", 3)
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(keys[1])}})
		batch := x.create(told(host.BatchModify, "claim", `{"moveInstructions":[{"sourceElementId":"review","targetElementId":"charge"}]}`))
		x.expect(batch, "PARTIALLY_COMPLETED: 2 completed, 1 failed, 0 skipped, 0 canceled")
		jobs, err := x.Activate(t.Context(), admin, host.Activation{Type: "charge", Worker: "w", Max: 9, Timeout: time.Minute})
		if err != nil || len(jobs) != 3 {
			t.Errorf("%v, %v", jobs, err)
		}
		if i := x.store.BatchItems(batch)[1]; i.Code != "modification.state" || !strings.Contains(i.Message, "move[0] review") {
			t.Errorf("%+v", i)
		}
		for i, want := range []int{1, 0, 1} {
			if in := x.in(piOf(x, keys[i])); count(in, "instance.modify ok user:root") != want {
				t.Errorf("the audit log of %d has %v", i, in)
			}
		}
	})
}

// TestBatchMigrates moves instances to another version; what cannot be mapped stays where it is.
func TestBatchMigrates(t *testing.T) {
	run(t, []host.Resource{chain("claim", review, charge)}, nil, func(t *testing.T, x *house) {
		keys := x.starts("claim", 3)
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(keys[1])}})
		check := strings.Replace(review, `id="review"`, `id="check"`, 1)
		next := x.deploy(chain("claim", check)).Processes[0]
		plan, err := json.Marshal(host.BatchMigration{
			Definition: keyOf(next), Mapping: []host.BatchLine{{Source: "review", Target: "check"}}, EqualIDs: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		batch := x.create(told(host.BatchMigrate, "claim", string(plan)))
		x.expect(batch, "PARTIALLY_COMPLETED: 2 completed, 1 failed, 0 skipped, 0 canceled")
		if i := x.store.BatchItems(batch)[1]; i.Instance != keys[1] || i.Code != "migration.impossible" {
			t.Errorf("%+v", i)
		}
		x.do(ann, host.Call{Command: engine.CompleteTask{Task: x.task(keys[0])}})
		if x.status(keys[0]) != engine.Completed {
			t.Error("the migrated instance does not go by the new version")
		}
		if migrated := x.entry("instance.migrate"); *migrated.Entry.Cause != x.entry("batch.create").Entry.EventID {
			t.Errorf("the migration does not name the batch operation: %+v", migrated.Entry)
		}
	})
}

// TestBatchMigrationNeedsBothRights has a creator who may migrate one of two processes.
func TestBatchMigrationNeedsBothRights(t *testing.T) {
	rules := func(v int64, by host.Actor, action, scope string) bool {
		return houseRules(v, by, action, scope) && (by.Name != "ann" || action != host.ActionInstanceMigrate || scope == "def:claim")
	}
	change := func(o *host.Options) { o.Authorizer = hosttest.NewPolicy(rules) }
	run(t, []host.Resource{chain("claim", review), chain("appeal", review)}, change, func(t *testing.T, x *house) {
		x.start("claim", nil)
		for id, want := range map[string]string{"claim": "COMPLETED: 1 completed, 0", "appeal": "FAILED: 0 completed, 1"} {
			to, _ := x.Catalog().Process(host.ProcessRef{ID: id})
			plan, _ := json.Marshal(host.BatchMigration{Definition: keyOf(to)})
			made, err := x.CreateBatch(t.Context(), ann, told(host.BatchMigrate, "claim", string(plan)))
			if err != nil {
				t.Fatal(err)
			}
			x.expect(made.Batch, want+" failed, 0 skipped, 0 canceled")
			if i := x.store.BatchItems(made.Batch)[0]; id == "appeal" && i.Code != "authz.denied" {
				t.Errorf("%+v", i)
			}
		}
	})
}

// TestBatchRefusesItsInstructions asks for what no instance could do; nothing is created.
func TestBatchRefusesItsInstructions(t *testing.T) {
	run(t, []host.Resource{chain("claim", review)}, nil, func(t *testing.T, x *house) {
		line := `{"sourceElementId":"a","targetElementId":"b"}`
		definition, _ := x.Catalog().Process(host.ProcessRef{ID: "claim"})
		known, _ := keyOf(definition).MarshalText()
		for _, c := range []struct {
			kind, payload string
			want          error
		}{
			{host.BatchModify, ``, host.ErrBatch},
			{host.BatchModify, `{"moveInstructions":[]}`, host.ErrBatch},
			{host.BatchModify, `{"moveInstructions":[` + line + `,{"sourceElementId":"a"}]}`, host.ErrBatch},
			{host.BatchModify, `{"moveInstructions":[{"sourceElementId":"a\u0000","targetElementId":"b"}]}`, host.ErrBatch},
			{host.BatchModify, `{"moveInstructions":[` + strings.Join(slices.Repeat([]string{line}, engine.InstructionsMax+1), ",") + `]}`, host.ErrBatch},
			{host.BatchMigrate, ``, host.ErrBatch},
			{host.BatchMigrate, `{}`, host.ErrProcessNotFound},
			{host.BatchMigrate, `{"targetProcessDefinitionKey":"99"}`, host.ErrProcessNotFound},
			{host.BatchMigrate, `{"targetProcessDefinitionKey":"` + string(known) + `","mappingInstructions":[{"sourceElementId":"a"}]}`, host.ErrBatch},
		} {
			_, planned := x.PlanBatch(t.Context(), admin, told(c.kind, "claim", c.payload))
			_, err := x.CreateBatch(t.Context(), admin, told(c.kind, "claim", c.payload))
			if !errors.Is(planned, c.want) || !errors.Is(err, c.want) {
				t.Errorf("%s %.80s: %v, %v", c.kind, c.payload, planned, err)
			}
		}
		if n := len(x.store.BatchOperations()); n != 0 {
			t.Errorf("%d batch operations", n)
		}
	})
}

func keyOf(d host.Deployed) query.Key { return query.Key(d.Key) }

// TestBatchDeletes forgets what has ended, each with an entry of its own; what goes on is no item.
func TestBatchDeletes(t *testing.T) {
	run(t, []host.Resource{chain("claim", review)}, forgetting(houseRules), func(t *testing.T, x *house) {
		keys := x.starts("claim", 3)
		x.expect(x.create(over(host.BatchDelete, "claim")), "COMPLETED: 0 completed, 0 failed, 0 skipped, 0 canceled")
		for _, key := range keys[:2] {
			x.do(admin, host.Call{Instance: key, Command: engine.CancelInstance{}})
		}
		x.store.Disturb(hosttest.Faults{Before: failing(hosttest.OpItems)})
		batch := x.create(over(host.BatchDelete, "claim"))
		if err := x.Delete(t.Context(), admin, host.Deletion{Instance: keys[1]}); err != nil {
			t.Fatal(err)
		}
		x.store.Disturb(hosttest.Faults{})
		x.expect(batch, "COMPLETED: 1 completed, 0 failed, 1 skipped, 0 canceled")
		if err := x.Delete(t.Context(), admin, host.Deletion{Instance: keys[0]}); !errors.Is(err, engine.ErrInstanceNotFound) {
			t.Errorf("the instance is still there: %v", err)
		}
		done, gone := x.store.BatchItems(batch)[0], x.store.BatchItems(batch)[1]
		if gone.State != host.ItemSkipped || gone.Code != "instance.not_found" {
			t.Errorf("%+v", gone)
		}
		for _, row := range x.store.Entries() {
			if row.Entry.EventID.String() == done.Entry && row.Entry.Cause != nil && row.Entry.Actor == "user:root" {
				return
			}
		}
		t.Errorf("no entry of the item names its batch operation: %+v", done)
	})
}

// forgetting lets a house delete instances.
func forgetting(rules func(int64, host.Actor, string, string) bool) func(*host.Options) {
	return func(o *host.Options) { o.History, o.Authorizer = o.Store.(*hosttest.Store), hosttest.NewPolicy(rules) }
}

// TestBatchDeletionIsRefused has a server that keeps everything, a creator without the right, and a batch operation that
// is canceled while its item is in hand.
func TestBatchDeletionIsRefused(t *testing.T) {
	run(t, []host.Resource{chain("claim", review)}, nil, func(t *testing.T, x *house) {
		if _, err := x.CreateBatch(t.Context(), admin, over(host.BatchDelete, "claim")); !errors.Is(err, host.ErrNoHistory) {
			t.Error(err)
		}
	})
	rules := func(v int64, by host.Actor, action, scope string) bool {
		return houseRules(v, by, action, scope) && (by.Name != "ann" || action != host.ActionInstanceDelete)
	}
	run(t, []host.Resource{chain("claim", review)}, forgetting(rules), func(t *testing.T, x *house) {
		key := x.start("claim", nil).Instance
		x.do(admin, host.Call{Instance: key, Command: engine.CancelInstance{}})
		made, err := x.CreateBatch(t.Context(), ann, over(host.BatchDelete, "claim"))
		if err != nil {
			t.Fatal(err)
		}
		x.expect(made.Batch, "FAILED: 0 completed, 1 failed, 0 skipped, 0 canceled")
		if i := x.store.BatchItems(made.Batch)[0]; i.Code != "authz.denied" {
			t.Errorf("%+v", i)
		}
		x.store.Disturb(hosttest.Faults{Delay: taking(hosttest.OpForget, time.Second)})
		batch := x.create(over(host.BatchDelete, "claim"))
		<-time.After(500 * time.Millisecond)
		x.steer(batch, host.BatchCanceled, nil)
		<-time.After(5 * time.Second)
		if x.status(key) != engine.Terminated || x.store.BatchItems(batch)[0].State != host.ItemCanceled {
			t.Errorf("an item of a canceled batch operation was carried out: %+v", x.store.BatchItems(batch))
		}
	})
}

// TestDeletesATree forgets an instance with what it called, in as many transactions as it takes, and nothing of it
// while it goes on.
func TestDeletesATree(t *testing.T) {
	const many = 501
	each := strings.Replace(calling("inner"), "</bpmn:callActivity>", `<bpmn:multiInstanceLoopCharacteristics>`+
		`<bpmn:loopCardinality>`+strconv.Itoa(many)+`</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:callActivity>`, 1)
	run(t, []host.Resource{chain("outer", each, review), chain("inner")}, forgetting(houseRules), func(t *testing.T, x *house) {
		outer := x.start("outer", nil).Instance
		x.quiet()
		inner := x.everyStarted()[1:]
		gone := func() (n int) {
			for _, key := range inner {
				if _, there, err := x.store.Status(t.Context(), key); !there && err == nil {
					n++
				}
			}
			return n
		}
		if err := x.Delete(t.Context(), admin, host.Deletion{Instance: outer}); !errors.Is(err, host.ErrInstanceActive) || gone() != 0 {
			t.Fatalf("the caller goes on: %v, %d are gone", err, gone())
		}
		if err := x.Delete(t.Context(), admin, host.Deletion{Instance: inner[0]}); !errors.Is(err, host.ErrInstanceCalled) || gone() != 0 {
			t.Fatalf("a called instance: %v, %d are gone", err, gone())
		}
		x.do(admin, host.Call{Instance: outer, Command: engine.CancelInstance{}})
		if err := x.Delete(t.Context(), admin, host.Deletion{Instance: outer}); err != nil || gone() != many {
			t.Errorf("%v, %d are gone", err, gone())
		}
		if _, there, err := x.store.Status(t.Context(), outer); there || err != nil {
			t.Errorf("the caller is still there, %v", err)
		}
		if n := count(x.in("history/default/n1"), "instance.delete ok user:root"); n != 2 {
			t.Errorf("%d entries, want one for each of 2 transactions", n)
		}
	})
}

// everyStarted lists the instances that were ever started, oldest first.
func (x *house) everyStarted() (keys []int64) {
	for _, row := range x.store.Entries() {
		if e := row.Entry; e.Seq == 1 && e.Instance != nil {
			keys = append(keys, *e.Instance)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(keys)))
}
