package feel

func isDuration(v Value) bool { return v.kind == KindDaysDuration || v.kind == KindYearsDuration }

func isTemporal(v Value) bool {
	return v.kind == KindDate || v.kind == KindTime || v.kind == KindDateTime
}

// arith applies an operator to values and explains a null.
func (m *machine) arith(at pos, op string, a, b Value) Value {
	var v Value
	switch op {
	case "+":
		v = m.add(a, b)
	case "-":
		v = subtract(a, b)
	case "*":
		v = multiply(a, b)
	case "/":
		v = divide(a, b)
	default:
		if a.kind == KindNumber && b.kind == KindNumber {
			m.tick(powerSteps(b))
			v = powerNumbers(a, b)
		}
	}
	if v.kind == KindNull {
		return m.fail(at, "%s %s %s has no result", a.kind, op, b.kind)
	}
	if v.ref != nil {
		m.tick(8)
	}
	return v
}

// powerSteps is the price of an exponent: a few products, many, or a logarithm.
func powerSteps(exponent Value) int {
	n, ok := exponent.integer()
	switch {
	case !ok:
		return 12_000
	case n >= -8 && n <= 8:
		return 50
	default:
		return 800
	}
}

func (m *machine) add(a, b Value) Value {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		return addNumbers(a, b)
	case a.kind == KindString && b.kind == KindString:
		m.textSize(len(a.text()) + len(b.text()))
		return Text(a.text() + b.text())
	case isTemporal(a) && isDuration(b):
		return addDuration(a, b)
	case isDuration(a) && isTemporal(b):
		return addDuration(b, a)
	case isDuration(a) && a.kind == b.kind:
		return addDurations(a, b)
	default:
		return Null
	}
}

func subtract(a, b Value) Value {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		return subtractNumbers(a, b)
	case isTemporal(a) && isDuration(b):
		return addDuration(a, negateDuration(b))
	case isTemporal(a) && isTemporal(b):
		return subtractInstants(a, b)
	case isDuration(a) && a.kind == b.kind:
		return addDurations(a, negateDuration(b))
	default:
		return Null
	}
}

func multiply(a, b Value) Value {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		return multiplyNumbers(a, b)
	case isDuration(a) && b.kind == KindNumber:
		return scaleDuration(a, multiplyNumbers(quantity(a), b))
	case a.kind == KindNumber && isDuration(b):
		return scaleDuration(b, multiplyNumbers(a, quantity(b)))
	default:
		return Null
	}
}

func divide(a, b Value) Value {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		return divideNumbers(a, b)
	case isDuration(a) && b.kind == KindNumber:
		return scaleDuration(a, divideNumbers(quantity(a), b))
	case isDuration(a) && a.kind == b.kind:
		return divideNumbers(quantity(a), quantity(b))
	default:
		return Null
	}
}

func scaleDuration(d, n Value) Value {
	if n.kind != KindNumber {
		return Null
	}
	return durationOf(d.kind, n)
}

func (m *machine) negate(at pos, v Value) Value {
	switch {
	case v.kind == KindNumber:
		return negateNumber(v)
	case isDuration(v):
		return negateDuration(v)
	default:
		return m.fail(at, "- %s has no result", v.kind)
	}
}

// compare applies a comparison operator.
func (m *machine) compare(at pos, op string, a, b Value) Value {
	m.tick(1)
	switch op {
	case "=":
		return m.compareEqual(at, a, b)
	case "!=":
		return not(m.compareEqual(at, a, b))
	}
	c, ok := m.order(a, b)
	if !ok {
		return m.fail(at, "%s %s %s can not be compared", a.kind, op, b.kind)
	}
	return Boolean(ordered(op, c))
}

func (m *machine) compareEqual(at pos, a, b Value) Value {
	v := m.equal(a, b)
	if v.kind == KindNull {
		return m.fail(at, "a %s and a %s can not be equal", a.kind, b.kind)
	}
	return v
}

func ordered(op string, c int) bool {
	switch op {
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	default:
		return c >= 0
	}
}

func not(v Value) Value {
	if v.kind != KindBoolean {
		return Null
	}
	return Boolean(v.n == 0)
}

// and and or follow the tables of three-valued logic; what is no boolean counts as null.
func and(a, b Value) Value {
	switch {
	case a.kind == KindBoolean && a.n == 0, b.kind == KindBoolean && b.n == 0:
		return no
	case a.kind == KindBoolean && b.kind == KindBoolean:
		return yes
	}
	return Null
}

func or(a, b Value) Value {
	switch {
	case a.isTrue(), b.isTrue():
		return yes
	case a.kind == KindBoolean && b.kind == KindBoolean:
		return no
	}
	return Null
}

// makeRange builds a range from evaluated end points; ok tells which of them were written.
func (m *machine) makeRange(at pos, r interval, hasStart, hasEnd bool) Value {
	if hasStart && hasEnd {
		c, ok := m.order(r.start, r.end)
		if !ok {
			return m.fail(at, "a range from %s to %s", r.start.kind, r.end.kind)
		}
		if c > 0 {
			return m.fail(at, "the range starts after its end")
		}
		return r.value()
	}
	point := r.start
	if hasEnd {
		point = r.end
	}
	if _, ok := m.order(point, point); !ok {
		return m.fail(at, "a range of %s", point.kind)
	}
	return r.value()
}
