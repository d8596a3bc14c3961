package bench

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tallystick/host"
	"tallystick/internal/pgtest"
)

func TestMain(m *testing.M) {
	code := m.Run()
	pgtest.Stop()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// BenchmarkTable measures and prints the table of docs/performance.md. BENCH_ONLY selects rows, BENCH_QUICK
// shortens them, BENCH_JSON names a file for the figures, BENCH_BASE one to compare with.
func BenchmarkTable(b *testing.B) { newBench(b).run(b, sections()) }

// BenchmarkScale measures what needs a database with a million rows or a hundred thousand open instances.
// BENCH_STORED and BENCH_OPEN are these numbers.
func BenchmarkScale(b *testing.B) { newBench(b).run(b, scaleSections()) }

// bench is one run of the program: what to measure, how long, and where the figures go.
type bench struct {
	table  *table
	only   string
	runs   int
	window time.Duration
	quick  bool
}

// section answers one question of the table; name is what BENCH_ONLY selects by.
type section struct {
	name    string
	measure func(x *bench, s *scope)
}

func sections() []section {
	all := []section{{"core", (*bench).core}}
	for _, w := range workloads() {
		for _, database := range databases {
			all = append(all, section{w.name + "/" + database, func(x *bench, s *scope) { x.combinations(s, w, database) }})
		}
	}
	for _, database := range databases {
		all = append(all,
			section{"latency/" + database, func(x *bench, s *scope) { x.latency(s, database) }},
			section{"audit/" + database, func(x *bench, s *scope) { x.auditCost(s, database) }},
		)
	}
	return append(all, section{"nodes/postgres", (*bench).nodes}, section{"idle", (*bench).idle})
}

func newBench(b *testing.B) *bench {
	if b.N != 1 {
		b.Fatal("run it with -benchtime 1x, as make bench does")
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(host.GCPercent) // as the server does
	}
	commit, err := exec.CommandContext(b.Context(), "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		commit = []byte("unknown")
	}
	x := &bench{
		table: &table{
			Commit: strings.TrimSpace(string(commit)), CPU: cpuModel(), Cores: runtime.NumCPU(), out: os.Stdout,
		},
		only: os.Getenv("BENCH_ONLY"), runs: 5, window: time.Second,
	}
	if os.Getenv("BENCH_QUICK") != "" {
		x.quick, x.runs, x.window = true, 3, 300*time.Millisecond
	}
	return x
}

func (x *bench) run(b *testing.B, all []section) {
	load, _ := os.ReadFile("/proc/loadavg") // missing elsewhere
	x.table.note("\ncommit %s, %d cores (%s), load before the run %s; medians of %d runs, audit on, every commit durable\n",
		x.table.Commit, x.table.Cores, x.table.CPU, strings.TrimSpace(string(load)), x.runs)
	begin := time.Now()
	for _, sec := range all {
		if x.selects(sec.name) {
			within(b, func(s *scope) { sec.measure(x, s) })
		}
	}
	x.table.summary()
	x.table.note("\n%d figures in %s", len(x.table.Figures), time.Since(begin).Round(time.Second))
	if file := os.Getenv("BENCH_JSON"); file != "" {
		if err := x.table.save(file); err != nil {
			b.Error(err)
		}
	}
	if file := os.Getenv("BENCH_BASE"); file != "" {
		if err := x.table.compare(file); err != nil {
			b.Error(err)
		}
	}
}

// selects reports whether something below name was asked for.
func (x *bench) selects(name string) bool { return selected(x.only, name) }

// clientCounts are the numbers of clients side by side.
func (x *bench) clientCounts() []int {
	if x.quick {
		return []int{64}
	}
	return []int{1, 16, 64, 256}
}

// combinations measures one workload on one database through both doors, and its limit.
func (x *bench) combinations(s *scope, w workload, database string) {
	for _, kind := range []string{"inside", "http"} {
		within(s, func(s *scope) {
			dsn := s.database(database)
			n := s.open(setting{store: storeOptions(dsn)})
			s.serve(n)
			g := s.gauge(dsn)
			for _, clients := range x.clientCounts() {
				name := fmt.Sprintf("%s/%s/%d/%s", w.name, database, clients, kind)
				if !x.selects(name) || x.quick && kind == "http" && w.name != "W2" {
					continue
				}
				var d door = inside{n.host}
				if kind == "http" {
					d = s.newHTTP(n, clients)
				}
				x.cell(s, g, name, clients, w, d)
				if kind == "inside" && x.limited(w, clients) {
					x.limit(s, name, clients, w, database)
				}
			}
		})
	}
}

// cell measures one combination.
func (x *bench) cell(s *scope, g *gauge, name string, clients int, w workload, d door) {
	l := drive(s.Context(), clients, nil, func(ctx context.Context) error { return w.once(ctx, d) })
	l.warm(clients)
	all, err := l.windows(s.Context(), g, x.runs, x.window)
	s.must(err)
	rss, err := residentMiB("self")
	s.must(err)
	if err := l.stop(); err != nil {
		s.Fatalf("%s: %v", name, err)
	}
	for _, f := range figures(name, w.commands, all, rss) {
		if f.Name == "W2/"+database(name)+"/64/inside/cpu-instance" {
			f = f.aimingAt("≤ 0.5")
		}
		x.table.add(f)
	}
}

// database is the second part of a name.
func database(name string) string { return strings.Split(name, "/")[1] }

// limited reports whether the limit of a combination is measured: it takes as long as five of them.
func (x *bench) limited(w workload, clients int) bool {
	return clients == 64 || w.name == "W2" && !x.quick
}

// limit measures what the database does with the same transactions when no engine is there. A run and its
// replay follow each other at once, so that what else the machine does falls on both.
func (x *bench) limit(s *scope, name string, clients int, w workload, database string) {
	perSecond, _ := x.table.find(name + "/instances/s")
	instances := max(2*clients, 20, int(perSecond.Median*x.window.Seconds()))
	rates, shares, floors := make([]float64, x.runs), make([]float64, x.runs), make([]float64, x.runs)
	for i := range x.runs {
		within(s, func(s *scope) {
			rec := s.record(database, w, clients, instances)
			took := s.replay(rec)
			rates[i] = float64(rec.commands) / took.Seconds()
			shares[i] = 100 * took.Seconds() / rec.took.Seconds()
			floors[i] = float64(rec.commands) / s.pour(rec).Seconds()
		})
	}
	share := summarize(name+"/share", "%", shares...)
	if w.name == "W2" && clients == 64 {
		share = share.aimingAt("≥ 60 %")
	}
	x.table.add(summarize(name+"/limit", "/s", rates...), share, summarize(name+"/plain", "/s", floors...))
}

func (s *scope) gauge(dsn string) *gauge {
	g, err := newGauge(s.Context(), dsn)
	s.must(err)
	s.Cleanup(g.close)
	return g
}

// raw opens a database without the store.
func (s *scope) raw(dsn string) *sql.DB {
	driver, name := "postgres", dsn
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		driver, name = "sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=recursive_triggers(1)"
	}
	db, err := sql.Open(driver, name)
	s.must(err)
	return db
}
