package feel

// name lowers a variable: a filter item's entry, a local slot, a free variable or a built-in.
func (l *lowerer) name(n *nameNode) lowered {
	r := l.frame.resolve(n.name)
	outer := l.variable(n, r.slot)
	if len(r.items) == 0 {
		return outer
	}
	items, name := r.items, n.name
	return dynamic(func(m *machine) Value {
		for _, item := range items {
			if v, ok := m.frame[item].Entry(name); ok {
				return v
			}
		}
		return outer.run(m)
	})
}

func (l *lowerer) variable(n *nameNode, slot int) lowered {
	switch {
	case slot >= 0:
		return dynamic(func(m *machine) Value { return m.frame[slot] })
	case n.name == "?":
		return lowered{run: func(m *machine) Value { return m.env.Input }, typ: l.input}
	}
	fallback := lowered{}
	if b := builtins[n.name]; b != nil {
		fallback = constant(b.value())
		if !l.known[n.name] && !l.open {
			return fallback
		}
	}
	return l.free(n, fallback)
}

// free lowers a free variable; a built-in of the same name stands in when there is no variable.
func (l *lowerer) free(n *nameNode, fallback lowered) lowered {
	if !l.known[n.name] && !l.open {
		return dynamic(func(m *machine) Value { return m.fail(n.pos, "there is no variable %q", n.name) })
	}
	index := l.global(n.name)
	name := n.name
	ask := func(m *machine) *Value {
		if find := m.env.Lookup; find != nil {
			if v, ok := find(name); ok {
				m.globals[index] = v
				return &m.globals[index]
			}
		}
		if find := m.env.JSON; find != nil {
			if text, ok := find(name); ok {
				m.globals[index].read(name, text)
				return &m.globals[index]
			}
		}
		if fallback.run != nil {
			m.held = fallback.value
		} else {
			m.held = m.fail(n.pos, "the variable %q is missing", name)
		}
		return &m.held
	}
	variable := operand{slot: index, ask: ask}
	run := func(m *machine) Value { return *variable.of(m) }
	out := lowered{run: run, ask: ask, global: index}
	if l.typeOf != nil {
		out.typ = l.typeOf(n.name)
	}
	return out
}

func (l *lowerer) global(name string) int {
	for i, known := range l.prog.names {
		if known == name {
			return i
		}
	}
	l.prog.names = append(l.prog.names, name)
	return len(l.prog.names) - 1
}

// path lowers value.name: an entry, a property, or the list of them for a list.
func (l *lowerer) path(n *pathNode) lowered {
	value := l.node(n.value)
	out := l.fold(func(m *machine) Value { return m.member(n.pos, value.run(m), n.name) }, value)
	if !out.constant {
		out.typ = l.entryType(n, value.typ)
	}
	return out
}

func (m *machine) member(at pos, v Value, name string) Value {
	m.tick(1)
	switch v.kind {
	case KindContext:
		entry, ok := v.Entry(name)
		if !ok {
			return m.fail(at, "the context has no entry %q", name)
		}
		return entry
	case KindList:
		items := make([]Value, len(v.list()))
		for i, item := range v.list() {
			items[i] = m.member(at, item, name)
		}
		return m.newList(items)
	default:
		property, ok := property(v, name)
		if !ok {
			return m.fail(at, "a %s has no property %q", v.kind, name)
		}
		return property
	}
}

func (l *lowerer) call(n *callNode) lowered {
	arguments := make([]lowered, len(n.arguments))
	runs := make([]code, len(n.arguments))
	for i, argument := range n.arguments {
		arguments[i] = l.node(argument)
		runs[i] = arguments[i].run
	}
	name, isName := n.function.(*nameNode)
	if !isName {
		return l.callValue(n, l.node(n.function), nil, runs)
	}
	b := builtins[name.name]
	if r := l.frame.resolve(name.name); r.slot >= 0 || len(r.items) > 0 && b == nil {
		return l.callValue(n, l.name(name), b, runs)
	}
	switch {
	case l.known[name.name]:
		return l.callValue(n, l.name(name), b, runs)
	case b != nil:
		return l.callBuiltin(n, b, arguments, runs)
	case l.open && name.name != "?":
		l.unknown[name.name] = true
		return l.callValue(n, l.name(name), nil, runs)
	}
	l.unknown[name.name] = true
	return dynamic(func(m *machine) Value { return m.fail(n.pos, "there is no function %q", name.name) })
}

// callValue calls what an expression yields. A variable that is no function does not hide the
// built-in of its name.
func (l *lowerer) callValue(n *callNode, function lowered, b *builtin, runs []code) lowered {
	return dynamic(func(m *machine) Value {
		args := make([]Value, len(runs))
		f := function.run(m)
		for i, run := range runs {
			args[i] = run(m)
		}
		switch {
		case f.kind == KindFunction && n.names != nil:
			return m.callNamed(n.pos, f.function(), n.names, args)
		case f.kind == KindFunction:
			return m.call(n.pos, f.function(), args)
		case b != nil:
			return b.call(m, n.pos, n.names, args)
		default:
			return m.fail(n.pos, "a %s can not be called", f.kind)
		}
	})
}

func (l *lowerer) callBuiltin(n *callNode, b *builtin, arguments []lowered, runs []code) lowered {
	if b.prepare != nil && n.names == nil {
		if run := b.prepare(n.pos, arguments); run != nil {
			return l.fold(run, arguments...)
		}
	}
	if why := b.misfit(n.names, arguments); why != "" {
		l.remark(n.pos, "%s", why)
		return dynamic(func(m *machine) Value { return m.fail(n.pos, "%s", why) })
	}
	run := func(m *machine) Value {
		args := make([]Value, len(runs))
		for i, run := range runs {
			args[i] = run(m)
		}
		return b.call(m, n.pos, n.names, args)
	}
	if b.clock {
		return dynamic(run)
	}
	return l.fold(run, arguments...)
}

// function lowers a definition. name and slot are those of the context entry that it is the value
// of, if it is one: the body may call itself by that name.
func (l *lowerer) function(n *functionNode, name string, slot int) lowered {
	if n.external != nil {
		return l.external(n)
	}
	inner := &frame{parent: l.frame}
	parameters := make([]Parameter, len(n.parameters))
	for i, p := range n.parameters {
		inner.bind(p.name)
		parameters[i] = Parameter{Name: p.name, Type: p.typed}
	}
	l.frame = inner
	body := l.node(n.body).run
	l.frame = inner.parent
	proto := &prototype{slots: inner.slots, body: body, self: -1}
	for _, c := range inner.captures {
		if name != "" && c.from == slot {
			proto.self = c.to
			continue
		}
		proto.captures = append(proto.captures, c)
	}
	return dynamic(func(m *machine) Value {
		m.tick(1 + len(proto.captures))
		m.kept = true
		f := &function{parameters: parameters, proto: proto, origin: m.origin, captures: make([]Value, len(proto.captures))}
		for i, c := range proto.captures {
			f.captures[i] = m.frame[c.from]
		}
		return Value{head: head{kind: KindFunction}, ref: f}
	})
}
