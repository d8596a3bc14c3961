package feel

import "github.com/cockroachdb/apd/v3"

// The arithmetic of numbers; every function returns null where decimal128 has no finite result.

type arithmetic func(d, x, y *apd.Decimal) (apd.Condition, error)

func exact(op arithmetic, a, b Value) Value {
	d := new(apd.Decimal)
	if _, err := op(d, a.decimal(), b.decimal()); err != nil {
		return Null
	}
	return numberOf(d)
}

func addNumbers(a, b Value) Value {
	if a.ref == nil && b.ref == nil {
		if x, y, scale, ok := align(a, b); ok {
			if sum, ok := add64(x, y); ok {
				return small(sum, scale)
			}
		}
	}
	return exact(decimals.Add, a, b)
}

func subtractNumbers(a, b Value) Value {
	if a.ref == nil && b.ref == nil {
		return addNumbers(a, small(-b.n, b.scale))
	}
	return exact(decimals.Sub, a, b)
}

func multiplyNumbers(a, b Value) Value {
	if a.ref == nil && b.ref == nil && a.scale+b.scale <= scaleMax {
		if product, ok := mul64(a.n, b.n); ok {
			return small(product, a.scale+b.scale)
		}
	}
	return exact(decimals.Mul, a, b)
}

func divideNumbers(a, b Value) Value {
	if sign(b) == 0 {
		return Null
	}
	if a.ref == nil && b.ref == nil {
		if x, y, _, ok := align(a, b); ok && x%y == 0 {
			return Int(x / y)
		}
	}
	return exact(decimals.Quo, a, b)
}

func negateNumber(v Value) Value {
	if v.ref == nil {
		return small(-v.n, v.scale)
	}
	d := new(apd.Decimal)
	return numberOf(d.Neg(v.decimal()))
}

// powerExponentMax bounds the exponent of ** in value.
const powerExponentMax = 999_999_999

// powerNumbers returns a ** b; null for a root of a negative number and for zero to a negative power.
func powerNumbers(a, b Value) Value {
	bound := Int(powerExponentMax)
	if compareNumbers(b, bound) > 0 || compareNumbers(b, negateNumber(bound)) < 0 {
		return Null
	}
	if sign(b) == 0 {
		return Int(1)
	}
	if n, ok := b.integer(); ok {
		return powerInteger(a, n)
	}
	if sign(a) < 0 {
		return Null
	}
	return exact(decimals.Pow, a, b)
}

// powerInteger multiplies by squaring with spare digits, so that an exact power stays exact.
func powerInteger(a Value, n int64) Value {
	if sign(a) == 0 && n < 0 {
		return Null
	}
	wide := decimals
	wide.Precision = 2*digitsMax + 16
	wide.MaxExponent, wide.MinExponent = 4*exponentMax, 4*exponentMin
	base := new(apd.Decimal).Set(a.decimal())
	result := apd.New(1, 0)
	for left := magnitude(n); left > 0; left >>= 1 {
		if left&1 == 1 {
			if _, err := wide.Mul(result, result, base); err != nil {
				return Null
			}
		}
		if left > 1 {
			if _, err := wide.Mul(base, base, base); err != nil {
				return Null
			}
		}
	}
	one, op := apd.New(1, 0), decimals.Mul
	if n < 0 {
		op = decimals.Quo
	}
	d := new(apd.Decimal)
	if _, err := op(d, one, result); err != nil {
		return Null
	}
	return numberOf(d)
}

// roundTo rounds to a number of decimals; a negative scale rounds left of the point.
func roundTo(v Value, scale int32, mode apd.Rounder) Value {
	if v.ref == nil && scale >= int32(v.scale) {
		return v
	}
	x := v.decimal()
	if x.Exponent >= -scale {
		return v
	}
	if int64(x.Exponent)+x.NumDigits() < int64(-scale) {
		// All digits lie far below the kept ones; only the sign matters, and apd would drop it.
		x = apd.New(int64(x.Sign()), -scale-1)
	}
	// Quantize needs room for all digits that remain; more than 34 can not remain.
	context := apd.Context{
		Precision: digitsMax + 1, MaxExponent: apd.MaxExponent, MinExponent: apd.MinExponent,
		Traps: apd.DefaultTraps &^ apd.Subnormal, Rounding: mode,
	}
	d := new(apd.Decimal)
	if _, err := context.Quantize(d, x, -scale); err != nil {
		return Null
	}
	if _, err := decimals.Round(d, d); err != nil {
		return Null
	}
	return numberOf(d)
}

func absNumber(v Value) Value {
	if sign(v) < 0 {
		return negateNumber(v)
	}
	return v
}

// moduloNumbers returns a - b·floor(a/b).
func moduloNumbers(a, b Value) Value {
	if sign(b) == 0 {
		return Null
	}
	if a.ref == nil && b.ref == nil {
		if x, y, scale, ok := align(a, b); ok {
			rest := x % y
			if rest != 0 && (rest < 0) != (y < 0) {
				rest += y
			}
			return small(rest, scale)
		}
	}
	return moduloExact(a, b)
}

// moduloExact gives the remainder as many digits as the whole quotient has.
func moduloExact(a, b Value) Value {
	x, y := a.decimal(), b.decimal()
	quotient := int64(x.Exponent) + x.NumDigits() - int64(y.Exponent) - y.NumDigits()
	wide := decimals
	wide.Precision = uint32(max(quotient, 0)) + 2*digitsMax
	rest := exact(wide.Rem, a, b)
	if rest.kind == KindNull || sign(rest) == 0 || sign(rest) == sign(b) {
		return rest
	}
	return addNumbers(rest, b)
}

// applyDecimal runs a function of one argument: Sqrt, Exp, Ln.
func applyDecimal(op func(d, x *apd.Decimal) (apd.Condition, error), v Value) Value {
	d := new(apd.Decimal)
	if _, err := op(d, v.decimal()); err != nil {
		return Null
	}
	return numberOf(d)
}
