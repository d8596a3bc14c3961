package feel

import "slices"

// unasked is what the slot of a free variable holds until it is asked for.
var unasked = Value{head: head{kind: kindUnasked}}

// outcomes are the answers of a comparison operator by the order of its operands.
type outcomes struct{ less, equal, greater truth }

var outcomesOf = map[string]outcomes{
	"=": {isFalse, isTrue, isFalse}, "!=": {isTrue, isFalse, isTrue},
	"<": {isTrue, isFalse, isFalse}, "<=": {isTrue, isTrue, isFalse},
	">": {isFalse, isFalse, isTrue}, ">=": {isFalse, isTrue, isTrue},
}

// comparison has a short way against a constant number, and one against a constant string.
func comparison(at pos, op string, a, right lowered) predicate {
	v := right.value
	switch {
	case right.constant && v.kind == KindNumber && v.ref == nil:
		return comparesNumber(at, op, a, v)
	case right.constant && v.kind == KindString && (op == "=" || op == "!="):
		return comparesText(at, op, a, v)
	}
	left, b := a.run, right.run
	return func(m *machine) truth { return truthOf(m.compare(at, op, left(m), b(m))) }
}

func comparesNumber(at pos, op string, a lowered, v Value) predicate {
	answer, left := outcomesOf[op], a.operand()
	return func(m *machine) truth {
		x := left.of(m)
		if x.kind != KindNumber || x.ref != nil || x.scale != v.scale {
			return truthOf(m.compare(at, op, *x, v))
		}
		m.budget.steps--
		switch {
		case x.n < v.n:
			return answer.less
		case x.n == v.n:
			return answer.equal
		}
		return answer.greater
	}
}

func comparesText(at pos, op string, a lowered, v Value) predicate {
	answer, text, left := outcomesOf[op], v.text(), a.operand()
	return func(m *machine) truth {
		x := left.of(m)
		if x.kind != KindString {
			return truthOf(m.compare(at, op, *x, v))
		}
		m.budget.steps--
		if x.text() == text {
			return answer.equal
		}
		return answer.less
	}
}

// words are the string literals of a test like x in ("a", "b").
type words []string

// literalWords returns nil when one of the tests is anything else.
func literalWords(tests []node) words {
	var list words
	for _, test := range tests {
		t, ok := test.(*testNode)
		if !ok || t.op != "" {
			return nil
		}
		c, ok := t.value.(*constNode)
		if !ok || c.value.kind != KindString {
			return nil
		}
		list = append(list, c.value.text())
	}
	return list
}

// wordsMin is the number of words from which a map beats looking through them.
const wordsMin = 10

// among tests whether a value is one of the words; what is no string goes the way of all unary tests.
func (w words) among(at pos, value lowered) predicate {
	set, longest := map[string]bool{}, 0
	for _, word := range w {
		set[word] = true
		longest = max(longest, len(word))
	}
	has := func(text string) bool { return slices.Contains(w, text) }
	if len(w) >= wordsMin {
		has = func(text string) bool { return len(text) <= longest && set[text] }
	}
	input := value.operand()
	return func(m *machine) truth {
		v := input.of(m)
		if v.kind != KindString {
			return truthOf(w.slowly(m, at, *v))
		}
		m.budget.steps--
		if has(v.text()) {
			return isTrue
		}
		return isFalse
	}
}

func (w words) slowly(m *machine, at pos, v Value) Value {
	result := no
	for _, word := range w {
		answer := m.matches(at, v, Text(word))
		if answer.isTrue() {
			return yes
		}
		result = or(result, answer)
	}
	return result
}
