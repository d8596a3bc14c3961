package metrics

import (
	"cmp"
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tallystick/host"
	"tallystick/query"
)

// Store is what the database knows.
type Store interface {
	// Read counts what is open. It must cost little whatever the database holds.
	Read(ctx context.Context, now time.Time) (query.Gauges, error)
	// The beginnings of things by key; unknown keys are left out.
	InstanceBeginnings(ctx context.Context, keys []int64) ([]query.Beginning, error)
	JobBeginnings(ctx context.Context, keys []int64) ([]query.Beginning, error)
	TaskBeginnings(ctx context.Context, keys []int64) ([]query.Beginning, error)
}

// Options configure Metrics. Store and Host are required; every other zero value stands for the default that
// its comment names.
type Options struct {
	Store Store
	Host  func() host.Gauges // how the host is at this moment
	Build string             // version of the program; "unknown"

	Now      func() time.Time // time.Now: the time by which timers and jobs are due
	NamesMax int              // 200: names of one family that have series of their own
	Every    time.Duration    // 5 s: the store is not asked more often
	Patience time.Duration    // 2 s: how long a scrape waits for the store
	YoungMax int              // 4,096: beginnings of one kind that are kept at least
	LateMax  int              // 10,000: ends whose beginning is still to be asked for
}

func (o Options) withDefaults() Options {
	o.Build = cmp.Or(o.Build, "unknown")
	if o.Now == nil {
		o.Now = time.Now
	}
	o.NamesMax = cmp.Or(o.NamesMax, 200)
	o.Every = cmp.Or(o.Every, 5*time.Second)
	o.Patience = cmp.Or(o.Patience, 2*time.Second)
	o.YoungMax = cmp.Or(o.YoungMax, 4096)
	o.LateMax = cmp.Or(o.LateMax, 10_000)
	return o
}

// Metrics counts what a node does. It is safe for concurrent use.
type Metrics struct {
	opts     Options
	registry *prometheus.Registry
	events   *events
	batches  *batches
	requests *requests
	state    *state
}

var _ host.Meter = (*Metrics)(nil)

// New returns Metrics that have counted nothing yet.
func New(o Options) *Metrics {
	o = o.withDefaults()
	r := prometheus.NewRegistry()
	define := definer{r}
	names := newNames(o.NamesMax)
	m := &Metrics{
		opts: o, registry: r, events: newEvents(define, names, o), batches: newBatches(define),
		requests: newRequests(define), state: newState(names, o),
	}
	r.MustRegister(m.state, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	define.gaugeVec("build_info", "Always 1; the labels tell which program runs.", "version", "goversion").
		WithLabelValues(o.Build, runtime.Version()).Set(1)
	return m
}

// Handler answers scrapes. It asks nobody for credentials.
func (m *Metrics) Handler() http.Handler {
	exposition := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: scrapesMax})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.refresh(r.Context())
		exposition.ServeHTTP(w, r)
	})
}

const scrapesMax = 4 // side by side

// refresh brings what the store knows up to date, unless it is young enough. Without an answer in time the
// scrape goes on with what is known. What is asked is for all scrapes to come: one that is given up does not end it.
func (m *Metrics) refresh(ctx context.Context) {
	m.state.refreshing.Lock()
	defer m.state.refreshing.Unlock()
	if !m.state.old(time.Now()) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.opts.Patience)
	defer cancel()
	m.events.settle(ctx, m.opts.Store)
	g, err := m.opts.Store.Read(ctx, m.opts.Now())
	m.state.learn(g, err, time.Now())
}

// names are the guards of the families of names.
type names struct {
	definitions, jobTypes, decisions, models, versions *guard
}

func newNames(max int) *names {
	return &names{newGuard(max), newGuard(max), newGuard(max), newGuard(max), newGuard(max)}
}

// other is the name that all names beyond the bound share.
const other = "other"

// guard bounds how many names of one family become labels.
type guard struct {
	mu    sync.RWMutex
	max   int
	known map[string]string // name → label
}

func newGuard(max int) *guard { return &guard{max: max, known: map[string]string{}} }

// label is the label of a name. It is the same for the same name as long as the program runs.
func (g *guard) label(name string) string {
	g.mu.RLock()
	l, ok := g.known[name]
	full := len(g.known) >= g.max
	g.mu.RUnlock()
	switch {
	case ok:
		return l
	case full:
		return other
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.known) >= g.max {
		return other
	}
	g.known[name] = readable(name)
	return g.known[name]
}
