package store

import (
	"path/filepath"
	"testing"

	"github.com/uptrace/bun"

	"tallystick/fault"
	"tallystick/host"
)

func openFile(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "tally.db")})
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

func TestSQLiteSettings(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	want := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "recursive_triggers": "1",
		"trusted_schema": "0", "auto_vacuum": "2", "busy_timeout": "5000",
	}
	for pool, own := range map[*bun.DB]string{db.write: "0", db.read: "1"} {
		want["query_only"] = own
		for name, value := range want {
			var got string
			if err := pool.NewRaw("PRAGMA "+name).Scan(t.Context(), &got); err != nil || got != value {
				t.Errorf("%s is %q, want %q: %v", name, got, value, err)
			}
		}
	}
}

func bigBatch(id string) host.Batch {
	return host.Batch{Policy: 1, Commands: []host.CommandRow{{ID: id, Receipt: make([]byte, 1<<20)}}}
}

// TestSQLiteTrouble fills the disk and takes the right to write away, and finds the store whole afterwards.
func TestSQLiteTrouble(t *testing.T) {
	t.Parallel()
	db := openFile(t)
	var pages int64
	if err := db.write.NewRaw("PRAGMA page_count").Scan(t.Context(), &pages); err != nil {
		t.Fatal(err)
	}
	for _, trouble := range []struct{ begin, end string }{
		{"PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000"},
		{"PRAGMA query_only = 1", "PRAGMA query_only = 0"},
	} {
		pragma(t, db, trouble.begin)
		err := db.Commit(t.Context(), bigBatch(trouble.begin))
		if fault.CodeOf(err) != "store.unavailable" || fault.KindOf(err) != fault.Overloaded {
			t.Errorf("%s: got %v", trouble.begin, err)
		}
		pragma(t, db, trouble.end)
		if err := db.Commit(t.Context(), bigBatch(trouble.end)); err != nil {
			t.Errorf("after %s: %v", trouble.end, err)
		}
		outcomes, err := db.Outcomes(t.Context(), []string{trouble.begin, trouble.end})
		if err != nil || len(outcomes) != 1 {
			t.Errorf("%d outcomes, %v", len(outcomes), err)
		}
	}
}

func pragma(t *testing.T, db *DB, statement string) {
	t.Helper()
	if _, err := db.write.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
