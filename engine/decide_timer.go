package engine

import (
	"time"

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
	event := x.node(t.Element)
	if event.stays() && !event.all {
		x.repeat(t)
	}
	x.fire(event, t.ElementInstance, nil)
	return nil
}
