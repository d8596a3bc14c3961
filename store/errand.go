package store

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// ready is the first look, outside of a transaction: mostly there is nothing, and then nobody is held up.
const ready = "SELECT t.key FROM errand t WHERE t.next <= ? AND " + firstOfChain + " ORDER BY t.next, t.key LIMIT ?"

// ClaimErrands implements host.Store. On PostgreSQL it passes over rows that another node is claiming.
func (d *DB) ClaimErrands(ctx context.Context, now, until time.Time, limit int) ([]host.Errand, error) {
	var keys []int64
	err := d.read.NewRaw(ready, micros(now), limit).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return nil, d.fault(err, "list errands")
	}
	var rows []errandRow
	err = d.inTx(ctx, "claim errands", func(tx bun.Tx) error {
		return tx.NewRaw("UPDATE errand SET next = ? WHERE key IN ("+ready+d.dialect.skipAll+`)
			RETURNING key, kind, source, about, number, payload, cause, created, next`, micros(until), micros(now), limit).Scan(ctx, &rows)
	})
	slices.SortFunc(rows, func(a, b errandRow) int { return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Key, b.Key)) })
	claimed := make([]host.Errand, len(rows))
	for i, r := range rows {
		claimed[i] = host.Errand{
			Key: r.Key, Kind: string(r.Kind), Source: r.Source, About: r.About, Number: r.Number, Payload: []byte(r.Payload),
			Cause: string(r.Cause), Created: instant(r.Created), Next: instant(r.Next),
		}
	}
	return claimed, err
}

// Dismiss implements host.Store.
func (d *DB) Dismiss(ctx context.Context, over host.Dismissal) (bool, error) {
	keys := slices.Sorted(slices.Values(over.Errands))
	err := d.inTx(ctx, "dismiss errands", func(tx bun.Tx) error {
		result, err := tx.NewRaw("DELETE FROM errand WHERE key IN (?)", bun.List(keys)).Exec(ctx)
		if err != nil {
			return err
		}
		if affected(result, len(keys)) != nil {
			return errNothing
		}
		if over.Message != 0 {
			err = run(ctx, tx, "DELETE FROM message WHERE key = ? AND expires <= published", over.Message)
		}
		if err == nil && over.Freed != 0 {
			err = run(ctx, tx, "DELETE FROM start_lock WHERE instance = ? AND freed = 1", over.Freed)
		}
		return err
	})
	if errors.Is(err, errNothing) {
		return false, nil
	}
	return err == nil, err
}

// PendingCall implements host.Store.
func (d *DB) PendingCall(ctx context.Context, elementInstance int64) (int64, error) {
	return d.oneKey(ctx, "SELECT key FROM errand WHERE source = ? AND about = ? AND kind = 'call'",
		elementInstance&^span, elementInstance)
}

// Called implements host.Store.
func (d *DB) Called(ctx context.Context, elementInstance int64) (int64, error) {
	return d.oneKey(ctx, "SELECT key FROM process_instance WHERE parent_element = ? AND ended IS NULL", elementInstance)
}

// oneKey reads one key; 0 when there is none.
func (d *DB) oneKey(ctx context.Context, query string, args ...any) (int64, error) {
	var keys []int64
	err := d.read.NewRaw(query, args...).Scan(ctx, &keys)
	if err != nil || len(keys) == 0 {
		return 0, d.fault(err, "find a call")
	}
	return keys[0], nil
}
