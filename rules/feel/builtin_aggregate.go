package feel

import (
	"slices"

	"github.com/cockroachdb/apd/v3"
)

// aggregate gives a function its two forms: one list, or the items as arguments.
func aggregate(name string, run func(m *machine, at pos, items []Value) Value) *builtin {
	return named(name,
		define("list: list", func(m *machine, at pos, a []Value) Value { return run(m, at, a[0].list()) }),
		define("c...: any", run))
}

// numeric is an aggregate of at least minimum numbers.
func numeric(name string, minimum int, run func(m *machine, items []Value) Value) *builtin {
	return aggregate(name, func(m *machine, at pos, items []Value) Value {
		m.tick(len(items))
		for _, item := range items {
			if item.kind != KindNumber {
				return m.fail(at, "%s of a %s", name, item.kind)
			}
		}
		if len(items) < minimum {
			return m.fail(at, "%s of %d numbers", name, len(items))
		}
		v := run(m, items)
		if v.kind == KindNull {
			return m.fail(at, "the %s is out of range", name)
		}
		return v
	})
}

func aggregateBuiltins() []*builtin {
	return []*builtin{
		aggregate("min", func(m *machine, at pos, items []Value) Value { return m.extreme(at, items, -1) }),
		aggregate("max", func(m *machine, at pos, items []Value) Value { return m.extreme(at, items, 1) }),
		numeric("sum", 1, func(m *machine, items []Value) Value { return m.accumulate(items, addNumbers) }),
		numeric("product", 1, func(m *machine, items []Value) Value { return m.accumulate(items, multiplyNumbers) }),
		numeric("mean", 1, (*machine).mean),
		numeric("median", 1, (*machine).median),
		numeric("stddev", 2, (*machine).deviation),
		numeric("mode", 0, (*machine).mode),
	}
}

func (m *machine) extreme(at pos, items []Value, want int) Value {
	if len(items) == 0 {
		return m.fail(at, "the list is empty")
	}
	best := items[0]
	for _, item := range items {
		m.tick(1)
		c, ok := m.order(item, best)
		if !ok {
			return m.fail(at, "a %s and a %s can not be compared", item.kind, best.kind)
		}
		if c == want {
			best = item
		}
	}
	return best
}

func (m *machine) accumulate(items []Value, op func(a, b Value) Value) Value {
	total := items[0]
	for _, item := range items[1:] {
		if total = op(total, item); total.kind == KindNull {
			return Null
		}
		if total.ref != nil {
			m.tick(8)
		}
	}
	return total
}

func (m *machine) mean(items []Value) Value {
	total := m.accumulate(items, addNumbers)
	if total.kind == KindNull {
		return Null
	}
	return divideNumbers(total, Int(int64(len(items))))
}

func (m *machine) sorted(items []Value) []Value {
	m.tick(8 * len(items))
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, compareNumbers)
	return sorted
}

func (m *machine) median(items []Value) Value {
	sorted := m.sorted(items)
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return m.mean(sorted[middle-1 : middle+1])
}

// deviation is the sample standard deviation, computed with spare digits.
func (m *machine) deviation(items []Value) Value {
	m.tick(64 * len(items))
	wide := decimals
	wide.Precision = 2 * digitsMax
	ed := apd.MakeErrDecimal(&wide)
	mean, sum, n := new(apd.Decimal), new(apd.Decimal), apd.New(int64(len(items)), 0)
	for _, item := range items {
		ed.Add(mean, mean, item.decimal())
	}
	ed.Quo(mean, mean, n)
	for _, item := range items {
		difference := new(apd.Decimal)
		ed.Sub(difference, item.decimal(), mean)
		ed.Mul(difference, difference, difference)
		ed.Add(sum, sum, difference)
	}
	ed.Quo(sum, sum, ed.Sub(n, n, apd.New(1, 0)))
	ed.Sqrt(sum, sum)
	if ed.Err() != nil {
		return Null
	}
	if _, err := decimals.Round(sum, sum); err != nil {
		return Null
	}
	return numberOf(sum)
}

func (m *machine) mode(items []Value) Value {
	sorted, modes, best := m.sorted(items), []Value{}, 0
	for start := 0; start < len(sorted); {
		end := start
		for end < len(sorted) && compareNumbers(sorted[start], sorted[end]) == 0 {
			end++
		}
		if end-start > best {
			modes, best = modes[:0], end-start
		}
		if end-start == best {
			modes = append(modes, sorted[start])
		}
		start = end
	}
	return m.newList(modes)
}
