package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/store"
)

// tampering is what somebody with the database's password can do once the triggers are gone, and the first
// place that verification must name.
var tampering = []struct {
	name   string
	do     func(e *evildoer)
	stream string
	seq    int64
	code   string
}{
	{"one byte of an entry", func(e *evildoer) { e.flip("audit_entry", "canonical", "admin/default", 2, -2) }, "admin/default", 2, "entry.altered"},
	{"an entry that cannot be unpacked", func(e *evildoer) { e.flip("audit_entry", "canonical", "admin/default", 2, 1) }, "admin/default", 2, "entry.malformed"},
	{"one byte of a private part", func(e *evildoer) { e.flip("audit_entry", "private", "pi/16777216", 3, -2) }, "pi/16777216", 3, "private.altered"},
	{"a private part taken away", func(e *evildoer) {
		e.exec("UPDATE audit_entry SET salt = NULL, private = NULL WHERE stream = 'pi/16777216' AND seq = 1")
	}, "pi/16777216", 1, "private.missing"},
	{"an entry deleted inside a stream", func(e *evildoer) { e.remove("admin/default", 2, 2) }, "admin/default", 3, "stream.gap"},
	{"the last entry of a stream deleted", func(e *evildoer) { e.remove("admin/default", 4, 4) }, "admin/default", 4, "stream.truncated"},
	{"the last entry of an instance deleted", func(e *evildoer) { e.remove("pi/16777216", 4, 4) }, "pi/16777216", 4, "stream.truncated"},
	{"a whole stream deleted", func(e *evildoer) { e.remove("admin/default", 1, 4) }, "admin/default", 1, "stream.truncated"},
	{"two entries in another order", func(e *evildoer) { e.swap("pi/16777216", 2, 3) }, "pi/16777216", 3, "stream.gap"},
	{"a forged entry at the end", func(e *evildoer) { e.forge("admin/default") }, "admin/default", 5, "stream.surplus"},
	{"a forged stream", func(e *evildoer) { e.forge("read/default/x") }, "read/default/x", 1, "stream.surplus"},
	{"an entry changed with its hash", func(e *evildoer) { e.rewrite("admin/default", 2) }, "admin/default", 3, "stream.broken"},
}

func TestTamperingSQLite(t *testing.T) {
	for _, c := range tampering {
		t.Run(c.name, func(t *testing.T) {
			dsn := "sqlite:" + filepath.Join(t.TempDir(), "tally.db")
			db, err := store.Open(t.Context(), store.Options{DSN: dsn})
			if err != nil {
				t.Fatal(err)
			}
			fillLog(t, db)
			origin := db.Origin()
			if err := db.Close(); err != nil { // a second process is refused the file
				t.Fatal(err)
			}
			e := &evildoer{t, raw(t, "sqlite", dsn[len("sqlite:"):]), origin}
			for _, what := range []string{"entry_no_update", "entry_no_delete", "entry_no_replace"} {
				e.exec("DROP TRIGGER audit_" + what)
			}
			c.do(e)
			e.db.Close()
			tampered(t, open(t, store.Options{DSN: dsn}), c.stream, c.seq, c.code)
		})
	}
}

func TestTamperingPostgres(t *testing.T) {
	for _, c := range tampering {
		t.Run(c.name, func(t *testing.T) {
			dsn := pgtest.Start(t)
			db := open(t, store.Options{DSN: dsn})
			fillLog(t, db)
			e := &evildoer{t, rawPostgres(t, dsn), db.Origin()}
			e.exec("ALTER TABLE audit_entry DISABLE TRIGGER ALL")
			c.do(e)
			tampered(t, db, c.stream, c.seq, c.code)
		})
	}
}

// tampered demands that verification fails and names the place first.
func tampered(t *testing.T, db *store.DB, stream string, seq int64, code string) {
	t.Helper()
	report, err := host.VerifyLedger(t.Context(), db.Origin(), db)
	if err != nil {
		t.Fatal(err)
	}
	if report.OK() {
		t.Fatal("nothing was found")
	}
	if b := report.Breaks[0]; b.Stream != stream || b.Seq != seq || b.Code != code {
		t.Errorf("found first: %v; want stream %s entry %d %s", &b, stream, seq, code)
	}
}

// fillLog writes four entries to a stream of an instance and four to one without, and finds them sound.
func fillLog(t *testing.T, db *store.DB) {
	t.Helper()
	b := host.Batch{Policy: 1}
	put := func(head audit.Head, n int) audit.Head {
		for range n {
			e := audit.Entry{Category: "process", Action: "instance.start", Outcome: audit.OutcomeOK, Actor: "user:root"}
			var salt audit.Salt
			salt[0] = byte(len(b.Audit.Entries) + 1)
			data := fmt.Appendf(nil, `{"n":%d}`, len(b.Audit.Entries))
			e.Bind(audit.Private{host.PrivatePart: {Salt: salt, Data: data}})
			e, head = head.Link(e)
			b.Audit.Entries = append(b.Audit.Entries, host.AuditRow{Entry: e, Hash: e.Hash(), Salt: salt[:], Private: data})
		}
		return head
	}
	admin := audit.Genesis(db.Origin(), "default", "admin/default")
	b.Audit.Streams = []host.StreamChange{{Before: admin, After: put(admin, 4)}}
	key := engine.InstanceKey(1)
	head := put(audit.Genesis(db.Origin(), "default", fmt.Sprint("pi/", key)), 4)
	b.Instances = []host.InstanceChange{{Key: key, State: []byte("{}"), Status: "ACTIVE", Head: head}}
	if err := db.Commit(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if report, err := host.VerifyLedger(t.Context(), db.Origin(), db); err != nil || !report.OK() || report.Entries != 8 {
		t.Fatalf("before anything was done: %v %s", err, report.String())
	}
}

// evildoer changes the log behind the program's back.
type evildoer struct {
	t      *testing.T
	db     *sql.DB
	origin string
}

func (e *evildoer) exec(statement string, args ...any) {
	e.t.Helper()
	if _, err := e.db.ExecContext(e.t.Context(), statement, args...); err != nil {
		e.t.Fatal(statement, err)
	}
}

func (e *evildoer) id(stream string, seq int64) (id int64) {
	e.t.Helper()
	row := e.db.QueryRowContext(e.t.Context(), "SELECT id FROM audit_entry WHERE stream = $1 AND seq = $2", stream, seq)
	if err := row.Scan(&id); err != nil {
		e.t.Fatal(err)
	}
	return id
}

// flip changes a byte of a blob as it is kept; a negative spot counts from the end.
func (e *evildoer) flip(table, column, stream string, seq int64, spot int) {
	e.t.Helper()
	id, key := e.id(stream, seq), "id"
	var data []byte
	if err := e.db.QueryRowContext(e.t.Context(), fmt.Sprintf("SELECT %s FROM %s WHERE %s = $1", column, table, key), id).Scan(&data); err != nil {
		e.t.Fatal(err)
	}
	if spot < 0 {
		spot += len(data)
	}
	data[spot] ^= 1
	e.exec(fmt.Sprintf("UPDATE %s SET %s = $1 WHERE %s = $2", table, column, key), data, id)
}

func (e *evildoer) remove(stream string, from, to int64) {
	e.t.Helper()
	e.exec("DELETE FROM audit_entry WHERE stream = $1 AND seq BETWEEN $2 AND $3", stream, from, to)
}

// swap exchanges the contents of two rows.
func (e *evildoer) swap(stream string, a, b int64) {
	e.t.Helper()
	first, second := e.id(stream, a), e.id(stream, b)
	for _, column := range []struct{ table, key, name string }{
		{"audit_entry", "id", "canonical"}, {"audit_entry", "id", "hash"}, {"audit_entry", "id", "salt"}, {"audit_entry", "id", "private"},
	} {
		read := fmt.Sprintf("SELECT %s FROM %s WHERE %s = $1", column.name, column.table, column.key)
		var x, y []byte
		if err := e.db.QueryRowContext(e.t.Context(), read, first).Scan(&x); err != nil {
			e.t.Fatal(err)
		}
		if err := e.db.QueryRowContext(e.t.Context(), read, second).Scan(&y); err != nil {
			e.t.Fatal(err)
		}
		write := fmt.Sprintf("UPDATE %s SET %s = $1 WHERE %s = $2", column.table, column.name, column.key)
		e.exec(write, y, first)
		e.exec(write, x, second)
	}
}

// forge puts a well-made entry behind the end of a stream, or begins a stream.
func (e *evildoer) forge(stream string) {
	e.t.Helper()
	head := audit.Genesis(e.origin, "default", stream)
	var hash []byte
	row := e.db.QueryRowContext(e.t.Context(), "SELECT seq, hash FROM audit_entry WHERE stream = $1 ORDER BY seq DESC LIMIT 1", stream)
	if err := row.Scan(&head.Seq, &hash); err == nil {
		copy(head.Hash[:], hash)
	}
	entry, _ := head.Link(audit.Entry{Category: "admin", Action: "user.write", Outcome: audit.OutcomeOK, Actor: "user:eve"})
	sum := entry.Hash()
	e.exec(`INSERT INTO audit_entry (tenant, stream, seq, at, category, action, outcome, actor, hash, canonical)
		VALUES ('default', $1, $2, 0, 'admin', 'user.write', 'ok', 'user:eve', $3, $4)`, stream, entry.Seq, sum[:], entry.Bytes())
}

// rewrite changes the actor of an entry and makes its hash fit.
func (e *evildoer) rewrite(stream string, seq int64) {
	e.t.Helper()
	id := e.id(stream, seq)
	var canonical []byte
	if err := e.db.QueryRowContext(e.t.Context(), "SELECT canonical FROM audit_entry WHERE id = $1", id).Scan(&canonical); err != nil {
		e.t.Fatal(err)
	}
	entry, err := audit.Decode(store.Unpack(canonical))
	if err != nil {
		e.t.Fatal(err)
	}
	entry.Actor = "user:eve"
	sum := entry.Hash()
	e.exec("UPDATE audit_entry SET canonical = $1, hash = $2 WHERE id = $3", entry.Bytes(), sum[:], id)
}
