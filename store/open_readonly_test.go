package store_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/store"
)

// bothDatabases runs a test with a DSN of a fresh database of each kind.
func bothDatabases(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, "sqlite:"+filepath.Join(t.TempDir(), "data", "tally.db")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Start(t)) })
}

func reader(t *testing.T, dsn string) *store.Reader {
	t.Helper()
	db, err := store.OpenReadOnly(t.Context(), store.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestReaderVerifiesBesideTheWriter(t *testing.T) {
	t.Parallel()
	bothDatabases(t, func(t *testing.T, dsn string) {
		writer := open(t, store.Options{DSN: dsn})
		fillLog(t, writer)
		db := reader(t, dsn)
		if db.Origin() != writer.Origin() {
			t.Errorf("the reader thinks it is %s, the writer is %s", db.Origin(), writer.Origin())
		}
		soundLog(t, db, 8)
		head := audit.Genesis(writer.Origin(), "default", "read/default/n")
		e, after := head.Link(audit.Entry{Category: "admin", Action: "user.write", Outcome: audit.OutcomeOK, Actor: "user:root"})
		err := writer.Commit(t.Context(), host.Batch{Policy: 1, Audit: host.AuditBatch{
			Entries: []host.AuditRow{{Entry: e, Hash: e.Hash()}}, Streams: []host.StreamChange{{Before: head, After: after}},
		}})
		if err != nil {
			t.Fatal("the writer is disturbed:", err)
		}
		soundLog(t, db, 9)
	})
}

func soundLog(t *testing.T, db *store.Reader, entries int) {
	t.Helper()
	report, err := host.VerifyLedger(t.Context(), db.Origin(), db)
	if err != nil || !report.OK() || int(report.Entries) != entries {
		t.Errorf("%v %s, want %d sound entries", err, report.String(), entries)
	}
}

// TestReaderNeedsNoMoreThanSelect verifies as an auditor who may read the tables and do nothing else.
func TestReaderNeedsNoMoreThanSelect(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	fillLog(t, open(t, store.Options{DSN: dsn}))
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	role := "auditor_of" + strings.Trim(u.Path, "/")
	owner := rawPostgres(t, dsn)
	execute(t, owner, "CREATE ROLE "+role+" LOGIN PASSWORD 'secret'")
	t.Cleanup(func() {
		for _, s := range []string{"DROP OWNED BY " + role, "DROP ROLE " + role} {
			if _, err := owner.ExecContext(context.WithoutCancel(t.Context()), s); err != nil {
				t.Error(err)
			}
		}
	})
	execute(t, owner, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+role)
	u.User = url.UserPassword(role, "secret")
	soundLog(t, reader(t, u.String()), 8)
}

// TestReaderOpensAClosedDatabase leaves the file of SQLite as it was, byte by byte.
func TestReaderOpensAClosedDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tally.db")
	db, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	fillLog(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	soundLog(t, reader(t, "sqlite:"+path), 8)
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file has changed, %v", err)
	}
}

func TestReaderRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.db")
	execute(t, raw(t, "sqlite", "file:"+foreign), "CREATE TABLE note (text TEXT)")
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte("this is no database at all, and it is longer than a header of SQLite needs to be to be read"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dsn, code string }{
		{"mysql://x", "store.dsn"},
		{"sqlite:", "store.dsn"},
		{"sqlite::memory:", "store.dsn"},
		{"sqlite:" + dir, "store.dsn"},
		{"sqlite:" + filepath.Join(dir, "none.db"), "store.missing"},
		{"sqlite:" + foreign, "store.unsupported"},
		{"sqlite:" + garbage, "store.failed"},
		{"postgres://localhost/tally", "store.dsn"},
		{"postgres://127.0.0.1:1/tally?sslmode=disable&connect_timeout=2", "store.unavailable"},
		{pgtest.Start(t), "store.unsupported"},
	} {
		db, err := store.OpenReadOnly(t.Context(), store.Options{DSN: c.dsn})
		if err == nil {
			db.Close()
		}
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: got %v, want %s", c.dsn, err, c.code)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); err == nil {
		t.Error("a file was made where none was")
	}
}

func TestReaderRefusesAnotherSchema(t *testing.T) {
	t.Parallel()
	bothDatabases(t, func(t *testing.T, dsn string) {
		open(t, store.Options{DSN: dsn})
		driver, name := "postgres", dsn
		if path, ok := filePath(dsn); ok {
			driver, name = "sqlite", "file:"+path
		}
		db := raw(t, driver, name)
		for _, statement := range []string{
			"INSERT INTO bun_migrations (name, group_id) VALUES ('9999', 2)",
			"DELETE FROM bun_migrations WHERE name IN ('9999', '0006')",
		} {
			execute(t, db, statement)
			if _, err := store.OpenReadOnly(t.Context(), store.Options{DSN: dsn}); fault.CodeOf(err) != "store.unsupported" {
				t.Errorf("after %s: got %v", statement, err)
			}
		}
	})
}

func filePath(dsn string) (string, bool) {
	const scheme = "sqlite:"
	if len(dsn) > len(scheme) && dsn[:len(scheme)] == scheme {
		return dsn[len(scheme):], true
	}
	return "", false
}
