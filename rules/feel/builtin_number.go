package feel

import "github.com/cockroachdb/apd/v3"

func numberBuiltins() []*builtin {
	return []*builtin{
		named("decimal", define("n: number, scale: number", rounding(apd.RoundHalfEven))),
		named("floor", define("n: number, scale?: number", rounding(apd.RoundFloor))),
		named("ceiling", define("n: number, scale?: number", rounding(apd.RoundCeiling))),
		named("round up", define("n: number, scale: number", rounding(apd.RoundUp))),
		named("round down", define("n: number, scale: number", rounding(apd.RoundDown))),
		named("round half up", define("n: number, scale: number", rounding(apd.RoundHalfUp))),
		named("round half down", define("n: number, scale: number", rounding(apd.RoundHalfDown))),
		named("abs", define("n: number|days|years", absolute)),
		named("modulo", define("dividend: number, divisor: number", function2("modulo", moduloNumbers))),
		named("sqrt", define("number: number", function1("sqrt", decimals.Sqrt))),
		named("log", define("number: number", function1("log", decimals.Ln))),
		named("exp", define("number: number", function1("exp", decimals.Exp))),
		named("odd", define("number: number", parity(1))),
		named("even", define("number: number", parity(0))),
	}
}

const (
	roundScaleMin = -6111
	roundScaleMax = 6176
)

func rounding(mode apd.Rounder) func(*machine, pos, []Value) Value {
	return func(m *machine, at pos, a []Value) Value {
		scale := int64(0)
		if a[1].kind == KindNumber {
			whole, ok := a[1].whole()
			if !ok || whole < roundScaleMin || whole > roundScaleMax {
				return m.fail(at, "the scale %s is out of range", a[1].String())
			}
			scale = whole
		}
		m.tick(8)
		v := roundTo(a[0], int32(scale), mode)
		if v.kind == KindNull {
			return m.fail(at, "the rounded number is out of range")
		}
		return v
	}
}

func absolute(_ *machine, _ pos, a []Value) Value {
	v := a[0]
	if v.kind == KindNumber {
		return absNumber(v)
	}
	if v.n < 0 || v.nanos < 0 {
		return negateDuration(v)
	}
	return v
}

func function1(name string, op func(d, x *apd.Decimal) (apd.Condition, error)) func(*machine, pos, []Value) Value {
	return func(m *machine, at pos, a []Value) Value {
		m.tick(3000)
		v := applyDecimal(op, a[0])
		if v.kind == KindNull {
			return m.fail(at, "%s(%s) has no value", name, a[0].String())
		}
		return v
	}
}

func function2(name string, op func(a, b Value) Value) func(*machine, pos, []Value) Value {
	return func(m *machine, at pos, a []Value) Value {
		m.tick(8)
		if a[0].ref != nil || a[1].ref != nil {
			m.tick(2500)
		}
		v := op(a[0], a[1])
		if v.kind == KindNull {
			return m.fail(at, "%s(%s, %s) has no value", name, a[0].String(), a[1].String())
		}
		return v
	}
}

func parity(want int64) func(*machine, pos, []Value) Value {
	return func(m *machine, at pos, a []Value) Value {
		rest := moduloNumbers(a[0], Int(2))
		n, ok := rest.integer()
		if !ok {
			return m.fail(at, "%s is no whole number", a[0].String())
		}
		return Boolean(n == want)
	}
}
