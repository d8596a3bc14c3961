package metrics_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.uber.org/goleak"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/metrics"
	"tallystick/query"
	"tallystick/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// ledger is a store that answers what a test gives it; the real one is tried in api.
type ledger struct {
	gauges query.Gauges
	begun  []query.Beginning
	err    error
	reads  int
	asked  int // keys
}

func (l *ledger) Read(ctx context.Context, _ time.Time) (query.Gauges, error) {
	l.reads++
	return l.gauges, cmp.Or(l.err, ctx.Err())
}

func (l *ledger) find(ctx context.Context, keys []int64) ([]query.Beginning, error) {
	l.asked += len(keys)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(l.begun), func(b query.Beginning) bool { return !slices.Contains(keys, int64(b.Key)) }), l.err
}

func (l *ledger) InstanceBeginnings(ctx context.Context, k []int64) ([]query.Beginning, error) {
	return l.find(ctx, k)
}

func (l *ledger) JobBeginnings(ctx context.Context, k []int64) ([]query.Beginning, error) {
	return l.find(ctx, k)
}

func (l *ledger) TaskBeginnings(ctx context.Context, k []int64) ([]query.Beginning, error) {
	return l.find(ctx, k)
}

func meter(l *ledger, change ...func(*metrics.Options)) *metrics.Metrics {
	o := metrics.Options{
		Store: l, Build: "v1", Now: func() time.Time { return noon },
		Host: func() host.Gauges { return host.Gauges{Running: true, Queue: 3, QueueMax: 10} },
	}
	for _, c := range change {
		c(&o)
	}
	return metrics.New(o)
}

// page is one scrape, read as Prometheus does.
type page struct {
	t        *testing.T
	families map[string]*dto.MetricFamily
}

func scrape(t *testing.T, m *metrics.Metrics) page {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	p := expfmt.NewTextParser(model.UTF8Validation)
	families, err := p.TextToMetricFamilies(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{t, families}
}

// value is that of the series with exactly these labels ("name=value"); -1 when there is none. The value of a
// histogram is how often something was observed.
func (p page) value(name string, labels ...string) float64 {
	for _, m := range p.families["tallystick_"+name].GetMetric() {
		var has []string
		for _, l := range m.GetLabel() {
			has = append(has, l.GetName()+"="+l.GetValue())
		}
		slices.Sort(has)
		slices.Sort(labels)
		if slices.Equal(has, labels) {
			return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return -1
}

func (p page) is(want float64, name string, labels ...string) {
	p.t.Helper()
	if got := p.value(name, labels...); got != want {
		p.t.Errorf("%s%v is %v, want %v", name, labels, got, want)
	}
}

// happened makes the events of one process, a second apart.
func happened(process string, key int64, records ...engine.Record) []host.Event {
	var out []host.Event
	for i, r := range records {
		out = append(out, host.Event{Instance: key, ProcessID: process, At: noon.Add(time.Duration(i) * time.Second), Record: r})
	}
	return out
}

// TestEvents tells the life of an instance and finds each step of it counted once.
func TestEvents(t *testing.T) {
	m := meter(&ledger{})
	m.Carried(host.BatchFigures{Calls: 2}, happened("order", 1,
		engine.InstanceStarted{}, engine.JobCreated{Key: 2, Type: "pay"}, engine.JobFailed{Key: 2}, engine.JobCompleted{Key: 2},
		engine.JobCreated{Key: 3, Type: "pay"}, engine.JobErrorThrown{Key: 3}, engine.JobCreated{Key: 4, Type: "pay"}, engine.JobCanceled{Key: 4},
		engine.TaskCreated{Key: 5}, engine.TaskCompleted{Key: 5}, engine.TaskCreated{Key: 6}, engine.TaskCanceled{Key: 6},
		engine.IncidentRaised{ErrorType: "CONDITION_ERROR"}, engine.IncidentResolved{}, engine.CompensationTriggered{},
		engine.DecisionEvaluated{Decision: engine.DecisionRef{ID: "route"}},
		engine.DecisionEvaluated{Decision: engine.DecisionRef{ID: "route"}, Trace: rules.Trace{Failed: "route"}},
		engine.ModelScored{Prediction: engine.Prediction{Model: "risk", Version: "3", LatencyUS: 1500}},
		engine.InstanceCompleted{},
	))
	m.Carried(host.BatchFigures{}, happened("order", 7, engine.InstanceStarted{}, engine.InstanceTerminated{}))
	p := scrape(t, m)
	p.is(2, "process_instances_total", "definition=order", "event=started")
	p.is(1, "process_instances_total", "definition=order", "event=completed")
	p.is(1, "process_instances_total", "definition=order", "event=terminated")
	p.is(1, "process_instance_duration_seconds", "definition=order", "outcome=completed")
	p.is(3, "jobs_created_total", "type=pay")
	for _, outcome := range []string{"completed", "failed", "error"} {
		p.is(1, "job_attempts_total", "type=pay", "outcome="+outcome)
	}
	p.is(1, "job_duration_seconds", "type=pay", "outcome=completed")
	p.is(-1, "job_duration_seconds", "type=pay", "outcome=failed")
	p.is(2, "user_tasks_total", "definition=order", "event=created")
	p.is(1, "user_tasks_total", "definition=order", "event=canceled")
	p.is(1, "user_task_wait_seconds", "definition=order")
	p.is(1, "incidents_total", "definition=order", "kind=CONDITION_ERROR")
	p.is(1, "incidents_resolved_total", "definition=order")
	p.is(1, "compensations_total", "definition=order")
	p.is(1, "decisions_total", "decision=route", "outcome=evaluated")
	p.is(1, "decisions_total", "decision=route", "outcome=failed")
	p.is(1, "inferences_total", "model=risk", "version=3")
	p.is(1, "inference_seconds", "model=risk")
	sum := p.families["tallystick_process_instance_duration_seconds"].GetMetric()[0].GetHistogram()
	if got := sum.GetSampleSum(); got != 18 {
		t.Errorf("the instance took %v seconds, want 18", got)
	}
}

// TestBatches counts what a batch was, and nothing of what a failed batch would have written.
func TestBatches(t *testing.T) {
	m := meter(&ledger{})
	m.Carried(host.BatchFigures{
		Calls: 5, Refused: 2, Instances: 3, Entries: 4, Commit: time.Millisecond, Attempts: 3, Moved: 2, Hits: 7, Misses: 1,
	}, nil)
	m.Carried(host.BatchFigures{Calls: 4, Refused: 1, Instances: 9, Entries: 9, Failed: true}, happened("order", 1, engine.InstanceStarted{}))
	m.Fired(-time.Second)
	m.Fired(time.Second)
	m.Activated("pay", 3)
	m.Activated("pay", 0)
	m.Served("GET", "/v2/jobs/{jobKey}", 404, time.Millisecond)
	p := scrape(t, m)
	p.is(2, "batch_calls")
	p.is(1, "batch_commit_seconds")
	p.is(3, "calls_total", "outcome=accepted")
	p.is(3, "calls_total", "outcome=refused")
	p.is(3, "calls_total", "outcome=failed")
	p.is(4, "audit_entries_total")
	p.is(3, "instances_written_total")
	p.is(2, "batch_retries_total")
	p.is(2, "instances_moved_total")
	p.is(7, "instance_cache_total", "result=hit")
	p.is(1, "instance_cache_total", "result=miss")
	p.is(-1, "process_instances_total", "definition=order", "event=started")
	p.is(2, "timers_due_lag_seconds")
	p.is(3, "jobs_activated_total", "type=pay")
	p.is(1, "job_polls_total", "result=empty")
	p.is(1, "http_requests_total", "method=GET", "route=/v2/jobs/{jobKey}", "status=4xx")
	p.is(3, "queue_length")
	p.is(1, "host_running")
	p.is(0, "host_last_batch_failed")
}

// TestGauges shows what the store said, asks it no more often than it may be asked, and keeps no figure that
// it was never told.
func TestGauges(t *testing.T) {
	l := &ledger{gauges: query.Gauges{
		Instances: map[string]int64{"order": 5}, Timers: -1, TimerLag: 3 * time.Second,
		Jobs:  map[string]query.JobGauge{"pay": {Ready: 1, Leased: 2, Backoff: 3, Dead: 4, Oldest: noon.Add(-time.Minute)}},
		Pools: []query.Pool{{Name: "all", Max: 16, InUse: 1, Idle: 2, Waits: 3, WaitedLong: time.Second}},
	}}
	m := meter(l)
	for range 3 {
		p := scrape(t, m)
		p.is(5, "process_instances_active", "definition=order")
		p.is(4, "jobs", "type=pay", "state=dead")
		p.is(60, "job_oldest_ready_age_seconds", "type=pay")
		p.is(3, "timers_overdue_seconds")
		p.is(-1, "timers_pending")
		p.is(3, "db_pool_waits_total", "pool=all")
		p.is(1, "db_up")
	}
	if l.reads != 1 {
		t.Errorf("the store was asked %d times within moments", l.reads)
	}
	broken := scrape(t, meter(&ledger{err: errors.New("gone")}))
	broken.is(0, "db_up")
	broken.is(-1, "timers_overdue_seconds")
}

// TestGuard gives labels to as many names as there may be, to the largest first where there is a choice, and
// counts the rest together.
func TestGuard(t *testing.T) {
	open := map[string]query.JobGauge{}
	for i := range 500 {
		open[fmt.Sprintf("computed-%d", i)] = query.JobGauge{Ready: 1}
	}
	open["big"], open["bad\xff"+strings.Repeat("x", 300)] = query.JobGauge{Ready: 100}, query.JobGauge{Ready: 50}
	m := meter(&ledger{gauges: query.Gauges{Jobs: open}})
	first := scrape(t, m)
	first.is(100, "jobs", "type=big", "state=ready")
	first.is(50, "jobs", "type=bad\uFFFD"+strings.Repeat("x", 124)+"…", "state=ready")
	first.is(302, "jobs", "type=other", "state=ready")
	for i := range 1000 {
		m.Activated(fmt.Sprintf("later-%d", i), 1)
		m.Carried(host.BatchFigures{}, happened(fmt.Sprintf("process-%d", i), int64(i), engine.InstanceStarted{}))
	}
	p := scrape(t, m)
	p.is(1000, "jobs_activated_total", "type=other")
	p.is(800, "process_instances_total", "definition=other", "event=started")
	if n := len(p.families["tallystick_process_instances_total"].GetMetric()); n != 201 {
		t.Errorf("%d series of definitions", n)
	}
}

// TestBeginnings measures what began before the memory reaches back by asking the store, and counts what
// nobody knows.
func TestBeginnings(t *testing.T) {
	l := &ledger{begun: []query.Beginning{{Key: 1, Name: "order", At: noon.Add(-time.Hour)}, {Key: 2, Name: "pay", At: noon.Add(-time.Hour)}}}
	m := meter(l, func(o *metrics.Options) { o.YoungMax, o.LateMax, o.Every = 2, 4, 1 })
	m.Carried(host.BatchFigures{}, happened("order", 1, engine.InstanceCompleted{}, engine.JobFailed{Key: 2}, engine.JobCompleted{Key: 2},
		engine.TaskCompleted{Key: 99}, engine.JobCompleted{Key: 98}))
	p := scrape(t, m)
	p.is(1, "process_instance_duration_seconds", "definition=order", "outcome=completed")
	p.is(1, "job_attempts_total", "type=pay", "outcome=failed")
	p.is(1, "job_attempts_total", "type=pay", "outcome=completed")
	p.is(2, "measurements_lost_total") // one is unknown, one was too many
	// Of four beginnings the memory keeps at least the latest two.
	for key := range int64(4) {
		m.Carried(host.BatchFigures{}, happened("order", 10+key, engine.InstanceStarted{}))
	}
	l.asked = 0
	m.Carried(host.BatchFigures{}, happened("order", 13, engine.InstanceCompleted{}))
	m.Carried(host.BatchFigures{}, happened("order", 12, engine.InstanceCompleted{}))
	scrape(t, m).is(3, "process_instance_duration_seconds", "definition=order", "outcome=completed")
	if l.asked != 0 {
		t.Errorf("the store was asked for %d keys", l.asked)
	}
	l.err = errors.New("gone")
	m.Carried(host.BatchFigures{}, happened("order", 1, engine.InstanceCompleted{}))
	scrape(t, m).is(3, "measurements_lost_total")
}

// TestScrapeGivenUp: a scraper that hangs up takes nothing away from the scrapes after it.
func TestScrapeGivenUp(t *testing.T) {
	m := meter(&ledger{begun: []query.Beginning{{Key: 1, Name: "order", At: noon.Add(-time.Hour)}}})
	m.Carried(host.BatchFigures{}, happened("order", 1, engine.InstanceCompleted{}))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/metrics", nil))
	p := scrape(t, m)
	p.is(1, "db_up")
	p.is(1, "process_instance_duration_seconds", "definition=order", "outcome=completed")
	p.is(0, "measurements_lost_total")
}

// TestConcurrency lets the race detector look at counting and scraping side by side.
func TestConcurrency(t *testing.T) {
	m := meter(&ledger{}, func(o *metrics.Options) { o.Every, o.YoungMax = 1, 8 })
	done := make(chan struct{})
	for n := range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := range 200 {
				m.Carried(host.BatchFigures{Calls: 1}, happened("order", int64(i), engine.InstanceStarted{}, engine.InstanceCompleted{}))
				m.Activated(fmt.Sprint("t", n), i%2)
				m.Fired(time.Second)
			}
		}()
	}
	for range 4 {
		scrape(t, m)
		<-done
	}
	scrape(t, m).is(800, "process_instances_total", "definition=order", "event=completed")
}

// BenchmarkCarried is what counting adds to a batch of 256 calls.
func BenchmarkCarried(b *testing.B) {
	m := meter(&ledger{})
	var events []host.Event
	for i := range int64(256) {
		events = append(events, happened("order", i<<24, engine.InstanceStarted{}, engine.ElementActivated{}, engine.FlowTaken{},
			engine.JobCreated{Key: i<<24 + 1, Type: "pay"}, engine.JobCompleted{Key: i<<24 + 1}, engine.ElementCompleted{}, engine.InstanceCompleted{})...)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Carried(host.BatchFigures{Calls: 256}, events)
	}
}
