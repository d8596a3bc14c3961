package rules

import "math/bits"

// bitset is a set of rule numbers.
type bitset []uint64

func newBitset(size int) bitset { return make(bitset, (size+63)/64) }

func (b bitset) set(i int)   { b[i/64] |= 1 << (i % 64) }
func (b bitset) unset(i int) { b[i/64] &^= 1 << (i % 64) }
func (b bitset) flip(i int)  { b[i/64] ^= 1 << (i % 64) }

// and keeps what is in c too.
func (b bitset) and(c bitset) {
	for i := range b {
		b[i] &= c[i]
	}
}

// andUnion keeps what is in c or d.
func (b bitset) andUnion(c, d bitset) {
	for i := range b {
		b[i] &= c[i] | d[i]
	}
}

func (b bitset) empty() bool {
	for _, word := range b {
		if word != 0 {
			return false
		}
	}
	return true
}

// fill sets the first n.
func (b bitset) fill(n int) {
	for i := range b {
		b[i] = ^uint64(0)
	}
	if rest := n % 64; rest != 0 {
		b[len(b)-1] = 1<<rest - 1
	}
}

// next returns the first member from i on, -1 when there is none.
func (b bitset) next(i int) int {
	for w := i / 64; w < len(b); w++ {
		word := b[w]
		if w == i/64 {
			word &= ^uint64(0) << (i % 64)
		}
		if word != 0 {
			return w*64 + bits.TrailingZeros64(word)
		}
	}
	return -1
}
