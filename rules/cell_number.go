package rules

import (
	"cmp"
	"math/bits"
	"strings"
)

// decimal is a number of at most 18 digits, coefficient / 10^scale. Longer numbers are left to FEEL.
type decimal struct {
	coefficient int64
	scale       int
}

const maxDigits = 18

var powers = func() (p [maxDigits + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// parseDecimal reads digits with an optional sign and fraction, and nothing else.
func parseDecimal(text string) (decimal, bool) {
	digits, negative := strings.CutPrefix(text, "-")
	whole, fraction, pointed := strings.Cut(digits, ".")
	if whole == "" || (pointed && fraction == "") || len(whole)+len(fraction) > maxDigits {
		return decimal{}, false
	}
	n := int64(0)
	for _, part := range []string{whole, fraction} {
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				return decimal{}, false
			}
			n = n*10 + int64(part[i]-'0')
		}
	}
	if negative {
		n = -n
	}
	return decimal{coefficient: n, scale: len(fraction)}, true
}

// compare orders two decimals exactly.
func (d decimal) compare(e decimal) int {
	if d.scale == e.scale || (d.coefficient < 0) != (e.coefficient < 0) {
		return cmp.Compare(d.coefficient, e.coefficient)
	}
	if d.coefficient < 0 {
		return -compareSizes(decimal{-d.coefficient, d.scale}, decimal{-e.coefficient, e.scale})
	}
	return compareSizes(d, e)
}

// compareSizes orders two decimals that are not negative, in 128 bits.
func compareSizes(d, e decimal) int {
	common := max(d.scale, e.scale)
	dHigh, dLow := bits.Mul64(uint64(d.coefficient), powers[common-d.scale])
	eHigh, eLow := bits.Mul64(uint64(e.coefficient), powers[common-e.scale])
	return cmp.Or(cmp.Compare(dHigh, eHigh), cmp.Compare(dLow, eLow))
}

// span is an interval of numbers; an end that is not bounded lets everything pass.
type span struct {
	low, high     decimal
	hasLow, lowIn bool
	hasHigh       bool
	highIn        bool
}

func (s *span) contains(d decimal) bool {
	if s.hasLow {
		if c := d.compare(s.low); c < 0 || (c == 0 && !s.lowIn) {
			return false
		}
	}
	if s.hasHigh {
		if c := d.compare(s.high); c > 0 || (c == 0 && !s.highIn) {
			return false
		}
	}
	return true
}
