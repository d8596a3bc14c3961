package bench

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// workload is what a client does over and over.
type workload struct {
	name     string
	commands int // of one instance
	once     func(ctx context.Context, d door) error
}

func workloads() []workload {
	through := func(process string) func(context.Context, door) error {
		return func(ctx context.Context, d door) error { return d.through(ctx, process) }
	}
	return []workload{
		{"W1", 4, through("w1")},
		{"W2", 2, func(ctx context.Context, d door) error { return d.review(ctx, "w2") }},
		{"W3", 11, through("w3")},
		{"W1-calc", 4, through("w1-calc")},
		{"W3-calc", 11, through("w3-calc")},
	}
}

// load is a number of clients at work, each with one instance at a time.
type load struct {
	stopping atomic.Bool
	finished atomic.Int64
	clients  sync.WaitGroup
	mu       sync.Mutex
	took     []time.Duration
	failure  error
}

// drive starts clients. They stop when left is used up or stop is called.
func drive(ctx context.Context, clients int, left *atomic.Int64, once func(context.Context) error) *load {
	l := &load{}
	for range clients {
		l.clients.Go(func() {
			for !l.stopping.Load() && (left == nil || left.Add(-1) >= 0) {
				at := time.Now()
				if err := once(ctx); err != nil {
					l.fail(err)
					return
				}
				l.note(time.Since(at))
			}
		})
	}
	return l
}

func (l *load) note(took time.Duration) {
	l.finished.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, took)
}

func (l *load) fail(err error) {
	l.stopping.Store(true)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failure = err
}

// take returns the latencies noted since the last call.
func (l *load) take() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	took := l.took
	l.took = nil
	return took
}

func (l *load) stop() error {
	l.stopping.Store(true)
	return l.wait()
}

func (l *load) wait() error {
	l.clients.Wait()
	return l.failure
}

// warm waits until every client has finished something, three seconds at most.
func (l *load) warm(clients int) {
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); pause(10 * time.Millisecond) {
		if l.finished.Load() >= int64(clients) || l.stopping.Load() {
			break
		}
	}
	pause(200 * time.Millisecond)
}

// pause lets the measured thing run: timings are what this package is for.
func pause(d time.Duration) { <-time.After(d) }

// window is what happened between two looks at a load.
type window struct {
	before, after usage
	finished      int64
	took          []time.Duration
}

// windows looks at a running load several times, one window after the other.
func (l *load) windows(ctx context.Context, g *gauge, n int, length time.Duration) ([]window, error) {
	out := make([]window, 0, n)
	before, err := g.read(ctx)
	if err != nil {
		return nil, err
	}
	l.take()
	count := l.finished.Load()
	for range n {
		pause(length)
		now := l.finished.Load()
		after, err := g.read(ctx)
		if err != nil {
			return nil, err
		}
		took := l.take()
		slices.Sort(took)
		out = append(out, window{before, after, now - count, took})
		before, count = after, now
	}
	return out, nil
}

func (w window) seconds() float64 { return w.after.at.Sub(w.before.at).Seconds() }

// secondsEach and cpuEach are what one instance took, by the clock and by the processors.
func (w window) secondsEach() float64 { return w.seconds() / float64(w.finished) }

func (w window) cpuEach() float64 {
	return per(w.before.cpu+w.before.database, w.after.cpu+w.after.database, float64(w.finished))
}

// per is a difference for each of n things.
func per[T ~int64 | ~uint64](before, after T, n float64) float64 {
	if n == 0 {
		return 0
	}
	return float64(after-before) / n
}

func quantile(sorted []time.Duration, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return milliseconds(sorted[min(len(sorted)-1, int(share*float64(len(sorted))))])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// figures of all windows of one combination.
func figures(name string, commands int, all []window, rss float64) []figure {
	columns := []struct {
		name, unit string
		of         func(w window, commands float64) float64
	}{
		{"instances/s", "/s", func(w window, _ float64) float64 { return float64(w.finished) / w.seconds() }},
		{"commands/s", "/s", func(w window, n float64) float64 { return n / w.seconds() }},
		{"p50", "ms", func(w window, _ float64) float64 { return quantile(w.took, 0.5) }},
		{"p99", "ms", func(w window, _ float64) float64 { return quantile(w.took, 0.99) }},
		{"cpu", "ms", func(w window, n float64) float64 { return per(w.before.cpu, w.after.cpu, n) / 1e6 }},
		{"cpu-db", "ms", func(w window, n float64) float64 { return per(w.before.database, w.after.database, n) / 1e6 }},
		{"written", "KiB", func(w window, n float64) float64 { return per(w.before.written, w.after.written, n) / 1024 }},
		{"allocated", "KiB", func(w window, n float64) float64 { return per(w.before.allocated, w.after.allocated, n) / 1024 }},
		{"allocations", "", func(w window, n float64) float64 { return per(w.before.allocations, w.after.allocations, n) }},
	}
	var out []figure
	for _, c := range columns {
		values := make([]float64, len(all))
		for i, w := range all {
			values[i] = c.of(w, float64(w.finished)*float64(commands))
		}
		out = append(out, summarize(name+"/"+c.name, c.unit, values...))
	}
	together := make([]float64, len(all))
	for i, w := range all {
		together[i] = w.cpuEach() / 1e6
	}
	return append(out, summarize(name+"/cpu-instance", "ms", together...), summarize(name+"/rss", "MiB", rss))
}
