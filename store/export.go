package store

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"tallystick/query"
)

// An export takes so many entries at once, but no more than so many bytes of them beyond the first.
const (
	exportChunk = 500
	exportBytes = 16 << 20
)

// EachAuditEntry implements host.Ledger. Sort and page of q are not asked. All entries are of one state of the log, so
// that no stream has a gap: PostgreSQL draws ids before they become visible, and one of two entries of a transaction may
// lie behind what was read already, the other before it.
func (d *DB) EachAuditEntry(ctx context.Context, q query.Request, f func(query.AuditEntry) error) error {
	times, rest := timesOf(q.Conds)
	q.Conds = rest
	where, err := auditEntries.where(d.dialect, q)
	if err != nil {
		return err
	}
	return d.steadily(ctx, func(from bun.IDB) error {
		first, last, err := d.runOf(ctx, from, times)
		if err != nil {
			return err
		}
		for err == nil && first <= last {
			first, err = d.exportNext(ctx, from, all(where, pred{sql: "a.id BETWEEN ? AND ?", args: []any{first, last}}), f)
		}
		return err
	})
}

// steadily lets f read one state of the database.
func (d *DB) steadily(ctx context.Context, f func(bun.IDB) error) error {
	if d.dialect.steady == "" {
		return f(d.read)
	}
	select {
	case d.exports <- struct{}{}:
		defer func() { <-d.exports }()
	case <-ctx.Done():
		return d.fault(ctx.Err(), "read the audit log")
	}
	tx, err := d.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return d.fault(err, "read the audit log")
	}
	defer func() { _ = tx.Rollback() }() // it changed nothing
	if err := run(ctx, tx, d.dialect.steady); err != nil {
		return d.fault(err, "read the audit log")
	}
	return f(tx)
}

// timesOf takes the conditions on the time, which are bounds of a run of the log, from the others.
func timesOf(conds []query.Cond) (times, rest []query.Cond) {
	for _, c := range conds {
		if c.Field == "time" {
			times = append(times, c)
		} else {
			rest = append(rest, c)
		}
	}
	return times, rest
}

// entriesAt finds the ends of a run by the index on times; the sum keeps PostgreSQL from walking all entries by their id to
// the first that matches.
const entriesAt = "SELECT min(a.id + 0), max(a.id + 0) FROM audit_entry a WHERE "

// runOf finds the first and the last entry of a time. What lies between them belongs to the run, whatever time the clock
// of its node showed, because a stream goes on in the order of ids and not of times.
func (d *DB) runOf(ctx context.Context, from bun.IDB, times []query.Cond) (first, last int64, err error) {
	statement, at := "SELECT 1, max(a.id) FROM audit_entry a", pred{}
	if len(times) > 0 {
		if at, err = auditEntries.conditions(d.dialect, times); err != nil {
			return 0, 0, err
		}
		statement = entriesAt + at.sql
	}
	var low, high sql.NullInt64
	if err := from.NewRaw(statement, at.args...).Scan(ctx, &low, &high); err != nil {
		return 0, 0, d.fault(err, "read the audit log")
	}
	if !high.Valid {
		return 1, 0, nil
	}
	return low.Int64, high.Int64, nil
}

// exportNext gives the next entries to f and tells where to go on; behind all when there are none.
func (d *DB) exportNext(ctx context.Context, from bun.IDB, where pred, f func(query.AuditEntry) error) (int64, error) {
	last, err := d.chunkEnd(ctx, from, where)
	if err != nil || last == 0 {
		return maxID, err
	}
	p := auditEntries.single()
	p.limit = exportChunk
	got, err := auditEntries.fetch(ctx, d, from, all(where, pred{sql: "a.id <= ?", args: []any{last}}), p)
	if err != nil {
		return 0, err
	}
	for _, e := range got.items {
		if err := f(e); err != nil {
			return 0, err
		}
	}
	return last + 1, nil
}

// maxID is larger than the id of any entry.
const maxID = 1<<63 - 1

// chunkEnd is the last of the next entries that are read at once; 0 when there are none. Databases know how long a blob
// is without reading it; what was packed is at most packedMost.
func (d *DB) chunkEnd(ctx context.Context, from bun.IDB, where pred) (last int64, err error) {
	var rows []struct{ ID, Bytes int64 }
	err = from.NewRaw(`SELECT a.id, length(a.canonical) + coalesce(length(a.private), 0) AS bytes
		FROM audit_entry a WHERE `+where.sql+" ORDER BY a.id LIMIT ?", append(where.args[:len(where.args):len(where.args)], exportChunk)...).Scan(ctx, &rows)
	if err != nil {
		return 0, d.fault(err, "read the audit log")
	}
	taken := int64(0)
	for _, r := range rows {
		if taken += r.Bytes; last != 0 && taken > exportBytes {
			break
		}
		last = r.ID
	}
	return last, nil
}
