package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
)

const (
	sqliteReaders = 4
	memory        = ":memory:"
)

// pragmas of every connection. FULL, because WAL with NORMAL may lose the last commits at power loss, and
// with them audit entries that were answered for.
var pragmas = []string{
	"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "recursive_triggers(1)", "trusted_schema(0)",
	"temp_store(MEMORY)", "cache_size(-65536)", "journal_size_limit(67108864)",
}

// openSQLite takes the file at path for this process and opens one writer and a pool of readers.
func openSQLite(path string, o Options) (*DB, error) {
	if path == "" || strings.ContainsAny(path, "?#") {
		return nil, ErrDSN.With("the DSN sqlite:PATH needs a path without ? and #")
	}
	d := &DB{dialect: sqliteAnswers(), release: func() error { return nil }}
	if path == memory {
		d.dialect.pools = 1
		return d, d.connect("file::memory:", o, 0)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, because(ErrUnavailable, err, "the folder of the database cannot be made")
	}
	release, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	d.release = release
	if err := errors.Join(private(path), d.connect("file:"+filepath.ToSlash(path), o, readers(o))); err != nil {
		return nil, errors.Join(because(ErrUnavailable, err, "the database file cannot be opened"), release())
	}
	return d, nil
}

// connect opens the pools; no readers means one connection for everything.
func (d *DB) connect(file string, o Options, readers int) error {
	writer, err := sqlitePool(o, file+"?"+settings("_txlock=immediate"))
	if err != nil {
		return err
	}
	writer.SetMaxOpenConns(1)
	// The connection of a database in memory must never be replaced: the data would be gone.
	writer.SetConnMaxLifetime(0)
	writer.SetMaxIdleConns(1)
	d.write = bun.NewDB(writer, sqlitedialect.New())
	d.read = d.write
	if readers == 0 {
		return nil
	}
	reader, err := sqlitePool(o, file+"?"+settings("_query_only=1"))
	if err != nil {
		return errors.Join(err, writer.Close())
	}
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	d.read = bun.NewDB(reader, sqlitedialect.New())
	return nil
}

// sqlitePool is sql.Open with room for Options.Wrap.
func sqlitePool(o Options, dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil || o.Wrap == nil {
		return db, err
	}
	return o.pool(sqliteConnector{dsn, db.Driver()}), db.Close()
}

// sqliteConnector is the connector that database/sql makes for a driver without one.
type sqliteConnector struct {
	dsn string
	of  driver.Driver
}

// Connect implements driver.Connector.
func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) { return c.of.Open(c.dsn) }

// Driver implements driver.Connector.
func (c sqliteConnector) Driver() driver.Driver { return c.of }

func settings(own string) string {
	parts := []string{"_busy_timeout=5000", "_auto_vacuum=INCREMENTAL", own}
	for _, p := range pragmas {
		parts = append(parts, "_pragma="+url.QueryEscape(p))
	}
	return strings.Join(parts, "&")
}

func readers(o Options) int {
	if o.Conns > 0 {
		return o.Conns
	}
	return sqliteReaders
}

// private creates the file, or narrows it, so that only its owner reads it; SQLite gives the mode on to
// the files beside it.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

func sqliteAnswers() dialect {
	return dialect{name: "sqlite", pools: 2, like: "GLOB", pattern: globPattern, trouble: sqliteTrouble}
}

// Primary result codes of SQLite (the low byte of an extended code).
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteNoMem    = 7
	sqliteReadOnly = 8
	sqliteIOErr    = 10
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteTooBig   = 18
	sqliteBroken   = 19 // a constraint
)

func sqliteTrouble(err error) trouble {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return other
	}
	switch e.Code() & 0xff {
	case sqliteBusy, sqliteLocked, sqliteNoMem, sqliteReadOnly, sqliteFull, sqliteCantOpen:
		return unavailable
	case sqliteIOErr:
		return unsure // a failed sync may have reached the disk
	case sqliteTooBig:
		return oversized
	case sqliteBroken:
		return taken
	}
	return other
}

// locked is the refusal to share a file with another process.
func locked(path string, cause error) error {
	return because(ErrLocked, cause, "another process has the database (%s)", fmt.Sprintf("%q", filepath.Base(path)))
}
