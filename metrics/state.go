package metrics

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tallystick/host"
	"tallystick/query"
)

// state is how things stand: what the store said last, and the host at the moment of the scrape.
type state struct {
	names *names
	host  func() host.Gauges
	now   func() time.Time
	every time.Duration

	refreshing sync.Mutex // one asks, the others wait for the answer

	mu    sync.Mutex
	asked time.Time // zero before the first time
	told  time.Time // when the store last answered
	up    bool
	store query.Gauges
}

func newState(n *names, o Options) *state {
	return &state{names: n, host: o.Host, now: o.Now, every: o.Every}
}

func (s *state) old(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked.IsZero() || now.Sub(s.asked) >= s.every
}

func (s *state) learn(g query.Gauges, err error, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked, s.up = now, err == nil
	if err == nil {
		s.store, s.told = g, now
	}
}

// stale is how old an answer of the store may be before it is kept back: no figure is better than a wrong one.
const stale = time.Minute

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prefix+name, help, labels, nil)
}

var (
	instancesActive = describe("process_instances_active", "Process instances that are not over.", "definition")
	tasksOpen       = describe("user_tasks_open", "User tasks that wait for somebody.", "definition")
	incidentsOpen   = describe("incidents_open", "Incidents that wait for somebody.", "definition")
	jobsOpen        = describe("jobs", "Open jobs by state: ready, leased (a worker has it), backoff (after a failure) or dead (no retries).", "type", "state")
	jobOldest       = describe("job_oldest_ready_age_seconds", "Age of the ready job that waits longest.", "type")
	timersPending   = describe("timers_pending", "Timers that wait.")
	timersOverdue   = describe("timers_overdue_seconds", "How long the oldest timer is overdue; 0 when none is.")

	poolOpen   = describe("db_pool_connections", "Connections to the database by pool and state: in_use or idle.", "pool", "state")
	poolMax    = describe("db_pool_connections_max", "Most connections of a pool.", "pool")
	poolWaits  = describe("db_pool_waits_total", "Times that no connection was free.", "pool")
	poolWaited = describe("db_pool_wait_seconds_total", "Time spent waiting for a connection.", "pool")
	storeUp    = describe("db_up", "1 when the database answered the last question of a scrape.")

	hostRunning = describe("host_running", "1 while calls are carried out.")
	hostFailing = describe("host_last_batch_failed", "1 when the last batch could not be written.")
	queueLength = describe("queue_length", "Calls that wait.")
	queueLimit  = describe("queue_limit", "Calls that may wait before further ones are refused.")
	cacheCount  = describe("cache_instances", "Instances in memory.")
	cacheBytes  = describe("cache_bytes", "Size of the instances in memory, as stored.")
	pollsOpen   = describe("job_polls_waiting", "Activations that wait for a job.")
)

// Describe implements prometheus.Collector.
func (s *state) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		instancesActive, tasksOpen, incidentsOpen, jobsOpen, jobOldest, timersPending, timersOverdue,
		poolOpen, poolMax, poolWaits, poolWaited, storeUp,
		hostRunning, hostFailing, queueLength, queueLimit, cacheCount, cacheBytes, pollsOpen,
	} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (s *state) Collect(ch chan<- prometheus.Metric) {
	s.mu.Lock()
	g, told, up := s.store, s.told, s.up
	s.mu.Unlock()
	out := sender{ch}
	out.gauge(storeUp, flag(up))
	s.collectHost(out)
	if !told.IsZero() && time.Since(told) <= stale {
		s.collectStore(out, g)
	}
}

func (s *state) collectHost(out sender) {
	h := s.host()
	out.gauge(hostRunning, flag(h.Running))
	out.gauge(hostFailing, flag(h.Failure != nil))
	out.gauge(queueLength, float64(h.Queue))
	out.gauge(queueLimit, float64(h.QueueMax))
	out.gauge(cacheCount, float64(h.Cached))
	out.gauge(cacheBytes, float64(h.CachedBytes))
	out.gauge(pollsOpen, float64(h.Polls))
}

func (s *state) collectStore(out sender, g query.Gauges) {
	for desc, counts := range map[*prometheus.Desc]map[string]int64{
		instancesActive: g.Instances, tasksOpen: g.Tasks, incidentsOpen: g.Incidents,
	} {
		for definition, n := range gathered(s.names.definitions, counts, func(n int64) int64 { return n }, sum) {
			out.gauge(desc, float64(n), definition)
		}
	}
	now := s.now()
	for jobType, j := range gathered(s.names.jobTypes, g.Jobs, openJobs, together) {
		out.gauge(jobsOpen, float64(j.Ready), jobType, "ready")
		out.gauge(jobsOpen, float64(j.Leased), jobType, "leased")
		out.gauge(jobsOpen, float64(j.Backoff), jobType, "backoff")
		out.gauge(jobsOpen, float64(j.Dead), jobType, "dead")
		age := 0.0
		if !j.Oldest.IsZero() {
			age = max(0, now.Sub(j.Oldest).Seconds())
		}
		out.gauge(jobOldest, age, jobType)
	}
	if g.Timers >= 0 {
		out.gauge(timersPending, float64(g.Timers))
	}
	out.gauge(timersOverdue, g.TimerLag.Seconds())
	for _, p := range g.Pools {
		out.gauge(poolOpen, float64(p.InUse), p.Name, "in_use")
		out.gauge(poolOpen, float64(p.Idle), p.Name, "idle")
		out.gauge(poolMax, float64(p.Max), p.Name)
		out.counter(poolWaits, float64(p.Waits), p.Name)
		out.counter(poolWaited, p.WaitedLong.Seconds(), p.Name)
	}
}

// gathered joins the values of names that share a label. The largest come first, so that they get the
// labels when there are more names than labels.
func gathered[V any](g *guard, values map[string]V, size func(V) int64, join func(a, b V) V) map[string]V {
	bySize := func(a, b string) int {
		return cmp.Or(cmp.Compare(size(values[b]), size(values[a])), cmp.Compare(a, b))
	}
	out := map[string]V{}
	for _, name := range slices.SortedFunc(maps.Keys(values), bySize) {
		label, v := g.label(name), values[name]
		if had, ok := out[label]; ok {
			v = join(had, v)
		}
		out[label] = v
	}
	return out
}

func sum(a, b int64) int64 { return a + b }

func openJobs(j query.JobGauge) int64 { return j.Ready + j.Leased + j.Backoff + j.Dead }

func together(a, b query.JobGauge) query.JobGauge {
	oldest := a.Oldest
	if oldest.IsZero() || !b.Oldest.IsZero() && b.Oldest.Before(oldest) {
		oldest = b.Oldest
	}
	return query.JobGauge{
		Ready: a.Ready + b.Ready, Leased: a.Leased + b.Leased, Backoff: a.Backoff + b.Backoff, Dead: a.Dead + b.Dead, Oldest: oldest,
	}
}

// sender writes the figures of one scrape.
type sender struct{ ch chan<- prometheus.Metric }

func (s sender) gauge(d *prometheus.Desc, v float64, labels ...string) {
	s.ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func (s sender) counter(d *prometheus.Desc, v float64, labels ...string) {
	s.ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
