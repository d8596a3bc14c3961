package feel

import (
	"cmp"
	"strings"
)

// equal is the FEEL operator = (DMN 1.5, 10.3.2.13): true, false, or null for different kinds.
func (m *machine) equal(a, b Value) Value {
	if a.kind != b.kind {
		if a.kind == KindNull || b.kind == KindNull {
			return no
		}
		return Null
	}
	switch a.kind {
	case KindNull:
		return yes
	case KindBoolean, KindYearsDuration:
		return Boolean(a.n == b.n)
	case KindNumber:
		return Boolean(compareNumbers(a, b) == 0)
	case KindString:
		if a.n != b.n {
			return no
		}
		m.tick(textSteps(a, b))
		return Boolean(a.text() == b.text())
	case KindDate, KindDaysDuration:
		return Boolean(a.n == b.n && a.nanos == b.nanos)
	case KindTime, KindDateTime:
		return Boolean((a.zone() == nil) == (b.zone() == nil) && orderInstants(inMillis(a), inMillis(b)) == 0)
	case KindList:
		return m.equalLists(a.list(), b.list())
	case KindContext:
		return m.equalContexts(a, b)
	case KindRange:
		return m.equalRanges(a.interval(), b.interval())
	default:
		return Boolean(a.function().equal(b.function()))
	}
}

// inMillis cuts a time to milliseconds, below which the conformance kit sees times as equal.
func inMillis(v Value) Value {
	v.nanos -= v.nanos % 1_000_000
	return v
}

// same is equality inside lists, contexts and built-ins: whatever is not equal differs.
func (m *machine) same(a, b Value) bool { return m.equal(a, b).isTrue() }

func (m *machine) equalLists(a, b []Value) Value {
	if len(a) != len(b) {
		return no
	}
	for i := range a {
		m.tick(1)
		if !m.same(a[i], b[i]) {
			return no
		}
	}
	return yes
}

func (m *machine) equalContexts(a, b Value) Value {
	keys, values, _ := a.Entries()
	others, _, _ := b.Entries()
	if len(keys) != len(others) {
		return no
	}
	for i, key := range keys {
		m.tick(1 + len(key)/64)
		other, ok := b.Entry(key)
		if !ok || !m.same(values[i], other) {
			return no
		}
	}
	return yes
}

func (m *machine) equalRanges(a, b *interval) Value {
	return Boolean(a.op == b.op && a.startIncluded == b.startIncluded && a.endIncluded == b.endIncluded &&
		m.same(a.start, b.start) && m.same(a.end, b.end))
}

// textSteps is the price of comparing long texts.
func textSteps(a, b Value) int {
	if a.kind != KindString || b.kind != KindString {
		return 0
	}
	return int(min(a.n, b.n)) / 512
}

// order is order at its price.
func (m *machine) order(a, b Value) (result int, ok bool) {
	if n := textSteps(a, b); n > 0 {
		m.tick(n)
	}
	return order(a, b)
}

// order compares two values of one ordered kind; ok is false for all others.
func order(a, b Value) (result int, ok bool) {
	if a.kind != b.kind {
		return 0, false
	}
	switch a.kind {
	case KindNumber:
		return compareNumbers(a, b), true
	case KindString:
		// UTF-8 sorts by code point.
		return strings.Compare(a.text(), b.text()), true
	case KindYearsDuration, KindDate:
		return cmp.Compare(a.n, b.n), true
	case KindDaysDuration:
		return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.nanos, b.nanos)), true
	case KindTime, KindDateTime:
		return orderInstants(a, b), true
	default:
		return 0, false
	}
}

// orderInstants compares times and dates and times; where one has no zone, it takes that of the other.
func orderInstants(a, b Value) int {
	if za, zb := a.zone(), b.zone(); za != zb {
		x, y := a.instant(zb), b.instant(za)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.nanos, b.nanos))
	}
	if z := a.zone(); z != nil && z.location != nil {
		return cmp.Or(cmp.Compare(a.instant(nil), b.instant(nil)), cmp.Compare(a.nanos, b.nanos))
	}
	return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.nanos, b.nanos))
}

// within tells whether v lies in the range; ok is false when it can not be compared.
func (m *machine) within(r *interval, v Value) (inside, ok bool) {
	if r.op == "!=" {
		c, ok := m.order(v, r.start)
		return c != 0, ok
	}
	if r.start.kind != KindNull {
		c, ok := m.order(v, r.start)
		if !ok {
			return false, false
		}
		if c < 0 || c == 0 && !r.startIncluded {
			return false, true
		}
	}
	if r.end.kind != KindNull {
		c, ok := m.order(v, r.end)
		if !ok {
			return false, false
		}
		return c < 0 || c == 0 && r.endIncluded, true
	}
	return true, true
}

// matches is a unary test of an input against the value of the test (10.3.2.8 and table 55).
func (m *machine) matches(at pos, input, test Value) Value {
	m.tick(1)
	switch test.kind {
	case KindRange:
		inside, ok := m.within(test.interval(), input)
		if !ok {
			return m.fail(at, "a %s can not be compared with the range", input.kind)
		}
		return Boolean(inside)
	case KindList:
		return m.matchesList(input, test)
	case KindFunction:
		if !test.function().takes(1) {
			return m.fail(at, "the function of a test takes one argument")
		}
		return m.call(at, test.function(), []Value{input})
	default:
		return m.matchesOne(input, test)
	}
}

func (m *machine) matchesOne(input, test Value) Value {
	if test.kind == KindBoolean && input.kind != KindBoolean && input.kind != KindNull {
		return test
	}
	if input.kind == KindList && len(input.list()) == 1 {
		input = input.list()[0]
	}
	return m.equal(input, test)
}

// matchesList is true when the input equals the list or lies in one of its items.
func (m *machine) matchesList(input, test Value) Value {
	if input.kind == KindList && m.same(input, test) {
		return yes
	}
	for _, item := range test.list() {
		m.tick(1)
		if item.kind == KindRange {
			if inside, _ := m.within(item.interval(), input); inside {
				return yes
			}
		}
		if m.same(input, item) {
			return yes
		}
	}
	return no
}
