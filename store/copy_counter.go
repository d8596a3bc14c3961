package store

import (
	"context"

	"github.com/uptrace/bun"
)

// carryCounter carries the last number that the database drew for a table, so that new rows continue behind
// the old ones, also behind rows that are gone.
func (c carrier) carryCounter(ctx context.Context, from, to bun.Tx, t table) error {
	if t.counter == "" {
		return nil
	}
	var largest int64
	if err := from.NewRaw("SELECT coalesce(max("+t.counter+"), 0) FROM "+t.name).Scan(ctx, &largest); err != nil {
		return c.from.fault(err, "read "+t.name)
	}
	drawn, err := c.from.counter(ctx, from, t)
	if err != nil {
		return c.from.fault(err, "read the counter of "+t.name)
	}
	if drawn = max(drawn, largest); drawn == 0 {
		return nil
	}
	return c.to.fault(c.to.setCounter(ctx, to, t, drawn), "set the counter of "+t.name)
}

// counter is the last number drawn, 0 when none was.
func (d *DB) counter(ctx context.Context, tx bun.Tx, t table) (int64, error) {
	var drawn []int64
	query := "SELECT seq FROM sqlite_sequence WHERE name = '" + t.name + "'"
	if d.dialect.name == "postgres" {
		var sequence string
		if err := tx.NewRaw("SELECT pg_get_serial_sequence(?, ?)", t.name, t.counter).Scan(ctx, &sequence); err != nil {
			return 0, err
		}
		query = "SELECT last_value FROM " + sequence + " WHERE is_called"
	}
	if err := tx.NewRaw(query).Scan(ctx, &drawn); err != nil || len(drawn) == 0 {
		return 0, err
	}
	return drawn[0], nil
}

func (d *DB) setCounter(ctx context.Context, tx bun.Tx, t table, drawn int64) error {
	if d.dialect.name == "postgres" {
		return run(ctx, tx, "SELECT setval(pg_get_serial_sequence(?, ?), ?)", t.name, t.counter, drawn)
	}
	if err := run(ctx, tx, "DELETE FROM sqlite_sequence WHERE name = ?", t.name); err != nil {
		return err
	}
	return run(ctx, tx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", t.name, drawn)
}
