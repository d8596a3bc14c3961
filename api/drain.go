package api

import (
	"context"
	"sync"
	"time"

	"tallystick/host"
)

// Drain takes a node out of service. From the first moment /readyz fails. For notice everything is served on,
// so that a load balancer can find out; then new requests are refused with ErrDraining, probes and metrics
// excepted, long polls are answered as if their time was over, and Drain returns when those in flight are answered or ctx has ended.
func (s *Server) Drain(ctx context.Context, notice time.Duration) error {
	s.readiness.draining.Store(true)
	if notice > 0 {
		t := time.NewTimer(notice)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
	}
	s.opts.Host.Drain()
	return s.gate.close(ctx)
}

// watched reports whether a route is for those who watch a node: it is served until the node is gone.
func (r route) watched() bool {
	return r.action == host.ActionSystemDocument || r.action == host.ActionSystemMetrics || r.action == host.ActionSystemProfile
}

// gate counts requests in flight and, once closed, lets no more in.
type gate struct {
	mu     sync.Mutex
	inside int
	closed bool
	empty  chan struct{} // closed when the gate is and nobody is inside
}

func newGate() *gate { return &gate{empty: make(chan struct{})} }

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	g.inside++
	return true
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	if g.closed && g.inside == 0 {
		close(g.empty)
	}
}

func (g *gate) close(ctx context.Context) error {
	g.mu.Lock()
	if !g.closed {
		g.closed = true
		if g.inside == 0 {
			close(g.empty)
		}
	}
	g.mu.Unlock()
	select {
	case <-g.empty:
		return nil
	default: // an empty gate is closed, however little time was given
	}
	select {
	case <-g.empty:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
