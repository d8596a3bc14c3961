package store

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"tallystick/query"
)

// Gauges counts what is open for an operator who looks every few seconds. It is safe for concurrent use.
//
// A count over a partial index is a scan all the same, and with a million open rows one scan takes a second
// of a processor. So each figure is counted by a walk along its index, in pages that follow on each other:
// one Read walks for a bounded time, and a figure changes when its walk has come to the end. What fits into
// one Read, which is the usual, is exact at every Read. Beyond that, a figure is that of the last whole walk,
// while the cost of a Read stays the same. Nothing is kept up by the writers, because several nodes write.
type Gauges struct {
	db    *DB
	page  int           // rows of one statement
	spend time.Duration // after which a Read begins no further page of a walk

	mu    sync.Mutex
	walks struct {
		instances, tasks, incidents, dead, timers walk[int64, int64]
		jobs                                      walk[jobPlace, query.JobGauge]
	}
}

const (
	gaugePage  = 5000
	gaugeSpend = 25 * time.Millisecond
)

// NewGauges returns the Gauges of a store.
func NewGauges(d *DB) *Gauges { return &Gauges{db: d, page: gaugePage, spend: gaugeSpend} }

// Read tells the figures at now, the time by which jobs and timers are due.
func (g *Gauges) Read(ctx context.Context, now time.Time) (query.Gauges, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := &g.walks
	for _, step := range []func() error{
		func() error { return w.instances.on(ctx, g, counted(g, activeInstances)) },
		func() error { return w.tasks.on(ctx, g, counted(g, openTasks)) },
		func() error { return w.incidents.on(ctx, g, counted(g, openIncidents)) },
		func() error { return w.dead.on(ctx, g, counted(g, deadJobs)) },
		func() error { return w.timers.on(ctx, g, counted(g, armedTimers)) },
		func() error { return w.jobs.on(ctx, g, g.jobPage(now)) },
	} {
		if err := step(); err != nil {
			return query.Gauges{}, g.db.fault(err, "count what is open")
		}
	}
	lag, err := g.lag(ctx, now)
	if err != nil {
		return query.Gauges{}, g.db.fault(err, "find the oldest timer")
	}
	return query.Gauges{
		Instances: w.instances.figure, Tasks: w.tasks.figure, Incidents: w.incidents.figure,
		Jobs: withDead(w.jobs.figure, w.dead.figure), Timers: total(w.timers), TimerLag: lag, Pools: g.pools(),
	}, nil
}

// Walks along one index whose order is that of the keys: the name to count under, how many, and the last key.
// The inner SELECT bounds what is read.
const (
	activeInstances = `SELECT process_id AS name, count(*) AS n, max(key) AS last FROM (SELECT key, process_id FROM process_instance
		WHERE ended IS NULL AND key > ? ORDER BY key LIMIT ?) AS page GROUP BY process_id`
	openTasks = `SELECT process_id AS name, count(*) AS n, max(key) AS last FROM (SELECT key, process_id FROM user_task
		WHERE state = 'CREATED' AND key > ? ORDER BY key LIMIT ?) AS page GROUP BY process_id`
	openIncidents = `SELECT process_id AS name, count(*) AS n, max(key) AS last FROM (SELECT key, process_id FROM incident
		WHERE state = 'ACTIVE' AND key > ? ORDER BY key LIMIT ?) AS page GROUP BY process_id`
	// A job without retries is in no index, but its incident is. Incidents of other kinds are counted under
	// the empty name, so that the walk sees how many rows it went along.
	deadJobs = `SELECT coalesce(j.type, '') AS name, count(*) AS n, max(page.key) AS last FROM (SELECT key, job FROM incident
		WHERE state = 'ACTIVE' AND key > ? ORDER BY key LIMIT ?) AS page
		LEFT JOIN job j ON j.key = page.job AND j.ended IS NULL AND j.retries = 0 GROUP BY coalesce(j.type, '')`
	armedTimers = `SELECT '' AS name, count(*) AS n, coalesce(max(key), 0) AS last FROM (SELECT key FROM timer
		WHERE key > ? ORDER BY key LIMIT ?) AS page`
)

// counted makes the stretches of a walk in the order of keys.
func counted(g *Gauges, statement string) stretch[int64, int64] {
	return func(ctx context.Context, after int64, into map[string]int64) (int64, int, error) {
		var rows []struct {
			Name    string
			N, Last int64
		}
		if err := g.db.read.NewRaw(statement, after, g.page).Scan(ctx, &rows); err != nil {
			return after, 0, err
		}
		went := int64(0)
		for _, r := range rows {
			into[r.Name] += r.N
			after, went = max(after, r.Last), went+r.N
		}
		return after, int(went), nil
	}
}

// stretch counts the rows behind a place into a figure; it returns the place of the last row and how many
// there were. Fewer than were asked for are the end.
type stretch[P, V any] func(ctx context.Context, after P, into map[string]V) (last P, rows int, err error)

// walk is one figure with the walk that will replace it.
type walk[P, V any] struct {
	figure map[string]V // of the last whole walk
	begun  map[string]V // nil between two walks
	at     P
}

// on goes on with the walk until its end or until the time of one Read is spent. Until the first walk has
// ended there is no figure, rather than one that is too low.
func (w *walk[P, V]) on(ctx context.Context, g *Gauges, next stretch[P, V]) error {
	if w.begun == nil {
		var origin P
		w.begun, w.at = map[string]V{}, origin
	}
	for begin := time.Now(); ; {
		last, rows, err := next(ctx, w.at, w.begun)
		if err != nil {
			w.begun = nil // half a page may be in it
			return err
		}
		w.at = last
		if rows < g.page {
			w.figure, w.begun = w.begun, nil
			return nil
		}
		if time.Since(begin) >= g.spend {
			return nil
		}
	}
}

// total is the only count of a walk without names, -1 until it is known.
func total(w walk[int64, int64]) int64 {
	if w.figure == nil {
		return -1
	}
	return w.figure[""]
}

// lag is how long the oldest timer that no node has claimed is overdue.
func (g *Gauges) lag(ctx context.Context, now time.Time) (time.Duration, error) {
	var due []int64
	err := g.db.read.NewRaw("SELECT due FROM timer ORDER BY next, key LIMIT 1").Scan(ctx, &due)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	return max(0, now.Sub(instant(due[0]))), nil
}

func (g *Gauges) pools() []query.Pool {
	if g.db.read == g.db.write {
		return []query.Pool{poolOf("all", g.db.write)}
	}
	return []query.Pool{poolOf("write", g.db.write), poolOf("read", g.db.read)}
}

func poolOf(name string, db *bun.DB) query.Pool {
	s := db.DB.Stats()
	return query.Pool{
		Name: name, Max: s.MaxOpenConnections, InUse: s.InUse, Idle: s.Idle,
		Waits: s.WaitCount, WaitedLong: s.WaitDuration,
	}
}
