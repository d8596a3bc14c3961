package rules

// index finds the rules of a table whose cells can match, without looking at each. A column says for every
// input which rules pass or have to be asked; the rules that no column rules out are asked where they have to be.
type index struct {
	size    int // rules
	columns []column
}

// indexMin is the number of rules from which an index is built; fewer are looked through faster.
const indexMin = 8

func newIndex(t *table) *index {
	if len(t.rules) < indexMin || len(t.inputs) == 0 {
		return nil
	}
	x := &index{size: len(t.rules), columns: make([]column, len(t.inputs))}
	cells := make([]*cell, len(t.rules))
	for i := range t.inputs {
		for number := range t.rules {
			cells[number] = t.rules[number].cells[i]
		}
		x.columns[i] = newColumn(cells)
	}
	return x
}

// column is the index of one column. For an input of a class, base holds the rules that do not depend on its
// value, asked those among them whose cells have to be asked.
type column struct {
	base   [classes]bitset
	asked  [classes]bitset
	asks   [classes]bool
	words  map[string][]int32 // rules that pass a string
	barred map[string][]int32 // rules that a string does not pass, others do
	truths [2]bitset
	spans  *intervals
}

func newColumn(cells []*cell) column {
	c := column{words: map[string][]int32{}, barred: map[string][]int32{}}
	for i := range c.base {
		c.base[i], c.asked[i] = newBitset(len(cells)), newBitset(len(cells))
	}
	c.truths = [2]bitset{newBitset(len(cells)), newBitset(len(cells))}
	spread := map[int][]span{}
	for number, cell := range cells {
		c.add(number, cell)
		if cell != nil && cell.spans != nil {
			spread[number] = cell.spans
		}
	}
	if c.spans = newIntervals(spread, len(cells)); c.spans == nil {
		for number := range spread {
			c.base[numeric].set(number)
			c.asked[numeric].set(number)
		}
	}
	for i := range c.asks {
		c.asks[i] = !c.asked[i].empty()
	}
	return c
}

// add enters a cell; the spans of numbers are entered together.
func (c *column) add(number int, cell *cell) {
	for k := range classes {
		if cell == nil {
			c.base[k].set(number)
		} else if c.leaves(cell, k) {
			c.base[k].set(number)
			c.asked[k].set(number)
		}
	}
	if cell == nil {
		return
	}
	for _, word := range cell.words {
		entries := c.words
		if cell.negated {
			entries = c.barred
			c.base[worded].set(number)
		}
		entries[word] = append(entries[word], int32(number))
	}
	for _, truth := range cell.truths {
		c.truths[ordinal(truth)].set(number)
	}
}

// leaves reports whether the cell says nothing about inputs of the class without FEEL.
func (c *column) leaves(cell *cell, k class) bool {
	switch {
	case k == compound:
		return true
	case cell.words != nil:
		return cell.negated && k != worded
	case cell.spans != nil:
		return false
	case cell.truths != nil:
		return k != logical && k != missing
	}
	return true
}

func ordinal(truth bool) int {
	if truth {
		return 1
	}
	return 0
}

// narrow keeps the rules that the input lets pass or that have to be asked; spare is memory of the same size.
func (c *column) narrow(rules, spare bitset, in *input) {
	base := c.base[in.class]
	switch in.class {
	case worded:
		passing, barred := c.words[in.text], c.barred[in.text]
		if len(passing) == 0 && len(barred) == 0 {
			break
		}
		copy(spare, base)
		for _, number := range passing {
			spare.set(int(number))
		}
		for _, number := range barred {
			spare.unset(int(number))
		}
		base = spare
	case numeric:
		if c.spans != nil {
			c.spans.read(spare, in.number)
			rules.andUnion(base, spare)
			return
		}
	case logical:
		rules.andUnion(base, c.truths[ordinal(in.truth)])
		return
	}
	rules.and(base)
}
