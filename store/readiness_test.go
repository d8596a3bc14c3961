package store

import (
	"fmt"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
)

// TestMigratedNoticesOtherSchemas sees a schema of a later and of an earlier release.
func TestMigratedNoticesOtherSchemas(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *DB) {
		change := func(statement string) {
			t.Helper()
			if err := db.inTx(t.Context(), "change", func(tx bun.Tx) error { return run(t.Context(), tx, statement) }); err != nil {
				t.Fatal(err)
			}
		}
		change("INSERT INTO bun_migrations (name, group_id) VALUES ('9999', 9)")
		if err := db.Migrated(t.Context()); err == nil || !strings.Contains(err.Error(), "9999") {
			t.Errorf("a later schema: %v", err)
		}
		change("DELETE FROM bun_migrations WHERE name IN ('9999', '0003')")
		if err := db.Migrated(t.Context()); err == nil || !strings.Contains(err.Error(), "lacks migration 0003") {
			t.Errorf("an earlier schema: %v", err)
		}
	})
}

// TestWritableNoticesRefusal takes the right to write away and gives it back.
func TestWritableNoticesRefusal(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *DB) {
		for _, durable := range []bool{false, true} {
			refusing(t, db, true)
			if err := db.Writable(t.Context(), durable); err == nil || fault.KindOf(err) != fault.Overloaded {
				t.Errorf("durable %v: a database that takes no changes: %v", durable, err)
			}
			refusing(t, db, false)
			if err := db.Writable(t.Context(), durable); err != nil {
				t.Errorf("durable %v: %v", durable, err)
			}
		}
		var rows int
		if err := db.read.NewRaw("SELECT next FROM sequence WHERE name = 'readiness'").Scan(t.Context(), &rows); err != nil || rows != 1 {
			t.Errorf("after one lasting probe the row has %d, %v", rows, err)
		}
	})
}

// refusing makes a database refuse changes: SQLite as when the file is read only, PostgreSQL with the error
// of a full disk. (Its default_transaction_read_only would change nothing: the driver asks for READ WRITE.)
func refusing(t *testing.T, db *DB, on bool) {
	t.Helper()
	statement := fmt.Sprintf("PRAGMA query_only = %t", on)
	if db.dialect.name == "postgres" {
		statement = "DROP TRIGGER full_disk ON sequence"
	}
	if db.dialect.name == "postgres" && on {
		statement = `CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
				$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$;
			CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON sequence EXECUTE FUNCTION full_disk()`
	}
	if _, err := db.write.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// TestSealedNoticesAlteration changes what the newest entry and the head of its stream say of each other.
func TestSealedNoticesAlteration(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *DB) {
		exec := func(statement string) {
			t.Helper()
			if _, err := db.write.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		sealed := func(when, want string) {
			t.Helper()
			err := db.Sealed(t.Context())
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", when, err, want)
			}
		}
		before := audit.Genesis(db.origin, "default", "admin/default")
		entry, after := before.Link(audit.Entry{Category: "process", Action: "instance.start", Outcome: audit.OutcomeOK, Actor: "user:root"})
		err := db.Commit(t.Context(), host.Batch{Policy: 1, Audit: host.AuditBatch{
			Entries: []host.AuditRow{{Entry: entry, Hash: entry.Hash()}}, Streams: []host.StreamChange{{Before: before, After: after}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		sealed("as it was written", "")
		exec("UPDATE audit_stream SET seq = seq + 1")
		sealed("with a head that is ahead", "the head of stream admin/default")
		exec("UPDATE audit_stream SET seq = seq - 1")
		sealed("restored", "")
		exec(`INSERT INTO audit_entry (tenant, stream, seq, at, category, action, outcome, actor, hash, canonical)
			SELECT tenant, stream, seq + 1, at, category, action, outcome, 'user:eve', hash, canonical FROM audit_entry`)
		sealed("with a copy as the newest entry", "entry 2 of stream admin/default")
	})
}
