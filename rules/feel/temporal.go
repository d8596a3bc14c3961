package feel

import "time"

// The calendar is the proleptic Gregorian one with a year zero, as in ISO 8601.

const (
	secondsPerDay = 86_400
	yearMax       = 999_999_999
	offsetMax     = 14 * 3600
	nanosPerSec   = 1_000_000_000
)

// zone is an offset from UTC, or a named zone when location is set. No zone at all is local time.
type zone struct {
	name     string
	location *time.Location
	offset   int
}

var utc = &zone{}

func (v Value) zone() *zone {
	z, _ := v.ref.(*zone)
	return z
}

func withZone(v Value, z *zone) Value {
	v.ref = nil
	if z != nil {
		v.ref = z
	}
	return v
}

// offsetAt returns the offset at a local time, in seconds since 1970.
func (z *zone) offsetAt(local int64) int64 {
	if z.location == nil {
		return int64(z.offset)
	}
	days, second := floorDiv(local, secondsPerDay)
	year, month, day := civil(days)
	at := time.Date(int(year), time.Month(month), day, 0, 0, int(second), 0, z.location)
	_, offset := at.Zone()
	return int64(offset)
}

// offsetFrom returns the offset at an instant, in seconds since 1970 UTC.
func (z *zone) offsetFrom(instant int64) int64 {
	if z.location == nil {
		return int64(z.offset)
	}
	_, offset := time.Unix(instant, 0).In(z.location).Zone()
	return int64(offset)
}

func sameZone(a, b *zone) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.name == b.name && a.offset == b.offset
}

// floorDiv divides with a remainder that is never negative.
func floorDiv(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}

func leap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysIn(year int64, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	default:
		return 31
	}
}

// dayNumber counts days since 1970-01-01. It counts years from March, so that the leap day is last.
func dayNumber(year int64, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era, yearOfEra := floorDiv(year, 400)
	dayOfYear := int64((153*(month-3)+2)/5 + day - 1)
	return era*146_097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719_468
}

// civil is the inverse of dayNumber.
func civil(days int64) (year int64, month, day int) {
	era, dayOfEra := floorDiv(days+719_468, 146_097)
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36_524 - dayOfEra/146_096) / 365
	dayOfYear := int(dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100))
	shifted := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*shifted+2)/5 + 1
	year, month = era*400+yearOfEra, shifted+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// Date returns a date, or null when there is no such day.
func Date(year int64, month, day int) Value {
	if year < -yearMax || year > yearMax || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return Null
	}
	return Value{head: head{kind: KindDate}, n: dayNumber(year, month, day)}
}

// DateTime returns the date and time of t: with the name of its zone when it has an IANA name, else
// with its offset.
func DateTime(t time.Time) Value {
	_, offset := t.Zone()
	z := &zone{offset: offset}
	if name := t.Location().String(); name != "" && name != "UTC" && name != "Local" {
		if named := namedZone(name); named != nil {
			z = named
		}
	}
	v := Value{head: head{kind: KindDateTime, nanos: int32(t.Nanosecond())}, n: t.Unix() + int64(offset)}
	return withZone(v, z)
}

// Duration returns a days and time duration.
func Duration(d time.Duration) Value { return daysDuration(int64(d/time.Second), int32(d%time.Second)) }

// Time returns the instant of a date and time or of a date (its midnight). A local time is taken to
// be in loc. ok is false for other kinds and for years that a time.Time can not hold.
func (v Value) Time(loc *time.Location) (t time.Time, ok bool) {
	days, second, nanos := v.n, int64(0), int64(0)
	switch v.kind {
	case KindDate:
	case KindDateTime:
		days, second = floorDiv(v.n, secondsPerDay)
		nanos = int64(v.nanos)
	default:
		return time.Time{}, false
	}
	if z := v.zone(); z != nil {
		if loc = z.location; loc == nil {
			loc = time.FixedZone("", z.offset)
		}
	}
	year, month, day := civil(days)
	return time.Date(int(year), time.Month(month), day, 0, 0, int(second), int(nanos), loc), true
}

// timeOf returns a time of the day; zone nil is local time.
func timeOf(second int64, nanos int32, z *zone) Value {
	return withZone(Value{head: head{kind: KindTime, nanos: nanos}, n: second}, z)
}

func dateTimeOf(local int64, nanos int32, z *zone) Value {
	days, _ := floorDiv(local, secondsPerDay)
	if year, _, _ := civil(days); year < -yearMax || year > yearMax {
		return Null
	}
	return withZone(Value{head: head{kind: KindDateTime, nanos: nanos}, n: local}, z)
}

func dateOf(days int64) Value {
	if year, _, _ := civil(days); year < -yearMax || year > yearMax {
		return Null
	}
	return Value{head: head{kind: KindDate}, n: days}
}

// daysDuration normalises so that seconds and nanos have one sign.
func daysDuration(seconds int64, nanos int32) Value {
	if seconds > 0 && nanos < 0 {
		seconds, nanos = seconds-1, nanos+nanosPerSec
	}
	if seconds < 0 && nanos > 0 {
		seconds, nanos = seconds+1, nanos-nanosPerSec
	}
	return Value{head: head{kind: KindDaysDuration, nanos: nanos}, n: seconds}
}

func yearsDuration(months int64) Value { return Value{head: head{kind: KindYearsDuration}, n: months} }

// instant returns seconds since 1970 UTC; a local value counts with the offset of fallback.
func (v Value) instant(fallback *zone) int64 {
	local := v.n
	if v.kind == KindDate {
		local *= secondsPerDay
	}
	z := v.zone()
	if v.kind == KindDate {
		z = utc
	}
	if z == nil {
		z = fallback
	}
	if z == nil {
		return local
	}
	return local - z.offsetAt(local)
}

// ParseDuration reads a days and time duration like "PT1H30M" as a time.Duration; ok is false for
// another text and for one that is too long.
func ParseDuration(text string) (d time.Duration, ok bool) {
	v := parseDuration(text)
	const secondsMax = int64(1<<63-1)/nanosPerSec - 1
	if v.kind != KindDaysDuration || v.n > secondsMax || v.n < -secondsMax {
		return 0, false
	}
	return time.Duration(v.n)*time.Second + time.Duration(v.nanos), true
}
