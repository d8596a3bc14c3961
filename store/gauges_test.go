package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/uptrace/bun"

	"tallystick/internal/pgtest"
	"tallystick/query"
)

// both runs a test on a fresh store of each database.
func both(t *testing.T, f func(t *testing.T, db *DB)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, openFile(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		db, err := Open(t.Context(), Options{DSN: pgtest.Start(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		f(t, db)
	})
}

// TestGaugeWalks counts jobs and instances with pages so small that every turn of a walk is taken, one page
// for each Read: the figures are not there before the first walk has ended, and then stay until the next has.
func TestGaugeWalks(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *DB) {
		const each = 7
		plant(t, db, each)
		g := &Gauges{db: db, page: 2, spend: -1}
		read := func() query.Gauges {
			t.Helper()
			got, err := g.Read(t.Context(), time.UnixMicro(1000))
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		if got := read(); got.Instances != nil || got.Jobs != nil || got.Timers != -1 {
			t.Errorf("before the first walk has ended there are %+v", got)
		}
		for range 50 { // the longest walk has 42 pages
			read()
		}
		want := map[string]query.JobGauge{}
		for _, jobType := range plantedTypes {
			want[jobType] = query.JobGauge{Ready: 3 * each, Oldest: time.UnixMicro(1).UTC()}
		}
		got := read()
		if diff := cmp.Diff(want, got.Jobs); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(map[string]int64{"p0": 4, "p1": 3}, got.Instances); diff != "" {
			t.Error(diff)
		}
		if got.Timers != each {
			t.Errorf("%d timers", got.Timers)
		}
	})
}

// plantedTypes have heads that are equal, and an order that is not that of their length.
var plantedTypes = []string{"a", "b", strings.Repeat("x", 130) + "1", strings.Repeat("x", 130) + "2"}

// plant writes n instances with a timer each, and n ready jobs of each type in each of three priorities.
func plant(t *testing.T, db *DB, n int) {
	t.Helper()
	err := db.inTx(t.Context(), "plant", func(tx bun.Tx) error {
		key := 0
		for i := range n {
			for _, statement := range []string{
				fmt.Sprintf("INSERT INTO timer (key, instance, due, next) VALUES (%d, 1, 5, 5)", i+1),
				fmt.Sprintf(`INSERT INTO process_instance (key, definition, process_id, version, root_instance, tags, state, started)
					VALUES (%d, 1, 'p%d', 1, 1, '[]', 'ACTIVE', 1)`, i+1, i%2),
			} {
				if err := run(t.Context(), tx, statement); err != nil {
					return err
				}
			}
			for p := range 3 {
				for _, jobType := range plantedTypes {
					key++
					err := run(t.Context(), tx, `INSERT INTO job (key, instance, definition, process_id, element, element_instance, type, state,
						retries, priority, worker, lease, headers, created, updated, kind, listener_event) VALUES (?, 1, 1, 'p', 'e', 1, ?, 'CREATED', 1, ?, '', 0, '{}', ?, 1, 'BPMN_ELEMENT', 'UNSPECIFIED')`,
						key, jobType, p*50, i+1)
					if err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestGaugePlans finds no statement of the gauges that reads a table from its beginning, or that reads or
// sorts more than a page of it.
func TestGaugePlans(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, db *DB) {
		statements := map[string]pred{
			"instances": {activeInstances, []any{5, 10}}, "tasks": {openTasks, []any{5, 10}}, "incidents": {openIncidents, []any{5, 10}},
			"dead jobs": {deadJobs, []any{5, 10}}, "timers": {armedTimers, []any{5, 10}},
			"jobs":         {jobWalk, jobWalkArgs(jobPlace{"x", 1, 2}, 10)},
			"oldest timer": {"SELECT due FROM timer ORDER BY next, key LIMIT 1", nil},
		}
		for what, statement := range beginnings {
			statements["beginning of "+what] = pred{statement, []any{bun.List([]int64{5, 6})}}
		}
		indexes := map[string]string{
			"instances": "process_instance_active", "tasks": "user_task_open", "incidents": "incident_active", "dead jobs": "incident_active",
			"jobs": "job_queue", "oldest timer": "timer_next",
		}
		prepare, prefix, column := "SELECT 1", "EXPLAIN QUERY PLAN ", 3
		if db.dialect.name == "postgres" {
			prepare, prefix, column = "SET LOCAL enable_seqscan = off", "EXPLAIN ", 0
		}
		for name, p := range statements {
			var plan string
			err := db.inTx(t.Context(), "explain", func(tx bun.Tx) error {
				if err := run(t.Context(), tx, prepare); err != nil {
					return err
				}
				var err error
				plan, err = explain(t.Context(), tx, prefix, column, p)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(plan, indexes[name]) {
				t.Errorf("%s does not go through %s:\n%s", name, indexes[name], plan)
			}
			if what := unbounded(plan); what != "" {
				t.Errorf("%s reads a whole table, %q:\n%s", name, what, plan)
			}
		}
	})
}

// unbounded is the step of a plan that reads a table without an index.
func unbounded(plan string) string {
	for line := range strings.Lines(plan) {
		step := strings.TrimLeft(strings.TrimSpace(line), "-> ")
		for _, table := range []string{"job", "timer", "user_task", "incident", "process_instance", "j", "page"} {
			whole := step == "SCAN "+table || strings.HasPrefix(step, "Seq Scan on "+table+" ")
			if whole && table != "page" {
				return step
			}
		}
	}
	return ""
}
