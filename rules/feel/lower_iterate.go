package feel

// source is a compiled iterator: where its values come from and the slot they go to.
type source struct {
	slot     int
	from, to code // to is nil unless the domain is from..to
	at       pos
}

func (l *lowerer) sources(iterators []iterator) []source {
	list := make([]source, len(iterators))
	for i, it := range iterators {
		s := source{from: l.node(it.from).run, at: pos(it.from.offset())}
		if it.to != nil {
			s.to = l.node(it.to).run
		}
		s.slot = l.frame.bind(it.name)
		list[i] = s
	}
	return list
}

// iterate runs visit for every combination of values, the last iterator varying fastest. It stops
// when visit returns false. ok is false when a domain can not be iterated.
func (m *machine) iterate(sources []source, visit func() bool) (goOn, ok bool) {
	if len(sources) == 0 {
		return visit(), true
	}
	goOn, ok = true, true
	s := sources[0]
	valid := m.domain(s, func(v Value) bool {
		m.tick(1)
		m.frame[s.slot] = v
		goOn, ok = m.iterate(sources[1:], visit)
		return goOn && ok
	})
	return goOn, ok && valid
}

// domain visits the values of one iterator.
func (m *machine) domain(s source, visit func(Value) bool) bool {
	from := s.from(m)
	if s.to != nil {
		return m.count(s.at, from, s.to(m), visit)
	}
	switch from.kind {
	case KindNull:
		m.fail(s.at, "null can not be iterated")
		return false
	case KindRange:
		r := from.interval()
		if !r.startIncluded || !r.endIncluded {
			m.fail(s.at, "only a closed range can be iterated")
			return false
		}
		return m.count(s.at, r.start, r.end, visit)
	case KindList:
		for _, item := range from.list() {
			if !visit(item) {
				break
			}
		}
		return true
	default:
		visit(from)
		return true
	}
}

// count visits whole numbers or days, upwards or downwards.
func (m *machine) count(at pos, from, to Value, visit func(Value) bool) bool {
	first, last := from.n, to.n
	if from.kind == KindNumber && to.kind == KindNumber {
		var whole, alsoWhole bool
		first, whole = from.integer()
		last, alsoWhole = to.integer()
		if !whole || !alsoWhole {
			m.fail(at, "an iteration counts whole numbers")
			return false
		}
	} else if from.kind != KindDate || to.kind != KindDate {
		m.fail(at, "an iteration from %s to %s", from.kind, to.kind)
		return false
	}
	step := int64(1)
	if first > last {
		step = -1
	}
	for i := first; ; i += step {
		if !visit(Value{head: head{kind: from.kind}, n: i}) || i == last {
			return true
		}
	}
}

func (l *lowerer) iteration(n *forNode) lowered {
	mark := len(l.frame.bindings)
	sources := l.sources(n.iterators)
	partial := l.frame.bind("partial")
	body := l.node(n.body).run
	l.frame.bindings = l.frame.bindings[:mark]
	return dynamic(func(m *machine) Value {
		results := []Value{}
		_, ok := m.iterate(sources, func() bool {
			// The capacity is cut, so that a later append can not change a partial that was kept.
			m.frame[partial] = ListOf(results[:len(results):len(results)]...)
			results = append(results, body(m))
			m.sized(len(results))
			return true
		})
		if !ok {
			return Null
		}
		return m.newList(results)
	})
}

func (l *lowerer) quantified(n *someNode) lowered {
	mark := len(l.frame.bindings)
	sources := l.sources(n.iterators)
	body := l.node(n.body).run
	l.frame.bindings = l.frame.bindings[:mark]
	combine := or
	if n.every {
		combine = and
	}
	return dynamic(func(m *machine) Value {
		result := Boolean(n.every)
		_, ok := m.iterate(sources, func() bool {
			result = combine(result, body(m))
			return result.kind != KindBoolean || (result.n != 0) == n.every
		})
		if !ok {
			return Null
		}
		return result
	})
}

func (l *lowerer) filter(n *filterNode) lowered {
	list := l.node(n.list).run
	mark := len(l.frame.bindings)
	slot := l.frame.bind("item")
	l.frame.bindings = append(l.frame.bindings, binding{slot: slot, filter: true})
	condition := l.node(n.condition)
	l.frame.bindings = l.frame.bindings[:mark]
	return dynamic(func(m *machine) Value {
		v := list(m)
		items, isList := v.List()
		if v.kind == KindNull {
			return m.fail(n.pos, "null can not be filtered")
		}
		if !isList {
			items = []Value{v}
		}
		if condition.constant && condition.value.kind == KindNumber {
			return m.item(n.pos, items, condition.value)
		}
		return m.filter(n.pos, items, slot, condition.run)
	})
}

// filter keeps the items for which the condition is true. A condition that yields a number for the
// first item is an index.
func (m *machine) filter(at pos, items []Value, slot int, condition code) Value {
	kept := []Value{}
	if len(items) == 0 {
		m.frame[slot] = Null
		faults := len(m.faults)
		index := condition(m)
		m.faults = m.faults[:faults]
		if index.kind == KindNumber {
			return m.fail(at, "the list is empty")
		}
	}
	for i, item := range items {
		m.tick(3)
		m.frame[slot] = item
		v := condition(m)
		if i == 0 && v.kind == KindNumber {
			return m.item(at, items, v)
		}
		if v.isTrue() {
			kept = append(kept, item)
		}
	}
	return m.newList(kept)
}

// item is the item at an index, counted from 1 or from -1 backwards.
func (m *machine) item(at pos, items []Value, index Value) Value {
	i, ok := index.integer()
	if i < 0 {
		i += int64(len(items)) + 1
	}
	if !ok || i < 1 || i > int64(len(items)) {
		return m.fail(at, "the list has no item %s", index.String())
	}
	return items[i-1]
}
