package feel

import "slices"

func listEditBuiltins() []*builtin {
	return []*builtin{
		named("insert before", define("list: list, position: number, newItem: any", insertBefore)),
		named("remove", define("list: list, position: number", removeAt)),
		named("list replace",
			define("list: list, position: number, newItem: any", replaceAt),
			define("list: list, match: function, newItem: any", replaceMatches)),
	}
}

func insertBefore(m *machine, at pos, a []Value) Value {
	i, ok := m.place(at, len(a[0].list()), a[1])
	if !ok {
		return Null
	}
	return m.newList(slices.Insert(slices.Clone(a[0].list()), i, a[2]))
}

func removeAt(m *machine, at pos, a []Value) Value {
	i, ok := m.place(at, len(a[0].list()), a[1])
	if !ok {
		return Null
	}
	return m.newList(slices.Delete(slices.Clone(a[0].list()), i, i+1))
}

func replaceAt(m *machine, at pos, a []Value) Value {
	i, ok := m.place(at, len(a[0].list()), a[1])
	if !ok {
		return Null
	}
	list := slices.Clone(a[0].list())
	list[i] = a[2]
	return m.newList(list)
}

func replaceMatches(m *machine, at pos, a []Value) Value {
	match := a[1].function()
	if !match.takes(2) {
		return m.fail(at, "match is a function of two arguments")
	}
	list := slices.Clone(a[0].list())
	for i, item := range list {
		v := m.call(at, match, []Value{item, a[2]})
		if v.kind != KindBoolean {
			return m.fail(at, "match is not true or false for all items")
		}
		if v.isTrue() {
			list[i] = a[2]
		}
	}
	return m.newList(list)
}
