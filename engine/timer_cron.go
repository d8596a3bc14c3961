package engine

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// cron is a set of times of day on a set of days: second, minute, hour, day of the month, month and day of the
// week as bits. A day has to be in both sets of days, unless both are restricted: then one is enough, as in cron.
type cron struct {
	second, minute, hour, day, month, week uint64
	anyDay, anyWeek                        bool
	where                                  *time.Location
}

// cronMacros are the short forms.
var cronMacros = map[string]string{
	"@yearly": "0 0 0 1 1 *", "@annually": "0 0 0 1 1 *", "@monthly": "0 0 0 1 * *", "@weekly": "0 0 0 * * 0",
	"@daily": "0 0 0 * * *", "@midnight": "0 0 0 * * *", "@hourly": "0 0 * * * *",
}

var (
	cronMonths = strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")
	cronDays   = strings.Fields("sun mon tue wed thu fri sat")
)

// errCron is text that is no cron expression at all.
var errCron = errors.New("no cron expression")

// isCron tells cron expressions from repeating intervals, which have no blanks and begin with R.
func isCron(text string) bool {
	return strings.HasPrefix(text, "@") || strings.ContainsAny(text, " \t")
}

// readCron reads five fields (minute first), six (second first) or a macro; CRON_TZ=zone in front names the zone.
func readCron(text string) (cron, error) {
	c := cron{where: time.UTC}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return c, errCron
	}
	if zone, ok := cutZone(fields[0]); ok {
		var err error
		if c.where, err = readZone(zone); err != nil {
			return c, fmt.Errorf("%q: %w", text, err)
		}
		fields = fields[1:]
	}
	if len(fields) == 1 && strings.HasPrefix(fields[0], "@") {
		fields = strings.Fields(cronMacros[strings.ToLower(fields[0])])
	}
	if len(fields) == 5 {
		fields = append([]string{"0"}, fields...)
	}
	if len(fields) != 6 {
		return c, fmt.Errorf("%q is no cron expression: five fields, or six with seconds in front", text)
	}
	for i, f := range []struct {
		to       *uint64
		min, max int
		names    []string
	}{
		{&c.second, 0, 59, nil},
		{&c.minute, 0, 59, nil},
		{&c.hour, 0, 23, nil},
		{&c.day, 1, 31, nil},
		{&c.month, 1, 12, cronMonths},
		{&c.week, 0, 7, cronDays},
	} {
		set, err := readCronField(fields[i], f.min, f.max, f.names)
		if err != nil {
			return c, fmt.Errorf("%q: %w", text, err)
		}
		*f.to = set
	}
	c.week |= c.week >> 7 & 1 // 7 is Sunday too
	c.anyDay, c.anyWeek = starred(fields[3]), starred(fields[5])
	return c, nil
}

func cutZone(field string) (string, bool) {
	for _, prefix := range []string{"CRON_TZ=", "TZ="} {
		if zone, ok := strings.CutPrefix(field, prefix); ok {
			return zone, true
		}
	}
	return "", false
}

// readZone finds a zone by its name; that of the machine is none, because every node must agree.
func readZone(name string) (*time.Location, error) {
	where, err := time.LoadLocation(name)
	if err != nil || name == "Local" || name == "" {
		return nil, fmt.Errorf("the time zone %q is unknown", name)
	}
	return where, nil
}

// starred reports whether a field allows every value, but for a step.
func starred(field string) bool {
	all, _, _ := strings.Cut(field, "/")
	return all == "*" || all == "?"
}

// readCronField reads a list of values, ranges and steps.
func readCronField(field string, low, high int, names []string) (set uint64, err error) {
	for _, part := range strings.Split(field, ",") {
		span, step, stepped := strings.Cut(part, "/")
		by := 1
		if stepped {
			if by, err = strconv.Atoi(step); err != nil || by < 1 || by > high {
				return 0, fmt.Errorf("the step of %q is no number from 1 to %d", part, high)
			}
		}
		from, to, ranged := strings.Cut(span, "-")
		first, last := low, high
		if !starred(span) {
			if first, err = readCronValue(from, low, names); err != nil {
				return 0, err
			}
			last = first
			switch {
			case ranged:
				if last, err = readCronValue(to, low, names); err != nil {
					return 0, err
				}
			case stepped:
				last = high
			}
		}
		if first < low || last > high || first > last {
			return 0, fmt.Errorf("%q is not between %d and %d", part, low, high)
		}
		for v := first; v <= last; v += by {
			set |= 1 << v
		}
	}
	return set, nil
}

func readCronValue(text string, low int, names []string) (int, error) {
	for i, name := range names {
		if strings.EqualFold(text, name) {
			return i + low, nil
		}
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no number", text)
	}
	return n, nil
}

// cronYears is how far ahead a date is looked for: 29 February comes every eight years at the least.
const cronYears = 9

// after is the first time of the expression that is later than t. A time of day that the clocks pass over comes
// when they have been put forward, one that comes twice comes once.
func (c cron) after(t time.Time) (time.Time, error) {
	local := t.In(c.where)
	year, month, day := local.Date()
	for end := year + cronYears; year <= end; {
		date := time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
		year, month, day = date.Date()
		if c.month>>uint(month)&1 == 0 {
			month, day = month+1, 1
			continue
		}
		if c.onDay(date) {
			if at, ok := c.onDate(year, month, day, t); ok {
				return checkYear(at)
			}
		}
		day++
	}
	return time.Time{}, errors.New("the cron expression never comes true")
}

func (c cron) onDay(date time.Time) bool {
	inMonth := c.day>>uint(date.Day())&1 == 1
	inWeek := c.week>>uint(date.Weekday())&1 == 1
	if c.anyDay || c.anyWeek {
		return inMonth && inWeek
	}
	return inMonth || inWeek
}

// onDate is the first time of a day that is later than t.
func (c cron) onDate(year int, month time.Month, day int, t time.Time) (time.Time, bool) {
	for h := range 24 {
		// The whole hour is over before t, even when the clocks were put back in it.
		if c.hour>>h&1 == 0 || time.Date(year, month, day, h, 59, 59, 0, c.where).Add(2*time.Hour).Before(t) {
			continue
		}
		for m := range 60 {
			if c.minute>>m&1 == 0 {
				continue
			}
			for s := range 60 {
				if c.second>>s&1 == 0 {
					continue
				}
				if at := onClock(year, month, day, h, m, s, 0, c.where); at.After(t) {
					return at, true
				}
			}
		}
	}
	return time.Time{}, false
}

// onClock is when the clocks of a place show a time: the first time when they do so twice, and when they pass over
// it, the moment at which they are put forward.
func onClock(year int, month time.Month, day, hour, minute, second, nano int, where *time.Location) time.Time {
	t := time.Date(year, month, day, hour, minute, second, nano, where)
	h, m, s := t.Clock()
	if h == hour && m == minute && s == second {
		if earlier := t.Add(-time.Hour); sameClock(earlier, t) {
			return earlier.UTC()
		}
		return t.UTC()
	}
	// The gap lies before t or behind it, by the zone that the library chose.
	start, end := t.ZoneBounds()
	for _, edge := range []time.Time{start, end} {
		if d := edge.Sub(t); !edge.IsZero() && d >= -3*time.Hour && d <= 3*time.Hour {
			return edge.UTC()
		}
	}
	return t.UTC()
}

func sameClock(a, b time.Time) bool {
	h, m, s := a.Clock()
	x, y, z := b.Clock()
	return h == x && m == y && s == z && a.Day() == b.Day()
}
