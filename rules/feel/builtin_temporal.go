package feel

func temporalBuiltins() []*builtin {
	clock := []*builtin{
		named("now", define("", func(m *machine, _ pos, _ []Value) Value { return DateTime(m.env.Now) })),
		named("today", define("", func(m *machine, _ pos, _ []Value) Value {
			days, _ := split(DateTime(m.env.Now))
			return dateOf(days)
		})),
	}
	for _, b := range clock {
		b.clock = true
	}
	return append(clock,
		calendar("day of year", func(days int64) Value {
			year, _, _ := civil(days)
			return Int(days - dayNumber(year, 1, 1) + 1)
		}),
		calendar("day of week", func(days int64) Value { return Text(weekdayNames[weekday(days)-1]) }),
		calendar("month of year", func(days int64) Value {
			_, month, _ := civil(days)
			return Text(monthNames[month-1])
		}),
		calendar("week of year", weekOfYear))
}

var weekdayNames = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

var monthNames = []string{
	"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
	"November", "December",
}

func calendar(name string, run func(days int64) Value) *builtin {
	return named(name, define("date: date|datetime", func(_ *machine, _ pos, a []Value) Value {
		days, _ := split(a[0])
		return run(days)
	}))
}

// weekOfYear is the week of ISO 8601: that of the Thursday in the same week.
func weekOfYear(days int64) Value {
	thursday := days + 4 - weekday(days)
	year, _, _ := civil(thursday)
	return Int((thursday-dayNumber(year, 1, 1))/7 + 1)
}
