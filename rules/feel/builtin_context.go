package feel

func contextBuiltins() []*builtin {
	return []*builtin{
		named("get value", define("m: context, key: string", func(m *machine, at pos, a []Value) Value {
			v, ok := a[0].Entry(a[1].text())
			if !ok {
				return m.fail(at, "the context has no entry %q", a[1].text())
			}
			return v
		})),
		named("get entries", define("m: context", getEntries)),
		named("context", define("entries: list", contextFrom)),
		named("context put",
			define("context: context, key: string, value: any", func(m *machine, _ pos, a []Value) Value {
				return m.putEntry(a[0], a[1].text(), a[2])
			}),
			define("context: context, keys: list, value: any", contextPutPath)),
		named("context merge", define("contexts: list", contextMerge)),
	}
}

func getEntries(m *machine, _ pos, a []Value) Value {
	keys, values, _ := a[0].Entries()
	m.tick(8 * len(keys))
	entries := make([]Value, len(keys))
	for i, key := range keys {
		entries[i] = ContextOf([]string{"key", "value"}, []Value{Text(key), values[i]})
	}
	return m.newList(entries)
}

func contextFrom(m *machine, at pos, a []Value) Value {
	c := newContext(len(a[0].list()))
	m.sized(len(a[0].list()))
	for _, entry := range a[0].list() {
		key, _ := entry.Entry("key")
		m.tick(2 + textSteps(key, key))
		value, hasValue := entry.Entry("value")
		if key.kind != KindString || !hasValue {
			return m.fail(at, "an entry has a key, which is a string, and a value")
		}
		if c.find(key.text()) >= 0 {
			return m.fail(at, "duplicate key %q", key.text())
		}
		c.put(key.text(), value)
	}
	return c.value()
}

// keySteps is the price of looking up keys.
func keySteps(keys []string) int {
	bytes := 0
	for _, key := range keys {
		bytes += len(key)
	}
	return bytes / 64
}

func (m *machine) putEntry(v Value, key string, entry Value) Value {
	before := v.ref.(*context)
	m.tick(2 + 8*len(before.keys) + keySteps(before.keys)) // an entry takes about a hundred bytes
	c := before.clone()
	c.put(key, entry)
	m.sized(len(c.keys))
	return c.value()
}

func contextPutPath(m *machine, at pos, a []Value) Value {
	keys := a[1].list()
	if len(keys) == 0 {
		return m.fail(at, "the list of keys is empty")
	}
	key, ok := keys[0].Text()
	if !ok {
		return m.fail(at, "a key is a string, not a %s", keys[0].kind)
	}
	if len(keys) == 1 {
		return m.putEntry(a[0], key, a[2])
	}
	inner, _ := a[0].Entry(key)
	if inner.kind != KindContext {
		return m.fail(at, "%q is no context", key)
	}
	m.enter(at)
	defer m.leave()
	changed := contextPutPath(m, at, []Value{inner, ListOf(keys[1:]...), a[2]})
	if changed.kind == KindNull {
		return Null
	}
	return m.putEntry(a[0], key, changed)
}

func contextMerge(m *machine, at pos, a []Value) Value {
	merged := newContext(8)
	for _, item := range a[0].list() {
		keys, values, ok := item.Entries()
		if !ok {
			return m.fail(at, "a %s is no context", item.kind)
		}
		m.tick(1 + 4*len(keys) + keySteps(keys))
		for i, key := range keys {
			merged.put(key, values[i])
		}
		m.sized(len(merged.keys))
	}
	return merged.value()
}
