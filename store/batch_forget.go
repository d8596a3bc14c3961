package store

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// forgetWindow is how many batch operations one transaction looks at.
const forgetWindow = 100

// ForgetBatches implements host.Store. On PostgreSQL it passes over what another node is forgetting.
func (d *DB) ForgetBatches(
	ctx context.Context, before time.Time, limit int, seal func(host.ForgottenBatches) (host.AuditBatch, error),
) (host.ForgottenBatches, error) {
	var done host.ForgottenBatches
	err := d.inSharedTx(ctx, "prune batch operations", func(tx bun.Tx) (err error) {
		if done, err = d.forgetOldest(ctx, tx, before, int64(limit)); err != nil {
			return err
		}
		rows, err := seal(done)
		if err != nil {
			return err
		}
		return d.appendAudit(ctx, tx, rows)
	})
	if err != nil && !errors.Is(err, errNothing) {
		return host.ForgottenBatches{}, d.prunedMeanwhile(err)
	}
	return done, nil
}

// forgetOldest removes the oldest batch operations that fit, or a part of the first one when it alone does not.
func (d *DB) forgetOldest(ctx context.Context, tx bun.Tx, before time.Time, limit int64) (done host.ForgottenBatches, err error) {
	var old []struct{ Key, Total int64 }
	err = tx.NewRaw("SELECT key, total FROM batch_operation WHERE ended < ? ORDER BY key LIMIT ?"+d.dialect.skipAll, micros(before), forgetWindow).Scan(ctx, &old)
	if err != nil {
		return done, err
	}
	if len(old) == 0 {
		return done, errNothing
	}
	room := limit
	for _, o := range old {
		if room -= o.Total + 1; room < 0 {
			break
		}
		done.Keys = append(done.Keys, o.Key)
	}
	done.More = len(done.Keys) < len(old) || len(old) == forgetWindow
	removed := map[string]int64{}
	if len(done.Keys) > 0 {
		err = remove(ctx, tx, removed, "items", "DELETE FROM batch_operation_item WHERE batch IN (?)", bun.List(done.Keys))
	} else {
		err = remove(ctx, tx, removed, "items", `DELETE FROM batch_operation_item WHERE batch = ? AND key IN (
			SELECT key FROM batch_operation_item WHERE batch = ? ORDER BY key LIMIT ?)`, old[0].Key, old[0].Key, limit)
		if removed["items"] < limit { // earlier transactions took the others
			done.Keys, done.More = []int64{old[0].Key}, len(old) > 1
		}
	}
	if done.Items = removed["items"]; err != nil || len(done.Keys) == 0 {
		return done, err
	}
	return done, run(ctx, tx, "DELETE FROM batch_operation WHERE key IN (?)", bun.List(done.Keys))
}
