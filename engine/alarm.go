package engine

import "time"

// Alarm is when something happens and when again: Remaining counts the dates left, this one included, and is
// negative without end; Interval and Anchor make the next one.
type Alarm struct {
	Due       time.Time
	Remaining int
	Interval  string
	Anchor    time.Time
}

// Next is the alarm after this one: the first date that is not before at (4.19 of the semantics: of those missed
// one is made up for). It is false when there is none.
func (a Alarm) Next(at time.Time) (Alarm, bool) {
	if a.Interval == "" || a.Remaining == 1 {
		return Alarm{}, false
	}
	next, err := nextDate(a.Interval, a.Anchor, a.Due, at)
	if err != nil {
		return Alarm{}, false
	}
	a.Due = next
	if a.Remaining > 0 {
		a.Remaining--
	}
	return a, true
}
