package feel

// truth is a value of three-valued logic; what is no boolean counts as null.
type truth uint8

const (
	isNull truth = iota
	isFalse
	isTrue
)

var truthValues = [...]Value{isNull: Null, isFalse: no, isTrue: yes}

// predicate is code whose value is true, false or null: what conditions consist of passes that on in a register.
type predicate func(m *machine) truth

func (p predicate) run(m *machine) Value { return p(m).value() }

func tested(p predicate) lowered { return lowered{run: p.run, test: p} }

func (t truth) value() Value { return truthValues[t] }

func truthOf(v Value) truth {
	switch {
	case v.kind != KindBoolean:
		return isNull
	case v.n == 0:
		return isFalse
	}
	return isTrue
}

// truth returns the code as an operand of and and or.
func (l lowered) truth() predicate {
	if l.test != nil {
		return l.test
	}
	return func(m *machine) truth { return truthOf(l.run(m)) }
}

// conjunction and disjunction follow the tables of three-valued logic (DMN 1.5, 10.3.2.8, table 50); what the first operand decides
// leaves the second unasked.
func conjunction(a, b predicate) predicate {
	return func(m *machine) truth {
		x := a(m)
		if x == isFalse {
			return isFalse
		}
		if y := b(m); y == isFalse || x == isTrue {
			return y
		}
		return isNull
	}
}

func disjunction(a, b predicate) predicate {
	return func(m *machine) truth {
		x := a(m)
		if x == isTrue {
			return isTrue
		}
		if y := b(m); y == isTrue || x == isFalse {
			return y
		}
		return isNull
	}
}
