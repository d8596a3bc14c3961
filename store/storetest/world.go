package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
	"tallystick/store"
)

// tenant of all streams of the suite.
const tenant = query.Tenant

// noon is when everything happens, to the microsecond, in which the store keeps time.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 123456000, time.UTC)

// all sees everything.
var all = query.Access{All: true}

// world is a store with what a host would know of it.
type world struct {
	testing.TB
	db   *store.DB
	open Open

	mu         sync.Mutex
	statements int // that the store ran so far
}

func newWorld(t testing.TB, open Open) *world {
	w := &world{TB: t, open: open}
	w.db = open(t, store.Options{Observe: func(store.Statement) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.statements++
	}})
	return w
}

// counted is how many statements do ran.
func (w *world) counted(do func()) int {
	w.mu.Lock()
	before := w.statements
	w.mu.Unlock()
	do()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.statements - before
}

// must ends the case on an error.
func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// moved insists that err is a lost race and returns it.
func (w *world) moved(err error) *host.Moved {
	w.Helper()
	var m *host.Moved
	if !errors.As(err, &m) {
		w.Fatalf("got %v, want *host.Moved", err)
	}
	return m
}

// keys reserves n keys of instances.
func (w *world) keys(n int) []int64 {
	w.Helper()
	first, err := w.db.Sequences(w.Context(), n)
	w.must(err)
	keys := make([]int64, n)
	for i := range keys {
		keys[i] = engine.InstanceKey(first + int64(i))
	}
	return keys
}

func (w *world) load(keys ...int64) host.Loaded {
	w.Helper()
	l, err := w.db.Load(w.Context(), keys)
	w.must(err)
	return l
}

func (w *world) commit(b *batch) {
	w.Helper()
	w.must(w.db.Commit(w.Context(), b.Batch))
}

// batch is a host.Batch under construction.
type batch struct {
	host.Batch
	w       *world
	entries int
	private []byte // of the next entries; nil: the number of each
}

// batch begins a batch on the present policy.
func (w *world) batch() *batch {
	w.Helper()
	return &batch{w: w, Batch: host.Batch{At: noon, Policy: w.load().Policy}}
}

// entry links an entry to a stream and adds it.
func (b *batch) entry(head audit.Head, e audit.Entry) audit.Head {
	b.entries++
	e.EventID = audit.EventID{byte(b.entries >> 8), byte(b.entries)}
	e.NodeTime = b.At.UnixMicro()
	if e.Outcome == "" {
		e.Category, e.Action, e.Outcome, e.Actor = "process", "instance.start", audit.OutcomeOK, "user:ann"
	}
	var salt [32]byte
	salt[0] = byte(b.entries)
	private := b.private
	if private == nil {
		private = fmt.Appendf(nil, `{"entry":%d}`, b.entries)
	}
	e.Private = map[string]audit.Hash{host.PrivatePart: audit.Commit(salt, private)}
	e, head = head.Link(e)
	b.Audit.Entries = append(b.Audit.Entries, host.AuditRow{Entry: e, Hash: e.Hash(), Salt: salt[:], Private: private})
	return head
}

// start adds a new instance of the process "order" with a state and one audit entry.
func (b *batch) start(key int64, tags ...string) *batch {
	b.change(key, 0, audit.Genesis(b.w.db.Origin(), tenant, fmt.Sprintf("pi/%d", key)), "state-1")
	b.record(key, engine.InstanceStarted{
		Instance: key, Definition: 7, ProcessID: "order", Version: 3, VersionTag: "v3", BusinessID: fmt.Sprint("B-", key),
		Tags: tags,
	})
	return b
}

// change adds a new state of an instance.
func (b *batch) change(key, version int64, head audit.Head, state string) {
	process := "order"
	head = b.entry(head, audit.Entry{Definition: &process, Instance: &key})
	b.Instances = append(b.Instances, host.InstanceChange{
		Key: key, Version: version, State: []byte(state), Status: "ACTIVE", Head: head,
	})
}

// again adds a further change of an instance as it was loaded.
func (b *batch) again(key int64, s host.Stored, state string) *batch {
	b.change(key, s.Version, s.Head, state)
	return b
}

// record adds an event of an instance of "order".
func (b *batch) record(key int64, r engine.Record) *batch { return b.recordOf(key, "order", r) }

func (b *batch) recordOf(key int64, process string, r engine.Record) *batch {
	b.Events = append(b.Events, host.Event{
		Instance: key, Definition: 7, ProcessID: process, At: b.At, Actor: "user:ann", Record: r,
	})
	return b
}

// command adds a command with an outcome.
func (b *batch) command(id string) *batch {
	b.Commands = append(b.Commands, host.CommandRow{
		ID: id, Actor: "user:ann", Digest: [32]byte{1, 2, 3}, Receipt: []byte(`{"commandId":"` + id + `"}`), At: b.At,
	})
	return b
}

// stream adds an entry to a stream that is not an instance's.
func (b *batch) stream(head audit.Head, e audit.Entry) audit.Head {
	after := b.entry(head, e)
	b.Audit.Streams = append(b.Audit.Streams, host.StreamChange{Before: head, After: after})
	return after
}

func (w *world) genesis(stream string) audit.Head {
	return audit.Genesis(w.db.Origin(), tenant, stream)
}

// started commits n instances and returns their keys.
func (w *world) started(n int) []int64 {
	w.Helper()
	keys := w.keys(n)
	b := w.batch()
	for _, k := range keys {
		b.start(k)
	}
	w.commit(b)
	return keys
}

// ptr is the address of a value.
func ptr[T any](v T) *T { return &v }
