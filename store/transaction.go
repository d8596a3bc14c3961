package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// errNothing rolls back a transaction that found nothing to do; it never reaches a caller of the package.
var errNothing = errors.New("nothing to do")

// errRaced rolls back a batch whose race was lost; it never reaches a caller either.
var errRaced = errors.New("something moved")

// inTx runs f in one explicit transaction; doing completes the sentence "the database did not …". Any
// error, and a panic of f, rolls everything back.
func (d *DB) inTx(ctx context.Context, doing string, f func(bun.Tx) error) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return d.fault(err, doing)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback() // the error that led here says more
		}
	}()
	if err := f(tx); err != nil {
		return d.fault(err, doing)
	}
	done = true
	if err := tx.Commit(); err != nil {
		return d.faultAtCommit(err)
	}
	return nil
}

// inSharedTx is inTx for what rests on rights or suspensions and is no batch: from its begin it shares the installation,
// so that their change is either seen or waits for the end.
func (d *DB) inSharedTx(ctx context.Context, doing string, f func(bun.Tx) error) error {
	return d.inTx(ctx, doing, func(tx bun.Tx) error {
		if d.dialect.guard != "" {
			if _, err := tx.ExecContext(ctx, d.dialect.guard); err != nil {
				return err
			}
		}
		return f(tx)
	})
}

// insert writes rows in one statement; conflict is an optional ON CONFLICT clause.
func insert[R any](ctx context.Context, tx bun.Tx, rows []R, conflict string) error {
	if len(rows) == 0 {
		return nil
	}
	q := tx.NewInsert().Model(&rows)
	if conflict != "" {
		q = q.On(conflict)
	}
	_, err := q.Exec(ctx)
	return err
}

// columns writes the names of the columns of a VALUES list.
type columns struct{ of *bun.ValuesQuery }

// AppendQuery implements schema.QueryAppender.
func (c columns) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	return c.of.AppendColumns(gen, b)
}

// affected insists that a statement changed as many rows as it should have.
func affected(result interface{ RowsAffected() (int64, error) }, want int) error {
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n != int64(want) {
		return fmt.Errorf("%d rows changed instead of %d", n, want)
	}
	return nil
}
