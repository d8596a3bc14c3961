package host_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/host/hosttest"
)

// BenchmarkDo measures the shell and the machine without a database: straight through (W1), with a user
// task (W2), with a decision and a job (W3); one op is one instance from start to end, by 64 clients.
func BenchmarkDo(b *testing.B) {
	for _, w := range []struct {
		name     string
		elements []string
	}{{"W1", nil}, {"W2", []string{review}}, {"W3", []string{route, charge}}} {
		b.Run(w.name, func(b *testing.B) {
			s := hosttest.New()
			o := options(s)
			o.Rand, o.Authorizer = nil, hosttest.NewPolicy(nil)
			h, err := host.New(o)
			if err != nil {
				b.Fatal(err)
			}
			ctx, cancel := context.WithCancel(b.Context())
			var running sync.WaitGroup
			running.Go(func() { _ = h.Run(ctx) })
			if _, _, err := h.Deploy(ctx, admin, "", []host.Resource{chain("order", w.elements...), routeTable}); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			b.ResetTimer()
			work(b, h, s)
			b.StopTimer()
			b.ReportMetric(float64(s.Commits())/float64(b.N), "commits/op")
			cancel()
			running.Wait()
		})
	}
}

func work(b *testing.B, h *host.Host, s *hosttest.Store) {
	var next atomic.Int64
	var clients sync.WaitGroup
	for range 64 {
		clients.Go(func() {
			for next.Add(1) <= int64(b.N) {
				walk(b, h, s)
			}
		})
	}
	clients.Wait()
}

// walk takes one instance to its end.
func walk(b *testing.B, h *host.Host, s *hosttest.Store) {
	r, err := h.Do(b.Context(), admin, startCall("order", amount(200)))
	if err != nil {
		b.Error(err)
		return
	}
	var next engine.Command
	for _, rec := range r.Records {
		switch rec := rec.(type) {
		case engine.TaskCreated:
			next = engine.CompleteTask{Task: rec.Key}
		case engine.JobCreated:
			next = engine.CompleteJob{Job: rec.Key}
		}
	}
	if next == nil {
		return
	}
	if _, err := h.Do(b.Context(), admin, host.Call{Command: next}); err != nil {
		b.Error(err)
	}
}
