package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/uptrace/bun"
)

const (
	copyRun      = 64     // rows of one INSERT
	copyProgress = 10_000 // rows between two calls of Progress
)

// carry copies the rows of one table, one after the other, so that its size does not matter.
func (c carrier) carry(ctx context.Context, from, to bun.Tx, t table) error {
	put, done, err := c.intake(ctx, to, t)
	if err != nil {
		return c.to.fault(err, "take rows of "+t.name)
	}
	var n int64
	err = eachValues(ctx, from, t, func(values []any) error {
		if n++; n%copyProgress == 0 {
			c.tell(t.name, n)
		}
		return c.to.fault(put(values), "take a row of "+t.name)
	})
	if err != nil {
		return c.from.fault(err, "read "+t.name)
	}
	c.tell(t.name, n)
	return c.to.fault(done(), "take the rows of "+t.name)
}

func (c carrier) tell(table string, rows int64) {
	if c.progress != nil {
		c.progress(table, rows)
	}
}

// intake is how the target takes rows: put for each, done at the end.
func (c carrier) intake(ctx context.Context, to bun.Tx, t table) (put func([]any) error, done func() error, err error) {
	if c.to.dialect.name == "postgres" {
		return copyIn(ctx, to, t)
	}
	return insertRuns(ctx, to, t)
}

// copyIn streams rows with COPY, which also takes the numbers of an identity column.
func copyIn(ctx context.Context, to bun.Tx, t table) (put func([]any) error, done func() error, err error) {
	stmt, err := to.Tx.PrepareContext(ctx, fmt.Sprintf("COPY %s (%s) FROM STDIN", t.name, t.list()))
	if err != nil {
		return nil, nil, err
	}
	put = func(values []any) error {
		_, err := stmt.ExecContext(ctx, values...)
		return err
	}
	done = func() error {
		_, err := stmt.ExecContext(ctx) // without values it ends the stream
		if e := stmt.Close(); err == nil {
			err = e
		}
		return err
	}
	return put, done, nil
}

// insertRuns gathers rows for INSERTs of many and writes the rest one by one.
func insertRuns(ctx context.Context, to bun.Tx, t table) (put func([]any) error, done func() error, err error) {
	c := &change{verb: inserting, table: t.name, columns: quoted(t.columns)}
	many, err := to.Tx.PrepareContext(ctx, runOf(c, copyRun))
	if err != nil {
		return nil, nil, err
	}
	var waiting []any
	put = func(values []any) error {
		waiting = append(waiting, values...)
		if len(waiting) < copyRun*len(t.columns) {
			return nil
		}
		_, err := many.ExecContext(ctx, waiting...)
		waiting = waiting[:0]
		return err
	}
	done = func() error {
		var err error
		if n := len(waiting) / len(t.columns); n > 0 {
			_, err = to.Tx.ExecContext(ctx, runOf(c, n), waiting...)
		}
		return errors.Join(err, many.Close())
	}
	return put, done, nil
}

func quoted(columns []heading) []heading {
	all := make([]heading, len(columns))
	for i, c := range columns {
		all[i] = heading{`"` + c.name + `"`, c.of}
	}
	return all
}

// eachValues gives the rows of a table to f in the order of its key. f must not keep the values.
func eachValues(ctx context.Context, tx bun.Tx, t table, f func([]any) error) error {
	values := make([]any, len(t.columns))
	to := make([]any, len(values))
	for i := range values {
		to[i] = &values[i]
	}
	return eachRow(ctx, tx, fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", t.list(), t.name, t.order()), func(rows *sql.Rows) error {
		if err := rows.Scan(to...); err != nil {
			return err
		}
		for i := range values {
			v, err := settled(values[i], t.columns[i].of)
			if err != nil {
				return fmt.Errorf("column %s: %w", t.columns[i].name, err)
			}
			values[i] = v
		}
		return f(values)
	})
}

// settled brings the values of both drivers into one form.
func settled(v any, of sqlType) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int64:
		if of == bigint {
			return x, nil
		}
	case string:
		if of == txt {
			return x, nil
		}
	case []byte:
		if of == txt {
			return string(x), nil
		}
		if of == bytea {
			return notNil(x), nil // empty bytes come as a nil slice from SQLite
		}
	}
	return nil, fmt.Errorf("the column of type %s holds %T", of, v)
}

// contents counts and digests a table.
func contents(ctx context.Context, tx bun.Tx, t table) (Contents, error) {
	var c Contents
	h := sha256.New()
	err := eachValues(ctx, tx, t, func(values []any) error {
		c.Rows++
		for _, v := range values {
			digestValue(hash256{h}, v)
		}
		return nil
	})
	h.Sum(c.Digest[:0])
	return c, err
}

// digestValue adds a value so that no two rows have the same bytes: a tag, then the number or the length with
// what it counts.
func digestValue(h hash256, v any) {
	switch x := v.(type) {
	case nil:
		h.tag(0, 0, nil)
	case int64:
		h.tag(1, uint64(x), nil) //nolint:gosec // the bits of the number
	case string:
		h.tag(2, uint64(len(x)), []byte(x))
	case []byte:
		h.tag(3, uint64(len(x)), x)
	}
}

// hash256 is a running digest.
type hash256 struct{ to io.Writer }

func (h hash256) tag(tag byte, number uint64, data []byte) {
	var b [9]byte
	b[0] = tag
	binary.BigEndian.PutUint64(b[1:], number)
	_, _ = h.to.Write(b[:]) // a hash takes everything
	_, _ = h.to.Write(data)
}
