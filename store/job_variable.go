package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/host"
	"tallystick/internal/canon"
)

// fetchVariables gives each job the variables that its element sees: the nearest scope wins. names limits
// them; none means all.
func fetchVariables(ctx context.Context, tx bun.Tx, jobs []host.Job, names []string) error {
	only, args := "", []any{bun.List(jobKeys(jobs))}
	if len(names) > 0 {
		only, args = " WHERE v.name IN (?)", append(args, bun.List(cleanAll(names)))
	}
	var rows []struct {
		Job         int64
		Name, Value string
	}
	// The walk ends at the instance, whose key is no element instance.
	err := tx.NewRaw(`WITH RECURSIVE chain (job, instance, scope, depth) AS (
			SELECT j.key, j.instance, j.element_instance, 0 FROM job j WHERE j.key IN (?)
			UNION ALL
			SELECT c.job, c.instance, e.scope, c.depth + 1 FROM chain c JOIN element_instance e ON e.key = c.scope)
		SELECT c.job, v.name, v.value FROM chain c
		JOIN variable v ON v.scope = c.scope AND `+inside("v.key", "c.instance")+only+`
		ORDER BY c.job, c.depth DESC`, args...).Scan(ctx, &rows)
	if err != nil {
		return err
	}
	at := make(map[int64]map[string]canon.JSON, len(jobs))
	for i := range jobs {
		jobs[i].Variables = map[string]canon.JSON{}
		at[jobs[i].Key] = jobs[i].Variables
	}
	for _, r := range rows {
		at[r.Job][r.Name] = canon.JSON(r.Value) // outermost first, so that the nearest remains
	}
	for i := range jobs {
		jobs[i].UserTask.Complete(jobs[i].Variables, names)
	}
	return nil
}

func cleanAll(names []string) []string {
	result := make([]string, len(names))
	for i, n := range names {
		result[i] = clean(n)
	}
	return result
}
