package host

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// dueMax is how many timers one look at the store brings.
const dueMax = 256

// fireTimers submits what is due, until ctx ends. Every node does so; the first to commit wins, and the
// others are told that the timer is gone.
func (h *Host) fireTimers(ctx context.Context) {
	stuck := map[int64]stuckTimer{}
	for ctx.Err() == nil {
		h.alarm.set(time.Time{})
		fired, err := h.fireDue(ctx, stuck)
		if err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "timers could not be read", slog.Any("err", err))
		}
		if fired > 0 {
			continue
		}
		if !h.sleepTowards(ctx, h.nextDue(ctx)) {
			return
		}
	}
}

// stuckTimer is a timer whose firing failed for a reason of ours; it waits longer each time, so that it
// neither spins nor keeps others from firing.
type stuckTimer struct {
	failures int
	until    time.Time
}

// fireDue fires due timers and returns how many went through.
func (h *Host) fireDue(ctx context.Context, stuck map[int64]stuckTimer) (int, error) {
	now := h.clock.read()
	due, err := h.store.Due(ctx, now, dueMax+len(stuck))
	if err != nil {
		return 0, err
	}
	var fired int
	calls := make(map[int64]*pending, len(due))
	for _, t := range due {
		if now.Before(stuck[t.Timer].until) {
			continue
		}
		p, err := h.submit(ctx, System("timer"), Call{Instance: t.Instance, Command: engine.FireTimer{Timer: t.Timer}})
		if err != nil {
			break // the queue is full; the timers stay due
		}
		calls[t.Timer] = p
	}
	for timer, p := range calls {
		// What was submitted is carried out even while the host stops.
		_, err := p.wait(context.WithoutCancel(ctx))
		if h.judgeFiring(ctx, timer, err, stuck) {
			fired++
		}
	}
	return fired, nil
}

func (h *Host) judgeFiring(ctx context.Context, timer int64, err error, stuck map[int64]stuckTimer) bool {
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		delete(stuck, timer)
		return true
	case kind == fault.NotFound:
		// Another node was faster, or the element ended in between.
		delete(stuck, timer)
		return false
	case kind == fault.Overloaded || kind == fault.Timeout || errors.Is(err, engine.ErrTimerNotDue):
		return false
	}
	s := stuck[timer]
	s.failures++
	s.until = h.clock.read().Add(h.opts.PollMax << min(s.failures, 10))
	stuck[timer] = s
	h.opts.Log.ErrorContext(ctx, "a timer could not fire", slog.Int64("timer", timer), slog.Any("err", err))
	return false
}

// nextDue is when to look again: when the next timer is due, at the latest after PollMax.
func (h *Host) nextDue(ctx context.Context) time.Time {
	now := h.clock.read()
	latest := now.Add(h.random.spread(h.opts.PollMax))
	next, ok, err := h.store.NextDue(ctx)
	if err != nil || !ok || next.After(latest) || !next.After(now) {
		return latest
	}
	return next
}

// sleepTowards waits until the time, or until a commit armed an earlier timer.
func (h *Host) sleepTowards(ctx context.Context, next time.Time) bool {
	h.alarm.set(next)
	wait := max(next.Sub(h.clock.read()), time.Millisecond)
	if h.clock.pinned.Load() != nil {
		// A clock that stands still brings no timer nearer; the alarm rings when it is set.
		wait = h.opts.PollMax
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
	case <-h.alarm.now:
	}
	return true
}
