package engine

import (
	"time"

	"tallystick/bpmn"
	"tallystick/fault"
)

// The refusals of timers.
var (
	// ErrTimerNotFound refuses to fire a timer that is not armed.
	ErrTimerNotFound = fault.New(fault.NotFound, "timer.not_found", "no such timer")
	// ErrTimerNotDue refuses to fire a timer before its time.
	ErrTimerNotDue = fault.New(fault.Conflict, "timer.not_due", "the timer is not due")
)

func (x *machine) fireTimer(c FireTimer) error {
	t, ok := x.st.timers.get(rowID{key: c.Timer})
	if !ok {
		return ErrTimerNotFound.With("no armed timer has the key %d", c.Timer)
	}
	if x.at.Before(t.Due) {
		return ErrTimerNotDue.With("the timer is due at %s", t.Due.Format(time.RFC3339Nano))
	}
	x.emit(TimerFired{Key: t.Key, Element: t.Element})
	at, attached, _ := x.element(t.ElementInstance)
	event := x.node(t.Element)
	if event.kind != bpmn.KindBoundaryEvent {
		x.proceed(attached, at, retryOutputs)
		return nil
	}
	x.rearm(t)
	x.trigger(event, at, nil)
	return nil
}
