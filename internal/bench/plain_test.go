package bench

import (
	"context"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"tallystick/store"
)

// pour writes as many rows and bytes into one plain table, in as many transactions and with one INSERT each:
// what no way of saying it in SQL, and no index, can beat. The replay before it has counted the rows. The
// limit moves when the statements of the store get better; this one moves only with what they have to say.
func (s *scope) pour(rec recording) time.Duration {
	var took time.Duration
	within(s, func(s *scope) {
		r := &recorder{}
		db, err := store.Open(s.Context(), store.Options{DSN: s.database(rec.database), Wrap: r.wrap})
		s.must(err)
		s.must(db.Close())
		connect := r.connectors[0]
		l := s.dial(connect, rec.run)
		const table = "CREATE TABLE plain (id BIGINT PRIMARY KEY, data TEXT NOT NULL)"
		s.must(l[rec.run[0].conn].pour(s.Context(), table))
		var id atomic.Int64
		took, err = l.play(s.Context(), rec.run, func(ctx context.Context, l *line, t *transaction) error {
			return l.pour(ctx, plainInsert(&id, t))
		})
		s.must(errors.Join(err, l.close()))
	})
	return took
}

func (l *line) pour(ctx context.Context, query string) error {
	tx, err := l.conn.BeginTx(ctx, driver.TxOptions{})
	if err != nil {
		return err
	}
	if query != "" {
		if _, err := l.conn.ExecContext(ctx, query, nil); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// plainInsert is one statement with the rows and, together, the bytes of a transaction.
func plainInsert(id *atomic.Int64, t *transaction) string {
	if t.rows == 0 {
		return ""
	}
	data := strings.Repeat("x", t.bytes/int(t.rows))
	var q strings.Builder
	q.WriteString("INSERT INTO plain (id, data) VALUES ")
	for i := range t.rows {
		if i > 0 {
			q.WriteByte(',')
		}
		q.WriteString("(" + strconv.FormatInt(id.Add(1), 10) + ",'" + data + "')")
	}
	return q.String()
}
