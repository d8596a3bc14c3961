package store

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
)

// fence compares what a transaction was decided on with what is there now, and locks it. Locks are taken
// in one order everywhere: installation, instances, streams, commands, each by its key.
type fence struct {
	tx      bun.Tx
	dialect dialect
	lost    host.Moved
	any     bool
}

// moved is what changed meanwhile, nil when nothing did.
func (f *fence) moved() error {
	if !f.any {
		return nil
	}
	return &f.lost
}

// pass looks at everything that a batch rests on, so that the answer names all that moved.
func (f *fence) pass(ctx context.Context, b host.Batch) error {
	for _, look := range []func() error{
		func() error { return f.versions(ctx, b) },
		func() error { return f.instances(ctx, b.Instances) },
		func() error { return f.streams(ctx, b.Audit.Streams) },
		func() error { return f.commands(ctx, b.Commands) },
		func() error { return f.leases(ctx, b) },
		func() error { return f.errands(ctx, b) },
	} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

// enter keeps every other batch out of a transaction that changes policy or library, once those on their way have
// ended. It comes first: a right to share that is raised later can deadlock.
func (d dialect) enter(ctx context.Context, tx bun.Tx, b host.Batch) error {
	if d.bar == "" || len(b.Accounts) == 0 && b.Deployment == nil && b.Suspension == nil {
		return nil
	}
	_, err := tx.ExecContext(ctx, d.bar)
	return err
}

// versions compares policy and library.
func (f *fence) versions(ctx context.Context, b host.Batch) error {
	var policy, library int64
	err := f.tx.NewRaw("SELECT policy_version, library_version FROM installation WHERE id = 1").
		Scan(ctx, &policy, &library)
	if err != nil {
		return err
	}
	if policy != b.Policy {
		f.lost.Policy, f.any = true, true
	}
	if want := libraryOf(b); want != 0 && library != want {
		f.lost.Library, f.any = true, true
	}
	return nil
}

// policy compares the policy versions that entries name.
func (f *fence) policy(ctx context.Context, entries []host.AuditRow) error {
	var policy int64
	err := f.tx.NewRaw("SELECT policy_version FROM installation WHERE id = 1").Scan(ctx, &policy)
	for i := range entries {
		if v := entries[i].Entry.PolicyVersion; v != nil && *v != policy {
			f.lost.Policy, f.any = true, true
		}
	}
	return err
}

// libraryOf is the library version that the batch rests on; 0 is any.
func libraryOf(b host.Batch) int64 {
	switch {
	case b.Deployment != nil:
		return b.Deployment.Library
	case b.Suspension != nil:
		return b.Suspension.Library
	}
	return b.Library
}

// leases looks for jobs that somebody else has locked since, that nobody has, or that are no more.
func (f *fence) leases(ctx context.Context, b host.Batch) error {
	keys := slices.Clone(b.Locked)
	for _, l := range b.Leases {
		keys = append(keys, l.Job)
	}
	if len(keys) == 0 {
		return nil
	}
	type lock struct {
		Key, Lease int64
		Deadline   *int64
	}
	var rows []lock
	err := f.tx.NewRaw("SELECT key, lease, deadline FROM job WHERE key IN (?) AND ended IS NULL", bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	have := make(map[int64]lock, len(rows))
	for _, r := range rows {
		have[r.Key] = r
	}
	for _, l := range b.Leases {
		if have[l.Job].Lease != l.Token {
			f.lost.Leases, f.any = append(f.lost.Leases, l.Job), true
		}
	}
	for _, job := range b.Locked {
		if r, open := have[job]; open && r.Deadline == nil {
			f.lost.Unlocked, f.any = append(f.lost.Unlocked, job), true
		}
	}
	return nil
}

func (f *fence) instances(ctx context.Context, all []host.InstanceChange) error {
	if len(all) == 0 {
		return nil
	}
	keys := make([]int64, len(all))
	for i := range all {
		keys[i] = all[i].Key
	}
	var rows []struct{ Key, Version int64 }
	err := f.tx.NewRaw("SELECT key, version FROM instance WHERE key IN (?) ORDER BY key"+f.dialect.update,
		bun.List(keys)).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	versions := make(map[int64]int64, len(rows))
	for _, r := range rows {
		versions[r.Key] = r.Version
	}
	for i := range all {
		if versions[all[i].Key] != all[i].Version {
			f.lost.Instances, f.any = append(f.lost.Instances, all[i].Key), true
		}
	}
	return nil
}

// streams compares the heads of streams and moves those that are unmoved.
func (f *fence) streams(ctx context.Context, all []host.StreamChange) error {
	steps := joinSteps(all)
	if len(steps) == 0 {
		return nil
	}
	heads, err := f.heads(ctx, steps)
	if err != nil {
		return err
	}
	var fresh, known []streamRow
	for _, s := range steps {
		head, exists := heads[streamName{s.Before.Tenant, s.Before.Stream}]
		row := streamRow{
			Tenant: text(s.After.Tenant), Stream: text(s.After.Stream), Seq: s.After.Seq, Hash: s.After.Hash[:],
		}
		switch {
		case !exists && s.Before.Seq == 0:
			fresh = append(fresh, row)
		case exists && head.Seq == s.Before.Seq && bytes.Equal(head.Hash, s.Before.Hash[:]):
			known = append(known, row)
		default:
			f.lostStream(s.Before.Stream)
		}
	}
	if err := f.openStreams(ctx, fresh); err != nil {
		return err
	}
	return moveStreams(ctx, f.tx, known)
}

func (f *fence) lostStream(name string) {
	f.lost.Streams, f.any = append(f.lost.Streams, name), true
}

func (f *fence) heads(ctx context.Context, steps []host.StreamChange) (map[streamName]streamRow, error) {
	var names []string
	for _, s := range steps {
		names = append(names, clean(s.Before.Stream))
	}
	var rows []streamRow
	err := f.tx.NewRaw(`SELECT tenant, stream, seq, hash FROM audit_stream WHERE stream IN (?)
		ORDER BY tenant, stream`+f.dialect.update, bun.List(names)).Scan(ctx, &rows)
	heads := make(map[streamName]streamRow, len(rows))
	for _, r := range rows {
		heads[streamName{string(r.Tenant), string(r.Stream)}] = r
	}
	return heads, err
}

// openStreams inserts streams that had no entry. Somebody else may do so at the same moment; the database
// then waits for them and leaves our row out.
func (f *fence) openStreams(ctx context.Context, fresh []streamRow) error {
	if len(fresh) == 0 {
		return nil
	}
	var done []string
	_, err := f.tx.NewInsert().Model(&fresh).On("CONFLICT (tenant, stream) DO NOTHING").
		Returning("stream").Exec(ctx, &done)
	if err != nil {
		return err
	}
	for _, r := range fresh {
		if !slices.Contains(done, string(r.Stream)) {
			f.lostStream(string(r.Stream))
		}
	}
	return nil
}

// commands takes the command ids; an id that is taken already names itself in the answer.
func (f *fence) commands(ctx context.Context, all []host.CommandRow) error {
	if len(all) == 0 {
		return nil
	}
	rows := commandRows(all)
	var done []string
	_, err := f.tx.NewInsert().Model(&rows).On("CONFLICT (id) DO NOTHING").Returning("id").Exec(ctx, &done)
	if err != nil {
		return err
	}
	if len(done) == len(all) {
		return nil
	}
	left := make(map[string]int, len(done))
	for _, id := range done {
		left[id]++
	}
	for _, c := range all {
		if left[clean(c.ID)]--; left[clean(c.ID)] < 0 {
			f.lost.Commands, f.any = append(f.lost.Commands, c.ID), true
		}
	}
	return nil
}

// notNil keeps empty bytes from becoming NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

type streamName struct{ tenant, stream string }

// joinSteps makes one step of consecutive steps of a stream, in the order of the streams' names.
func joinSteps(all []host.StreamChange) []host.StreamChange {
	joined := map[streamName]host.StreamChange{}
	for _, s := range all {
		name := streamName{s.Before.Tenant, s.Before.Stream}
		if first, ok := joined[name]; ok {
			s.Before = first.Before
		}
		joined[name] = s
	}
	return slices.SortedFunc(maps.Values(joined), func(a, b host.StreamChange) int {
		return cmp.Or(cmp.Compare(a.Before.Tenant, b.Before.Tenant), cmp.Compare(a.Before.Stream, b.Before.Stream))
	})
}

// checkOrigins refuses heads of another installation: a store keeps one origin.
func (d *DB) checkOrigins(b host.Batch) error {
	heads := make([]audit.Head, 0, len(b.Instances)+len(b.Audit.Streams))
	for i := range b.Instances {
		heads = append(heads, b.Instances[i].Head)
	}
	for i := range b.Audit.Streams {
		heads = append(heads, b.Audit.Streams[i].After)
	}
	for _, h := range heads {
		if h.Origin != d.origin {
			return fault.New(fault.Internal, "store.origin", "stream %q has the origin %q, the store %q",
				h.Stream, h.Origin, d.origin)
		}
	}
	return nil
}
