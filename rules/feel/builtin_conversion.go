package feel

import "strings"

func conversionBuiltins() []*builtin {
	return []*builtin{
		named("date",
			define("from: string", dateFromText),
			define("from: date", dateOnly),
			define("from: datetime", dateOnly),
			define("year: number, month: number, day: number", dateFromParts)),
		named("time",
			define("from: string", timeFromText),
			define("from: time|date|datetime", timeOnly),
			define("hour: number, minute: number, second: number, offset?: days|null", timeFromParts)),
		named("date and time",
			define("from: string", dateTimeFromText),
			define("from: datetime", func(_ *machine, _ pos, a []Value) Value { return a[0] }),
			define("from: date", func(_ *machine, _ pos, a []Value) Value { return toDateTime(a[0]) }),
			define("date: date|datetime, time: time", dateTimeFromParts)),
		named("number",
			define("from: string, grouping separator: string|null, decimal separator: string|null", numberFromText),
			define("from: string", numberFromText),
			define("from: number", func(_ *machine, _ pos, a []Value) Value { return a[0] })),
		named("string", define("from: any", stringFrom)),
		named("duration",
			define("from: string", durationFromText),
			define("from: days|years", func(_ *machine, _ pos, a []Value) Value { return a[0] })),
		named("years and months duration", define("from: date|datetime, to: date|datetime",
			func(_ *machine, _ pos, a []Value) Value { return yearsDuration(monthsBetween(a[0], a[1])) })),
		named("range", define("from: string", rangeFromText)),
	}
}

// parsed explains a null that a parser of texts gave.
func (m *machine) parsed(at pos, v Value, text, what string) Value {
	if v.kind == KindNull {
		const shown = 60
		return m.fail(at, "%.*q is no %s", shown, text, what)
	}
	return v
}

func dateFromText(m *machine, at pos, a []Value) Value {
	return m.parsed(at, parseDate(a[0].text()), a[0].text(), "date")
}

func dateOnly(_ *machine, _ pos, a []Value) Value {
	days, _ := split(a[0])
	return dateOf(days)
}

func dateFromParts(m *machine, at pos, a []Value) Value {
	year, ok := a[0].integer()
	month, whole := a[1].integer()
	day, alsoWhole := a[2].integer()
	if !ok || !whole || !alsoWhole || month < 1 || month > 12 || day < 1 || day > 31 {
		return m.fail(at, "there is no such date")
	}
	v := Date(year, int(month), int(day))
	if v.kind == KindNull {
		return m.fail(at, "there is no such date")
	}
	return v
}

func timeFromText(m *machine, at pos, a []Value) Value {
	return m.parsed(at, parseTime(a[0].text()), a[0].text(), "time")
}

func timeOnly(_ *machine, _ pos, a []Value) Value {
	v := a[0]
	switch v.kind {
	case KindTime:
		return v
	case KindDate:
		return timeOf(0, 0, utc)
	}
	_, second := split(v)
	return timeOf(second, v.nanos, v.zone())
}

func timeFromParts(m *machine, at pos, a []Value) Value {
	hour, ok := a[0].integer()
	minute, whole := a[1].integer()
	second := durationOf(KindDaysDuration, a[2])
	if !ok || !whole || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
		second.kind == KindNull || second.n < 0 || second.nanos < 0 || second.n > 59 {
		return m.fail(at, "there is no such time")
	}
	var z *zone
	if a[3].kind != KindNull {
		if a[3].n < -offsetMax || a[3].n > offsetMax {
			return m.fail(at, "the offset is beyond 14 hours")
		}
		z = &zone{offset: int(a[3].n)}
	}
	return timeOf(hour*3600+minute*60+second.n, second.nanos, z)
}

func dateTimeFromText(m *machine, at pos, a []Value) Value {
	return m.parsed(at, parseDateTime(a[0].text()), a[0].text(), "date and time")
}

func dateTimeFromParts(_ *machine, _ pos, a []Value) Value {
	days, _ := split(a[0])
	return combine(Value{n: days}, a[1])
}

func durationFromText(m *machine, at pos, a []Value) Value {
	return m.parsed(at, parseDuration(a[0].text()), a[0].text(), "duration")
}

// numberFromText follows table 72: separators are a blank, a comma or a point, and differ.
func numberFromText(m *machine, at pos, a []Value) Value {
	text, grouping, point := a[0].text(), "", "."
	if len(a) == 3 {
		group, _ := a[1].Text()
		decimal, _ := a[2].Text()
		badGroup := a[1].kind != KindNull && group != " " && group != "," && group != "."
		badPoint := a[2].kind != KindNull && decimal != "." && decimal != ","
		if badGroup || badPoint || group == decimal && group != "" {
			return m.fail(at, "unknown separators")
		}
		grouping = group
		if decimal != "" {
			point = decimal
		}
	}
	plain := text
	if grouping != "" {
		plain = strings.ReplaceAll(plain, grouping, "")
	}
	if point != "." {
		if strings.Contains(plain, ".") {
			return m.parsed(at, Null, text, "number")
		}
		plain = strings.Replace(plain, point, ".", 1)
	}
	if !isNumber(plain) {
		return m.parsed(at, Null, text, "number")
	}
	v, _ := parseNumber(plain)
	return m.parsed(at, v, text, "number")
}

// isNumber is rule 37 with a sign and an exponent.
func isNumber(text string) bool {
	l := &lexer{src: strings.TrimPrefix(text, "-")}
	if l.src == "" || !isDigit(rune(l.src[0])) && (l.src[0] != '.' || len(l.src) < 2 || !isDigit(rune(l.src[1]))) {
		return false
	}
	l.number()
	return l.pos == len(l.src)
}

func stringFrom(m *machine, at pos, a []Value) Value {
	if a[0].kind == KindNull {
		return Null
	}
	most := m.env.Limits.StringBytes
	m.tick((most - m.weigh(a[0], most)) / 4)
	return m.newText(a[0].String())
}

// rangeFromText reads the text of a range whose end points are literals (table 72).
func rangeFromText(m *machine, at pos, a []Value) Value {
	text := a[0].text()
	tokens, err := lex(text)
	if err != nil || len(tokens) < 5 {
		return m.parsed(at, Null, text, "range")
	}
	tokens = tokens[:len(tokens)-1]
	first, last := tokens[0].text, tokens[len(tokens)-1].text
	r := interval{startIncluded: first == "[", endIncluded: last == "]"}
	opens := first == "[" || first == "(" || first == "]"
	closes := last == "]" || last == ")" || last == "["
	middle := indexDots(tokens)
	if !opens || !closes || middle < 0 {
		return m.parsed(at, Null, text, "range")
	}
	var ok, alsoOK bool
	r.start, ok = literal(tokens[1:middle], r.startIncluded)
	r.end, alsoOK = literal(tokens[middle+1:len(tokens)-1], r.endIncluded)
	open := r.start.kind == KindNull && r.end.kind == KindNull
	if !ok || !alsoOK || open {
		return m.parsed(at, Null, text, "range")
	}
	return m.makeRange(at, r, r.start.kind != KindNull, r.end.kind != KindNull)
}

func indexDots(tokens []token) int {
	for i, t := range tokens {
		if t.kind == tokenSymbol && t.text == ".." {
			return i
		}
	}
	return -1
}

// literal evaluates an end point; no tokens at all are an open side, which can not be included.
func literal(tokens []token, included bool) (Value, bool) {
	switch {
	case len(tokens) == 0:
		return Null, !included
	case len(tokens) == 1 && tokens[0].kind == tokenString:
		return Text(tokens[0].text), true
	case len(tokens) == 1 && tokens[0].kind == tokenNumber:
		return parseNumber(tokens[0].text)
	case len(tokens) == 2 && tokens[0].text == "-" && tokens[1].kind == tokenNumber:
		return parseNumber("-" + tokens[1].text)
	case len(tokens) == 2 && tokens[0].text == "@" && tokens[1].kind == tokenString:
		for _, parse := range []func(string) Value{parseDate, parseDateTime, parseTime, parseDuration} {
			if v := parse(tokens[1].text); v.kind != KindNull {
				return v, true
			}
		}
		return Null, false
	default:
		return literalCall(tokens)
	}
}

func literalCall(tokens []token) (Value, bool) {
	n := len(tokens)
	if n < 4 || tokens[n-1].text != ")" || tokens[n-2].kind != tokenString || tokens[n-3].text != "(" {
		return Null, false
	}
	var v Value
	switch spell(tokens[:n-3]) {
	case "date":
		v = parseDate(tokens[n-2].text)
	case "time":
		v = parseTime(tokens[n-2].text)
	case "date and time":
		v = parseDateTime(tokens[n-2].text)
	case "duration":
		v = parseDuration(tokens[n-2].text)
	}
	return v, v.kind != KindNull
}
