package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/engine"
	"tallystick/host"
)

// Forget implements host.History. The deepest called instances go first, so that what is left of a tree that does
// not fit into one transaction is still a tree.
func (d *DB) Forget(ctx context.Context, f host.Forgetting, seal func(host.Pruned) (host.AuditBatch, error)) (host.Pruned, error) {
	var done host.Pruned
	err := d.inSharedTx(ctx, "forget an instance", func(tx bun.Tx) error {
		done = host.Pruned{}
		if err := d.lockItem(ctx, tx, f.Item); err != nil {
			return err
		}
		if err := mayForget(ctx, tx, f.Instance); err != nil {
			return err
		}
		old, err := d.lockTree(ctx, tx, f.Instance, f.Max+1)
		if err != nil {
			return err
		}
		if done.More = len(old) > f.Max; done.More {
			old = old[:f.Max]
		}
		for _, i := range old {
			done.Instances = append(done.Instances, i.Key)
		}
		if done.Rows, err = d.forget(ctx, tx, old); err != nil {
			return err
		}
		if !done.More {
			err = settleItem(ctx, tx, f.Item)
		}
		if err != nil {
			return err
		}
		rows, err := seal(done)
		if err != nil {
			return err
		}
		return d.appendAudit(ctx, tx, rows)
	})
	if err != nil {
		return host.Pruned{}, d.prunedMeanwhile(err)
	}
	return done, nil
}

// lockItem locks an item of a batch operation that must be open.
func (d *DB) lockItem(ctx context.Context, tx bun.Tx, o *host.BatchOutcome) error {
	if o == nil {
		return nil
	}
	var open []int64
	err := tx.NewRaw("SELECT key FROM batch_operation_item WHERE batch = ? AND key = ? AND state = 'ACTIVE'"+d.dialect.update, o.Batch, o.Key).Scan(ctx, &open)
	if err == nil && len(open) == 0 {
		err = &host.Moved{Items: []host.BatchItemID{o.BatchItemID}}
	}
	return err
}

// settleItem writes the outcome of an item that is locked.
func settleItem(ctx context.Context, tx bun.Tx, o *host.BatchOutcome) error {
	if o == nil {
		return nil
	}
	return run(ctx, tx, "UPDATE batch_operation_item SET state = ?, processed = ?, entry = ? WHERE batch = ? AND key = ?",
		text(o.State), micros(o.At), text(o.Entry), o.Batch, o.Key)
}

// mayForget looks at the topmost instance: it is there, it has ended, and no instance that is there called it.
func mayForget(ctx context.Context, tx bun.Tx, instance int64) error {
	var rows []struct {
		Root, Caller *int64
		Ready        bool
	}
	err := tx.NewRaw(`SELECT p.root_instance AS root, c.key AS caller, `+mayGo+` AS ready FROM process_instance p
		LEFT JOIN process_instance c ON c.key = p.parent_instance WHERE p.key = ?`, instance).Scan(ctx, &rows)
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return engine.ErrInstanceNotFound.With("there is no process instance %d", instance)
	case rows[0].Caller != nil:
		return host.ErrInstanceCalled.With("the instance was called by %d and is forgotten with %d", *rows[0].Caller, *rows[0].Root)
	case !rows[0].Ready: // before the tree is walked, which may be wide
		return goesOn(instance)
	}
	return nil
}

// mayGo is the condition that an instance p may be forgotten: it has ended, and the head of its audit stream is there
// to be kept.
const mayGo = `(p.ended IS NOT NULL AND p.seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.key = p.key))`

func goesOn(instance int64) error {
	return host.ErrInstanceActive.With("process instance %d has not ended", instance)
}

// lockTree locks the deepest of an instance and those that it called, up to a number. All of the tree may go, or it is
// refused: what is beyond the number counts as well, because the transactions before the last are not taken back.
func (d *DB) lockTree(ctx context.Context, tx bun.Tx, instance int64, most int) ([]oldInstance, error) {
	var rows []struct {
		oldInstance
		Ready  bool
		GoesOn *int64
	}
	lock := d.dialect.update
	if lock != "" {
		lock += " OF p"
	}
	err := tx.NewRaw(`WITH RECURSIVE tree (key, depth) AS (
			SELECT CAST(? AS BIGINT), 0 UNION ALL
			SELECT p.key, t.depth + 1 FROM tree t JOIN process_instance p ON p.parent_instance = t.key)
		SELECT p.key, p.tags, `+mayGo+` AS ready,
			(SELECT min(p.key) FROM tree t JOIN process_instance p ON p.key = t.key WHERE NOT `+mayGo+`) AS goes_on
		FROM process_instance p JOIN tree t ON t.key = p.key ORDER BY t.depth DESC, p.key LIMIT ?`+lock,
		instance, most).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 { // somebody was faster
		return nil, engine.ErrInstanceNotFound.With("there is no process instance %d", instance)
	}
	old := make([]oldInstance, len(rows))
	for i, r := range rows {
		switch {
		case r.GoesOn != nil:
			return nil, goesOn(*r.GoesOn)
		case !r.Ready: // it was rewritten while the lock was waited for
			return nil, goesOn(r.Key)
		}
		old[i] = r.oldInstance
	}
	return old, nil
}
