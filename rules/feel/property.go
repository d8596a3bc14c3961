package feel

// propertyNames are the properties whose names have blanks, so that a path can be read.
var propertyNames = func() *nameSet {
	names := &nameSet{}
	for _, name := range []string{"time offset", "start included", "end included"} {
		names.add(name)
	}
	return names
}()

// property returns a property of a value that is no context (DMN 1.5, table 65).
func property(v Value, name string) (Value, bool) {
	switch v.kind {
	case KindDate:
		return dateProperty(v.n, name)
	case KindDateTime:
		days, second := floorDiv(v.n, secondsPerDay)
		if p, ok := dateProperty(days, name); ok {
			return p, ok
		}
		return clockProperty(v, second, name)
	case KindTime:
		return clockProperty(v, v.n, name)
	case KindDaysDuration, KindYearsDuration:
		return durationProperty(v, name)
	case KindRange:
		return rangeProperty(v.interval(), name)
	default:
		return Null, false
	}
}

func dateProperty(days int64, name string) (Value, bool) {
	year, month, day := civil(days)
	switch name {
	case "year":
		return Int(year), true
	case "month":
		return Int(int64(month)), true
	case "day":
		return Int(int64(day)), true
	case "weekday":
		return Int(weekday(days)), true
	default:
		return Null, false
	}
}

// weekday is 1 for Monday to 7 for Sunday; day 0 was a Thursday.
func weekday(days int64) int64 {
	_, rest := floorDiv(days+3, 7)
	return rest + 1
}

func clockProperty(v Value, second int64, name string) (Value, bool) {
	switch name {
	case "hour":
		return Int(second / 3600), true
	case "minute":
		return Int(second / 60 % 60), true
	case "second":
		return quantity(Value{head: head{nanos: v.nanos}, n: second % 60}), true
	case "time offset":
		if v.zone() == nil {
			return Null, true
		}
		return daysDuration(v.zone().offsetAt(v.n), 0), true
	case "timezone":
		if z := v.zone(); z != nil && z.name != "" {
			return Text(z.name), true
		}
		return Null, true
	default:
		return Null, false
	}
}

func durationProperty(v Value, name string) (Value, bool) {
	if v.kind == KindYearsDuration {
		switch name {
		case "years":
			return Int(v.n / 12), true
		case "months":
			return Int(v.n % 12), true
		}
		return Null, false
	}
	switch name {
	case "days":
		return Int(v.n / secondsPerDay), true
	case "hours":
		return Int(v.n % secondsPerDay / 3600), true
	case "minutes":
		return Int(v.n % 3600 / 60), true
	case "seconds":
		return quantity(Value{head: head{nanos: v.nanos}, n: v.n % 60}), true
	}
	return Null, false
}

func rangeProperty(r *interval, name string) (Value, bool) {
	switch name {
	case "start":
		return r.start, true
	case "end":
		return r.end, true
	case "start included":
		return Boolean(r.startIncluded), true
	case "end included":
		return Boolean(r.endIncluded), true
	default:
		return Null, false
	}
}
