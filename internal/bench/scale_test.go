package bench

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"tallystick/host"
	"tallystick/store"
)

func scaleSections() []section {
	var all []section
	for _, database := range databases {
		all = append(all,
			section{"stored/" + database, func(x *bench, s *scope) { x.stored(s, database) }},
			section{"waiting/" + database, func(x *bench, s *scope) { x.waiting(s, database) }},
			section{"open/" + database, func(x *bench, s *scope) { x.open(s, database) }},
		)
	}
	return all
}

// sizeOf reads a number of instances from the environment.
func (s *scope) sizeOf(name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		s.Fatalf("%s is %q, not a positive number", name, text)
	}
	return n
}

// make carries instances out by a number of clients and returns how long it took.
func (s *scope) make(n *node, count int, once func(context.Context, inside) error) time.Duration {
	var left atomic.Int64
	left.Store(int64(count))
	begin := time.Now()
	l := drive(s.Context(), 256, &left, func(ctx context.Context) error { return once(ctx, inside{n.host}) })
	s.must(l.wait())
	return time.Since(begin)
}

func review(ctx context.Context, d inside) error { return d.review(ctx, "w2") }

func begin(process string) func(context.Context, inside) error {
	return func(ctx context.Context, d inside) error {
		_, err := d.start(ctx, process)
		return err
	}
}

// stored measures what a command costs when the database holds a million ended instances.
func (x *bench) stored(s *scope, database string) {
	x.beside(s, "stored", database, review)
}

// waiting measures the cost of a command and idle CPU beside a million timers that are not due.
func (x *bench) waiting(s *scope, database string) {
	full := x.beside(s, "waiting", database, begin("wait"))
	binary := s.build()
	p := s.launch(binary, full)
	pause(time.Second)
	x.table.add(summarize("waiting/"+database+"/idle-cpu", "% core", s.idleCPU(p.cmd.Process.Pid, 10*time.Second)).aimingAt("< 0.5"))
}

// beside compares W2 by 64 clients on a database with a thousand instances and on one with a million, in
// turns. It returns the DSN of the latter, which nobody uses any more.
func (x *bench) beside(s *scope, what, database string, once func(context.Context, inside) error) string {
	const few = 1000
	many := s.sizeOf("BENCH_STORED", 1_000_000)
	dsns := []string{s.database(database), s.database(database)}
	for _, dsn := range dsns {
		within(s, func(s *scope) { s.make(s.open(setting{store: storeOptions(dsn)}), few, once) })
	}
	x.multiply(s, dsns[1], many)
	within(s, func(s *scope) {
		w := workloadNamed("W2")
		var nodes []*node
		var gauges []*gauge
		for _, dsn := range dsns {
			nodes, gauges = append(nodes, s.open(setting{store: storeOptions(dsn)})), append(gauges, s.gauge(dsn))
		}
		seen := make([][]window, 2)
		for range x.runs {
			for i, n := range nodes {
				seen[i] = append(seen[i], x.once(s, n, gauges[i], w))
			}
		}
		x.compareCost(s, what+"/"+database, w, []int{few, many}, seen)
	})
	return dsns[1]
}

// once measures one window of a workload by 64 clients.
func (x *bench) once(s *scope, n *node, g *gauge, w workload) window {
	const clients = 64
	l := drive(s.Context(), clients, nil, func(ctx context.Context) error { return w.once(ctx, inside{n.host}) })
	l.warm(clients)
	one, err := l.windows(s.Context(), g, 1, x.window)
	s.must(err)
	s.must(l.stop())
	return one[0]
}

// compareCost says what a command costs more on the second database, pair by pair: in time, and in CPU of
// engine and database together.
func (x *bench) compareCost(s *scope, name string, w workload, sizes []int, seen [][]window) {
	rss, err := residentMiB("self")
	s.must(err)
	for i, size := range sizes {
		x.table.add(figures(fmt.Sprintf("%s/%d/64/inside", name, size), w.commands, seen[i], rss)...)
	}
	inTime, inCPU := make([]float64, x.runs), make([]float64, x.runs)
	for i := range x.runs {
		few, many := seen[0][i], seen[1][i]
		inTime[i] = 100 * (many.secondsEach()/few.secondsEach() - 1)
		inCPU[i] = 100 * (many.cpuEach()/few.cpuEach() - 1)
	}
	x.table.add(
		summarize(name+"/cost-more-time", "%", inTime...).aimingAt("≤ 20 %"),
		summarize(name+"/cost-more-cpu", "%", inCPU...).aimingAt("≤ 20 %"),
	)
}

// open measures a start with many open instances, and a burst of as many timers due at once beside other work.
func (x *bench) open(s *scope, database string) {
	count := s.sizeOf("BENCH_OPEN", 100_000)
	name := "open/" + database
	dsn := s.database(database)
	within(s, func(s *scope) {
		n := s.open(setting{store: storeOptions(dsn)})
		took := s.make(n, count, begin("wait"))
		x.table.add(summarize(name+"/start-only", "cmd/s", float64(count)/took.Seconds()))
	})
	ready := make([]float64, x.runs)
	for i := range ready {
		within(s, func(s *scope) {
			begin := time.Now()
			n := s.open(setting{store: storeOptions(dsn)})
			<-n.host.Ready()
			ready[i] = milliseconds(time.Since(begin))
		})
	}
	x.table.add(summarize(name+"/ready", "ms", ready...).aimingAt("< 2,000"))
	x.burst(s, dsn, name, count)
}

// burst moves the clock past all timers and waits until none is left, while 16 clients do W2.
func (x *bench) burst(s *scope, dsn, name string, count int) {
	n := s.open(setting{store: store.Options{DSN: dsn}, testClock: true})
	<-n.host.Ready()
	w := workloadNamed("W2")
	l := drive(s.Context(), 16, nil, func(ctx context.Context) error { return w.once(ctx, inside{n.host}) })
	l.warm(16)
	before := l.finished.Load()
	begin := time.Now()
	s.must(n.host.SetClock(s.Context(), clerk, n.host.Now().Add(2*time.Hour)))
	s.drained(n.db, n.host)
	took := time.Since(begin)
	beside := l.finished.Load() - before
	s.must(l.stop())
	x.table.add(
		summarize(name+"/burst", "s", took.Seconds()).aimingAt("≤ 120 for 100,000"),
		summarize(name+"/burst-rate", "timers/s", float64(count)/took.Seconds()),
		summarize(name+"/burst-beside", "cmd/s", float64(beside)*float64(w.commands)/took.Seconds()),
	)
}

// drained waits until no timer is due.
func (s *scope) drained(db *store.DB, h *host.Host) {
	for end := time.Now().Add(20 * time.Minute); time.Now().Before(end); pause(50 * time.Millisecond) {
		next, some, err := db.NextDue(s.Context())
		s.must(err)
		if !some || next.After(h.Now().Add(time.Minute)) { // a claim is shorter
			return
		}
	}
	s.Fatal("timers are still due after twenty minutes")
}
