package rules

import (
	"strings"

	"tallystick/rules/feel"
)

// overlaps looks for pairs of rules that match the same input, where the hit policy cares.
func (a *analysis) overlaps() {
	if !a.single() {
		a.twins()
		return
	}
	any, differing := false, false
	for j := range a.rules {
		if *a.work += j * len(a.axes); *a.work > workMax {
			return
		}
		for i := range j {
			region, ok := a.overlap(i, j)
			if !ok {
				continue
			}
			any = true
			alike := a.sameOutputs(i, j)
			differing = differing || !alike
			a.pair(i, j, alike, region)
		}
	}
	a.advise(any, differing)
}

// single reports whether the policy yields one rule.
func (a *analysis) single() bool {
	switch a.policy.name {
	case unique, anyHit, first, priority:
		return true
	}
	return false
}

// pair tells what an overlap means under the hit policy.
func (a *analysis) pair(i, j int, alike bool, region []stretch) {
	switch {
	case a.policy.name == unique:
		a.report(codeOverlap, j, "rules %d and %d both match when %s, which UNIQUE does not allow; for example %s",
			i+1, j+1, a.describe(region), a.example(region))
	case a.policy.name == anyHit && !alike:
		a.report(codeOverlap, j, "rules %d and %d both match when %s and differ in their outputs, which ANY does not allow; for example %s",
			i+1, j+1, a.describe(region), a.example(region))
	case a.policy.name == anyHit && a.covers(i, j):
		a.report(codeRedundant, j, "rule %d is not needed: rule %d matches whenever it does, with the same outputs", j+1, i+1)
	case a.policy.name == anyHit && a.covers(j, i):
		a.report(codeRedundant, i, "rule %d is not needed: rule %d matches whenever it does, with the same outputs", i+1, j+1)
	}
}

// advise names a hit policy that says more about the table.
func (a *analysis) advise(any, differing bool) {
	decidable := true
	for i := range a.axes {
		for _, e := range a.axes[i].entries {
			decidable = decidable && !e.opaque
		}
	}
	switch {
	case a.policy.name == unique && any && !differing:
		a.report(codePolicy, -1, "overlapping rules have the same outputs: hit policy ANY would fit")
	case a.policy.name == unique && any:
		a.report(codePolicy, -1, "rules overlap with different outputs: hit policy FIRST or PRIORITY would say which one counts")
	case a.policy.name != unique && !any && decidable && len(a.rules) > 1:
		a.report(codePolicy, -1, "no two rules overlap: hit policy UNIQUE says so, and holds later changes to it")
	}
}

// twins finds rules that are written twice, where all hits count.
func (a *analysis) twins() {
	seen := map[string]int{}
	for number := range a.rules {
		outputs, constant := a.outputsOf(number)
		if !constant {
			continue
		}
		var key strings.Builder
		for i := range a.axes {
			key.WriteString(a.axes[i].entries[number].source + "\x00")
		}
		key.WriteString(feel.ListOf(outputs...).JSON())
		if before, twice := seen[key.String()]; twice {
			a.report(codeRedundant, number, "rule %d is the same as rule %d", number+1, before+1)
			continue
		}
		seen[key.String()] = number
	}
}

// overlap is where two rules both match, within the input values; false when they do not, or when only FEEL
// could say.
func (a *analysis) overlap(i, j int) ([]stretch, bool) {
	for axis := range a.axes {
		if !a.axes[axis].meet(i, j) {
			return nil, false
		}
	}
	region := make([]stretch, len(a.axes))
	for axis := range a.axes {
		common, ok := a.axes[axis].common(i, j)
		if !ok {
			return nil, false
		}
		region[axis] = common
	}
	return region, true
}

// meet is a quick look for whether two entries have a segment in common.
func (x *axis) meet(i, j int) bool {
	e, f := &x.entries[i], &x.entries[j]
	if (e.opaque || f.opaque) && !(e.all || f.all) && e.source != f.source {
		return false
	}
	for _, s := range e.segments {
		for _, r := range f.segments {
			if s.from <= r.to && r.from <= s.to {
				return true
			}
		}
	}
	return false
}

// common is the first stretch that two entries share and that is allowed.
func (x *axis) common(i, j int) (stretch, bool) {
	for _, s := range x.entries[i].segments {
		for _, r := range x.entries[j].segments {
			from, to := max(s.from, r.from), min(s.to, r.to)
			for from <= to && !x.allowed[from] {
				from++
			}
			end := from
			for end < to && x.allowed[end+1] {
				end++
			}
			if from <= to {
				return stretch{from, end}, true
			}
		}
	}
	return stretch{}, false
}

// covers reports whether rule i matches whenever rule j does.
func (a *analysis) covers(i, j int) bool {
	for axis := range a.axes {
		e, f := &a.axes[axis].entries[i], &a.axes[axis].entries[j]
		if e.all {
			continue
		}
		if e.opaque || f.opaque {
			if e.source != f.source {
				return false
			}
			continue
		}
		for _, s := range f.segments {
			if !a.axes[axis].includes(e.segments, s) {
				return false
			}
		}
	}
	return true
}

// includes reports whether the allowed part of a stretch lies in the segments.
func (x *axis) includes(segments []stretch, s stretch) bool {
	for i := s.from; i <= s.to; i++ {
		inside := !x.allowed[i]
		for _, r := range segments {
			inside = inside || r.from <= i && i <= r.to
		}
		if !inside {
			return false
		}
	}
	return true
}

// outputsOf are the output values of a rule, when they do not depend on the input.
func (a *analysis) outputsOf(number int) ([]feel.Value, bool) {
	values := make([]feel.Value, len(a.outputs))
	for i, e := range a.rules[number].outputs {
		c, ok := e.(constant)
		if !ok {
			return nil, false
		}
		values[i] = c.value
	}
	return values, true
}

func (a *analysis) sameOutputs(i, j int) bool {
	x, xConstant := a.outputsOf(i)
	y, yConstant := a.outputsOf(j)
	if !xConstant || !yConstant {
		return false
	}
	for n := range x {
		if !x[n].Equal(y[n]) && !(x[n].IsNull() && y[n].IsNull()) {
			return false
		}
	}
	return true
}
