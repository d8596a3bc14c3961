package store

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// EvaluationInfo implements host.History. The decision that was asked for need not be among those that were evaluated.
func (d *DB) EvaluationInfo(ctx context.Context, key int64) (host.EvaluationInfo, bool, error) {
	var rows []struct {
		DecisionID string
		Instance   int64
	}
	err := d.read.NewRaw(`SELECT d.id AS decision_id, coalesce(e.instance, 0) AS instance
		FROM decision_instance e JOIN definition d ON d.key = e.root_decision
		WHERE e.key = ? ORDER BY e.position LIMIT 1`, key).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return host.EvaluationInfo{}, false, d.fault(err, "read an evaluation")
	}
	return host.EvaluationInfo(rows[0]), true, nil
}

// ForgetEvaluation implements host.History.
func (d *DB) ForgetEvaluation(ctx context.Context, key int64, seal func(host.ForgottenEvaluations) (host.AuditBatch, error)) error {
	err := d.inSharedTx(ctx, "forget an evaluation", func(tx bun.Tx) error {
		gone, err := forgetEvaluations(ctx, tx, []int64{key})
		if err != nil {
			return err
		}
		if gone.Rows == 0 {
			return host.ErrNoEvaluation.With("there is no evaluation %d outside of processes", key)
		}
		rows, err := seal(gone)
		if err != nil {
			return err
		}
		return d.appendAudit(ctx, tx, rows)
	})
	return d.prunedMeanwhile(err)
}

// oldEvaluations finds evaluations outside of instances by an index that holds no others.
const oldEvaluations = `SELECT key FROM decision_instance WHERE instance IS NULL AND position = 1 AND at < ? ORDER BY at, key LIMIT ?`

// PruneEvaluations implements host.History.
func (d *DB) PruneEvaluations(ctx context.Context, before time.Time, limit int, seal func(host.ForgottenEvaluations) (host.AuditBatch, error)) (gone host.ForgottenEvaluations, err error) {
	err = d.inSharedTx(ctx, "prune evaluations", func(tx bun.Tx) error {
		var keys []int64
		if err := tx.NewRaw(oldEvaluations+d.dialect.skipAll, micros(before), limit).Scan(ctx, &keys); err != nil {
			return err
		}
		if len(keys) == 0 {
			return errNothing
		}
		if gone, err = forgetEvaluations(ctx, tx, keys); err != nil {
			return err
		}
		rows, err := seal(gone)
		if err != nil {
			return err
		}
		return d.appendAudit(ctx, tx, rows)
	})
	if err != nil {
		gone = host.ForgottenEvaluations{}
	}
	if errors.Is(err, errNothing) {
		return gone, nil
	}
	return gone, d.prunedMeanwhile(err)
}

const removeEvaluations = "DELETE FROM decision_instance WHERE key IN (?) AND instance IS NULL"

func forgetEvaluations(ctx context.Context, tx bun.Tx, keys []int64) (host.ForgottenEvaluations, error) {
	removed := map[string]int64{}
	err := remove(ctx, tx, removed, "decision_instance", removeEvaluations, bun.List(keys))
	return host.ForgottenEvaluations{Keys: keys, Rows: removed["decision_instance"]}, err
}
