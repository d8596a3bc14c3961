package rules

import (
	"cmp"
	"math/bits"
	"slices"
)

// intervals say which rules a number passes. The bounds cut the numbers into segments: 2i+1 is the bound i itself,
// 2i what lies before it. Every few segments there is a set of the rules that pass there, and for each segment
// what changes from the one before.
type intervals struct {
	scale   int
	bounds  []int64 // ascending, at the scale
	stride  int
	sets    []bitset // at every stride-th segment
	offsets []int32  // of the changes of each segment
	changes []int32
}

// setsBytes bounds the memory of the sets of one column.
const setsBytes = 256 << 10

// newIntervals is nil when there is nothing to index, or no scale that all bounds fit.
func newIntervals(spread map[int][]span, size int) *intervals {
	x := &intervals{}
	if len(spread) == 0 || !x.cut(spread) {
		return nil
	}
	x.count(spread)
	x.build(size)
	return x
}

// cut finds the scale and the bounds.
func (x *intervals) cut(spread map[int][]span) bool {
	var ends []decimal
	for _, spans := range spread {
		for _, s := range spans {
			if s.hasLow {
				ends = append(ends, s.low)
			}
			if s.hasHigh {
				ends = append(ends, s.high)
			}
		}
	}
	for _, d := range ends {
		x.scale = max(x.scale, d.scale)
	}
	x.bounds = make([]int64, 0, len(ends))
	for _, d := range ends {
		n, ok := d.at(x.scale)
		if !ok {
			return false
		}
		x.bounds = append(x.bounds, n)
	}
	slices.Sort(x.bounds)
	x.bounds = slices.Compact(x.bounds)
	return true
}

// at is the coefficient at a scale that is not smaller.
func (d decimal) at(scale int) (int64, bool) {
	size := uint64(max(d.coefficient, -d.coefficient))
	high, low := bits.Mul64(size, powers[scale-d.scale])
	if high != 0 || low > 1<<62 {
		return 0, false
	}
	if d.coefficient < 0 {
		return -int64(low), true
	}
	return int64(low), true
}

// stretch is a run of segments.
type stretch struct{ from, to int }

// count lists the changes at each segment.
func (x *intervals) count(spread map[int][]span) {
	type change struct{ segment, rule int }
	var all []change
	for rule, spans := range spread {
		for _, s := range x.stretches(spans) {
			all = append(all, change{s.from, rule}, change{s.to + 1, rule})
		}
	}
	slices.SortFunc(all, func(a, b change) int { return cmp.Or(cmp.Compare(a.segment, b.segment), cmp.Compare(a.rule, b.rule)) })
	x.offsets = make([]int32, 2*len(x.bounds)+3)
	x.changes = make([]int32, len(all))
	for i, c := range all {
		x.offsets[c.segment+1]++
		x.changes[i] = int32(c.rule)
	}
	for i := 1; i < len(x.offsets); i++ {
		x.offsets[i] += x.offsets[i-1]
	}
}

// stretches are the segments of the spans, without overlaps: each end of one is a change.
func (x *intervals) stretches(spans []span) []stretch {
	found := make([]stretch, 0, len(spans))
	for _, s := range spans {
		if one := x.stretch(s); one.from <= one.to {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b stretch) int { return cmp.Compare(a.from, b.from) })
	merged := found[:0]
	for _, s := range found {
		if last := len(merged) - 1; last >= 0 && s.from <= merged[last].to+1 {
			merged[last].to = max(merged[last].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

func (x *intervals) stretch(s span) stretch {
	out := stretch{0, 2 * len(x.bounds)}
	if s.hasLow {
		out.from = x.segment(s.low)
		if !s.lowIn {
			out.from++
		}
	}
	if s.hasHigh {
		out.to = x.segment(s.high)
		if !s.highIn {
			out.to--
		}
	}
	return out
}

// build makes the sets.
func (x *intervals) build(size int) {
	segments := 2*len(x.bounds) + 1
	current := newBitset(size)
	x.stride = 1 + segments*len(current)*8/setsBytes
	for segment := range segments {
		x.apply(current, segment)
		if segment%x.stride == 0 {
			x.sets = append(x.sets, slices.Clone(current))
		}
	}
}

func (x *intervals) apply(set bitset, segment int) {
	for _, rule := range x.changes[x.offsets[segment]:x.offsets[segment+1]] {
		set.flip(int(rule))
	}
}

// segment finds where a number lies.
func (x *intervals) segment(d decimal) int {
	n, exact := x.coefficient(d)
	i, found := slices.BinarySearch(x.bounds, n)
	switch {
	case found && exact:
		return 2*i + 1
	case found:
		return 2*i + 2 // a little above the bound
	}
	return 2 * i
}

// coefficient is d at the scale of the bounds, rounded down when it has more digits; what is larger than every
// bound stays larger.
func (x *intervals) coefficient(d decimal) (n int64, exact bool) {
	if d.scale <= x.scale {
		if n, ok := d.at(x.scale); ok {
			return n, true
		}
		if d.coefficient < 0 {
			return -1 << 63, false
		}
		return 1<<63 - 1, false
	}
	unit := int64(powers[d.scale-x.scale])
	n = d.coefficient / unit
	if d.coefficient%unit == 0 {
		return n, true
	}
	if d.coefficient < 0 {
		n--
	}
	return n, false
}

// read writes the rules that a number passes into a set.
func (x *intervals) read(set bitset, d decimal) {
	segment := x.segment(d)
	start := segment / x.stride
	copy(set, x.sets[start])
	for s := start*x.stride + 1; s <= segment; s++ {
		x.apply(set, s)
	}
}
