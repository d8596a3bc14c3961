package feel

// The arithmetic of dates, times and durations (DMN 1.5, tables 57 to 61). Every function returns
// null where the result does not exist.

func addDuration(v, d Value) Value {
	switch {
	case v.kind == KindTime && d.kind == KindDaysDuration:
		seconds, nanos := addNanos(v.n, v.nanos, d)
		_, second := floorDiv(seconds, secondsPerDay)
		return timeOf(second, nanos, v.zone())
	case v.kind == KindTime:
		return Null
	case d.kind == KindYearsDuration:
		return addMonths(v, d.n)
	case v.kind == KindDate:
		seconds, ok := add64(v.n*secondsPerDay, d.n)
		if !ok {
			return Null
		}
		if d.nanos < 0 {
			seconds--
		}
		days, _ := floorDiv(seconds, secondsPerDay)
		return dateOf(days)
	default:
		return addSeconds(v, d)
	}
}

// addNanos adds a duration to a time of the day; whole days do not matter, so they can not overflow.
func addNanos(second int64, nanos int32, d Value) (int64, int32) {
	carry, rest := floorDiv(int64(nanos)+int64(d.nanos), nanosPerSec)
	return second + d.n%secondsPerDay + carry, int32(rest)
}

// addSeconds moves along the time line, so that a named zone may change its offset on the way.
func addSeconds(v, d Value) Value {
	nanos := int64(v.nanos) + int64(d.nanos)
	carry, rest := floorDiv(nanos, nanosPerSec)
	instant, ok := add64(v.instant(nil), d.n)
	if !ok {
		return Null
	}
	instant += carry
	z := v.zone()
	if z != nil {
		instant += z.offsetFrom(instant)
	}
	return dateTimeOf(instant, int32(rest), z)
}

// addMonths keeps the day, or takes the last one of a shorter month.
func addMonths(v Value, months int64) Value {
	days, second := v.n, int64(0)
	if v.kind == KindDateTime {
		days, second = floorDiv(v.n, secondsPerDay)
	}
	year, month, day := civil(days)
	total, ok := add64(year*12+int64(month-1), months)
	if !ok {
		return Null
	}
	year, index := floorDiv(total, 12)
	if year < -yearMax || year > yearMax {
		return Null
	}
	month = int(index) + 1
	moved := dayNumber(year, month, min(day, daysIn(year, month)))
	if v.kind == KindDate {
		return dateOf(moved)
	}
	return dateTimeOf(moved*secondsPerDay+second, v.nanos, v.zone())
}

func negateDuration(d Value) Value {
	d.n, d.nanos = -d.n, -d.nanos
	return d
}

func addDurations(a, b Value) Value {
	n, ok := add64(a.n, b.n)
	if !ok {
		return Null
	}
	if a.kind == KindYearsDuration {
		return yearsDuration(n)
	}
	nanos := int64(a.nanos) + int64(b.nanos)
	n, ok = add64(n, nanos/nanosPerSec)
	if !ok {
		return Null
	}
	return daysDuration(n, int32(nanos%nanosPerSec))
}

// subtractInstants is the days and time duration between dates, dates and times, or times: both with
// a zone or both without.
func subtractInstants(a, b Value) Value {
	if a.kind == KindDate {
		a = toDateTime(a)
	}
	if b.kind == KindDate {
		b = toDateTime(b)
	}
	if a.kind != b.kind || (a.zone() == nil) != (b.zone() == nil) {
		return Null
	}
	difference := a.instant(nil) - b.instant(nil)
	nanos := int64(a.nanos) - int64(b.nanos)
	carry, rest := floorDiv(nanos, nanosPerSec)
	return daysDuration(difference+carry, int32(rest))
}

// quantity is a duration as a number: months, or seconds with their fraction.
func quantity(d Value) Value {
	if d.kind == KindYearsDuration || d.nanos == 0 {
		return Int(d.n)
	}
	return addNumbers(Int(d.n), small(int64(d.nanos), 9))
}

// durationOf is the inverse of quantity; what does not count cuts off towards zero.
func durationOf(kind Kind, n Value) Value {
	whole, ok := n.whole()
	if !ok {
		return Null
	}
	if kind == KindYearsDuration {
		return yearsDuration(whole)
	}
	fraction := subtractNumbers(n, Int(whole))
	nanos, ok := multiplyNumbers(fraction, Int(nanosPerSec)).whole()
	if !ok {
		return Null
	}
	return daysDuration(whole, int32(nanos))
}

// monthsBetween counts whole months, towards zero; the time of the day does not matter.
func monthsBetween(from, to Value) int64 {
	fromDays, _ := split(from)
	toDays, _ := split(to)
	y1, m1, d1 := civil(fromDays)
	y2, m2, d2 := civil(toDays)
	months := (y2-y1)*12 + int64(m2-m1)
	switch {
	case months > 0 && d2 < d1:
		months--
	case months < 0 && d2 > d1:
		months++
	}
	return months
}

func split(v Value) (days, second int64) {
	if v.kind == KindDate {
		return v.n, 0
	}
	return floorDiv(v.n, secondsPerDay)
}
