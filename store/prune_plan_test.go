package store

import (
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"tallystick/internal/pgtest"
)

// pruning are the statements of a chunk that touch tables which grow.
func pruning(d *DB) map[string]pred {
	keys := []int64{5 << 24, 6 << 24}
	all := map[string]pred{
		"tags": {
			"DELETE FROM instance_tag WHERE substr(name, 1, 128) IN (?) AND instance IN (?)", []any{bun.List([]string{"a", "b"}), bun.List(keys)},
		},
		"evaluations": {removeEvaluations, []any{bun.List(keys)}},
		"instances":   {"DELETE FROM process_instance WHERE key IN (?)", []any{bun.List(keys)}},
	}
	for _, t := range inInstance {
		all[t.table] = pred{sql: d.removalInside(t.table, t.key, keys)}
	}
	return all
}

func TestPruningReadsNoTableWholeSQLite(t *testing.T) {
	t.Parallel()
	pruningPlans(t, openFile(t), "SELECT 1", "EXPLAIN QUERY PLAN ", 3, "SCAN ")
}

// TestPruningReadsNoTableWholePostgres fills the largest tables, so that the planner chooses as it would at work.
func TestPruningReadsNoTableWholePostgres(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Options{DSN: pgtest.Start(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, fill := range []string{
		`INSERT INTO element_instance SELECT ((i / 20) << 24) + i % 20 + 1, 1, 1, 'p', 'e', 'n', 't', 1, 's', 1, 1 FROM generate_series(20::bigint, 200000) i`,
		`INSERT INTO variable SELECT ((i / 20) << 24) + i % 20 + 1, 1, 1, 'p', 1, 'n' || i % 9, 'v' || i FROM generate_series(20::bigint, 200000) i`,
		`INSERT INTO instance_tag SELECT i << 24, 'tag' || i FROM generate_series(1::bigint, 100000) i`,
		"ANALYZE",
	} {
		if _, err := db.write.ExecContext(t.Context(), fill); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"element_instance", "variable", "tags"} {
		pruningPlan(t, db, name, pruning(db)[name], "SELECT 1", "EXPLAIN ", 0, "Seq Scan on ")
	}
	pruningPlans(t, db, "SET LOCAL enable_seqscan = off", "EXPLAIN ", 0, "Seq Scan on ")
}

func pruningPlans(t *testing.T, db *DB, prepare, prefix string, column int, scan string) {
	t.Helper()
	for name, p := range pruning(db) {
		pruningPlan(t, db, name, p, prepare, prefix, column, scan)
	}
}

func pruningPlan(t *testing.T, db *DB, name string, p pred, prepare, prefix string, column int, scan string) {
	t.Helper()
	err := db.inTx(t.Context(), "explain", func(tx bun.Tx) error {
		if err := run(t.Context(), tx, prepare); err != nil {
			return err
		}
		plan, err := explain(t.Context(), tx, prefix, column, p)
		for line := range strings.Lines(plan) {
			if _, table, found := strings.Cut(line, scan); found && strings.TrimSpace(table) != "d" && !strings.Contains(table, "CONSTANT ROW") {
				t.Errorf("%s reads a table whole:\n%s", name, plan)
				break
			}
		}
		return err
	})
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
}
