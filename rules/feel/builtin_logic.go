package feel

func logicBuiltins() []*builtin {
	return []*builtin{
		named("not", define("negand: any", func(_ *machine, _ pos, a []Value) Value { return not(a[0]) })),
		named("is", define("value1: any, value2: any", func(m *machine, _ pos, a []Value) Value {
			return Boolean(m.identical(a[0], a[1]))
		})),
		named("all",
			define("list: list", func(m *machine, _ pos, a []Value) Value { return m.fold(a[0].list(), and, yes) }),
			define("b...: any", func(m *machine, _ pos, a []Value) Value { return m.fold(a, and, yes) })),
		named("any",
			define("list: list", func(m *machine, _ pos, a []Value) Value { return m.fold(a[0].list(), or, no) }),
			define("b...: any", func(m *machine, _ pos, a []Value) Value { return m.fold(a, or, no) })),
	}
}

func (m *machine) fold(items []Value, combine func(a, b Value) Value, result Value) Value {
	m.tick(len(items) / 4)
	for _, item := range items {
		result = combine(result, item)
	}
	return result
}

// identical tells whether two values are the same element of the semantic domain (table 73): the
// same text with another zone is another element.
func (m *machine) identical(a, b Value) bool {
	m.tick(1)
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindTime, KindDateTime:
		return a.n == b.n && a.nanos == b.nanos && sameZone(a.zone(), b.zone())
	case KindList:
		return m.identicalLists(a.list(), b.list())
	case KindContext:
		keys, values, _ := a.Entries()
		others, _, _ := b.Entries()
		for i, key := range keys {
			other, ok := b.Entry(key)
			if !ok || !m.identical(values[i], other) {
				return false
			}
		}
		return len(keys) == len(others)
	default:
		return m.same(a, b)
	}
}

func (m *machine) identicalLists(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !m.identical(a[i], b[i]) {
			return false
		}
	}
	return true
}
