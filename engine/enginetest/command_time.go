package enginetest

import (
	"errors"
	"fmt"
	"time"

	"tallystick/engine"
)

const firingsMax = 10_000 // of one command

// advance lets time pass; timers fire at their time, the earliest first. Before the start a time sets the clock.
func (r *runner) advance(words []word) error {
	if len(words) != 1 || words[0].name != "" {
		return errors.New("advance takes one duration or time")
	}
	until, err := time.Parse(time.RFC3339, words[0].text)
	if err != nil {
		d, err := parseDuration(words[0].text)
		if err != nil {
			return err
		}
		until = r.now.Add(d)
	}
	if until = until.UTC(); len(r.instances) == 0 && err == nil {
		r.origin, r.now = until, until
	}
	if until.Before(r.now) {
		return errors.New("the clock does not go back")
	}
	return r.fireUntil(until)
}

func (r *runner) fireUntil(until time.Time) error {
	for range firingsMax {
		i, timer := r.nextTimer()
		start := r.nextAlarm()
		var due time.Time
		var fire func() error
		switch {
		case start >= 0 && (i == nil || !r.alarms[start].Due.After(timer.Due)):
			due, fire = r.alarms[start].Due, func() error { return r.ring(start) }
		case i != nil:
			due, fire = timer.Due, func() error { return r.do(i, "system:timer", engine.FireTimer{Timer: timer.Key}) }
		}
		if fire == nil || due.After(until) {
			r.now = until
			return nil
		}
		if due.After(r.now) {
			r.now = due
		}
		if err := fire(); err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d timers fired", firingsMax)
}

// nextTimer finds the timer that is due first; the older one decides between equals. Those of suspended instances
// wait until they are resumed.
func (r *runner) nextTimer() (*instance, engine.Timer) {
	var home *instance
	var next engine.Timer
	for _, i := range r.instances {
		if i.st.Suspended() {
			continue
		}
		for _, t := range i.st.Timers() {
			if home == nil || t.Due.Before(next.Due) {
				home, next = i, t
			}
		}
	}
	return home, next
}
