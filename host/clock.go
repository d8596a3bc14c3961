package host

import (
	"context"
	"sync/atomic"
	"time"
)

// clock tells the time of the store: what the store said last, plus what has passed on this node since. Nodes
// whose own clocks differ, or jump, therefore agree on what is due.
type clock struct {
	now    func() time.Time
	seen   atomic.Pointer[sighting]
	pinned atomic.Pointer[time.Time]
}

// sighting is what the store said, and when by the node's clock, whose monotonic reading does not jump.
type sighting struct{ store, node time.Time }

// moment is the time of one batch: At is what the machine is told, Node and Store go to the audit log.
type moment struct{ At, Node, Store time.Time }

// observe learns from an answer of the store. The answer took time to arrive, so the estimate is late
// rather than early: a timer never fires before its time.
func (c *clock) observe(store time.Time) moment {
	node := c.now()
	if store.IsZero() {
		store = node
	}
	c.seen.Store(&sighting{store.Round(0), node})
	return c.moment()
}

// paceMargin is the part by which a node's clock may be too fast: without it a timer would fire early on the
// word of a clock that gains.
const paceMargin = 1000

// moment is the present by what was observed last.
func (c *clock) moment() moment {
	node := c.now()
	store := node
	if s := c.seen.Load(); s != nil {
		since := node.Sub(s.node)
		store = s.store.Add(since - since/paceMargin)
	}
	m := moment{Node: stamp(node), Store: stamp(store)}
	m.At = m.Store
	if p := c.pinned.Load(); p != nil {
		m.At = *p
	}
	return m
}

// fresh reports whether the store was heard of within d.
func (c *clock) fresh(d time.Duration) bool {
	s := c.seen.Load()
	return s != nil && c.now().Sub(s.node) < d
}

// stamp is a time as it is kept.
func stamp(t time.Time) time.Time { return t.Round(0).UTC().Truncate(time.Microsecond) }

func (c *clock) node() time.Time { return stamp(c.now()) }

func (c *clock) read() time.Time { return c.moment().At }

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
