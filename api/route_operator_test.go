package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"tallystick/api"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/metrics"
	"tallystick/store"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// watched is a kit with real metrics.
func watched(t *testing.T, dsn string) *kit {
	t.Helper()
	var k *kit
	k = newKitOn(t, dsn, func(a *api.Options, h *host.Options) {
		db := a.Reads.(*store.DB)
		m := metrics.New(metrics.Options{
			Store: struct {
				*store.DB
				*store.Gauges
			}{db, store.NewGauges(db)},
			Host: func() host.Gauges { return k.host.Gauges() }, Build: "test", Every: time.Nanosecond,
		})
		a.Metrics, a.Meter, h.Meter = m.Handler(), m, m
	})
	return k
}

// scraped is one scrape by somebody.
func (k *kit) scraped(who string) map[string]*dto.MetricFamily {
	k.t.Helper()
	a := k.ask(who, "GET", "/metrics", "").is(200)
	p := expfmt.NewTextParser(model.UTF8Validation)
	families, err := p.TextToMetricFamilies(strings.NewReader(a.body))
	must(k.t, err)
	return families
}

// series is the value of the first series of a metric that has all the labels; -1 when there is none.
func series(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range families["tallystick_"+name].GetMetric() {
		var has []string
		for _, l := range m.GetLabel() {
			has = append(has, l.GetName()+"="+l.GetValue())
		}
		if !slices.ContainsFunc(labels, func(l string) bool { return !slices.Contains(has, l) }) {
			return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return -1
}

// TestMetrics works through the API on both databases and reads the work in a scrape.
func TestMetrics(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return "sqlite:" + t.TempDir() + "/metrics.db" },
		"postgres": func(t *testing.T) string { return pgtest.Start(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := watched(t, dsn(t))
			k.deploy("order.bpmn", read(t, "order.bpmn"), "lane.dmn", read(t, "lane.dmn"), "review.form", read(t, "review.form")).is(200)
			for range 3 {
				k.start(`{"processDefinitionId":"order","variables":{"a":1}}`)
			}
			k.ask("ida", "GET", "/v2/jobs/7", "").is(405)
			families := k.scraped("mona")
			for _, c := range []struct {
				want   float64
				name   string
				labels []string
			}{
				{3, "process_instances_total", []string{"definition=order", "event=started"}},
				{3, "user_tasks_total", []string{"definition=order", "event=created"}},
				{3, "instances_written_total", nil},
				{3, "process_instances_active", []string{"definition=order"}},
				{3, "user_tasks_open", []string{"definition=order"}},
				{0, "timers_overdue_seconds", nil},
				{1, "db_up", nil},
				{1, "host_running", nil},
				{1, "build_info", []string{"version=test"}},
				{3, "http_requests_total", []string{"method=POST", "route=/v2/process-instances", "status=2xx"}},
				{3, "http_request_seconds", []string{"method=POST", "route=/v2/process-instances"}},
				{1, "http_requests_total", []string{"route=unrouted", "status=4xx"}},
			} {
				if got := series(families, c.name, c.labels...); got != c.want {
					t.Errorf("%s%v is %v, want %v", c.name, c.labels, got, c.want)
				}
			}
			for _, family := range []string{"go_goroutines", "process_cpu_seconds_total"} {
				if families[family] == nil {
					t.Errorf("there is no %s", family)
				}
			}
		})
	}
}

// TestMetricsRefused lets in those with the right, and nobody else; without metrics there is nothing to read.
func TestMetricsRefused(t *testing.T) {
	t.Parallel()
	k := watched(t, "sqlite:"+t.TempDir()+"/metrics.db")
	for who, status := range map[string]int{"": 401, "nil": 403, "ida": 403, "wim": 403, "mod": 403, "aud": 403, "op": 200, "root": 200, "mona": 200} {
		k.ask(who, "GET", "/metrics", "").is(status)
	}
	k.ask("mona", "GET", "/v2/users/ida", "").is(403)
	k.written()
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"system.metrics","outcome":"denied"}}`).is(200, `"actor":"user:wim"`)
	newKit(t).ask("root", "GET", "/metrics", "").is(501, `"code":"route.unserved"`)
}

// TestProfiles takes profiles as the administrator, is refused as anybody else, and leaves an audit entry.
func TestProfiles(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	k.ask("root", "GET", "/debug/pprof/", "").is(200, `"goroutine"`, `"heap"`)
	k.ask("root", "GET", "/debug/pprof/goroutine?debug=1", "").is(200, "goroutine profile: total")
	if a := k.ask("root", "GET", "/debug/pprof/heap", "").is(200); !strings.HasPrefix(a.body, "\x1f\x8b") {
		t.Error("the heap profile is not packed")
	}
	for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/profile?seconds=60", "/debug/pprof/nothing"} {
		k.ask("", "GET", path, "").is(401)
		for _, who := range []string{"nil", "op", "mona", "aud", "wim"} {
			k.ask(who, "GET", path, "").is(403)
		}
	}
	for _, name := range []string{"cmdline", "symbol", "nothing"} {
		k.ask("root", "GET", "/debug/pprof/"+name, "").is(404)
	}
	for _, seconds := range []string{"0", "61", "-1", "x", "1.5"} {
		k.ask("root", "GET", "/debug/pprof/profile?seconds="+seconds, "").is(400, "from 1 to 60")
	}
	k.ask("aud", "POST", "/v2/audit-entries/search", `{"filter":{"action":"system.profile","outcome":"ok"}}`).is(200, `"actor":"user:root"`)
}

// TestProfilesNeedAccounts refuses them to everybody when everybody is the administrator.
func TestProfilesNeedAccounts(t *testing.T) {
	t.Parallel()
	k := newKit(t, func(a *api.Options, _ *host.Options) {
		a.Authenticator = nil
		a.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}, Method: "none"}
	})
	k.ask("", "GET", "/debug/pprof/", "").is(403, "without authentication")
	k.ask("", "GET", "/debug/pprof/heap", "").is(403)
}

// TestOneProfileAtATime refuses a second profile that watches, while one does; others are not in its way.
func TestOneProfileAtATime(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	done := api.Profiling(k.server)
	k.ask("root", "GET", "/debug/pprof/heap?seconds=1", "").is(409, `"code":"profile.running"`)
	k.ask("root", "GET", "/debug/pprof/trace", "").is(409)
	k.ask("root", "GET", "/debug/pprof/heap", "").is(200)
	done()
	k.ask("root", "GET", "/debug/pprof/goroutine?seconds=1", "").is(200)
}

// TestReady names what is wrong, without the cause, and heals.
func TestReady(t *testing.T) {
	t.Parallel()
	var wrong atomic.Bool
	k := newKit(t, func(o *api.Options, _ *host.Options) {
		o.Checks = append(o.Checks, api.ReadyCheck{Name: "writer", Run: func(context.Context) error {
			if wrong.Load() {
				return errors.New("disk 7 is full")
			}
			return nil
		}})
	})
	k.ask("", "GET", "/readyz", "").is(200, `"database":"ok"`, `"writer":"ok"`)
	wrong.Store(true)
	for range 3 {
		if a := k.ask("", "GET", "/readyz", "").is(503, `"field":"writer"`, "not ready: writer"); strings.Contains(a.body, "disk 7") || strings.Contains(a.body, "database") {
			t.Errorf("the answer tells too much: %s", a.body)
		}
	}
	k.ask("", "GET", "/livez", "").is(200)
	wrong.Store(false)
	k.ask("", "GET", "/readyz", "").is(200, `"writer":"ok"`)
	if n := strings.Count(k.log.String(), "a readiness check"); n != 2 {
		t.Errorf("the log has %d lines of three failures and one recovery, want 2", n)
	}
	must(t, k.db.Close())
	k.ask("", "GET", "/readyz", "").is(503, "not ready: database")
	k.ask("", "GET", "/livez", "").is(200)
}

// TestReadyIsBounded asks a check that never answers, and one whose answer is good for a while.
func TestReadyIsBounded(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	synctest.Test(t, func(t *testing.T) {
		var asked, stuck atomic.Int64
		release := make(chan struct{})
		s := k.again(t, func(o *api.Options) {
			o.Checks = []api.ReadyCheck{
				{Name: "quick", Every: 5 * time.Second, Run: func(context.Context) error { asked.Add(1); return nil }},
				{Name: "stuck", Run: func(context.Context) error { stuck.Add(1); <-release; return nil }},
			}
		})
		begin := time.Now()
		for range 2 {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
			if w.Code != 503 || !strings.Contains(w.Body.String(), "not ready: stuck") {
				t.Errorf("%d: %s", w.Code, w.Body)
			}
		}
		if took := time.Since(begin); took != 2*api.CheckMax {
			t.Errorf("two probes took %v", took)
		}
		if asked.Load() != 1 || stuck.Load() != 1 {
			t.Errorf("quick was asked %d times, stuck %d times", asked.Load(), stuck.Load())
		}
		close(release)
		synctest.Wait()
		<-time.After(5 * time.Second)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
		if w.Code != 200 || asked.Load() != 2 {
			t.Errorf("%d after the check was released, quick was asked %d times", w.Code, asked.Load())
		}
	})
}

// TestDrain is not ready at once, serves on for the notice, then refuses what is new and waits for what is not.
func TestDrain(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	synctest.Test(t, func(t *testing.T) {
		entered, leave := make(chan struct{}), make(chan struct{})
		s := k.again(t, func(o *api.Options) {
			o.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}}
			o.Authenticator = nil
			o.Host = slow{o.Host, entered, leave}
		})
		ask := func(method, path string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+path, nil))
			return w
		}
		slowly := make(chan int)
		go func() { slowly <- ask(http.MethodPost, "/v2/clock/reset").Code }()
		<-entered
		drained := make(chan error)
		go func() { drained <- s.Drain(t.Context(), time.Second) }()
		synctest.Wait()
		if w := ask("GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "not ready: draining") {
			t.Errorf("/readyz %d: %s", w.Code, w.Body)
		}
		if w := ask("GET", "/livez"); w.Code != 200 {
			t.Errorf("/livez %d", w.Code)
		}
		if w := ask("GET", "/v2/topology"); w.Code != 200 {
			t.Errorf("during the notice: %d", w.Code)
		}
		<-time.After(time.Second)
		synctest.Wait()
		if w := ask("GET", "/v2/topology"); w.Code != 503 || !strings.Contains(w.Body.String(), "server.draining") || w.Header().Get("Retry-After") != "1" {
			t.Errorf("after the notice: %d %s", w.Code, w.Body)
		}
		if w := ask("GET", "/livez"); w.Code != 200 {
			t.Errorf("/livez %d after the notice", w.Code)
		}
		select {
		case err := <-drained:
			t.Fatalf("drained (%v) before the request in flight was answered", err)
		default:
		}
		close(leave)
		if code := <-slowly; code != http.StatusNoContent {
			t.Errorf("the request in flight got %d", code)
		}
		must(t, <-drained)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		must(t, s.Drain(ctx, time.Hour))
	})
}

// slow is a host whose clock takes its time.
type slow struct {
	api.Doer
	entered, leave chan struct{}
}

func (s slow) ResetClock(context.Context, host.Actor) error {
	close(s.entered)
	<-s.leave
	return nil
}

// again is a further server on the parts of a kit.
func (k *kit) again(t *testing.T, change func(*api.Options)) *api.Server {
	t.Helper()
	o := k.options
	change(&o)
	s, err := api.New(o)
	must(t, err)
	return s
}
