package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/engine"
	"tallystick/host"
)

// Forget implements host.History. The deepest called instances go first, so that what is left of a tree that does
// not fit into one transaction is still a tree.
func (d *DB) Forget(ctx context.Context, instance int64, most int, seal func(host.Pruned) (host.AuditBatch, error)) (host.Pruned, error) {
	var done host.Pruned
	err := d.inTx(ctx, "forget an instance", func(tx bun.Tx) error {
		done = host.Pruned{}
		if err := mayForget(ctx, tx, instance); err != nil {
			return err
		}
		old, err := d.lockTree(ctx, tx, instance, most+1)
		if err != nil {
			return err
		}
		if done.More = len(old) > most; done.More {
			old = old[:most]
		}
		for _, i := range old {
			done.Instances = append(done.Instances, i.Key)
		}
		if done.Rows, err = d.forget(ctx, tx, old); err != nil {
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

// mayForget looks at the topmost instance: it is there, and no instance that is there called it.
func mayForget(ctx context.Context, tx bun.Tx, instance int64) error {
	var rows []struct{ Root, Caller *int64 }
	err := tx.NewRaw(`SELECT p.root_instance AS root, c.key AS caller FROM process_instance p
		LEFT JOIN process_instance c ON c.key = p.parent_instance WHERE p.key = ?`, instance).Scan(ctx, &rows)
	switch {
	case err != nil:
		return err
	case len(rows) == 0:
		return engine.ErrInstanceNotFound.With("there is no process instance %d", instance)
	case rows[0].Caller != nil:
		return host.ErrInstanceCalled.With("the instance was called by %d and is forgotten with %d", *rows[0].Caller, *rows[0].Root)
	}
	return nil
}

// lockTree locks an instance and those that it called, the deepest first. All of them must have ended, and the heads of
// their audit streams must be there to be kept.
func (d *DB) lockTree(ctx context.Context, tx bun.Tx, instance int64, most int) ([]oldInstance, error) {
	var rows []struct {
		Key   int64
		Tags  string
		Ready bool
	}
	lock := d.dialect.update
	if lock != "" {
		lock += " OF p"
	}
	err := tx.NewRaw(`WITH RECURSIVE tree (key, depth) AS (
			SELECT CAST(? AS BIGINT), 0 UNION ALL
			SELECT p.key, t.depth + 1 FROM tree t JOIN process_instance p ON p.parent_instance = t.key)
		SELECT p.key, p.tags, p.ended IS NOT NULL AND p.seq IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.key = p.key) AS ready
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
		if !r.Ready {
			return nil, host.ErrInstanceActive.With("process instance %d has not ended", r.Key)
		}
		old[i] = oldInstance{r.Key, r.Tags}
	}
	return old, nil
}
