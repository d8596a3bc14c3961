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
const dueMax = 512

// fireTimers claims what is due and submits it, until ctx ends. Every node does so; a timer whose node died
// is another's once the claim has run out.
func (h *Host) fireTimers(ctx context.Context) {
	for ctx.Err() == nil {
		h.alarm.set(time.Time{})
		fired, err := h.fireDue(ctx)
		started, failed := h.startDue(ctx)
		fired, err = fired+started, errors.Join(err, failed)
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

// fireDue fires due timers and returns how many went through.
func (h *Host) fireDue(ctx context.Context) (int, error) {
	now := h.clock.read()
	due, err := ask1(ctx, h, func(ctx context.Context) ([]DueTimer, error) {
		return h.store.Due(ctx, now, now.Add(h.opts.TimerClaim), dueMax)
	})
	if err != nil {
		return 0, err
	}
	fired := 0
	calls := make([]*pending, len(due))
	for i, t := range due {
		if calls[i], err = h.submitTimer(ctx, t); err != nil {
			break
		}
	}
	for i, p := range calls {
		if p == nil {
			break
		}
		// What was submitted is carried out even while the host stops.
		_, err := p.wait(context.WithoutCancel(ctx))
		if h.judgeFiring(ctx, due[i], err) {
			fired++
		}
	}
	return fired, nil
}

// submitTimer waits for a place in the queue: the timer is ours to fire.
func (h *Host) submitTimer(ctx context.Context, t DueTimer) (*pending, error) {
	for {
		p, err := h.submit(ctx, System("timer"), Call{Instance: t.Instance, Command: engine.FireTimer{Timer: t.Timer}})
		if !errors.Is(err, ErrOverloaded) || !sleep(ctx, h.random.spread(10*time.Millisecond)) {
			return p, err
		}
	}
}

// judgeFiring reports whether a timer fired. One that failed for a reason of ours comes again when its claim
// has run out, so that it neither spins nor keeps others from firing.
func (h *Host) judgeFiring(ctx context.Context, t DueTimer, err error) bool {
	kind := fault.KindOf(err)
	switch {
	case err == nil:
		h.opts.Meter.Fired(h.clock.read().Sub(t.Due))
		return true
	case kind == fault.NotFound, kind == fault.Overloaded, kind == fault.Timeout, errors.Is(err, engine.ErrTimerNotDue),
		errors.Is(err, engine.ErrInstanceSuspended):
		// Not found: the element ended in between. The others pass by themselves.
		return false
	}
	h.opts.Log.ErrorContext(ctx, "a timer could not fire", slog.Int64("timer", t.Timer), slog.Any("err", err))
	return false
}

// nextDue is when to look again: when the next timer is due, at the latest after PollMax.
func (h *Host) nextDue(ctx context.Context) time.Time {
	now := h.clock.read()
	latest := now.Add(h.random.spread(h.opts.PollMax))
	next, ok, err := ask2(ctx, h, h.store.NextDue)
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
