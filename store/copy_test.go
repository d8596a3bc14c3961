package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/store"
	"tallystick/store/storetest"
)

// filled is the DSN of a closed store with rows in every table.
func filled(t *testing.T, dsn string) string {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{DSN: dsn})
	if err != nil {
		t.Fatal(err)
	}
	storetest.Fill(t, db, 25, time.Now().Add(-time.Hour))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dsn
}

func fresh(t *testing.T, kind string) string {
	t.Helper()
	if kind == "postgres" {
		return pgtest.Start(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db")
}

func TestCopyCarriesEverything(t *testing.T) {
	t.Parallel()
	for _, way := range [][3]string{
		{"sqlite", "postgres", "sqlite"}, {"postgres", "sqlite", "postgres"}, {"sqlite", "sqlite", "sqlite"}, {"postgres", "postgres", "postgres"},
	} {
		t.Run(strings.Join(way[:], " to "), func(t *testing.T) {
			t.Parallel()
			first := filled(t, fresh(t, way[0]))
			second, third := fresh(t, way[1]), fresh(t, way[2])
			there := copied(t, first, second)
			back := copied(t, second, third)
			if diff := cmp.Diff(there, back); diff != "" {
				t.Errorf("there and back:\n%s", diff)
			}
			for _, table := range there.Tables {
				if table.From != table.To || table.From.Rows == 0 {
					t.Errorf("%s: %d rows in the source, %d in the copy", table.Name, table.From.Rows, table.To.Rows)
				}
			}
			if diff := cmp.Diff(tablesOf(t, third), namesOf(there)); diff != "" {
				t.Errorf("tables in the catalog (-) and those that were carried (+):\n%s", diff)
			}
			worksOn(t, third)
		})
	}
}

func copied(t *testing.T, from, to string) store.CopyReport {
	t.Helper()
	told := map[string]int64{}
	report, err := store.Copy(t.Context(), store.CopyOptions{From: from, To: to, Progress: func(table string, rows int64) { told[table] = rows }})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range report.Tables {
		if told[table.Name] != table.To.Rows {
			t.Errorf("%s: progress told %d rows of %d", table.Name, told[table.Name], table.To.Rows)
		}
	}
	return report
}

func namesOf(r store.CopyReport) (names []string) {
	for _, t := range r.Tables {
		names = append(names, t.Name)
	}
	slices.Sort(names)
	return names
}

// rawOf opens the database behind a DSN without the store.
func rawOf(t *testing.T, dsn string) (db *sql.DB, isFile bool) {
	t.Helper()
	if path, ok := filePath(dsn); ok {
		return raw(t, "sqlite", "file:"+path), true
	}
	return rawPostgres(t, dsn), false
}

// tablesOf asks the catalog itself; what keeps the migrations is the database's own.
func tablesOf(t *testing.T, dsn string) (names []string) {
	t.Helper()
	db, isFile := rawOf(t, dsn)
	query := "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	if isFile {
		query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	}
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if name != "bun_migrations" && name != "bun_migration_locks" {
			names = append(names, name)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// worksOn opens a copy, verifies its log and writes on: entries, instances and numbers continue.
func worksOn(t *testing.T, dsn string) {
	t.Helper()
	db := open(t, store.Options{DSN: dsn})
	before, err := host.VerifyLedger(t.Context(), db.Origin(), db)
	if err != nil || !before.OK() {
		t.Fatalf("the log of the copy: %v %s", err, before.String())
	}
	storetest.Fill(t, db, 1, time.Now())
	after, err := host.VerifyLedger(t.Context(), db.Origin(), db)
	if err != nil || !after.OK() || after.Entries != before.Entries+3 {
		t.Errorf("the log after further work: %v %s, before %d entries", err, after.String(), before.Entries)
	}
	side, _ := rawOf(t, dsn)
	if _, err := side.ExecContext(t.Context(), "DELETE FROM audit_entry"); err == nil {
		t.Error("the log of the copy is not append-only")
	}
}

func TestCopyCarriesDrawnNumbers(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			from, to := filled(t, fresh(t, kind)), fresh(t, map[string]string{"sqlite": "postgres", "postgres": "sqlite"}[kind])
			db, isFile := rawOf(t, from)
			if isFile {
				execute(t, db, "UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'audit_entry'")
			} else {
				execute(t, db, "SELECT setval('audit_entry_id_seq', 5000)")
			}
			db.Close()
			copied(t, from, to)
			target := open(t, store.Options{DSN: to})
			storetest.Fill(t, target, 1, time.Now())
			side, _ := rawOf(t, to)
			var first int64
			if err := side.QueryRowContext(t.Context(), "SELECT min(id) FROM audit_entry WHERE id > 4000").Scan(&first); err != nil || first != 5001 {
				t.Errorf("the next entry has the number %d, %v; want 5001", first, err)
			}
		})
	}
}

func TestCopyRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := filled(t, "sqlite:"+filepath.Join(dir, "source.db"))
	big := filled(t, pgtest.Start(t))
	link := filepath.Join(dir, "link.db")
	if err := os.Symlink(filepath.Join(dir, "source.db"), link); err != nil {
		t.Fatal(err)
	}
	foreign := pgtest.Start(t)
	execute(t, rawPostgres(t, foreign), "CREATE TABLE note (text TEXT)")
	older := filled(t, "sqlite:"+filepath.Join(dir, "older.db"))
	db, _ := rawOf(t, older)
	execute(t, db, "DELETE FROM bun_migrations WHERE name = '0006'")
	db.Close()
	for _, c := range []struct{ name, from, to, code, says string }{
		{"the same DSN twice", source, source, "store.dsn", "the same"},
		{"the same file by another name", source, "sqlite:" + link, "store.dsn", "same file"},
		{"the same database by another DSN", big, big + "&connect_timeout=9", "store.dsn", "same database"},
		{"an unknown scheme of the source", "mysql://x", source, "store.dsn", "source"},
		{"an unknown scheme of the target", source, "oracle:x", "store.dsn", "target"},
		{"a target in memory", source, "sqlite::memory:", "store.dsn", "memory"},
		{"a source in memory", "sqlite::memory:", source, "store.dsn", ""},
		{"no source", "sqlite:" + filepath.Join(dir, "none.db"), "sqlite:" + filepath.Join(dir, "new.db"), "store.missing", "none.db"},
		{"a source that is no installation", pgtest.Start(t), "sqlite:" + filepath.Join(dir, "new.db"), "store.unsupported", ""},
		{"a source of another schema", older, "sqlite:" + filepath.Join(dir, "new.db"), "store.unsupported", "0006"},
		{"a target with rows", source, big, "store.not_empty", "rows"},
		{"a target with other tables", source, foreign, "store.not_empty", "note"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := store.Copy(t.Context(), store.CopyOptions{From: c.from, To: c.to})
			if fault.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s with %q", err, c.code, c.says)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "new.db")); err == nil {
		t.Error("a refused copy left a file")
	}
}

func TestCopyRefusesASourceAtWork(t *testing.T) {
	t.Parallel()
	for kind, code := range map[string]string{"sqlite": "store.locked", "postgres": "store.in_use"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			from := filled(t, fresh(t, kind))
			open(t, store.Options{DSN: from})
			if _, err := store.Copy(t.Context(), store.CopyOptions{From: from, To: fresh(t, "sqlite")}); fault.CodeOf(err) != code {
				t.Errorf("got %v, want %s", err, code)
			}
		})
	}
}

// TestCopyNoticesAChangedSource lets somebody who is no node write while the copy runs; the target stays empty and
// takes the next copy.
func TestCopyNoticesAChangedSource(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			from, to := filled(t, pgtest.Start(t)), fresh(t, kind)
			db := rawPostgres(t, from)
			db.SetMaxOpenConns(1)
			changed := false
			change := func(string, int64) {
				if !changed {
					changed = true
					execute(t, db, "UPDATE variable SET value = '\"late\"' WHERE key = (SELECT max(key) FROM variable)")
				}
			}
			_, err := store.Copy(t.Context(), store.CopyOptions{From: from, To: to, Progress: change})
			if fault.CodeOf(err) != "store.differs" || !strings.Contains(err.Error(), "variable") {
				t.Fatalf("got %v, want store.differs naming variable", err)
			}
			copied(t, from, to)
		})
	}
}

func TestCopyThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			from, to := filled(t, fresh(t, "sqlite")), fresh(t, kind)
			ctx, cancel := context.WithCancel(t.Context())
			_, err := store.Copy(ctx, store.CopyOptions{From: from, To: to, Progress: func(table string, _ int64) {
				if table == "variable" {
					cancel()
				}
			}})
			if err == nil {
				t.Fatal("the copy was not cut off")
			}
			copied(t, from, to)
		})
	}
}

// TestCopyCarriesALogThatWasTamperedWith carries it as it is; verification finds in the copy what it finds in
// the source.
func TestCopyCarriesALogThatWasTamperedWith(t *testing.T) {
	t.Parallel()
	from, to := filled(t, fresh(t, "sqlite")), pgtest.Start(t)
	db, _ := rawOf(t, from)
	execute(t, db, "DROP TRIGGER audit_entry_no_delete")
	key := engine.InstanceKey(35)
	execute(t, db, fmt.Sprintf("DELETE FROM audit_entry WHERE stream = 'pi/%d' AND seq = 2", key))
	db.Close()
	copied(t, from, to)
	target := reader(t, to)
	report, err := host.VerifyLedger(t.Context(), target.Origin(), target)
	if err != nil || report.OK() || report.Breaks[0].Code != "stream.truncated" {
		t.Errorf("%v %s", err, report.String())
	}
}
