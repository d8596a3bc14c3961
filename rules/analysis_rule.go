package rules

import "tallystick/rules/feel"

// masked looks for rules that never decide: earlier ones match whenever they do (FIRST), or ones of a higher
// priority (PRIORITY).
func (a *analysis) masked() {
	if a.policy.name != first && a.policy.name != priority {
		return
	}
	ranks := a.ranks()
	for j := range a.rules {
		if *a.work += j * len(a.axes); *a.work > workMax {
			return
		}
		stronger := newBitset(len(a.rules))
		for i := range a.rules {
			if a.stronger(ranks, i, j) && a.definite(i) {
				stronger.set(i)
			}
		}
		if stronger.empty() {
			continue
		}
		if i := a.coveredBy(stronger, j); i >= 0 {
			a.report(codeMasked, j, "rule %d never decides: rule %d comes before it and matches whenever it does", j+1, i+1)
			continue
		}
		if a.coveredTogether(stronger, j) {
			a.report(codeMasked, j, "rule %d never decides: the rules that come before it match together whenever it does", j+1)
		}
	}
}

// ranks are the places of the rules under PRIORITY, by their first output column; nil under FIRST, or when an
// output is not known.
func (a *analysis) ranks() []int {
	if a.policy.name == first || len(a.outputs) != 1 || a.outputs[0].order == nil {
		return nil
	}
	values, ok := a.outputs[0].order.program.Constant()
	order, isList := values.List()
	if !ok || !isList {
		return nil
	}
	ranks := make([]int, len(a.rules))
	for number := range a.rules {
		outputs, constant := a.outputsOf(number)
		if !constant {
			return nil
		}
		ranks[number] = len(order)
		for place, v := range order {
			if v.Equal(outputs[0]) {
				ranks[number] = min(ranks[number], place)
			}
		}
	}
	return ranks
}

// stronger reports whether rule i counts more than rule j where both match.
func (a *analysis) stronger(ranks []int, i, j int) bool {
	if a.policy.name == first {
		return i < j
	}
	return ranks != nil && (ranks[i] < ranks[j] || ranks[i] == ranks[j] && i < j)
}

func (a *analysis) definite(number int) bool {
	for i := range a.axes {
		if a.axes[i].entries[number].opaque {
			return false
		}
	}
	return true
}

func (a *analysis) coveredBy(stronger bitset, j int) int {
	for i := stronger.next(0); i >= 0; i = stronger.next(i + 1) {
		if a.covers(i, j) {
			return i
		}
	}
	return -1
}

// coveredTogether searches the region of rule j for a gap between the stronger rules.
func (a *analysis) coveredTogether(stronger bitset, j int) bool {
	if *a.work > workMax {
		return false
	}
	s := search{analysis: a, covered: map[string]bool{}, found: func([]stretch) bool { return false }}
	for i := range a.axes {
		s.within = append(s.within, a.axes[i].entries[j].segments)
	}
	return s.run(0, stronger, make([]stretch, len(a.axes)))
}

// values looks for cells that test for something outside of the input values.
func (a *analysis) values() {
	for number := range a.rules {
		for i := range a.axes {
			x := &a.axes[i]
			if e := &x.entries[number]; !e.all && !e.opaque && !x.possible(e.segments) {
				a.report(codeValue, number, "rule %d never matches: %s of column %q is not among its input values",
					number+1, e.source, a.inputs[i].name)
			}
		}
	}
}

func (x *axis) possible(segments []stretch) bool {
	for _, s := range segments {
		for i := s.from; i <= s.to; i++ {
			if x.allowed[i] {
				return true
			}
		}
	}
	return false
}

// outputValues looks for output values that no rule yields, and for outputs that are not among them.
func (a *analysis) outputValues() {
	for column := range a.outputs {
		out := &a.outputs[column]
		if out.order == nil {
			continue
		}
		values, ok := out.order.program.Constant()
		order, isList := values.List()
		if ok && isList {
			a.outputColumn(out, column, order)
		}
	}
}

func (a *analysis) outputColumn(out *outputClause, column int, order []feel.Value) {
	used, all := make([]bool, len(order)), true
	note := func(v feel.Value) bool {
		known := false
		for place, value := range order {
			if value.Equal(v) || value.Kind() == feel.KindRange {
				used[place], known = true, true
			}
		}
		return known
	}
	for number := range a.rules {
		c, constant := a.rules[number].outputs[column].(constant)
		if all = all && constant; !constant || c.value.IsNull() {
			continue
		}
		if !note(c.value) {
			a.report(codeOutput, number, "output %q of rule %d is %s, which is not among its output values", out.title(), number+1, show(c.value))
		}
	}
	if c, constant := out.fallback.(constant); constant {
		note(c.value)
	}
	for place, value := range order {
		if all && !used[place] {
			a.report(codeOutput, -1, "no rule yields %s of output %q", show(value), out.title())
		}
	}
}
