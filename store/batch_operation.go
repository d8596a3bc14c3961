package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// begins are the states in which items of a batch operation are carried out.
const begins = "state IN ('CREATED', 'ACTIVE')"

// selected is what a selection finds: where it comes from, and the keys of item and instance.
type selected struct {
	from  string
	item  string
	where pred
}

// selection finds the items of a batch operation by the filter of a search for instances.
func (d *DB) selection(s host.BatchSelection) (selected, error) {
	where, err := processInstances.where(d.dialect, s.Filter)
	found := selected{from: processInstances.from, item: "p.key", where: where}
	if s.Type == host.BatchDelete { // what was called goes with its caller
		found.where = all(where, pred{sql: "p.ended IS NOT NULL AND NOT EXISTS (SELECT 1 FROM process_instance c WHERE c.key = p.parent_instance)"})
		return found, err
	}
	found.where = all(where, pred{sql: "p.ended IS NULL"})
	switch s.Type {
	case host.BatchSuspend:
		found.where = all(found.where, pred{sql: "p.suspended IS NULL"})
	case host.BatchResume:
		found.where = all(found.where, pred{sql: "p.suspended IS NOT NULL"})
	case host.BatchResolve:
		found.from += " JOIN incident i ON i.state = 'ACTIVE' AND " + inside("i.key", "p.key")
		found.item = "i.key"
	}
	return found, err
}

// CountItems implements host.Store.
func (d *DB) CountItems(ctx context.Context, s host.BatchSelection) (n int64, err error) {
	found, err := d.selection(s)
	if err != nil {
		return 0, err
	}
	err = d.read.NewRaw("SELECT count(*) FROM "+found.from+" WHERE "+found.where.sql, found.where.args...).Scan(ctx, &n)
	return n, d.fault(err, "count the items")
}

// writeBatches creates and moves the batch operations of a batch.
func (d *DB) writeBatches(ctx context.Context, tx bun.Tx, changes []host.BatchChange) error {
	for _, c := range changes {
		write := func() error { return d.freeze(ctx, tx, c.Create) }
		if c.Move != nil {
			write = func() error { return moveBatch(ctx, tx, c.Move) }
		}
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}

// freeze writes a batch operation with its items, without any of them leaving the database.
func (d *DB) freeze(ctx context.Context, tx bun.Tx, c *host.BatchCreation) error {
	found, err := d.selection(c.Selection)
	if err != nil {
		return err
	}
	args := append([]any{c.Key}, found.where.args...)
	result, err := tx.NewRaw(`INSERT INTO batch_operation_item (batch, key, instance, state, next)
		SELECT ?, `+found.item+`, p.key, 'ACTIVE', 0 FROM `+found.from+" WHERE "+found.where.sql+
		" ORDER BY 2 LIMIT "+strconv.Itoa(c.Selection.Limit+1), args...).Exec(ctx)
	if err != nil {
		return err
	}
	total, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if total > int64(c.Selection.Limit) {
		return host.ErrBatchTooLarge.With("more than %d items match", c.Selection.Limit)
	}
	actor, err := json.Marshal(c.Actor)
	if err != nil {
		return err
	}
	return run(ctx, tx, `INSERT INTO batch_operation (key, type, state, actor, actor_type, actor_id, payload, filter, reason, cause,
		created, total, completed, failed, skipped, canceled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0)`,
		c.Key, text(c.Type), text(c.State), text(actor), actorType(c.Actor), text(c.Actor.Name), text(c.Payload), text(c.Filter),
		text(c.Reason), text(c.Cause), micros(c.At), total)
}

// actorType is the kind of an actor in the words of the views.
func actorType(a host.Actor) text {
	switch a.Kind {
	case "user":
		return "USER"
	case "client":
		return "CLIENT"
	}
	return "UNKNOWN"
}

// moveBatch moves a batch operation; at its end the counts of its items are kept with it.
func moveBatch(ctx context.Context, tx bun.Tx, m *host.BatchMove) error {
	from := make([]text, len(m.From))
	for i, s := range m.From {
		from[i] = text(s)
	}
	result, err := tx.NewRaw("UPDATE batch_operation SET state = ? WHERE key = ? AND state IN (?)", text(m.To), m.Key, bun.List(from)).Exec(ctx)
	if err != nil {
		return err
	}
	if affected(result, 1) != nil {
		return &host.Moved{Operations: []int64{m.Key}}
	}
	if !m.Ends() {
		return nil
	}
	if m.To == host.BatchCanceled {
		err = run(ctx, tx, "UPDATE batch_operation_item SET state = 'CANCELED', processed = ? WHERE batch = ? AND state = 'ACTIVE'", micros(m.At), m.Key)
	}
	if err != nil {
		return err
	}
	return closeBatch(ctx, tx, m)
}

func closeBatch(ctx context.Context, tx bun.Tx, m *host.BatchMove) error {
	counts, err := countItems(ctx, tx, m.Key)
	if err != nil {
		return err
	}
	if counts.Active > 0 {
		return &host.Moved{Operations: []int64{m.Key}}
	}
	return run(ctx, tx, `UPDATE batch_operation SET started = coalesce(started, ?), ended = ?,
		completed = ?, failed = ?, skipped = ?, canceled = ? WHERE key = ?`,
		micros(m.At), micros(m.At), counts.Completed, counts.Failed, counts.Skipped, counts.Canceled, m.Key)
}

func countItems(ctx context.Context, from bun.IDB, batch int64) (c host.BatchCounts, err error) {
	var rows []struct {
		State string
		N     int64
	}
	err = from.NewRaw("SELECT state, count(*) AS n FROM batch_operation_item WHERE batch = ? GROUP BY state", batch).Scan(ctx, &rows)
	for _, r := range rows {
		switch r.State {
		case host.ItemActive:
			c.Active = r.N
		case host.ItemCompleted:
			c.Completed = r.N
		case host.ItemFailed:
			c.Failed = r.N
		case host.ItemSkipped:
			c.Skipped = r.N
		case host.ItemCanceled:
			c.Canceled = r.N
		}
	}
	return c, err
}

// BatchCounts implements host.Store.
func (d *DB) BatchCounts(ctx context.Context, batch int64) (c host.BatchCounts, found bool, err error) {
	var states []string
	err = d.read.NewRaw("SELECT state FROM batch_operation WHERE key = ?", batch).Scan(ctx, &states)
	if err != nil || len(states) == 0 {
		return c, false, d.fault(err, "find a batch operation")
	}
	c, err = countItems(ctx, d.read, batch)
	c.State = states[0]
	return c, true, d.fault(err, "count the items")
}

// OpenBatches implements host.Store.
func (d *DB) OpenBatches(ctx context.Context, limit int) ([]host.BatchOperation, error) {
	var rows []struct {
		Key                                        int64
		Type, State, Actor, Payload, Reason, Cause string
	}
	err := d.read.NewRaw(`SELECT key, type, state, actor, payload, reason, cause FROM batch_operation
		WHERE ended IS NULL AND `+begins+` ORDER BY key LIMIT ?`, limit).Scan(ctx, &rows)
	open := make([]host.BatchOperation, len(rows))
	for i, r := range rows {
		open[i] = host.BatchOperation{
			Key: r.Key, Type: r.Type, State: r.State, Payload: json.RawMessage(r.Payload), Reason: r.Reason, Cause: r.Cause,
		}
		err = errors.Join(err, json.Unmarshal([]byte(r.Actor), &open[i].Actor))
	}
	return open, d.fault(err, "list batch operations")
}

// claimable are the items of a batch operation that can be claimed.
const claimable = "SELECT key FROM batch_operation_item WHERE batch = ? AND state = 'ACTIVE' AND next <= ? ORDER BY next, key LIMIT ?"

// ClaimItems implements host.Store. On PostgreSQL it passes over rows that another node is claiming.
func (d *DB) ClaimItems(ctx context.Context, batch int64, now, until time.Time, limit int) ([]host.BatchItem, error) {
	var rows []struct{ Key, Instance int64 }
	err := d.inTx(ctx, "claim items", func(tx bun.Tx) error {
		err := run(ctx, tx, "UPDATE batch_operation SET state = 'ACTIVE', started = ? WHERE key = ? AND state = 'CREATED'", micros(now), batch)
		if err != nil {
			return err
		}
		return tx.NewRaw(`UPDATE batch_operation_item SET next = ? WHERE batch = ?
			AND EXISTS (SELECT 1 FROM batch_operation b WHERE b.key = ? AND b.state = 'ACTIVE')
			AND key IN (`+claimable+d.dialect.skipAll+") RETURNING key, instance",
			micros(until), batch, batch, batch, micros(now), limit).Scan(ctx, &rows)
	})
	slices.SortFunc(rows, func(a, b struct{ Key, Instance int64 }) int { return cmp.Compare(a.Key, b.Key) })
	items := make([]host.BatchItem, len(rows))
	for i, r := range rows {
		items[i] = host.BatchItem{Batch: batch, Key: r.Key, Instance: r.Instance}
	}
	return items, err
}

// SettleItems implements host.Store.
func (d *DB) SettleItems(ctx context.Context, outcomes []host.BatchOutcome) error {
	changes := present([]change{itemChange(outcomes)})
	steps, err := d.plan(ctx, changes)
	if err != nil || len(changes) == 0 {
		return d.fault(err, "prepare the items")
	}
	return d.inTx(ctx, "write the items", func(tx bun.Tx) error {
		_, err := d.apply(ctx, tx, steps, changes)
		return err
	})
}
