package enginetest

import (
	"errors"
	"fmt"

	"tallystick/engine"
)

const firingsMax = 10_000 // of one command

// advance lets time pass; timers fire at their time, the earliest first.
func (r *runner) advance(words []word) error {
	if len(words) != 1 || words[0].name != "" {
		return errors.New("advance takes one duration")
	}
	d, err := parseDuration(words[0].text)
	if err != nil {
		return err
	}
	until := r.now.Add(d)
	for range firingsMax {
		next, armed := r.nextTimer()
		if !armed || next.Due.After(until) {
			r.now = until
			return nil
		}
		if next.Due.After(r.now) {
			r.now = next.Due
		}
		if err := r.step("system:timer", engine.FireTimer{Timer: next.Key}); err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d timers fired", firingsMax)
}

// nextTimer finds the timer that is due first; the older one decides between equals.
func (r *runner) nextTimer() (engine.Timer, bool) {
	var next engine.Timer
	for _, t := range r.st.Timers() {
		if next.Key == 0 || t.Due.Before(next.Due) {
			next = t
		}
	}
	return next, next.Key != 0
}
