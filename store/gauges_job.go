package store

import (
	"context"
	"maps"
	"time"

	"tallystick/query"
)

// jobPlace is a place in the index job_queue; the zero place is before its beginning. Heads of types are
// never empty there, because a job has a type.
type jobPlace struct {
	head     string
	priority int64
	key      int64
}

// jobWalk reads the open jobs with retries behind a place in the order of the index job_queue: the rest of
// the same priority, the lower priorities of the same head, the later heads. A single condition over all
// three columns would be read from the beginning of the head each time; each part here is a range of the index.
const jobWalk = `SELECT * FROM (SELECT * FROM (SELECT ` + jobColumns + ` AND substr(type, 1, 128) = ? AND priority = ? AND key > ?
		ORDER BY substr(type, 1, 128), priority DESC, key LIMIT ?) AS same
	UNION ALL SELECT * FROM (SELECT ` + jobColumns + ` AND substr(type, 1, 128) = ? AND priority < ?
		ORDER BY substr(type, 1, 128), priority DESC, key LIMIT ?) AS lower
	UNION ALL SELECT * FROM (SELECT ` + jobColumns + ` AND substr(type, 1, 128) > ?
		ORDER BY substr(type, 1, 128), priority DESC, key LIMIT ?) AS later) AS jobs
	ORDER BY head, priority DESC, key LIMIT ?`

const jobColumns = `substr(type, 1, 128) AS head, priority, key, type, coalesce(deadline, 0) AS deadline,
	coalesce(not_before, 0) AS not_before, created FROM job WHERE ended IS NULL AND retries > 0`

// jobPage makes the stretches of the walk over open jobs, which counts them by what they wait for at now.
func (g *Gauges) jobPage(now time.Time) stretch[jobPlace, query.JobGauge] {
	at := micros(now)
	return func(ctx context.Context, after jobPlace, into map[string]query.JobGauge) (jobPlace, int, error) {
		rows, err := g.db.read.QueryContext(ctx, jobWalk, jobWalkArgs(after, g.page)...)
		if err != nil {
			return after, 0, err
		}
		defer rows.Close()
		n := 0
		for ; rows.Next(); n++ {
			var jobType string
			var deadline, notBefore, created int64
			if err := rows.Scan(&after.head, &after.priority, &after.key, &jobType, &deadline, &notBefore, &created); err != nil {
				return after, n, err
			}
			j := into[jobType]
			switch {
			case deadline > at:
				j.Leased++
			case notBefore > at:
				j.Backoff++
			default:
				j.Ready++
				if begun := instant(created); j.Oldest.IsZero() || begun.Before(j.Oldest) {
					j.Oldest = begun
				}
			}
			into[jobType] = j
		}
		return after, n, rows.Err()
	}
}

func jobWalkArgs(p jobPlace, limit int) []any {
	head := text(p.head)
	return []any{head, p.priority, p.key, limit, head, p.priority, limit, head, limit, limit}
}

// withDead joins the two walks over jobs; nil until both have come to an end once.
func withDead(open map[string]query.JobGauge, dead map[string]int64) map[string]query.JobGauge {
	if open == nil || dead == nil {
		return nil
	}
	joined := maps.Clone(open)
	for jobType, n := range dead {
		if jobType == "" {
			continue
		}
		j := joined[jobType]
		j.Dead = n
		joined[jobType] = j
	}
	return joined
}
