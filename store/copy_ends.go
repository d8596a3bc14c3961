package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// copierName tells the connections of a copy from those of nodes.
const copierName = applicationName + " copy"

// seeded are the tables in which a migration or the first start puts a row; a copy replaces those rows.
var seeded = []string{"installation", "sequence"}

// distinctFiles refuses to copy a file onto itself, before it is locked.
func distinctFiles(from, to string) error {
	if from == to {
		return ErrDSN.With("source and target of the copy are the same")
	}
	a, isA := strings.CutPrefix(from, "sqlite:")
	b, isB := strings.CutPrefix(to, "sqlite:")
	if !isA || !isB {
		return nil
	}
	if b == memory {
		return ErrDSN.With("a database in memory ends with the copy")
	}
	first, errA := os.Stat(a)
	second, errB := os.Stat(b)
	if errA == nil && errB == nil && os.SameFile(first, second) {
		return ErrDSN.With("source and target of the copy are the same file")
	}
	return nil
}

// openSource opens a database for reading and keeps servers of SQLite away from it.
func openSource(ctx context.Context, dsn string) (*DB, error) {
	var d *DB
	var err error
	switch scheme, path, _ := strings.Cut(dsn, ":"); scheme {
	case "sqlite":
		d, err = lockedSource(path)
	case "postgres", "postgresql":
		settings := map[string]string{"default_transaction_read_only": "on", idleInTransaction: "0"}
		if dsn, err = withSettings(dsn, copierName, settings); err == nil {
			d, err = openPostgres(ctx, Options{DSN: dsn})
		}
	default:
		return nil, ErrDSN.With("the DSN of the source starts with neither sqlite: nor postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := d.recognize(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func lockedSource(path string) (*DB, error) {
	if err := existing(path); err != nil {
		return nil, err
	}
	release, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	d, err := readSQLite(path, Options{})
	if err != nil {
		return nil, errors.Join(err, release())
	}
	d.release = release
	return d, nil
}

// openTarget opens or makes the database that takes the copy, insists that it is empty and migrates it.
func openTarget(ctx context.Context, dsn string, from *DB) (*DB, error) {
	var d *DB
	var err error
	switch scheme, path, _ := strings.Cut(dsn, ":"); scheme {
	case "sqlite":
		if path == memory {
			return nil, ErrDSN.With("a database in memory ends with the copy")
		}
		d, err = openSQLite(path, Options{})
	case "postgres", "postgresql":
		// The transaction of the copy is idle while the source is read.
		if dsn, err = withSettings(dsn, copierName, map[string]string{idleInTransaction: "0"}); err == nil {
			d, err = openPostgres(ctx, Options{DSN: dsn})
		}
	default:
		return nil, ErrDSN.With("the DSN of the target starts with neither sqlite: nor postgres://")
	}
	if err != nil {
		return nil, err
	}
	if err := d.becomeTarget(ctx, from); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *DB) becomeTarget(ctx context.Context, from *DB) error {
	if err := d.notTheSame(ctx, from); err != nil {
		return err
	}
	if err := d.empty(ctx); err != nil {
		return err
	}
	return d.fault(d.migrate(ctx), "bring the schema up to date")
}

// notTheSame tells two DSNs that lead to one schema of one server.
func (d *DB) notTheSame(ctx context.Context, from *DB) error {
	if d.dialect.name != "postgres" || from.dialect.name != "postgres" {
		return nil
	}
	var names [2]string
	for i, side := range []*DB{d, from} {
		err := side.read.NewRaw(`SELECT pg_postmaster_start_time()::text || ' ' || oid || ' ' || current_schema()
			FROM pg_database WHERE datname = current_database()`).Scan(ctx, &names[i])
		if err != nil {
			return side.fault(err, "tell its name")
		}
	}
	if names[0] == names[1] {
		return ErrDSN.With("source and target of the copy are the same database")
	}
	return nil
}

// empty insists that there is nothing in the database but what a migration puts there.
func (d *DB) empty(ctx context.Context) error {
	tables, err := d.tables(ctx, d.write)
	if err != nil {
		return d.fault(err, "list its tables")
	}
	ours := slices.ContainsFunc(tables, func(t table) bool { return t.name == "installation" })
	for _, t := range tables {
		if !ours {
			return ErrNotEmpty.With("the target holds a table that is not of Tallystick: %s", t.name)
		}
		if slices.Contains(seeded, t.name) {
			continue
		}
		var n int64
		if err := d.write.NewRaw("SELECT count(*) FROM "+t.name).Scan(ctx, &n); err != nil {
			return d.fault(err, "count the rows of "+t.name)
		}
		if n > 0 {
			return ErrNotEmpty.With("the target is not empty: %s has %d rows", t.name, n)
		}
	}
	return nil
}

// agree insists that both sides have the same tables and columns, and returns them.
func (c carrier) agree(ctx context.Context) ([]table, error) {
	theirs, err := c.from.tables(ctx, c.from.read)
	if err != nil {
		return nil, c.from.fault(err, "list its tables")
	}
	ours, err := c.to.tables(ctx, c.to.write)
	if err != nil {
		return nil, c.to.fault(err, "list its tables")
	}
	if a, b := describe(theirs), describe(ours); a != b {
		return nil, ErrUnsupported.With("the tables of source and target differ:\n%s\n%s", a, b)
	}
	return theirs, nil
}

// describe writes tables and columns in the order of names.
func describe(tables []table) string {
	var lines []string
	for _, t := range tables {
		columns := slices.Clone(t.columns)
		slices.SortFunc(columns, func(a, b heading) int { return cmp.Compare(a.name, b.name) })
		lines = append(lines, fmt.Sprint(t.name, columns))
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
}

// unused refuses a PostgreSQL database that nodes are connected to: what they write after the copy would be lost.
func (d *DB) unused(ctx context.Context) error {
	if d.dialect.name != "postgres" {
		return nil
	}
	var n int
	err := d.read.NewRaw(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = ?`,
		applicationName).Scan(ctx, &n)
	if err == nil && n > 0 {
		return ErrInUse.With("nodes are connected to the source (%d connections); stop them first", n)
	}
	return d.fault(err, "list its connections")
}

// snapshot runs f in one transaction that sees one state of the database and changes nothing.
func (d *DB) snapshot(ctx context.Context, f func(bun.Tx) error) error {
	var o *sql.TxOptions
	if d.dialect.name == "postgres" {
		o = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	tx, err := d.read.BeginTx(ctx, o)
	if err != nil {
		return d.fault(err, "begin to read")
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return f(tx)
}
