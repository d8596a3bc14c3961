package feel

import "slices"

// lowerer turns a tree into closures over numbered slots.
type lowerer struct {
	prog    *Program
	typeOf  func(name string) *Type
	input   *Type
	open    bool
	known   map[string]bool
	frame   *frame
	unknown map[string]bool
}

// lowered is compiled code; a constant carries its value too.
type lowered struct {
	run      code
	value    Value
	constant bool
	typ      *Type     // nil when it is not known
	test     predicate // the same code, when its value is never but true, false and null
	ask      place     // of a free variable: what to do when the slot at global was not asked for yet
	global   int
}

// place finds a value where it lies; the pointer is good until the machine runs on.
type place func(m *machine) *Value

// operand finds the value of an operand. It looks into the slot of a free variable itself: that is what the operands of
// conditions mostly are, and it saves a call.
type operand struct {
	slot int // -1: run
	ask  place
	run  code
}

func (l lowered) operand() operand {
	if l.ask == nil {
		return operand{slot: -1, run: l.run}
	}
	return operand{slot: l.global, ask: l.ask}
}

func (o *operand) of(m *machine) *Value {
	if o.slot < 0 {
		m.held = o.run(m)
		return &m.held
	}
	if v := &m.globals[o.slot]; v.kind != kindUnasked {
		return v
	}
	return o.ask(m)
}

func constant(v Value) lowered {
	return lowered{run: func(*machine) Value { return v }, value: v, constant: true, typ: plainTypes[v.kind]}
}

func dynamic(run code) lowered { return lowered{run: run} }

func lower(src string, o Options, tree node) *Program {
	l := &lowerer{
		prog: &Program{source: src}, typeOf: o.Variables, input: o.Input, open: o.Open, known: map[string]bool{},
		frame: &frame{}, unknown: map[string]bool{},
	}
	for _, name := range o.Names {
		l.known[name] = true
	}
	whole := l.node(tree)
	l.prog.run, l.prog.constant, l.prog.value = whole.run, whole.constant, whole.value
	if !whole.constant {
		l.prog.test = whole.test
	}
	l.prog.variable = whole.ask != nil
	l.prog.slots = l.frame.slots
	for name := range l.unknown {
		l.prog.unknown = append(l.prog.unknown, name)
	}
	slices.Sort(l.prog.unknown)
	return l.prog
}

func (l *lowerer) node(n node) lowered {
	switch n := n.(type) {
	case *constNode:
		return constant(n.value)
	case *nameNode:
		return l.name(n)
	case *atNode:
		return l.at(n)
	case *listNode:
		return l.list(n)
	case *contextNode:
		return l.context(n)
	case *rangeNode:
		return l.interval(n)
	case *binaryNode:
		return l.binary(n)
	case *negateNode:
		return l.negate(n)
	case *betweenNode:
		return l.between(n)
	case *inNode:
		return l.in(n)
	case *testNode:
		return l.cellTest(n)
	case *testsNode:
		return l.tests(n)
	case *ifNode:
		return l.conditional(n)
	case *forNode:
		return l.iteration(n)
	case *someNode:
		return l.quantified(n)
	case *filterNode:
		return l.filter(n)
	case *pathNode:
		return l.path(n)
	case *callNode:
		return l.call(n)
	case *functionNode:
		return l.function(n, "", -1)
	case *instanceNode:
		return l.instance(n)
	}
	panic("feel: a node without meaning")
}

// fold evaluates code whose parts are constant; code that complains stays as it is, so that the
// complaint comes at run time.
func (l *lowerer) fold(run code, parts ...lowered) lowered {
	for _, part := range parts {
		if !part.constant {
			return dynamic(run)
		}
	}
	p := &Program{run: run}
	result, err := p.Eval(Env{Limits: Limits{Steps: 10_000, ResultBytes: SourceMax}})
	if err != nil || len(result.Diagnostics) > 0 {
		l.prog.remarks = append(l.prog.remarks, result.Diagnostics...)
		return dynamic(run)
	}
	return constant(result.Value)
}

func (l *lowerer) at(n *atNode) lowered {
	for _, parse := range []func(string) Value{parseDate, parseDateTime, parseTime, parseDuration} {
		if v := parse(n.text); v.kind != KindNull {
			return constant(v)
		}
	}
	return dynamic(func(m *machine) Value {
		return m.fail(n.pos, "%q is no date, time or duration", n.text)
	})
}

func (l *lowerer) list(n *listNode) lowered {
	items := make([]code, len(n.items))
	parts := make([]lowered, len(n.items))
	for i, item := range n.items {
		parts[i] = l.node(item)
		items[i] = parts[i].run
	}
	return l.fold(func(m *machine) Value {
		values := make([]Value, len(items))
		for i, item := range items {
			values[i] = item(m)
		}
		return m.newList(values)
	}, parts...)
}

func (l *lowerer) context(n *contextNode) lowered {
	mark := len(l.frame.bindings)
	values, slots := make([]code, len(n.values)), make([]int, len(n.values))
	for i, value := range n.values {
		if f, ok := value.(*functionNode); ok {
			slots[i] = l.frame.bind(n.keys[i])
			values[i] = l.function(f, n.keys[i], slots[i]).run
			continue
		}
		values[i] = l.node(value).run
		slots[i] = l.frame.bind(n.keys[i])
	}
	l.frame.bindings = l.frame.bindings[:mark]
	if duplicate := firstDuplicate(n.keys); duplicate != "" {
		return dynamic(func(m *machine) Value { return m.fail(n.pos, "duplicate key %q", duplicate) })
	}
	return dynamic(func(m *machine) Value {
		m.tick(1 + len(values))
		c := newContext(len(values))
		for i, value := range values {
			v := value(m)
			m.frame[slots[i]] = v
			c.put(n.keys[i], v)
		}
		return c.value()
	})
}

func firstDuplicate(keys []string) string {
	seen := make(map[string]bool, len(keys))
	for _, key := range keys {
		if seen[key] {
			return key
		}
		seen[key] = true
	}
	return ""
}

func (l *lowerer) interval(n *rangeNode) lowered {
	start, end := constant(Null), constant(Null)
	if n.start != nil {
		start = l.node(n.start)
	}
	if n.end != nil {
		end = l.node(n.end)
	}
	return l.fold(func(m *machine) Value {
		m.tick(16)
		r := interval{n.op, start.run(m), end.run(m), n.startIncluded, n.endIncluded}
		return m.makeRange(n.pos, r, n.start != nil, n.end != nil)
	}, start, end)
}

func (l *lowerer) binary(n *binaryNode) lowered {
	left, right := l.node(n.left), l.node(n.right)
	a, b, at := left.run, right.run, n.pos
	typ := l.judge(n, left, right)
	var run code
	var test predicate
	switch n.op {
	case "and":
		test = conjunction(left.truth(), right.truth())
	case "or":
		test = disjunction(left.truth(), right.truth())
	case "=", "!=", "<", "<=", ">", ">=":
		test = comparison(at, n.op, left, right)
	default:
		run = arithmetics(at, n.op, a, b)
	}
	if test != nil {
		run = test.run
	}
	out := l.fold(run, left, right)
	out.test = test
	if !out.constant {
		out.typ = typ
	}
	return out
}

func arithmetics(at pos, op string, a, b code) code {
	if op != "+" && op != "-" {
		return func(m *machine) Value { m.tick(1); return m.arith(at, op, a(m), b(m)) }
	}
	return func(m *machine) Value {
		m.tick(1)
		x, y := a(m), b(m)
		if x.kind == KindNumber && y.kind == KindNumber && x.ref == nil && y.ref == nil {
			var v Value
			if op == "+" {
				v = addNumbers(x, y)
			} else {
				v = subtractNumbers(x, y)
			}
			return v
		}
		return m.arith(at, op, x, y)
	}
}

func (l *lowerer) negate(n *negateNode) lowered {
	operand := l.node(n.operand)
	return l.fold(func(m *machine) Value { return m.negate(n.pos, operand.run(m)) }, operand)
}

func (l *lowerer) between(n *betweenNode) lowered {
	value, low, high := l.node(n.value), l.node(n.low), l.node(n.high)
	return l.fold(func(m *machine) Value {
		v := value.run(m)
		return and(m.compare(n.pos, ">=", v, low.run(m)), m.compare(n.pos, "<=", v, high.run(m)))
	}, value, low, high)
}

func (l *lowerer) conditional(n *ifNode) lowered {
	condition, then, otherwise := l.node(n.condition).run, l.node(n.yes).run, l.node(n.no).run
	return dynamic(func(m *machine) Value {
		m.tick(1)
		if condition(m).isTrue() {
			return then(m)
		}
		return otherwise(m)
	})
}

func (l *lowerer) instance(n *instanceNode) lowered {
	value := l.node(n.value).run
	if n.typed == nil {
		return dynamic(func(m *machine) Value { return m.fail(n.pos, "there is no type %q", n.text) })
	}
	typed := n.typed.unchecked()
	return dynamic(func(m *machine) Value {
		v := value(m)
		if v.kind == KindNull {
			return Boolean(typed.kind == KindNull && !typed.any)
		}
		return Boolean(m.conforms(typed, v))
	})
}
