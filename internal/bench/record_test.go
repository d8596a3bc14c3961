package bench

import (
	"context"
	"database/sql/driver"
	"slices"
	"strings"
	"sync"
)

// recorder stands between the store and the driver and keeps every transaction that was committed, with the
// order in which they began and ended.
type recorder struct {
	mu         sync.Mutex
	connectors []driver.Connector
	on         bool
	clock      int
	conns      int
	done       []*transaction
}

// transaction is what one connection sent between BEGIN and COMMIT. Begun and ended are moments of the
// recorder's clock, which ticks once at each of them.
type transaction struct {
	conn         int
	begun, ended int
	statements   []statement
	rows         int64 // written, and in how many bytes; known once it was replayed
	bytes        int
}

type statement struct {
	query    string
	args     []driver.NamedValue
	prepared bool
}

// wrap is the store's Options.Wrap.
func (r *recorder) wrap(c driver.Connector) driver.Connector {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.connectors = append(r.connectors, c)
	return recordingConnector{c, r}
}

// start begins to keep; what went before is the state that a replay starts from.
func (r *recorder) start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = true
}

// mark tells how many transactions have ended so far.
func (r *recorder) mark() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.done)
}

func (r *recorder) stop() []*transaction {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on = false
	return r.done
}

func (r *recorder) begin(conn int) *transaction {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on {
		return nil
	}
	r.clock++
	return &transaction{conn: conn, begun: r.clock}
}

func (r *recorder) end(t *transaction) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock++
	t.ended = r.clock
	r.done = append(r.done, t)
}

// writing are the statements of a transaction that change something. Statements that only read are the
// engine's, so a bare loop does without them; but a SELECT may call a function that writes, so they stay
// where nothing else would be left.
func (t *transaction) writing() []statement {
	var out []statement
	for _, s := range t.statements {
		if word, _, _ := strings.Cut(strings.TrimSpace(s.query), " "); !strings.EqualFold(word, "SELECT") {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return t.statements
	}
	return out
}

// size is how many bytes a statement is on its way to the database.
func (s statement) size() int {
	n := len(s.query)
	if s.prepared {
		n = 0
	}
	for _, a := range s.args {
		switch v := a.Value.(type) {
		case []byte:
			n += len(v)
		case string:
			n += len(v)
		default:
			n += 8
		}
	}
	return n
}

type recordingConnector struct {
	driver.Connector
	recorder *recorder
}

// Connect implements driver.Connector.
func (c recordingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	c.recorder.mu.Lock()
	defer c.recorder.mu.Unlock()
	c.recorder.conns++
	return &recordingConn{inner: conn.(fullConn), recorder: c.recorder, number: c.recorder.conns}, nil
}

// fullConn is what both drivers offer.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	driver.Pinger
}

// recordingConn is used by one goroutine at a time, as every connection is.
type recordingConn struct {
	inner    fullConn
	recorder *recorder
	number   int
	open     *transaction
}

func (c *recordingConn) note(query string, args []driver.NamedValue, prepared bool) {
	if c.open == nil {
		return
	}
	kept := slices.Clone(args)
	for i, a := range kept {
		if b, ok := a.Value.([]byte); ok {
			kept[i].Value = slices.Clone(b)
		}
	}
	c.open.statements = append(c.open.statements, statement{query, kept, prepared})
}

// BeginTx implements driver.ConnBeginTx.
func (c *recordingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.open = c.recorder.begin(c.number)
	tx, err := c.inner.BeginTx(ctx, o)
	if err != nil {
		c.open = nil
		return nil, err
	}
	return recordingTx{tx, c}, nil
}

// ExecContext implements driver.ExecerContext.
func (c *recordingConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	c.note(q, args, false)
	return c.inner.ExecContext(ctx, q, args)
}

// QueryContext implements driver.QueryerContext.
func (c *recordingConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	c.note(q, args, false)
	return c.inner.QueryContext(ctx, q, args)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *recordingConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	s, err := c.inner.PrepareContext(ctx, q)
	if err != nil {
		return nil, err
	}
	return &recordingStmt{fullStmt: s.(fullStmt), conn: c, query: q}, nil
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *recordingConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.inner.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// Prepare implements driver.Conn.
func (c *recordingConn) Prepare(q string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), q)
}

// Begin implements driver.Conn.
func (c *recordingConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// Close implements driver.Conn.
func (c *recordingConn) Close() error { return c.inner.Close() }

// Ping implements driver.Pinger.
func (c *recordingConn) Ping(ctx context.Context) error { return c.inner.Ping(ctx) }

// ResetSession implements driver.SessionResetter.
func (c *recordingConn) ResetSession(ctx context.Context) error { return c.inner.ResetSession(ctx) }

// IsValid implements driver.Validator.
func (c *recordingConn) IsValid() bool { return c.inner.IsValid() }

type recordingTx struct {
	driver.Tx
	conn *recordingConn
}

// Commit implements driver.Tx.
func (t recordingTx) Commit() error {
	err := t.Tx.Commit()
	if kept := t.conn.open; err == nil && kept != nil {
		t.conn.recorder.end(kept)
	}
	t.conn.open = nil
	return err
}

// Rollback implements driver.Tx.
func (t recordingTx) Rollback() error {
	t.conn.open = nil
	return t.Tx.Rollback()
}

type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type recordingStmt struct {
	fullStmt
	conn  *recordingConn
	query string
}

// ExecContext implements driver.StmtExecContext.
func (s *recordingStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.conn.note(s.query, args, true)
	return s.fullStmt.ExecContext(ctx, args)
}

// QueryContext implements driver.StmtQueryContext.
func (s *recordingStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.conn.note(s.query, args, true)
	return s.fullStmt.QueryContext(ctx, args)
}
