package store

import (
	"context"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"tallystick/internal/pgtest"
	"tallystick/query"
)

// hot are statements whose plan must lead through an index: they run all the time, on tables that grow.
func hot(t *testing.T, d dialect) map[string]pred {
	t.Helper()
	everywhere := query.Access{All: true}
	eq := func(field string, value any) query.Request {
		return query.Request{Access: everywhere, Conds: []query.Cond{{Field: field, Op: query.Eq, Value: value}}}
	}
	open := eq("state", "CREATED")
	byVariable := query.Request{
		Access: everywhere, Variables: []query.VariableCond{{Name: "orderId", Op: query.Eq, Value: `"4711"`}},
	}
	return map[string]pred{
		"timers":            {"SELECT key FROM timer WHERE next <= ? ORDER BY next, key LIMIT ?", []any{1, 1}},
		"job activation":    {activation(always), []any{"x", "x", 1, 1, 1}},
		"elements of one":   planned(t, d, elementInstances, eq("processInstanceKey", int64(5<<24))),
		"elements in scope": planned(t, d, elementInstances, eq("elementInstanceScopeKey", int64(5<<24+7))),
		"variables of one":  planned(t, d, variables, eq("processInstanceKey", int64(5<<24))),
		"jobs of one":       planned(t, d, jobs, eq("processInstanceKey", int64(5<<24))),
		"tasks of one":      planned(t, d, userTasks, eq("processInstanceKey", int64(5<<24))),
		"incidents of one":  planned(t, d, incidents, eq("processInstanceKey", int64(5<<24))),
		"decisions of one":  planned(t, d, decisionInstances, eq("processInstanceKey", int64(5<<24))),
		"decisions by id":   planned(t, d, decisionInstances, eq("decisionDefinitionId", "route")),
		"decisions by key":  planned(t, d, decisionInstances, query.Request{Access: everywhere, Conds: withEvaluations(eq("decisionEvaluationInstanceKey", "83886080-2").Conds)}),
		"statistics of one": {elementStatistics, []any{5 << 24, 5 << 24, 5 << 24, 5 << 24}},
		"flows of one":      {takenEntries, []any{"pi/5", 1, 1}},
		"old evaluations":   {oldEvaluations, []any{1, 1}},
		"open tasks":        planned(t, d, userTasks, open),
		"tasks of a person": planned(t, d, userTasks, eq("assignee", "ann")),
		"tasks of a group":  planned(t, d, userTasks, eq("candidateGroup", "clerks")),
		"by business id":    planned(t, d, processInstances, eq("businessId", "B-1")),
		"by tag":            planned(t, d, processInstances, eq("tags", "vip")),
		"by process":        planned(t, d, processInstances, eq("processDefinitionId", "order")),
		"by place and message": planned(t, d, processInstances, query.Request{Access: everywhere, Conds: []query.Cond{
			{Field: "processInstanceKey", Op: query.Eq, Value: int64(5 << 24)},
			{Field: "elementId", Op: query.Eq, Value: "a"},
			{Field: "elementInstanceState", Op: query.Eq, Value: "ACTIVE"},
			{Field: "errorMessage", Op: query.Eq, Value: "m"},
		}}),
		"by variable":         planned(t, d, processInstances, byVariable),
		"entries of one":      planned(t, d, auditEntries, eq("processInstanceKey", int64(5<<24))),
		"entries of a person": planned(t, d, auditEntries, eq("actor", "user:ann")),
		"entries of a time":   {entriesAt + "(a.at >= ?) AND (a.at < ?)", []any{1, 2}},
		"entries of a stream": planned(t, d, auditEntries, eq("stream", "pi/5")),
	}
}

func planned[T any](t *testing.T, d dialect, r *resource[T], q query.Request) pred {
	t.Helper()
	where, err := r.where(d, q)
	if err != nil {
		t.Fatal(err)
	}
	p, err := r.page(q)
	if err != nil {
		t.Fatal(err)
	}
	return pred{sql: r.statement(where, p), args: where.args}
}

// explain returns the plan as text, one step a line.
func explain(ctx context.Context, tx bun.Tx, prefix string, column int, p pred) (string, error) {
	rows, err := tx.QueryContext(ctx, prefix+p.sql, p.args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(string)
		}
		if err := rows.Scan(values...); err != nil {
			return "", err
		}
		b.WriteString(*values[column].(*string) + "\n")
	}
	return b.String(), rows.Err()
}

func TestPlansSQLite(t *testing.T) {
	t.Parallel()
	plans(t, openFile(t), "SELECT 1", "EXPLAIN QUERY PLAN ", 3, "SCAN ")
}

func TestPlansPostgres(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Options{DSN: pgtest.Start(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	// With empty tables a sequential scan is cheapest; forbidden, it is left where no index helps.
	plans(t, db, "SET LOCAL enable_seqscan = off", "EXPLAIN ", 0, "Seq Scan on ")
}

// plans finds no full scan in the plans of the hot statements. The definitions are few and may be read whole.
func plans(t *testing.T, db *DB, prepare, prefix string, column int, scan string) {
	t.Helper()
	for name, p := range hot(t, db.dialect) {
		err := db.inTx(t.Context(), "explain", func(tx bun.Tx) error {
			if err := run(t.Context(), tx, prepare); err != nil {
				return err
			}
			plan, err := explain(t.Context(), tx, prefix, column, p)
			for line := range strings.Lines(plan) {
				_, table, found := strings.Cut(line, scan)
				few := strings.HasPrefix(table, "d ") || strings.HasPrefix(table, "definition")
				// An index that holds only open things is meant to be read whole.
				if found && !few && !strings.Contains(table, " USING INDEX ") {
					t.Errorf("%s: %s", name, plan)
					break
				}
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
