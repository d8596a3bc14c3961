package rules

import (
	"slices"
	"strconv"

	"tallystick/rules/feel"
)

// axis is an input column, cut into the segments that its cells tell apart.
type axis struct {
	kind    class // numeric, worded, logical, or compound when no cell is of literals
	numbers *intervals
	words   []string // the segments of texts; the one behind them is every other text
	size    int      // segments
	allowed []bool   // segments that the input values let in
	entries []entry  // one for each rule
	sets    []bitset // of the rules that pass in a segment, or may
}

// entry is a cell as the segments that it lets pass.
type entry struct {
	all      bool
	opaque   bool // only FEEL can say
	source   string
	segments []stretch
}

// setsMax bounds the memory of the sets of one axis.
const setsMax = 16 << 20

// newAxis is false when the column would take too much memory.
func newAxis(t *table, column int) (axis, bool) {
	x := axis{kind: compound, entries: make([]entry, len(t.rules))}
	allowed := t.inputs[column].limits
	spread := map[int][]span{}
	for number := range t.rules {
		x.observe(t.rules[number].cells[column], number, spread)
	}
	x.observe(allowed, -1, spread)
	if x.cut(spread); x.size*len(t.rules)/8 > setsMax {
		return x, false
	}
	for number := range t.rules {
		x.entries[number] = x.entry(t.rules[number].cells[column])
	}
	x.allow(allowed)
	x.fill(len(t.rules))
	return x, true
}

// observe collects what a cell tells apart; a column of mixed kinds stays compound.
func (x *axis) observe(c *cell, number int, spread map[int][]span) {
	if c == nil {
		return
	}
	kind := x.kind
	switch {
	case c.words != nil:
		kind = worded
		x.words = append(x.words, c.words...)
	case c.spans != nil:
		kind = numeric
		spread[number] = c.spans
	case c.truths != nil:
		kind = logical
	}
	if x.kind == compound {
		x.kind = kind
	}
}

func (x *axis) cut(spread map[int][]span) {
	slices.Sort(x.words)
	x.words = slices.Compact(x.words)
	switch x.kind {
	case numeric:
		if x.numbers = (&intervals{}); x.numbers.cut(spread) {
			x.size = 2*len(x.numbers.bounds) + 1
			return
		}
		x.kind = compound
	case worded:
		x.size = len(x.words) + 1
		return
	case logical:
		x.size = 2
		return
	}
	x.size = 1
}

func (x *axis) entry(c *cell) entry {
	switch {
	case c == nil:
		return entry{all: true, segments: []stretch{{0, x.size - 1}}}
	case x.kind == worded && c.words != nil:
		return entry{source: c.source, segments: x.texts(c)}
	case x.kind == numeric && c.spans != nil:
		return entry{source: c.source, segments: x.numbers.stretches(c.spans)}
	case x.kind == logical && c.truths != nil:
		var found []stretch
		for _, truth := range c.truths {
			found = append(found, stretch{ordinal(truth), ordinal(truth)})
		}
		slices.SortFunc(found, func(a, b stretch) int { return a.from - b.from })
		return entry{source: c.source, segments: slices.Compact(found)}
	}
	return entry{opaque: true, source: c.source, segments: []stretch{{0, x.size - 1}}}
}

func (x *axis) texts(c *cell) []stretch {
	var found []stretch
	for i := range x.size {
		listed := i < len(x.words) && contains(c.words, x.words[i])
		if listed != c.negated {
			found = append(found, stretch{i, i})
		}
	}
	return found
}

// allow marks the segments of the input values; without them everything is allowed.
func (x *axis) allow(c *cell) {
	x.allowed = make([]bool, x.size)
	in := x.entry(c)
	for _, s := range in.segments {
		for i := s.from; i <= s.to; i++ {
			x.allowed[i] = true
		}
	}
}

func (x *axis) fill(rules int) {
	x.sets = make([]bitset, x.size)
	for i := range x.sets {
		x.sets[i] = newBitset(rules)
	}
	for number := range x.entries {
		for _, s := range x.entries[number].segments {
			for i := s.from; i <= s.to; i++ {
				x.sets[i].set(number)
			}
		}
	}
}

// describe says a stretch as a unary test, "" when it is everything.
func (x *axis) describe(s stretch) string {
	if s.from == 0 && s.to == x.size-1 {
		return ""
	}
	switch x.kind {
	case numeric:
		return x.between(s)
	case worded:
		return x.among(s)
	case logical:
		return "is " + strconv.FormatBool(s.from == 1)
	}
	return ""
}

func (x *axis) among(s stretch) string {
	if s.from == len(x.words) {
		return "is any other text"
	}
	text := "is " + strconv.Quote(x.words[s.from])
	for _, word := range x.words[s.from+1 : min(s.to+1, len(x.words))] {
		text += " or " + strconv.Quote(word)
	}
	if s.to == len(x.words) {
		text += " or any other text"
	}
	return text
}

// between says a stretch of segments: odd ones are bounds, even ones lie between.
func (x *axis) between(s stretch) string {
	low, high := x.bound((s.from-1)/2), x.bound(s.to/2)
	switch {
	case s.from == s.to && s.from%2 == 1:
		return "= " + low
	case s.from == 0 && s.to%2 == 1:
		return "<= " + high
	case s.from == 0:
		return "< " + high
	case s.to == x.size-1 && s.from%2 == 1:
		return ">= " + low
	case s.to == x.size-1:
		return "> " + low
	}
	open, closing := "[", "]"
	if s.from%2 == 0 {
		open = "("
	}
	if s.to%2 == 0 {
		closing = ")"
	}
	return "in " + open + low + ".." + high + closing
}

// bound is the text of a bound; there is none before the first and behind the last.
func (x *axis) bound(i int) string {
	if i < 0 || i >= len(x.numbers.bounds) {
		return ""
	}
	return decimal{x.numbers.bounds[i], x.numbers.scale}.text()
}

// example is a value of a stretch.
func (x *axis) example(s stretch) string {
	switch x.kind {
	case worded:
		if s.from < len(x.words) {
			return strconv.Quote(x.words[s.from])
		}
		return `"(another text)"`
	case logical:
		return strconv.FormatBool(s.from == 1)
	case numeric:
		return x.number(s.from, s.to)
	}
	return "anything"
}

func (x *axis) number(from, to int) string {
	bounds := x.numbers.bounds
	switch {
	case from%2 == 1:
		return x.bound(from / 2)
	case from < to:
		return x.bound(from / 2)
	case len(bounds) == 0:
		return "0"
	case from == 0:
		return decimal{bounds[0] - int64(powers[x.numbers.scale]), x.numbers.scale}.text()
	case from == x.size-1:
		return decimal{bounds[len(bounds)-1] + int64(powers[x.numbers.scale]), x.numbers.scale}.text()
	}
	low, high := bounds[from/2-1], bounds[from/2]
	if unit := int64(powers[x.numbers.scale]); high-low > unit {
		return decimal{low + unit, x.numbers.scale}.text()
	}
	// Half way between, with one more digit.
	return decimal{low*10 + (high-low)*5, x.numbers.scale + 1}.text()
}

// text writes a decimal as FEEL does.
func (d decimal) text() string {
	digits := strconv.FormatInt(max(d.coefficient, -d.coefficient), 10)
	for len(digits) <= d.scale {
		digits = "0" + digits
	}
	if d.scale > 0 {
		digits = digits[:len(digits)-d.scale] + "." + digits[len(digits)-d.scale:]
	}
	if d.coefficient < 0 {
		digits = "-" + digits
	}
	v, err := feel.DecodeJSON(digits)
	if err != nil {
		return digits
	}
	return v.JSON()
}
