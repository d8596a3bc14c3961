package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/host"
	"tallystick/internal/canon"
)

// What an activation reads of variables together. An instance has at most 4 MiB of them, so few jobs are never too many.
const (
	activationBytes = 32 << 20
	activationFew   = 8
)

// chains are the scopes that the elements of jobs see, nearest first. The walk ends at the instance, whose key is no
// element instance.
const chains = `WITH RECURSIVE chain (job, instance, scope, depth) AS (
		SELECT j.key, j.instance, j.element_instance, 0 FROM job j WHERE j.key IN (?)
		UNION ALL
		SELECT c.job, c.instance, e.scope, c.depth + 1 FROM chain c JOIN element_instance e ON e.key = c.scope)
	`

var ofChain = " FROM chain c JOIN variable v ON v.scope = c.scope AND " + inside("v.key", "c.instance")

// affordable leaves out the jobs behind those whose variables are together as many as one activation may read; their
// workers come again.
func affordable(ctx context.Context, tx bun.Tx, jobs []host.Job, names []string) ([]host.Job, error) {
	if len(jobs) <= activationFew {
		return jobs, nil
	}
	var rows []struct{ Job, Bytes int64 }
	only, args := namedOnly(jobs, names)
	err := tx.NewRaw(chains+"SELECT c.job, sum(octet_length(v.value)) AS bytes"+ofChain+only+" GROUP BY c.job", args...).Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	bytes := make(map[int64]int64, len(rows))
	for _, r := range rows {
		bytes[r.Job] = r.Bytes
	}
	sum := int64(0)
	for i, j := range jobs {
		if sum += bytes[j.Key]; i >= activationFew && sum > activationBytes {
			return jobs[:i], nil
		}
	}
	return jobs, nil
}

// namedOnly is the condition that variables have one of the names, if any are given, with the arguments of chains before it.
func namedOnly(jobs []host.Job, names []string) (string, []any) {
	args := []any{bun.List(jobKeys(jobs))}
	if len(names) == 0 {
		return "", args
	}
	return " WHERE v.name IN (?)", append(args, bun.List(cleanAll(names)))
}

// fetchVariables gives each job the variables that its element sees: the nearest scope wins. names limits
// them; none means all.
func fetchVariables(ctx context.Context, tx bun.Tx, jobs []host.Job, names []string) error {
	only, args := namedOnly(jobs, names)
	var rows []struct {
		Job         int64
		Name, Value string
	}
	err := tx.NewRaw(chains+"SELECT c.job, v.name, v.value"+ofChain+only+" ORDER BY c.job, c.depth DESC", args...).Scan(ctx, &rows)
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
