package feel

import "slices"

func listBuiltins() []*builtin {
	return []*builtin{
		named("list contains", define("list: list, element: any", func(m *machine, _ pos, a []Value) Value {
			return Boolean(m.index(a[0].list(), a[1]) >= 0)
		})),
		named("count", define("list: list", func(_ *machine, _ pos, a []Value) Value {
			return Int(int64(len(a[0].list())))
		})),
		named("sublist", define("list: list, start position: number, length?: number", sublist)),
		named("append", define("list: list, item...: any", func(m *machine, _ pos, a []Value) Value {
			return m.newList(slices.Concat(a[0].list(), a[1:]))
		})),
		named("concatenate", define("list...: list", func(m *machine, _ pos, a []Value) Value {
			return m.newList(m.concat(a))
		})),
		named("union", define("list...: list", func(m *machine, _ pos, a []Value) Value {
			return m.distinct(m.concat(a))
		})),
		named("distinct values", define("list: list", func(m *machine, _ pos, a []Value) Value {
			return m.distinct(a[0].list())
		})),
		named("reverse", define("list: list", func(m *machine, _ pos, a []Value) Value {
			reversed := slices.Clone(a[0].list())
			slices.Reverse(reversed)
			return m.newList(reversed)
		})),
		named("flatten", define("list: list", func(m *machine, _ pos, a []Value) Value {
			return m.newList(m.flatten(nil, a[0].list()))
		})),
		named("index of", define("list: list, match: any", indexOf)),
		named("sort", define("list: list, precedes: function", sortList)),
	}
}

func (m *machine) index(list []Value, v Value) int {
	for i, item := range list {
		m.tick(1)
		if m.same(item, v) {
			return i
		}
	}
	return -1
}

func (m *machine) concat(lists []Value) []Value {
	all := []Value{}
	for _, list := range lists {
		m.sized(len(all) + len(list.list()))
		all = append(all, list.list()...)
	}
	return all
}

func (m *machine) distinct(list []Value) Value {
	kept := []Value{}
	for _, item := range list {
		if m.index(kept, item) < 0 {
			kept = append(kept, item)
		}
	}
	return m.newList(kept)
}

func (m *machine) flatten(flat, list []Value) []Value {
	for _, item := range list {
		m.tick(1)
		if inner, ok := item.List(); ok {
			flat = m.flatten(flat, inner)
			continue
		}
		flat = append(flat, item)
		m.sized(len(flat))
	}
	return flat
}

func sublist(m *machine, at pos, a []Value) Value {
	list := a[0].list()
	i, ok := m.place(at, len(list), a[1])
	if !ok {
		return Null
	}
	rest := list[i:]
	if a[2].kind == KindNumber {
		length, ok := a[2].whole()
		if !ok || length < 0 || length > int64(len(rest)) {
			return m.fail(at, "the list has no %s items from there", a[2].String())
		}
		rest = rest[:length]
	}
	return m.newList(slices.Clone(rest))
}

// place turns a position, from 1 or from -1 backwards, into an index.
func (m *machine) place(at pos, length int, position Value) (int, bool) {
	i, ok := position.whole()
	if i < 0 {
		i += int64(length) + 1
	}
	if !ok || i < 1 || i > int64(length) {
		m.fail(at, "the list has no position %s", position.String())
		return 0, false
	}
	return int(i - 1), true
}

func indexOf(m *machine, _ pos, a []Value) Value {
	places := []Value{}
	for i, item := range a[0].list() {
		m.tick(1)
		if m.same(item, a[1]) {
			places = append(places, Int(int64(i+1)))
		}
	}
	return m.newList(places)
}

// sortList merges, so that it is stable and every comparison asks once.
func sortList(m *machine, at pos, a []Value) Value {
	precedes := a[1].function()
	if !precedes.takes(2) {
		return m.fail(at, "precedes is a function of two arguments")
	}
	failed := false
	less := func(x, y Value) bool {
		v := m.call(at, precedes, []Value{x, y})
		failed = failed || v.kind != KindBoolean
		return v.isTrue()
	}
	sorted := mergeSort(a[0].list(), less)
	if failed {
		return m.fail(at, "precedes is not true or false for all items")
	}
	return m.newList(sorted)
}

func mergeSort(list []Value, less func(a, b Value) bool) []Value {
	if len(list) < 2 {
		return slices.Clone(list)
	}
	left, right := mergeSort(list[:len(list)/2], less), mergeSort(list[len(list)/2:], less)
	merged := make([]Value, 0, len(list))
	for len(left) > 0 && len(right) > 0 {
		if less(right[0], left[0]) {
			merged, right = append(merged, right[0]), right[1:]
		} else {
			merged, left = append(merged, left[0]), left[1:]
		}
	}
	return append(append(merged, left...), right...)
}
