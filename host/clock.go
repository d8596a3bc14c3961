package host

import (
	"context"
	"sync/atomic"
	"time"
)

// clock tells the time of the store: the node's clock plus what it was seen to be behind. Nodes whose own
// clocks differ therefore agree on what is due.
type clock struct {
	now    func() time.Time
	behind atomic.Int64 // nanoseconds that the store is ahead of the node
	pinned atomic.Pointer[time.Time]
}

// moment is the time of one batch: At is what the machine is told, Node and Store go to the audit log.
type moment struct{ At, Node, Store time.Time }

// observe learns from an answer of the store. The answer took time to arrive, so the estimate is late
// rather than early: a timer never fires before its time.
func (c *clock) observe(store time.Time) moment {
	node := c.node()
	if store.IsZero() {
		store = node
	}
	store = store.UTC().Truncate(time.Microsecond)
	c.behind.Store(int64(store.Sub(node)))
	m := moment{At: store, Node: node, Store: store}
	if p := c.pinned.Load(); p != nil {
		m.At = *p
	}
	return m
}

func (c *clock) node() time.Time { return c.now().UTC().Truncate(time.Microsecond) }

func (c *clock) read() time.Time {
	if p := c.pinned.Load(); p != nil {
		return *p
	}
	return c.node().Add(time.Duration(c.behind.Load()))
}

// Now is the time by which the host acts: that of the store, or the one that SetClock set.
func (h *Host) Now() time.Time { return h.clock.read() }

// SetClock stops the clock at a time. It is refused with ErrClock unless Options.TestClock is set.
func (h *Host) SetClock(ctx context.Context, by Actor, at time.Time) error {
	at = at.UTC().Truncate(time.Microsecond)
	return h.moveClock(ctx, by, &at, at.Format(time.RFC3339Nano))
}

// ResetClock lets the clock run again. It is refused with ErrClock unless Options.TestClock is set.
func (h *Host) ResetClock(ctx context.Context, by Actor) error {
	return h.moveClock(ctx, by, nil, "real time")
}

func (h *Host) moveClock(ctx context.Context, by Actor, at *time.Time, note string) error {
	if !h.opts.TestClock {
		return ErrClock
	}
	on := Target{Scope: "system:"}
	if err := h.require(ctx, by, ActionClockSet, on); err != nil {
		return err
	}
	if err := h.record(ctx, streamAdmin, by, ActionClockSet, on, note); err != nil {
		return err
	}
	h.clock.pinned.Store(at)
	h.alarm.ring()
	return nil
}
