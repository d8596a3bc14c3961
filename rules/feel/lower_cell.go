package feel

// in lowers value in tests: true if one test is true, else null if one is null, else false.
func (l *lowerer) in(n *inNode) lowered {
	operand := l.node(n.value)
	if words := literalWords(n.tests); words != nil {
		return tested(words.among(n.tests[0].(*testNode).pos, operand))
	}
	value := operand.run
	mark := len(l.frame.bindings)
	slot := l.frame.bind("?")
	tests := make([]testCode, len(n.tests))
	for i, t := range n.tests {
		tests[i] = l.test(t.(*testNode), operand.typ)
	}
	l.frame.bindings = l.frame.bindings[:mark]
	return dynamic(func(m *machine) Value {
		input := value(m)
		m.frame[slot] = input
		return anyTest(m, tests, input)
	})
}

// testCode is a unary test, given its input.
type testCode func(m *machine, input Value) Value

func anyTest(m *machine, tests []testCode, input Value) Value {
	result := no
	for _, test := range tests {
		v := test(m, input)
		if v.isTrue() {
			return yes
		}
		result = or(result, v)
	}
	return result
}

// test lowers one positive unary test.
func (l *lowerer) test(n *testNode, input *Type) testCode {
	value := l.node(n.value)
	run, at, op := value.run, n.pos, n.op
	if op != "" && op != "?" {
		l.judge(&binaryNode{pos: n.pos, op: op}, lowered{typ: input}, value)
	}
	switch {
	case op == "?":
		return func(m *machine, _ Value) Value { return truthOf(run(m)).value() }
	case op != "":
		return func(m *machine, input Value) Value { return m.compare(at, op, input, run(m)) }
	case value.constant && value.value.kind == KindString:
		text := value.value.text()
		return func(m *machine, input Value) Value {
			if input.kind == KindString {
				m.budget.steps--
				return Boolean(input.text() == text)
			}
			return m.matches(at, input, value.value)
		}
	default:
		_, isRange := n.value.(*rangeNode)
		return func(m *machine, input Value) Value {
			test := run(m)
			if isRange && test.kind == KindNull {
				return Null
			}
			return m.matches(at, input, test)
		}
	}
}

// cellTest lowers a test that stands alone.
func (l *lowerer) cellTest(n *testNode) lowered {
	test := l.test(n, l.input)
	return dynamic(func(m *machine) Value { return test(m, m.env.Input) })
}

// tests lowers the unary tests of a cell.
func (l *lowerer) tests(n *testsNode) lowered {
	if n.any {
		return constant(yes)
	}
	tests := make([]testCode, len(n.tests))
	for i, t := range n.tests {
		tests[i] = l.test(t.(*testNode), l.input)
	}
	return dynamic(func(m *machine) Value {
		result := anyTest(m, tests, m.env.Input)
		if n.not {
			return not(result)
		}
		return result
	})
}
