package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"tallystick/internal/pgtest"
	"tallystick/store"
	"tallystick/store/storetest"
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(holdDSN); dsn != "" {
		hold(dsn)
	}
	pgtest.Main(m)
}

func openSQLite(t testing.TB, o store.Options) *store.DB {
	o.DSN = "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db")
	return open(t, o)
}

func openMemory(t testing.TB, o store.Options) *store.DB {
	o.DSN = "sqlite::memory:"
	return open(t, o)
}

// schemas opens each store in a schema of its own of one database, which is made much faster than a database.
func schemas(t *testing.T) storetest.Open {
	dsn := pgtest.Start(t)
	db := rawPostgres(t, dsn)
	var n atomic.Int64
	return func(t testing.TB, o store.Options) *store.DB {
		name := fmt.Sprint("case_", n.Add(1))
		if _, err := db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
			t.Fatal(err)
		}
		o.DSN = dsn + "&search_path=" + name
		return open(t, o)
	}
}

func rawPostgres(t testing.TB, dsn string) *sql.DB { return raw(t, "postgres", dsn) }

func raw(t testing.TB, driver, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

func TestSQLite(t *testing.T)   { storetest.Run(t, openSQLite) }
func TestMemory(t *testing.T)   { storetest.Run(t, openMemory) }
func TestPostgres(t *testing.T) { storetest.Run(t, schemas(t)) }
