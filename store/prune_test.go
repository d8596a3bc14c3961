package store_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/query"
	"tallystick/store"
	"tallystick/store/storetest"
)

// pruned prunes instances of "order" that ended before a time, chunk by chunk, with an entry for each.
func pruned(t *testing.T, db *store.DB, before time.Time, size int) (keys []int64, rows map[string]int64) {
	t.Helper()
	rows = map[string]int64{}
	p := host.Pruning{ProcessID: "order", Before: before, Max: size}
	for more := true; more; {
		done, err := db.Prune(t.Context(), p, func(done host.Pruned) (host.AuditBatch, error) { return pruneEntry(t, db, len(keys)/size), nil })
		if err != nil {
			t.Fatal(err)
		}
		if len(done.Instances) > size {
			t.Errorf("a chunk of %d has %d instances", size, len(done.Instances))
		}
		keys = append(keys, done.Instances...)
		for table, n := range done.Rows {
			rows[table] += n
		}
		more, p.After = done.More, done.Next
	}
	return keys, rows
}

// pruneHead is the head of the stream of the tests' entries; no test runs beside another on one database.
var pruneHead = map[string]audit.Head{}

func pruneEntry(t *testing.T, db *store.DB, _ int) host.AuditBatch {
	t.Helper()
	before, ok := pruneHead[db.Origin()]
	if !ok {
		before = audit.Genesis(db.Origin(), query.Tenant, "history/default/n")
	}
	e, after := before.Link(audit.Entry{Category: "history", Action: "history.prune", Outcome: audit.OutcomeOK, Actor: "system:retention"})
	pruneHead[db.Origin()] = after
	return host.AuditBatch{Entries: []host.AuditRow{{Entry: e, Hash: e.Hash()}}, Streams: []host.StreamChange{{Before: before, After: after}}}
}

// left counts the rows of every table that lie inside an instance, but the log and its heads.
func left(t *testing.T, db *sql.DB, key int64) map[string]int {
	t.Helper()
	found := map[string]int{}
	for table, column := range map[string]string{
		"process_instance": "key", "element_instance": "key", "variable": "key", "job": "key", "user_task": "key", "task_candidate": "task",
		"instance_tag": "instance", "incident": "key", "decision_instance": "key", "timer": "key", "instance": "key",
	} {
		var n int
		query := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s BETWEEN %d AND %d", table, column, key, key+1<<24-1)
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found[table] = n
		}
	}
	return found
}

func TestPruneForgetsWhatEndedLongAgo(t *testing.T) {
	bothDatabases(t, func(t *testing.T, dsn string) {
		db := open(t, store.Options{DSN: dsn})
		old := storetest.Fill(t, db, 30, time.Now().Add(-100*24*time.Hour))
		young := storetest.Fill(t, db, 5, time.Now().Add(-time.Hour))
		before := verified(t, db)
		side, _ := rawOf(t, dsn)
		whole := left(t, side, young.Ended[0])
		keys, rows := pruned(t, db, time.Now().Add(-90*24*time.Hour), 8)
		if len(keys) != len(old.Ended) {
			t.Errorf("%d instances went, want %d", len(keys), len(old.Ended))
		}
		for table, n := range whole {
			if rows[table] != int64(n*len(keys)) {
				t.Errorf("%s: %d rows went, want %d", table, rows[table], n*len(keys))
			}
		}
		for _, k := range old.Ended {
			if rest := left(t, side, k); len(rest) > 0 {
				t.Errorf("of instance %d stayed %v", k, rest)
			}
		}
		for _, k := range append(old.Active, young.Active...) {
			if rest := left(t, side, k); rest["process_instance"] != 1 || rest["instance"] != 1 || rest["job"] != 1 || rest["timer"] != 1 {
				t.Errorf("of the active instance %d are left %v", k, rest)
			}
		}
		if rest := left(t, side, young.Ended[0]); len(rest) != len(whole) {
			t.Errorf("of the young instance are left %v, it had %v", rest, whole)
		}
		after := verified(t, db)
		if after.Entries != before.Entries+4 { // 30 instances in chunks of 8
			t.Errorf("%d entries, before %d; want one for each of 4 chunks", after.Entries, before.Entries)
		}
		searchesCope(t, db, old.Ended[0])
		if again, _ := pruned(t, db, time.Now().Add(-90*24*time.Hour), 8); len(again) != 0 {
			t.Errorf("pruning again took %v", again)
		}
	})
}

func verified(t *testing.T, db *store.DB) audit.Report {
	t.Helper()
	report, err := host.VerifyLedger(t.Context(), db.Origin(), db)
	if err != nil || !report.OK() {
		t.Fatalf("%v %s", err, report.String())
	}
	if err := db.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return report
}

// searchesCope finds the entries of a pruned instance, nothing else of it, and no error.
func searchesCope(t *testing.T, db *store.DB, key int64) {
	t.Helper()
	of := query.Request{Access: query.Access{All: true}, Conds: []query.Cond{{Field: "processInstanceKey", Op: query.Eq, Value: key}}}
	entries, err := db.SearchAuditEntries(t.Context(), of)
	if err != nil || len(entries.Items) != 2 {
		t.Errorf("%d entries of the pruned instance, %v", len(entries.Items), err)
	}
	if r, err := db.SearchVariables(t.Context(), of); err != nil || len(r.Items) != 0 {
		t.Errorf("%d variables, %v", len(r.Items), err)
	}
	if r, err := db.SearchProcessInstances(t.Context(), of); err != nil || len(r.Items) != 0 {
		t.Errorf("%d instances, %v", len(r.Items), err)
	}
	if _, ok, err := db.Status(t.Context(), key); ok || err != nil {
		t.Errorf("the pruned instance has a status: %v %v", ok, err)
	}
}

// TestPruneNeverTakesWhatIsActive makes the projection say that active instances ended long ago, as a fault would,
// and leaves a child whose root goes on.
func TestPruneNeverTakesWhatIsActive(t *testing.T) {
	bothDatabases(t, func(t *testing.T, dsn string) {
		db := open(t, store.Options{DSN: dsn})
		f := storetest.Fill(t, db, 2, time.Now().Add(-100*24*time.Hour))
		side, _ := rawOf(t, dsn)
		execute(t, side, fmt.Sprintf("UPDATE process_instance SET ended = 1, state = 'COMPLETED' WHERE key = %d", f.Active[0]))
		execute(t, side, fmt.Sprintf(`UPDATE process_instance SET ended = 1, state = 'COMPLETED', stream = 'pi/x', seq = 1, hash = (SELECT hash
			FROM instance WHERE key = %d) WHERE key = %d`, f.Active[1], f.Active[1]))
		execute(t, side, fmt.Sprintf("UPDATE process_instance SET root_instance = %d WHERE key = %d", f.Active[0], f.Ended[0]))
		execute(t, side, fmt.Sprintf("UPDATE process_instance SET ended = NULL WHERE key = %d", f.Active[0]))
		keys, _ := pruned(t, db, time.Now(), 500)
		if len(keys) != 1 || keys[0] != f.Ended[1] {
			t.Errorf("pruned %v, want %d alone", keys, f.Ended[1])
		}
	})
}

// TestTamperingAfterPruning cuts off the end of the stream of a pruned instance; its kept head tells.
func TestTamperingAfterPruning(t *testing.T) {
	bothDatabases(t, func(t *testing.T, dsn string) {
		db := open(t, store.Options{DSN: dsn})
		f := storetest.Fill(t, db, 2, time.Now().Add(-100*24*time.Hour))
		pruned(t, db, time.Now(), 500)
		verified(t, db)
		side, isFile := rawOf(t, dsn)
		if isFile {
			execute(t, side, "DROP TRIGGER audit_entry_no_delete")
		} else {
			execute(t, side, "ALTER TABLE audit_entry DISABLE TRIGGER ALL")
		}
		stream := fmt.Sprintf("pi/%d", f.Ended[0])
		execute(t, side, "DELETE FROM audit_entry WHERE seq = 2 AND stream = '"+stream+"'")
		report, err := host.VerifyLedger(t.Context(), db.Origin(), db)
		if err != nil || report.OK() || report.Breaks[0].Stream != stream || report.Breaks[0].Code != "stream.truncated" {
			t.Errorf("%v %s", err, report.String())
		}
	})
}

// TestPruneIsWrittenWithItsEntry rolls back when the entry is refused, and names the stream that moved.
func TestPruneIsWrittenWithItsEntry(t *testing.T) {
	bothDatabases(t, func(t *testing.T, dsn string) {
		db := open(t, store.Options{DSN: dsn})
		f := storetest.Fill(t, db, 2, time.Now().Add(-100*24*time.Hour))
		wrong := audit.Head{Origin: db.Origin(), Tenant: query.Tenant, Stream: "history/default/n", Seq: 7}
		e, after := wrong.Link(audit.Entry{Category: "history", Action: "history.prune", Outcome: audit.OutcomeOK, Actor: "system:retention"})
		_, err := db.Prune(t.Context(), host.Pruning{ProcessID: "order", Before: time.Now(), Max: 10}, func(host.Pruned) (host.AuditBatch, error) {
			return host.AuditBatch{Entries: []host.AuditRow{{Entry: e, Hash: e.Hash()}}, Streams: []host.StreamChange{{Before: wrong, After: after}}}, nil
		})
		if _, ok := err.(*host.Moved); !ok {
			t.Errorf("got %v, want *host.Moved", err)
		}
		side, _ := rawOf(t, dsn)
		if rest := left(t, side, f.Ended[0]); len(rest) == 0 {
			t.Error("the instance went without an entry")
		}
	})
}
