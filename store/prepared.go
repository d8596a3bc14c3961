package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// preparedMax bounds the statements that are kept: batches have a few shapes each.
const preparedMax = 512

// prepared keeps statements that the database has parsed. It is safe for concurrent use.
type prepared struct {
	mu   sync.Mutex
	kept map[string]*sql.Stmt
	tell func(Statement) // nil: nobody is told
}

// statement returns the kept statement for a text. It must be called outside of transactions: SQLite has one
// connection to prepare on. Should there be more texts than are kept, all go and those in use come back;
// database/sql closes a statement once the transactions that use it have ended.
func (p *prepared) statement(ctx context.Context, pool *bun.DB, query string) (*sql.Stmt, error) {
	p.mu.Lock()
	s, ok := p.kept[query]
	p.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := pool.DB.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if twin, ok := p.kept[query]; ok {
		return twin, s.Close() //nolint:sqlclosecheck // it goes to nobody
	}
	if len(p.kept) >= preparedMax {
		p.forget()
	}
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	p.kept[query] = s
	return s, nil
}

func (p *prepared) forget() {
	for query, s := range p.kept {
		_ = s.Close() // what cannot be closed is closed with its connection
		delete(p.kept, query)
	}
}

func (p *prepared) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget()
}

// step is a prepared statement with its arguments.
type step struct {
	stmt   *sql.Stmt
	query  string
	args   []any
	change int // which change it belongs to; on PostgreSQL it is all of them
}

func (p *prepared) queryRow(ctx context.Context, tx bun.Tx, s step, to ...any) error {
	begin := time.Now()
	err := tx.StmtContext(ctx, s.stmt).QueryRowContext(ctx, s.args...).Scan(to...) //nolint:sqlclosecheck // ends with tx
	p.observe(s, begin, err)
	return err
}

func (p *prepared) exec(ctx context.Context, tx bun.Tx, s step) (int64, error) {
	begin := time.Now()
	result, err := tx.StmtContext(ctx, s.stmt).ExecContext(ctx, s.args...) //nolint:sqlclosecheck // ends with tx
	p.observe(s, begin, err)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (p *prepared) observe(s step, begin time.Time, err error) {
	if p.tell == nil {
		return
	}
	operation, _, _ := strings.Cut(s.query, " ")
	p.tell(Statement{Operation: operation, Took: time.Since(begin), Err: err})
}
