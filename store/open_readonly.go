package store

import (
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
)

// ErrMissing says that a database that should be read is not there.
var ErrMissing = fault.New(fault.NotFound, "store.missing", "there is no such database")

// Reader is a store open for reading alone: it has no way to change anything. It is safe for concurrent use.
type Reader struct{ db *DB }

var _ host.Ledger = (*Reader)(nil)

// Origin names the installation in audit entries.
func (r *Reader) Origin() string { return r.db.Origin() }

// EachAuditEntry implements host.Ledger.
func (r *Reader) EachAuditEntry(ctx context.Context, q query.Request, f func(query.AuditEntry) error) error {
	return r.db.EachAuditEntry(ctx, q, f)
}

// EachHead implements host.Ledger.
func (r *Reader) EachHead(ctx context.Context, f func(audit.Head) error) error {
	return r.db.EachHead(ctx, f)
}

// Close ends all connections.
func (r *Reader) Close() error { return r.db.Close() }

// OpenReadOnly opens a store that exists beside whoever works with it: it takes no lock, migrates nothing and
// creates nothing. A schema that is not this program's is refused. The caller closes it.
func OpenReadOnly(ctx context.Context, o Options) (*Reader, error) {
	scheme, rest, _ := strings.Cut(o.DSN, ":")
	var d *DB
	var err error
	switch scheme {
	case "sqlite":
		d, err = readSQLite(rest, o)
	case "postgres", "postgresql":
		if o.DSN, err = withSettings(o.DSN, readerName, map[string]string{"default_transaction_read_only": "on"}); err == nil {
			d, err = openPostgres(ctx, o)
		}
	default:
		return nil, ErrDSN.With("the DSN starts with neither sqlite: nor postgres://")
	}
	if err != nil {
		return nil, err
	}
	if o.Observe != nil {
		d.observe(o.Observe)
	}
	if err := d.recognize(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return &Reader{d}, nil
}

// readerName tells the connections of readers from those of nodes, which bear applicationName.
const readerName = applicationName + " reader"

// readSQLite opens the file as readers of a running server do; the journal lets them read beside the writer.
func readSQLite(path string, o Options) (*DB, error) {
	if err := existing(path); err != nil {
		return nil, err
	}
	pool, err := sqlitePool(o, "file:"+filepath.ToSlash(path)+"?mode=ro&_busy_timeout=5000&_query_only=1&_pragma=trusted_schema(0)")
	if err != nil {
		return nil, because(ErrUnavailable, err, "the database file cannot be opened")
	}
	pool.SetMaxOpenConns(readers(o))
	d := &DB{dialect: sqliteAnswers(), read: bun.NewDB(pool, sqlitedialect.New()), release: func() error { return nil }}
	d.dialect.pools = 1
	d.write = d.read
	return d, nil
}

// existing refuses a path that names no file, which opening would create.
func existing(path string) error {
	if path == "" || path == memory || strings.ContainsAny(path, "?#") {
		return ErrDSN.With("the DSN sqlite:PATH needs the path of a file, without ? and #")
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return ErrMissing.With("there is no database file %s", path)
	case err != nil:
		return because(ErrUnavailable, err, "the database file %s cannot be opened", path)
	case !info.Mode().IsRegular():
		return ErrDSN.With("%s is not a file", path)
	}
	return nil
}

// withSettings adds a name and run-time settings to a PostgreSQL DSN.
func withSettings(dsn, name string, settings map[string]string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return "", ErrDSN.With("the DSN is not a URL") // the cause would show the password
	}
	q := u.Query()
	q.Set("application_name", name)
	for k, v := range settings {
		q.Set(k, v)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// recognize insists on the schema of this program and learns who the installation is.
func (d *DB) recognize(ctx context.Context) error {
	tables, err := d.tables(ctx, d.read)
	if err != nil {
		return d.fault(err, "list its tables")
	}
	if !slices.ContainsFunc(tables, func(t table) bool { return t.name == "installation" }) {
		return ErrUnsupported.With("the database holds no tables of Tallystick")
	}
	if err := d.Migrated(ctx); err != nil {
		return err
	}
	var origins []string
	if err := d.read.NewRaw("SELECT origin FROM installation WHERE id = 1").Scan(ctx, &origins); err != nil {
		return d.fault(err, "tell its origin")
	}
	if len(origins) == 0 {
		return ErrUnsupported.With("the database was migrated and never used")
	}
	d.origin = origins[0]
	return nil
}
