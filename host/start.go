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

// EvaluateConditions starts the processes whose conditional start events hold for the variables, all or the one
// with the key, and returns the instances. Those that the actor may not start are passed over.
func (h *Host) EvaluateConditions(ctx context.Context, by Actor, definition int64, vars engine.Variables, request string) ([]Receipt, error) {
	if err := checkVariables(vars, ErrCondition); err != nil {
		return nil, err
	}
	if err := h.mayAct(ctx, by, ActionInstanceStart, Target{Scope: h.scopeOf(definition)}); err != nil {
		return nil, err
	}
	starts, err := ask1(ctx, h, func(ctx context.Context) ([]StartEvent, error) {
		return h.store.StartEvents(ctx, engine.SubscribesConditional, "")
	})
	if err != nil {
		return nil, err
	}
	begun := []Receipt{}
	for _, s := range starts {
		if definition != 0 && s.Definition != definition {
			continue
		}
		holds, err := h.holds(ctx, s, vars)
		if err != nil || !holds {
			continue // a condition that has no value does not hold
		}
		call := Call{
			Process: ProcessRef{Key: s.Definition}, RequestID: request,
			Command: engine.StartInstance{Start: s.Element, Part: s.Part, Variables: vars},
		}
		r, err := h.Do(ctx, by, call)
		switch {
		case err == nil:
			begun = append(begun, r)
		case !errors.Is(err, ErrDenied) && !errors.Is(err, ErrDefinitionSuspended):
			return begun, err
		}
	}
	return begun, nil
}

func (h *Host) scopeOf(definition int64) string {
	if d, ok := h.Catalog().Process(ProcessRef{Key: definition}); ok {
		return "def:" + d.ID
	}
	return "def:*"
}

// holds evaluates the condition of a start event.
func (h *Host) holds(ctx context.Context, s StartEvent, vars engine.Variables) (bool, error) {
	d, ok := h.Catalog().Process(ProcessRef{Key: s.Definition})
	if !ok {
		return false, ErrProcessNotFound
	}
	def, err := h.shelf.definition(ctx, d)
	if err != nil {
		return false, err
	}
	for _, info := range def.Starts() {
		if info.Element == s.Element && info.Part == s.Part {
			return info.Holds(vars, h.clock.read())
		}
	}
	return false, nil
}
