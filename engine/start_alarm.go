package engine

import (
	"errors"
	"time"
)

// Alarm is when a TIMER start fires first, when it is armed at a time.
func (i StartInfo) Alarm(at time.Time) (Alarm, error) {
	if i.Type != StartsTimer {
		return Alarm{}, errors.New("the start has no timer")
	}
	s, err := readTimer(i.TimerKind, i.Timer, at)
	if err != nil {
		return Alarm{}, err
	}
	a := Alarm{Due: s.due, Remaining: s.remaining}
	if s.text != "" {
		a.Interval, a.Anchor = s.text, s.due
	}
	return a, nil
}
