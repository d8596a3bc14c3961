package feel

import (
	"cmp"
	"math"
	"math/bits"

	"github.com/cockroachdb/apd/v3"
)

// Numbers are those of IEEE 754 decimal128 (DMN 1.5, 10.3.2.3.1): 34 digits, rounded half to even,
// without infinities and NaN. What fits into an int64 (the smallest one excepted, so that signs can
// turn) with at most 18 decimals stays there.

const (
	digitsMax   = 34
	scaleMax    = 18
	exponentMax = 6144
	exponentMin = -6143
)

var decimals = apd.Context{
	Precision:   digitsMax,
	MaxExponent: exponentMax,
	MinExponent: exponentMin,
	Traps:       apd.DefaultTraps,
	Rounding:    apd.RoundHalfEven,
}

var powersOfTen = func() (p [scaleMax + 1]int64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

func small(n int64, scale uint8) Value {
	return Value{head: head{kind: KindNumber, scale: scale}, n: n}
}

// decimal returns v as a decimal that the caller must not change.
func (v Value) decimal() *apd.Decimal {
	if v.ref != nil {
		return v.ref.(*apd.Decimal)
	}
	return apd.New(v.n, -int32(v.scale))
}

// numberOf returns the number for d, which becomes the property of the value. The number is null
// when d is none.
func numberOf(d *apd.Decimal) Value {
	if d.Form != apd.Finite {
		return Null
	}
	if d.IsZero() {
		return Int(0)
	}
	d.Reduce(d)
	if !d.Coeff.IsInt64() || d.Exponent < -scaleMax || d.Exponent > scaleMax {
		return Value{head: head{kind: KindNumber}, ref: d}
	}
	n := d.Coeff.Int64()
	if d.Negative {
		n = -n
	}
	if d.Exponent <= 0 {
		return small(n, uint8(-d.Exponent))
	}
	if product, ok := mul64(n, powersOfTen[d.Exponent]); ok {
		return Int(product)
	}
	return Value{head: head{kind: KindNumber}, ref: d}
}

// parseNumber reads a number as JSON and FEEL literals write it and rounds it to 34 digits.
func parseNumber(text string) (Value, bool) {
	if n, scale, ok := parseSmall(text); ok {
		return small(n, scale), true
	}
	if len(text) > 4096 {
		return Null, false
	}
	d, _, err := apd.NewFromString(text)
	if err != nil {
		return Null, false
	}
	if _, err := decimals.Round(d, d); err != nil {
		return Null, false
	}
	v := numberOf(d)
	return v, v.kind == KindNumber
}

// parseSmall reads a number of at most 18 digits without an exponent.
func parseSmall(text string) (n int64, scale uint8, ok bool) {
	rest := text
	negative := rest != "" && rest[0] == '-'
	if negative {
		rest = rest[1:]
	}
	point, digits := -1, 0
	for i := range len(rest) {
		switch c := rest[i]; {
		case c >= '0' && c <= '9' && digits < scaleMax:
			n = n*10 + int64(c-'0')
			digits++
		case c == '.' && point < 0:
			point = i
		default:
			return 0, 0, false
		}
	}
	if negative {
		n = -n
	}
	if point >= 0 {
		scale = uint8(len(rest) - point - 1)
	}
	return n, scale, digits > 0
}

func mul64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func add64(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0) && sum != math.MinInt64
}

// align brings two small numbers to one scale.
func align(a, b Value) (x, y int64, scale uint8, ok bool) {
	switch {
	case a.scale == b.scale:
		return a.n, b.n, a.scale, true
	case a.scale > b.scale:
		y, ok = mul64(b.n, powersOfTen[a.scale-b.scale])
		return a.n, y, a.scale, ok
	default:
		x, ok = mul64(a.n, powersOfTen[b.scale-a.scale])
		return x, b.n, b.scale, ok
	}
}

// compareNumbers returns -1, 0 or 1.
func compareNumbers(a, b Value) int {
	if a.ref == nil && b.ref == nil {
		if x, y, _, ok := align(a, b); ok {
			return cmp.Compare(x, y)
		}
	}
	return a.decimal().Cmp(b.decimal())
}

func sign(v Value) int {
	if v.ref != nil {
		return v.ref.(*apd.Decimal).Sign()
	}
	return cmp.Compare(v.n, 0)
}

// integer returns the number as an int64 when it is a whole number of that size.
func (v Value) integer() (int64, bool) {
	if v.kind != KindNumber || v.ref != nil {
		return 0, false
	}
	p := powersOfTen[v.scale]
	return v.n / p, v.n%p == 0
}

// whole returns the integer part, cut towards zero, of a number that fits into an int64.
func (v Value) whole() (int64, bool) {
	if v.kind != KindNumber {
		return 0, false
	}
	if v.ref == nil {
		return v.n / powersOfTen[v.scale], true
	}
	cut := roundTo(v, 0, apd.RoundDown)
	return cut.integer()
}
