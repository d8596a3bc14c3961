package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// Options says where the data lives and how much the store may use.
type Options struct {
	// DSN is "sqlite:PATH", "sqlite::memory:" or a postgres:// URL with an explicit sslmode.
	DSN string
	// Conns is the most connections to PostgreSQL, or readers of SQLite; 0 takes 16 or 4.
	Conns int
	// Observe is told about every statement after it ran; it must be quick and safe for concurrent use.
	Observe func(Statement)
	// Wrap, when set, stands between the pools and the driver, for measurements; it must not change what passes.
	Wrap func(driver.Connector) driver.Connector
}

// pool opens a pool of connections, behind Wrap when it is set.
func (o Options) pool(c driver.Connector) *sql.DB {
	if o.Wrap != nil {
		c = o.Wrap(c)
	}
	return sql.OpenDB(c)
}

// Statement is one statement that ran. It carries no values, because they may be personal data.
type Statement struct {
	Operation string // SELECT, INSERT, BEGIN …
	Took      time.Duration
	Err       error
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	write    *bun.DB // every change; on SQLite a single connection
	read     *bun.DB // searches; the same as write on PostgreSQL
	dialect  dialect
	origin   string
	prepared prepared
	dsn      string       // of PostgreSQL, for connections outside of the pool
	release  func() error // gives the file back to other processes

	// exports has room for the transactions that export the log: they may be slow, and must leave connections to others.
	exports chan struct{}
}

var (
	_ host.Store   = (*DB)(nil)
	_ host.Jobs    = (*DB)(nil)
	_ host.Library = (*DB)(nil)
)

// Open opens the store, brings its schema up to date and, for SQLite, takes the file for this process
// alone. The caller closes it.
func Open(ctx context.Context, o Options) (*DB, error) {
	scheme, rest, _ := strings.Cut(o.DSN, ":")
	var d *DB
	var err error
	switch scheme {
	case "sqlite":
		d, err = openSQLite(rest, o)
	case "postgres", "postgresql":
		d, err = openPostgres(ctx, o)
	default:
		return nil, ErrDSN.With("the DSN starts with neither sqlite: nor postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := d.prepare(ctx, o); err != nil {
		_ = d.Close() // the first error says more
		return nil, err
	}
	return d, nil
}

func (d *DB) prepare(ctx context.Context, o Options) error {
	if o.Observe != nil {
		d.observe(o.Observe)
	}
	if err := d.migrate(ctx); err != nil {
		return d.fault(err, "bring the schema up to date")
	}
	origin, err := d.install(ctx)
	if err != nil {
		return err
	}
	d.origin = origin
	return nil
}

// Close ends all connections and gives the file free.
func (d *DB) Close() error {
	d.prepared.close()
	err := d.write.Close()
	if d.read != d.write {
		if e := d.read.Close(); err == nil {
			err = e
		}
	}
	if e := d.release(); err == nil {
		err = e
	}
	return err
}

// Origin names this installation in audit entries; it is drawn once, with the first migration.
func (d *DB) Origin() string { return d.origin }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.fault(d.read.PingContext(ctx), "ping")
}

// observe tells f about each statement on both pools.
func (d *DB) observe(f func(Statement)) {
	d.prepared.tell = f
	hook := hook{tell: f}
	d.write = d.write.WithQueryHook(hook)
	if d.dialect.pools == 1 {
		d.read = d.write
		return
	}
	d.read = d.read.WithQueryHook(hook)
}

type hook struct{ tell func(Statement) }

func (h hook) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (h hook) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	h.tell(Statement{Operation: e.Operation(), Took: time.Since(e.StartTime), Err: e.Err})
}
