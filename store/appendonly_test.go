package store_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/store"
)

// attempts are ways to change the audit log with the rights of the program itself; :id is a real entry.
var attempts = []string{
	"UPDATE audit_entry SET actor = 'user:eve'",
	"UPDATE audit_entry SET seq = seq + 1 WHERE id = :id",
	"DELETE FROM audit_entry WHERE id = :id",
	"UPDATE audit_entry SET private = salt",
	"UPDATE audit_entry SET salt = NULL, private = NULL",
}

var attemptsSQLite = []string{
	"INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = :id",
	`INSERT OR REPLACE INTO audit_entry (tenant, stream, seq, at, category, action, outcome, actor, hash, canonical)
		SELECT tenant, stream, seq, at, category, action, outcome, 'user:eve', hash, canonical FROM audit_entry WHERE id = :id`,
	"UPDATE OR REPLACE audit_entry SET id = id + 1",
	`INSERT INTO audit_entry SELECT * FROM audit_entry WHERE true ON CONFLICT (id) DO UPDATE SET private = EXCLUDED.salt`,
}

var attemptsPostgres = []string{
	"TRUNCATE audit_entry CASCADE",
	"SET session_replication_role = replica; UPDATE audit_entry SET actor = 'user:eve'",
	"SET session_replication_role = replica; DELETE FROM audit_entry",
	"SET session_replication_role = replica; TRUNCATE audit_entry",
	`INSERT INTO audit_entry OVERRIDING SYSTEM VALUE SELECT * FROM audit_entry WHERE true
		ON CONFLICT (id) DO UPDATE SET private = EXCLUDED.salt`,
}

// auditLog commits two entries with private parts and returns their origin.
func auditLog(t *testing.T, db *store.DB) {
	t.Helper()
	head := audit.Genesis(db.Origin(), "default", "admin/default")
	b := host.Batch{Policy: 1}
	for i := range byte(2) {
		before := head
		e := audit.Entry{EventID: audit.EventID{i}, Category: "admin", Action: "user.write", Outcome: audit.OutcomeOK, Actor: "user:root"}
		e, head = head.Link(e)
		b.Audit.Entries = append(b.Audit.Entries, host.AuditRow{
			Entry: e, Hash: e.Hash(), Salt: make([]byte, 32), Private: []byte("private"),
		})
		b.Audit.Streams = append(b.Audit.Streams, host.StreamChange{Before: before, After: head})
	}
	if err := db.Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
}

const contents = `SELECT coalesce(sum(e.seq * 1000 + length(e.actor) + length(e.private) * 10 + e.id * 7), 0)
	FROM audit_entry e`

// attack tries everything on a connection of its own and finds the log unchanged.
func attack(t *testing.T, db *sql.DB, statements []string, refused string) {
	t.Helper()
	var before, after int64
	if err := db.QueryRowContext(t.Context(), contents).Scan(&before); err != nil || before == 0 {
		t.Fatalf("the log has %d: %v", before, err)
	}
	for _, s := range statements {
		s = strings.ReplaceAll(s, ":id", "(SELECT min(id) FROM audit_entry)")
		_, err := db.ExecContext(t.Context(), s)
		if err == nil || !strings.Contains(err.Error(), refused) {
			t.Errorf("%s: got %v, want a refusal", s, err)
		}
		if err := db.QueryRowContext(t.Context(), contents).Scan(&after); err != nil || after != before {
			t.Fatalf("%s changed the log from %d to %d: %v", s, before, after, err)
		}
	}
}

func TestAppendOnlySQLite(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tally.db")
	auditLog(t, open(t, store.Options{DSN: "sqlite:" + path}))
	// A connection with the defaults of SQLite: no recursive triggers, no foreign keys.
	attack(t, raw(t, "sqlite", "file:"+path), append(attempts, attemptsSQLite...), "append-only")
}

func TestAppendOnlyPostgres(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	auditLog(t, open(t, store.Options{DSN: dsn}))
	db := rawPostgres(t, dsn)
	db.SetMaxOpenConns(1)
	attack(t, db, append(attempts, attemptsPostgres...), "append-only")
}
