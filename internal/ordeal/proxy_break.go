package ordeal

import (
	"context"
	"time"
)

// Cut closes every connection on both sides; it returns how many there were.
func (p *Proxy) Cut() int {
	pairs := p.live()
	for _, pr := range pairs {
		pr.cut()
	}
	return len(pairs)
}

// Reset ends every connection with RST on both sides, as a machine does that has forgotten them.
func (p *Proxy) Reset() int {
	pairs := p.live()
	for _, pr := range pairs {
		_ = pr.node.SetLinger(0) // fails only on a closed connection
		_ = pr.database.SetLinger(0)
		pr.cut()
	}
	return len(pairs)
}

// Stall lets nothing through for a while and then goes on as if nothing had been.
func (p *Proxy) Stall(ctx context.Context, d time.Duration) int {
	over := make(chan struct{})
	pairs := p.live()
	for _, pr := range pairs {
		pr.mu.Lock()
		pr.stalled = over
		pr.mu.Unlock()
	}
	pause(ctx, d)
	for _, pr := range pairs {
		pr.mu.Lock()
		pr.stalled = nil
		pr.mu.Unlock()
	}
	close(over)
	return len(pairs)
}

// StallThenCut lets nothing through for a while and then cuts: the database has heard nothing, the node neither.
func (p *Proxy) StallThenCut(ctx context.Context, d time.Duration) int {
	over := make(chan struct{})
	pairs := p.live()
	for _, pr := range pairs {
		pr.mu.Lock()
		pr.stalled = over
		pr.mu.Unlock()
	}
	pause(ctx, d)
	for _, pr := range pairs {
		pr.cut()
	}
	close(over)
	return len(pairs)
}

// HalfClose tells one side that the other has finished: the database when towardDatabase, else the nodes. The other
// direction stays open.
func (p *Proxy) HalfClose(towardDatabase bool) int {
	pairs := p.live()
	for _, pr := range pairs {
		to := pr.node
		if towardDatabase {
			to = pr.database
		}
		_ = to.CloseWrite() // fails only on a closed connection
	}
	return len(pairs)
}

// CutAtCommit waits for the next COMMIT that a node sends and cuts its connection: after the database got it and
// before the node hears the answer when forward, else before the database sees it. False when none came in time.
func (p *Proxy) CutAtCommit(ctx context.Context, forward bool, wait time.Duration) bool {
	return p.spring(ctx, &trap{forward: forward, sprung: make(chan struct{})}, wait)
}

// CutAndDelayCommit cuts the connection of the next COMMIT as well, and hands the COMMIT to the database only once
// deliver is called, which must happen. It returns when the connection is cut; false when no COMMIT came in time.
func (p *Proxy) CutAndDelayCommit(ctx context.Context, wait time.Duration) (deliver func(), ok bool) {
	late := make(chan struct{})
	ok = p.spring(ctx, &trap{forward: true, late: late, sprung: make(chan struct{})}, wait)
	return func() { close(late) }, ok
}

func (p *Proxy) spring(ctx context.Context, t *trap, wait time.Duration) bool {
	t.armed.Store(true)
	p.trap.Store(t)
	defer p.trap.Store(nil)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-t.sprung:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	if t.armed.CompareAndSwap(true, false) {
		return false
	}
	<-t.sprung
	return true
}
