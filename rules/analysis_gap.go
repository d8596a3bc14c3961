package rules

import (
	"encoding/binary"
	"slices"
)

// workMax bounds the work on one model, in words of sets and cells that are looked at: well below a second.
const workMax = 100_000_000

// gaps looks for inputs that no rule matches; a table with default outputs has none.
func (a *analysis) gaps() {
	for i := range a.outputs {
		if a.outputs[i].fallback != nil {
			return
		}
	}
	every := newBitset(len(a.rules))
	every.fill(len(a.rules))
	s := search{analysis: a, covered: map[string]bool{}, found: func(region []stretch) bool {
		a.report(codeGap, -1, "no rule matches when %s; for example %s", a.describe(region), a.example(region))
		return a.counted[codeGap] <= foundMax
	}}
	s.run(0, every, make([]stretch, len(a.axes)))
}

// search walks the segments axis by axis with the rules that are left; where none is left is a gap.
type search struct {
	*analysis
	within  [][]stretch // per axis: the segments to look at; nil for all that are allowed
	covered map[string]bool
	found   func(region []stretch) (goOn bool)
	stopped bool
}

// run reports whether the part of the region from the axis on is covered.
func (s *search) run(axis int, rules bitset, region []stretch) bool {
	if rules.empty() {
		for i := axis; i < len(s.axes); i++ {
			region[i] = s.free(i)
		}
		s.stopped = s.stopped || !s.found(region)
		return false
	}
	if s.stopped || *s.work > workMax {
		s.stopped = true
		return false
	}
	if rules.meets(s.tails[axis]) {
		return true
	}
	key := keyOf(axis, rules)
	if s.covered[key] {
		return true
	}
	whole := true
	for _, run := range s.runs(axis, rules) {
		region[axis] = run.stretch
		whole = s.run(axis+1, run.rules, region) && whole
		if s.stopped {
			return false
		}
	}
	if whole {
		s.covered[key] = true
	}
	return whole
}

// free is the first stretch of an axis that may be looked at.
func (s *search) free(axis int) stretch {
	x := &s.axes[axis]
	out := stretch{-1, -1}
	for i := range x.size {
		switch {
		case !s.looks(axis, i):
			if out.from >= 0 {
				return out
			}
		case out.from < 0:
			out = stretch{i, i}
		default:
			out.to = i
		}
	}
	return out
}

func (s *search) looks(axis, segment int) bool {
	if !s.axes[axis].allowed[segment] {
		return false
	}
	if s.within == nil {
		return true
	}
	for _, part := range s.within[axis] {
		if part.from <= segment && segment <= part.to {
			return true
		}
	}
	return false
}

// same is a run of segments in which the same rules are left.
type same struct {
	stretch
	rules bitset
}

func (s *search) runs(axis int, rules bitset) []same {
	x := &s.axes[axis]
	*s.work += x.size * len(rules)
	left := make(bitset, len(rules))
	var found []same
	for i := range x.size {
		if !s.looks(axis, i) {
			continue
		}
		copy(left, rules)
		left.and(x.sets[i])
		if last := len(found) - 1; last >= 0 && found[last].to == i-1 && found[last].rules.equal(left) {
			found[last].to = i
			continue
		}
		found = append(found, same{stretch{i, i}, slices.Clone(left)})
	}
	return found
}

func keyOf(axis int, rules bitset) string {
	key := make([]byte, 0, 1+8*len(rules))
	key = append(key, byte(axis))
	for _, word := range rules {
		key = binary.LittleEndian.AppendUint64(key, word)
	}
	return string(key)
}

func (b bitset) meets(c bitset) bool {
	for i := range b {
		if b[i]&c[i] != 0 {
			return true
		}
	}
	return false
}

func (b bitset) equal(c bitset) bool {
	for i := range b {
		if b[i] != c[i] {
			return false
		}
	}
	return true
}
