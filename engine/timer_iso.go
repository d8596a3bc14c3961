package engine

import (
	"errors"
	"fmt"
	"math"
	mathbits "math/bits"
	"sort"
	"strconv"
	"strings"
	"time"

	"tallystick/bpmn"
)

// noTime is where literal timers are tried out when a process is compiled: only the form counts.
var noTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// schedule is what a timer text means at a moment. Interval is zero for a single firing.
type schedule struct {
	due       time.Time
	remaining int // firings including the next, -1 without end
	interval  period
	text      string // the interval as written
}

// readTimer reads the text of a timer of the given form (10.5.5) at the moment at.
func readTimer(kind bpmn.TimerKind, text string, at time.Time) (schedule, error) {
	text = strings.TrimSpace(text)
	switch kind {
	case bpmn.TimerDate:
		due, err := readDate(text)
		return schedule{due: due, remaining: 1}, err
	case bpmn.TimerDuration:
		p, err := readPeriod(text)
		if err != nil {
			return schedule{}, err
		}
		due, err := p.after(at, 1)
		return schedule{due: due, remaining: 1}, err
	case bpmn.TimerCycle:
		return readCycle(text, at)
	}
	return schedule{}, errors.New("the timer has no date, duration or cycle")
}

// readCycle reads R<n>/<interval>, R<n>/<start>/<interval> and cron expressions; without n it repeats without end.
// Days and months follow the calendar of the zone that the start or the interval names behind an @.
func readCycle(text string, at time.Time) (schedule, error) {
	if isCron(text) {
		return readCronCycle(text, at)
	}
	head, rest, found := strings.Cut(text, "/")
	count, ok := strings.CutPrefix(head, "R")
	if !ok || !found {
		return schedule{}, fmt.Errorf("%q is no repeating interval (ISO 8601: R3/PT10S) and no cron expression", text)
	}
	s := schedule{remaining: -1}
	if count != "" {
		n, err := strconv.ParseInt(count, 10, 32)
		if err != nil || n < 1 {
			return schedule{}, fmt.Errorf("%q repeats %q times; at least once is needed", text, count)
		}
		s.remaining = int(n)
	}
	start, interval := cutStart(rest)
	_, zone, zoned := strings.Cut(start, "@")
	if zoned && !strings.Contains(interval, "@") {
		interval += "@" + zone
	}
	var err error
	if s.text, s.interval, err = readInterval(interval); err != nil {
		return schedule{}, err
	}
	if start != "" {
		s.due, err = readDate(start)
	} else {
		s.due, err = s.interval.after(at, 1)
	}
	return s, err
}

// cutStart splits <start>/<interval>; names of zones have slashes too.
func cutStart(text string) (start, interval string) {
	for i := range text {
		if strings.HasPrefix(text[i:], "/P") && i+2 < len(text) && strings.ContainsRune("T0123456789", rune(text[i+2])) {
			return text[:i], text[i+1:]
		}
	}
	return "", text
}

// readInterval reads the interval of a cycle, with a zone behind an @ if it has one.
func readInterval(text string) (string, period, error) {
	body, zone, zoned := strings.Cut(text, "@")
	p, err := readPeriod(body)
	switch {
	case err != nil:
		return text, p, err
	case !p.positive():
		return text, p, fmt.Errorf("the interval of %q is not positive", text)
	case p.months == 0 && p.days == 0 && p.rest < shortestInterval:
		return text, p, fmt.Errorf("the interval of %q is shorter than a millisecond", text)
	case zoned:
		p.where, err = readZone(zone)
	}
	return text, p, err
}

func readCronCycle(text string, at time.Time) (schedule, error) {
	c, err := readCron(text)
	if err != nil {
		return schedule{}, err
	}
	due, err := c.after(at)
	return schedule{due: due, remaining: -1, text: text}, err
}

// nextDate is the date after previous that is not before at, of a cron expression or of an interval on the grid of
// its anchor: of the dates that were missed meanwhile the last one is made up for by the firing at hand.
func nextDate(interval string, anchor, previous, at time.Time) (time.Time, error) {
	if isCron(interval) {
		c, err := readCron(interval)
		if err != nil {
			return time.Time{}, err
		}
		if previous.After(at) {
			at = previous
		}
		return c.after(at)
	}
	_, p, err := readInterval(interval)
	if err != nil {
		return time.Time{}, err
	}
	return p.next(anchor, previous, at)
}

// dateLayouts are the forms of a date and time; without a zone it is UTC.
var dateLayouts = []string{
	"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02",
}

// readDate reads a date and time. FEEL writes named zones behind an @.
func readDate(text string) (time.Time, error) {
	local, zone, named := strings.Cut(text, "@")
	where := time.UTC
	if named {
		var err error
		if where, err = time.LoadLocation(zone); err != nil || zone == "Local" {
			return time.Time{}, fmt.Errorf("%q has an unknown time zone", text)
		}
	}
	for _, layout := range dateLayouts {
		if t, err := time.ParseInLocation(layout, local, where); err == nil {
			return checkYear(t.UTC())
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date and time (ISO 8601: 2026-01-31T08:00:00Z)", text)
}

var errYear = errors.New("the time is outside the years 1 to 9999")

// checkYear keeps times inside what RFC 3339 can write.
func checkYear(t time.Time) (time.Time, error) {
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, errYear
	}
	return t, nil
}

// period is an ISO 8601 duration. Months and days follow the calendar, the rest is absolute.
type period struct {
	months, days int64
	rest         time.Duration
	where        *time.Location // whose calendar it is, nil for UTC
}

// The longest periods, about the years that can be written.
const (
	monthsMax = 12 * 10000
	daysMax   = 366 * 10000
	restMax   = 100 * 366 * 24 * time.Hour

	secondsMax = daysMax * 24 * 60 * 60
)

// shortestInterval is the shortest interval of a cycle: what is shorter comes more often than it could be counted.
const shortestInterval = time.Millisecond

// readPeriod reads PnYnMnWnDTnHnMnS with an optional sign and a fraction of seconds.
func readPeriod(text string) (period, error) {
	wrong := fmt.Errorf("%q is no duration (ISO 8601: P1DT12H)", text)
	body, negative := strings.CutPrefix(text, "-")
	body, ok := strings.CutPrefix(body, "P")
	date, clock, timed := strings.Cut(body, "T")
	if !ok || date == "" && clock == "" || timed && clock == "" {
		return period{}, wrong
	}
	r := designators{sign: 1}
	if negative {
		r.sign = -1
	}
	if !r.read(date, "YMWD", []float64{12, 1, 7, 1}, false) ||
		!r.read(clock, "HMS", []float64{3600, 60, 1}, true) {
		return period{}, wrong
	}
	if max(r.p.months, -r.p.months) > monthsMax || max(r.p.days, -r.p.days) > daysMax {
		return period{}, fmt.Errorf("the duration %q is too long", text)
	}
	return r.p, nil
}

// designators reads the numbers of a duration in the order of their letters, each at most once.
type designators struct {
	p    period
	sign int64
}

func (r *designators) read(text, letters string, factors []float64, clock bool) bool {
	next := 0
	for text != "" {
		end := strings.IndexFunc(text, func(c rune) bool { return c != '.' && (c < '0' || c > '9') })
		if end < 1 || end > 12 {
			return false
		}
		at := strings.IndexByte(letters[next:], text[end])
		if at < 0 {
			return false
		}
		next += at + 1
		if !r.add(text[:end], text[end], factors[next-1], clock) {
			return false
		}
		text = text[end+1:]
	}
	return true
}

func (r *designators) add(number string, letter byte, factor float64, clock bool) bool {
	whole, fraction, fractional := strings.Cut(number, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || fractional && (letter != 'S' || fraction == "") {
		return false
	}
	switch {
	case clock:
		return r.addClock(n, fraction, factor)
	case letter == 'Y' || letter == 'M':
		r.p.months += r.sign * n * int64(factor)
	default:
		r.p.days += r.sign * n * int64(factor)
	}
	return true
}

func (r *designators) addClock(n int64, fraction string, factor float64) bool {
	nanos, err := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
	total := math.Abs(float64(r.p.rest)) + float64(n)*factor*1e9 + float64(nanos)
	if err != nil || total > float64(restMax) {
		return false
	}
	r.p.rest += time.Duration(r.sign * (n*int64(factor)*1e9 + nanos))
	return true
}

// positive reports whether adding the period always leads forward.
func (p period) positive() bool {
	return p.months >= 0 && p.days >= 0 && p.rest >= 0 && (p.months > 0 || p.days > 0 || p.rest > 0)
}

// after adds the period a number of times. The day of the month is kept where the month has it, else
// it is the last one: one month after 31 January is the end of February.
func (p period) after(t time.Time, times int64) (time.Time, error) {
	where := time.UTC
	if p.where != nil {
		where = p.where
	}
	t = t.In(where)
	if math.Abs(float64(p.months)*float64(times)) > monthsMax || math.Abs(float64(p.days)*float64(times)) > daysMax {
		return time.Time{}, errYear
	}
	month := int64(t.Year())*12 + int64(t.Month()) - 1 + p.months*times
	if month < 12 || month >= monthsMax {
		return time.Time{}, errYear
	}
	year, m := int(month/12), time.Month(month%12+1)
	day := min(t.Day(), time.Date(year, m+1, 0, 0, 0, 0, 0, time.UTC).Day())
	hour, minute, second := t.Clock()
	if p.months != 0 || p.days != 0 { // hours are absolute, days are of the calendar
		t = onClock(year, m, day+int(p.days*times), hour, minute, second, t.Nanosecond(), where)
	}
	return addRest(t, p.rest, times)
}

// addRest adds a length of time a number of times. The product may be longer than a time.Duration can be.
func addRest(t time.Time, rest time.Duration, times int64) (time.Time, error) {
	sign := int64(1)
	if rest < 0 {
		sign, rest = -1, -rest
	}
	high, low := mathbits.Mul64(uint64(rest), uint64(times))
	if high >= uint64(time.Second) {
		return time.Time{}, errYear
	}
	seconds, nanos := mathbits.Div64(high, low, uint64(time.Second))
	if seconds > secondsMax {
		return time.Time{}, errYear
	}
	return checkYear(time.Unix(t.Unix()+sign*int64(seconds), int64(t.Nanosecond())+sign*int64(nanos)).UTC())
}

// next returns the first firing of a cycle that is after the previous one and not before at: firings
// that were missed meanwhile are skipped (4.19 of the semantics), and the grid of the anchor is kept. It is
// searched for between bounds, because anchors may lie thousands of years away.
func (p period) next(anchor, previous, at time.Time) (time.Time, error) {
	target := at
	if previous.After(at) {
		target = previous
	}
	passed := max(0, float64(target.Unix()-anchor.Unix())+float64(target.Nanosecond()-anchor.Nanosecond())/1e9)
	const slack = 4 // the clocks of a place are put forward and back, and a day was left out here and there
	first := max(1, int64(passed/p.seconds(31))-slack)
	last := int64(passed/p.seconds(28)) + 1 + slack
	due := func(t time.Time, err error) bool { return err != nil || t.After(previous) && !t.Before(at) }
	times := first + int64(sort.Search(int(last-first), func(i int) bool { return due(p.after(anchor, first+int64(i))) }))
	t, err := p.after(anchor, times)
	if err == nil && !due(t, err) {
		return time.Time{}, errYear
	}
	return t, err
}

// seconds is the length of a period in which a month has so many days.
func (p period) seconds(month int64) float64 {
	return float64(p.months*month+p.days)*24*60*60 + p.rest.Seconds()
}
