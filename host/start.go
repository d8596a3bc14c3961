package host

import (
	"context"
	"errors"
	"log/slog"

	"tallystick/engine"
)

// startsByMessage reports whether messages start the process: then their correlation keys are locked.
func startsByMessage(def *engine.Definition) bool {
	for _, s := range def.Starts() {
		if s.Type == engine.SubscribesMessage {
			return true
		}
	}
	return false
}

// startDue starts the processes whose timer start events are due and returns how many began. Each date starts one
// instance: the next date is written with it.
func (h *Host) startDue(ctx context.Context) (int, error) {
	now := h.clock.read()
	due, err := ask1(ctx, h, func(ctx context.Context) ([]DueStart, error) {
		return h.store.DueStarts(ctx, now, now.Add(h.opts.TimerClaim), dueMax)
	})
	began := 0
	for _, s := range due {
		a := &StartAlarm{Key: s.Key, Before: s.Alarm.Due}
		next, more := s.Alarm.Next(now)
		a.Next, a.Over = next, !more
		call := Call{Process: ProcessRef{Key: s.Definition}, Command: engine.StartInstance{Start: s.Element, Part: s.Part}}
		switch _, err := h.doWith(context.WithoutCancel(ctx), System("timer"), call, &deed{alarm: a}); {
		case err == nil:
			began++
			h.opts.Meter.Fired(h.clock.read().Sub(s.Alarm.Due))
		case !errors.Is(err, errErrandGone) && !errors.Is(err, ErrDefinitionSuspended):
			// It comes again when the claim has run out.
			h.opts.Log.WarnContext(ctx, "a timer could not start its process", slog.String("process", s.ProcessID), slog.Any("err", err))
		}
	}
	return began, err
}
