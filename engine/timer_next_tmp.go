package engine

import "time"

// nextDate is the date after previous on the grid of the anchor that is not before at.
func nextDate(interval string, anchor, previous, at time.Time) (time.Time, error) {
	p, err := readPeriod(interval)
	if err != nil {
		return time.Time{}, err
	}
	return p.next(anchor, previous, at)
}
