package feel

import "strings"

// reader takes a temporal text apart; the first failure sticks.
type reader struct {
	text string
	bad  bool
}

func (r *reader) accept(prefix string) bool {
	rest, ok := strings.CutPrefix(r.text, prefix)
	if ok {
		r.text = rest
	}
	return ok
}

func (r *reader) expect(prefix string) {
	if !r.accept(prefix) {
		r.bad = true
	}
}

// digits reads between low and high digits.
func (r *reader) digits(low, high int) (n int64, count int) {
	for count < len(r.text) && count < high && r.text[count] >= '0' && r.text[count] <= '9' {
		n = n*10 + int64(r.text[count]-'0')
		count++
	}
	if count < low {
		r.bad = true
	}
	r.text = r.text[count:]
	return n, count
}

func (r *reader) two(maximum int64) int64 {
	n, _ := r.digits(2, 2)
	if n > maximum {
		r.bad = true
	}
	return n
}

// fraction reads what follows a decimal point, cut to nanoseconds.
func (r *reader) fraction() int32 {
	if !r.accept(".") {
		return 0
	}
	n, count := r.digits(1, 9)
	for ; count < 9; count++ {
		n *= 10
	}
	r.text = strings.TrimLeft(r.text, "0123456789")
	return int32(n)
}

func (r *reader) date() Value {
	negative := r.accept("-")
	leadingZero := strings.HasPrefix(r.text, "0")
	year, count := r.digits(4, 9)
	if leadingZero && count > 4 {
		r.bad = true
	}
	if negative {
		year = -year
	}
	r.expect("-")
	month := r.two(12)
	r.expect("-")
	day := r.two(31)
	return Date(year, int(month), int(day))
}

func (r *reader) clock() Value {
	hour := r.two(24)
	r.expect(":")
	minute := r.two(59)
	r.expect(":")
	second := r.two(59)
	nanos := r.fraction()
	if hour == 24 && (minute != 0 || second != 0 || nanos != 0) {
		r.bad = true
	}
	return timeOf(hour*3600+minute*60+second, nanos, r.zone())
}

func (r *reader) zone() *zone {
	switch {
	case r.accept("Z"), r.accept("z"):
		return utc
	case r.accept("@"):
		z := namedZone(r.text)
		r.text = ""
		if z == nil {
			r.bad = true
		}
		return z
	case r.accept("+"):
		return r.offset(1)
	case r.accept("-"):
		return r.offset(-1)
	default:
		return nil
	}
}

func (r *reader) offset(sign int) *zone {
	seconds := r.two(14) * 3600
	r.expect(":")
	seconds += r.two(59) * 60
	if r.accept(":") {
		seconds += r.two(59)
	}
	if seconds > offsetMax {
		r.bad = true
	}
	return &zone{offset: sign * int(seconds)}
}

func (r *reader) result(v Value) Value {
	if r.bad || r.text != "" {
		return Null
	}
	return v
}

func parseDate(text string) Value {
	r := &reader{text: text}
	return r.result(r.date())
}

func parseTime(text string) Value {
	r := &reader{text: text}
	r.accept("T")
	clock := r.clock()
	// Only with a date is 24:00:00 a time, the start of the next day.
	r.bad = r.bad || clock.n == secondsPerDay
	return r.result(clock)
}

// parseDateTime reads a date and time; a date alone is its midnight, without zone.
func parseDateTime(text string) Value {
	r := &reader{text: text}
	date := r.date()
	clock := timeOf(0, 0, nil)
	if r.accept("T") {
		clock = r.clock()
	}
	if date.kind != KindDate {
		return Null
	}
	return r.result(combine(date, clock))
}

func combine(date, clock Value) Value {
	return dateTimeOf(date.n*secondsPerDay+clock.n, clock.nanos, clock.zone())
}

// parseDuration reads either kind of duration; a mixture of both is null.
func parseDuration(text string) Value {
	r := &reader{text: text}
	negative := r.accept("-")
	r.expect("P")
	if r.bad {
		return Null
	}
	v := r.yearsMonths()
	if v.kind == KindNull {
		v = r.daysTime()
	}
	if negative && v.kind != KindNull {
		v.n, v.nanos = -v.n, -v.nanos
	}
	return r.result(v)
}

// part reads "<digits><unit>" when the text starts so.
func (r *reader) part(unit byte) (int64, bool) {
	end := 0
	for end < len(r.text) && r.text[end] >= '0' && r.text[end] <= '9' {
		end++
	}
	if end == 0 || end == len(r.text) || r.text[end] != unit {
		return 0, false
	}
	if end > 18 {
		r.bad = true
		return 0, false
	}
	n, _ := r.digits(1, 18)
	r.text = r.text[1:]
	return n, true
}

func (r *reader) yearsMonths() Value {
	years, hasYears := r.part('Y')
	months, hasMonths := r.part('M')
	if !hasYears && !hasMonths {
		return Null
	}
	total, ok := mul64(years, 12)
	total, fits := add64(total, months)
	r.bad = r.bad || !ok || !fits
	return yearsDuration(total)
}

func (r *reader) daysTime() Value {
	days, any := r.part('D')
	total, ok := mul64(days, secondsPerDay)
	var nanos int32
	if r.accept("T") {
		any = false
		for _, unit := range []struct {
			letter  byte
			seconds int64
		}{{'H', 3600}, {'M', 60}} {
			if n, has := r.part(unit.letter); has {
				any = true
				ok = r.sum(&total, n, unit.seconds) && ok
			}
		}
		if seconds, fraction, has := r.seconds(); has {
			any, nanos = true, fraction
			ok = r.sum(&total, seconds, 1) && ok
		}
	}
	r.bad = r.bad || !any || !ok
	return daysDuration(total, nanos)
}

func (r *reader) sum(total *int64, n, unit int64) bool {
	product, ok := mul64(n, unit)
	sum, fits := add64(*total, product)
	*total = sum
	return ok && fits
}

func (r *reader) seconds() (n int64, nanos int32, has bool) {
	if r.text == "" {
		return 0, 0, false
	}
	n, _ = r.digits(1, 18)
	nanos = r.fraction()
	r.expect("S")
	return n, nanos, true
}
