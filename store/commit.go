package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// Commit implements host.Store.
func (d *DB) Commit(ctx context.Context, b host.Batch) error {
	if err := d.checkOrigins(b); err != nil {
		return err
	}
	projections := fold(b.Events)
	err := d.inTx(ctx, "write the batch", func(tx bun.Tx) error {
		f := fence{tx: tx, dialect: d.dialect}
		if err := f.pass(ctx, b); err != nil {
			return d.lost(err, b)
		}
		if moved := f.moved(); moved != nil {
			return moved
		}
		return d.lost(writeBatch(ctx, tx, b, projections), b)
	})
	return err
}

// lost makes a batch that lost a race inside the database (a deadlock, a serialization failure) think
// again, all of it.
func (d *DB) lost(err error, b host.Batch) error {
	if err == nil || d.classify(err) != raced {
		return err
	}
	moved := &host.Moved{}
	for _, i := range b.Instances {
		moved.Instances = append(moved.Instances, i.Key)
	}
	for _, s := range b.Audit.Streams {
		moved.Streams = append(moved.Streams, s.After.Stream)
	}
	return moved
}

func writeBatch(ctx context.Context, tx bun.Tx, b host.Batch, p *folded) error {
	for _, step := range []func() error{
		func() error { return writeInstances(ctx, tx, b.Instances) },
		func() error { return p.write(ctx, tx) },
		func() error { return writeAudit(ctx, tx, b.Audit) },
		func() error { return writeDeployment(ctx, tx, b.Deployment, b.At) },
		func() error { return writeAccounts(ctx, tx, b.Accounts) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// writeInstances inserts new instances and replaces the others; their versions were compared by the fence.
func writeInstances(ctx context.Context, tx bun.Tx, instances []host.InstanceChange) error {
	var fresh, known []instanceRow
	for _, i := range instances {
		row := instanceRow{
			Key: i.Key, Version: i.Version + 1, Status: text(i.Status), Tenant: text(i.Head.Tenant),
			Stream: text(i.Head.Stream), Seq: i.Head.Seq, Hash: i.Head.Hash[:], State: i.State,
		}
		if i.Version == 0 {
			fresh = append(fresh, row)
			continue
		}
		known = append(known, row)
	}
	if err := insertInstances(ctx, tx, fresh); err != nil {
		return err
	}
	return update(ctx, tx, "instance", known,
		"version = d.version, status = d.status, seq = d.seq, hash = d.hash, state = d.state")
}

// insertInstances adds new instances. The fence found none of the keys, but another node may have
// inserted one since; the database then waits for it and leaves ours out.
func insertInstances(ctx context.Context, tx bun.Tx, fresh []instanceRow) error {
	if len(fresh) == 0 {
		return nil
	}
	result, err := tx.NewInsert().Model(&fresh).On("CONFLICT (key) DO NOTHING").Exec(ctx)
	if err != nil {
		return err
	}
	if affected(result, len(fresh)) != nil {
		moved := &host.Moved{}
		for _, r := range fresh {
			moved.Instances = append(moved.Instances, r.Key)
		}
		return moved
	}
	return nil
}

// write brings the projections up to date.
func (f *folded) write(ctx context.Context, tx bun.Tx) error {
	const end = "state = d.state, ended = d.ended"
	for _, step := range []func() error{
		func() error { return insert(ctx, tx, f.instances.fresh, "") },
		func() error { return update(ctx, tx, "process_instance", f.instances.changed, end) },
		func() error { return insert(ctx, tx, f.tags, "") },
		func() error { return insert(ctx, tx, f.elements.fresh, "") },
		func() error { return update(ctx, tx, "element_instance", f.elements.changed, end) },
		func() error {
			return insert(ctx, tx, f.variables.rows, "CONFLICT (key) DO UPDATE SET value = EXCLUDED.value")
		},
		func() error { return insert(ctx, tx, f.jobs.fresh, "") },
		func() error { return update(ctx, tx, "job", f.jobs.changed, updateJobs) },
		func() error { return f.writeTasks(ctx, tx) },
		func() error { return f.writeTimers(ctx, tx) },
		func() error { return insert(ctx, tx, f.incidents.fresh, "") },
		func() error {
			return update(ctx, tx, "incident", f.incidents.changed, "state = d.state, resolved = d.resolved")
		},
		func() error { return insert(ctx, tx, f.evaluations.rows, "") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (f *folded) writeTasks(ctx context.Context, tx bun.Tx) error {
	if err := insert(ctx, tx, f.tasks.fresh, ""); err != nil {
		return err
	}
	if err := update(ctx, tx, "user_task", f.tasks.changed, updateTasks); err != nil {
		return err
	}
	if len(f.recast) > 0 {
		values := tx.NewValues(&f.recast)
		_, err := tx.NewRaw(`WITH d (?) AS (?) DELETE FROM task_candidate
			WHERE task IN (SELECT d.task FROM d) -- leads to the index; EXISTS alone reads the whole table
			AND EXISTS (SELECT 1 FROM d WHERE d.task = task_candidate.task AND d.kind = task_candidate.kind)`,
			columns{values}, values).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return insert(ctx, tx, f.candidates, "")
}

func (f *folded) writeTimers(ctx context.Context, tx bun.Tx) error {
	if err := insert(ctx, tx, f.timers.rows, ""); err != nil || len(f.gone) == 0 {
		return err
	}
	_, err := tx.NewRaw("DELETE FROM timer WHERE key IN (?)", bun.List(f.gone)).Exec(ctx)
	return err
}

// raise moves a version of the installation.
func raise(ctx context.Context, tx bun.Tx, policy, library int) error {
	_, err := tx.NewRaw(`UPDATE installation SET policy_version = policy_version + ?,
		library_version = library_version + ? WHERE id = 1`, policy, library).Exec(ctx)
	return err
}
