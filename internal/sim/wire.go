package sim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/query"
)

var (
	_ host.Store   = (*wire)(nil)
	_ host.Jobs    = (*wire)(nil)
	_ host.Library = (*wire)(nil)
)

// wire is the connection of one run of a node to the store. Once it is cut nothing of that run reaches the
// store any more.
type wire struct {
	gate  *gate
	store *hosttest.Store
	node  string
	cut   atomic.Bool
}

// send lets a call wait for its turn and returns its answer.
func send[T any](ctx context.Context, w *wire, t *ticket, do func(context.Context) (T, error)) (T, error) {
	var out, none T
	var err error
	if w.cut.Load() {
		return none, hosttest.ErrUnavailable
	}
	at := context.WithoutCancel(ctx)
	t.who, t.wire = w.node, w
	t.do = func() error {
		out, err = do(at)
		return err
	}
	if !w.gate.pass(ctx, t) {
		return none, given(t.op)
	}
	if t.err != nil {
		return none, t.err
	}
	return out, err
}

// Load implements host.Store.
func (w *wire) Load(ctx context.Context, keys []int64) (host.Loaded, error) {
	return send(ctx, w, &ticket{op: opLoad, detail: numbers(keys), features: featureOf(fLoad, len(keys) > 0)},
		func(ctx context.Context) (host.Loaded, error) { return w.store.Load(ctx, keys) })
}

// Outcomes implements host.Store.
func (w *wire) Outcomes(ctx context.Context, ids []string) (map[string]host.Outcome, error) {
	ids = slices.Sorted(slices.Values(ids))
	return send(ctx, w, &ticket{op: opOutcomes, detail: strings.Join(ids, " "), features: 1 << fRecall},
		func(ctx context.Context) (map[string]host.Outcome, error) { return w.store.Outcomes(ctx, ids) })
}

// Commit implements host.Store.
func (w *wire) Commit(ctx context.Context, b host.Batch) error {
	t := &ticket{op: opCommit, detail: describe(b), features: featuresOf(b), conflict: func() error { return lostRace(b) }}
	_, err := send(ctx, w, t, func(ctx context.Context) (struct{}, error) { return struct{}{}, w.store.Commit(ctx, b) })
	return err
}

// lostRace is the answer to a batch whose transaction the database chose as the victim of a conflict.
func lostRace(b host.Batch) error {
	m := &host.Moved{}
	for _, i := range b.Instances {
		m.Instances = append(m.Instances, i.Key)
	}
	for _, s := range b.Audit.Streams {
		m.Streams = append(m.Streams, s.Before.Stream)
	}
	return m
}

// describe says what a batch is about, without what chance put into it.
func describe(b host.Batch) string {
	var s strings.Builder
	for _, i := range b.Instances {
		fmt.Fprintf(&s, "%d@%d ", i.Key>>24, i.Version)
	}
	for _, e := range b.Events {
		s.WriteString(e.Record.Kind())
		s.WriteByte(' ')
	}
	for _, e := range b.Audit.Entries {
		if e.Entry.Instance == nil {
			s.WriteString(e.Entry.Action)
			s.WriteByte(' ')
		}
	}
	return s.String()
}

// Due implements host.Store.
func (w *wire) Due(ctx context.Context, now, until time.Time, limit int) ([]host.DueTimer, error) {
	t := &ticket{op: opDue, features: 1 << fTimerClaim}
	return send(ctx, w, t, func(ctx context.Context) ([]host.DueTimer, error) {
		due, err := w.store.Due(ctx, now, until, limit)
		t.idle = len(due) == 0
		return due, err
	})
}

// NextDue implements host.Store.
func (w *wire) NextDue(ctx context.Context) (time.Time, bool, error) {
	type answer struct {
		at time.Time
		ok bool
	}
	a, err := send(ctx, w, &ticket{op: opNextDue}, func(ctx context.Context) (answer, error) {
		at, ok, err := w.store.NextDue(ctx)
		return answer{at, ok}, err
	})
	return a.at, a.ok, err
}

// Status implements host.Store.
func (w *wire) Status(ctx context.Context, instance int64) (host.InstanceStatus, bool, error) {
	type answer struct {
		st host.InstanceStatus
		ok bool
	}
	a, err := send(ctx, w, &ticket{op: opStatus}, func(ctx context.Context) (answer, error) {
		st, ok, err := w.store.Status(ctx, instance)
		return answer{st, ok}, err
	})
	return a.st, a.ok, err
}

// EntryHash implements host.Store.
func (w *wire) EntryHash(ctx context.Context, stream string, seq int64) ([32]byte, bool, error) {
	type answer struct {
		hash [32]byte
		ok   bool
	}
	a, err := send(ctx, w, &ticket{op: opEntryHash, detail: stream + " " + strconv.FormatInt(seq, 10), features: 1 << fSettle},
		func(ctx context.Context) (answer, error) {
			hash, ok, err := w.store.EntryHash(ctx, stream, seq)
			return answer{hash, ok}, err
		})
	return a.hash, a.ok, err
}

// Sequences implements host.Store.
func (w *wire) Sequences(ctx context.Context, n int) (int64, error) {
	return send(ctx, w, &ticket{op: opSequences, features: 1 << fNumbers},
		func(ctx context.Context) (int64, error) { return w.store.Sequences(ctx, n) })
}

// Heads implements host.Store.
func (w *wire) Heads(ctx context.Context, streams []string) (map[string]audit.Head, error) {
	streams = slices.Sorted(slices.Values(streams))
	return send(ctx, w, &ticket{op: opHeads, detail: strings.Join(streams, " ")},
		func(ctx context.Context) (map[string]audit.Head, error) { return w.store.Heads(ctx, streams) })
}

// Activate implements host.Jobs.
func (w *wire) Activate(ctx context.Context, a host.Activation, now time.Time, see query.Access,
	seal func([]host.Job) (host.AuditBatch, error),
) ([]host.Job, error) {
	t := &ticket{op: opActivate, detail: a.Type + " " + a.Worker, features: 1 << fActivation, conflict: func() error {
		return &host.Moved{Streams: []string{"work"}}
	}}
	return send(ctx, w, t, func(ctx context.Context) ([]host.Job, error) {
		jobs, err := w.store.Activate(ctx, a, now, see, seal)
		t.idle = len(jobs) == 0
		return jobs, err
	})
}

// Extend implements host.Jobs.
func (w *wire) Extend(ctx context.Context, l host.JobLock, now time.Time, rows host.AuditBatch) (bool, error) {
	return send(ctx, w, &ticket{op: opExtend, detail: numbers([]int64{l.Job}), features: 1 << fLock},
		func(ctx context.Context) (bool, error) { return w.store.Extend(ctx, l, now, rows) })
}

// Renew implements host.Jobs.
func (w *wire) Renew(ctx context.Context, leases []host.Lease, until time.Time) error {
	_, err := send(ctx, w, &ticket{op: opRenew, features: 1 << fLock},
		func(ctx context.Context) (struct{}, error) { return struct{}{}, w.store.Renew(ctx, leases, until) })
	return err
}

// JobInfo implements host.Jobs.
func (w *wire) JobInfo(ctx context.Context, job int64) (host.JobInfo, bool, error) {
	type answer struct {
		info host.JobInfo
		ok   bool
	}
	a, err := send(ctx, w, &ticket{op: opJobInfo, features: 1 << fLock}, func(ctx context.Context) (answer, error) {
		info, ok, err := w.store.JobInfo(ctx, job)
		return answer{info, ok}, err
	})
	return a.info, a.ok, err
}

// Catalog implements host.Library.
func (w *wire) Catalog(ctx context.Context) (host.Catalog, error) {
	return send(ctx, w, &ticket{op: opCatalog, features: 1 << fLibrary}, w.store.Catalog)
}

// Source implements host.Library.
func (w *wire) Source(ctx context.Context, key int64) ([]byte, error) {
	return send(ctx, w, &ticket{op: opSource, detail: numbers([]int64{key}), features: 1 << fLibrary},
		func(ctx context.Context) ([]byte, error) { return w.store.Source(ctx, key) })
}

func numbers(keys []int64) string {
	if len(keys) == 0 {
		return ""
	}
	keys = slices.Sorted(slices.Values(keys))
	var s strings.Builder
	for _, k := range keys {
		s.WriteString(strconv.FormatInt(k>>24, 10))
		s.WriteByte(' ')
	}
	return s.String()
}

// given is the answer to a call that was given up before the store took it: a commit may still arrive.
func given(o op) error {
	if o == opCommit {
		return hosttest.ErrUnknown
	}
	return hosttest.ErrUnavailable
}

// errGone is a node that does not answer, to a client.
var errGone = errors.New("sim: the connection to the node is gone")
