package feel

import (
	"fmt"
)

// machine is the state of one evaluation.
type machine struct {
	*origin
	frame  []Value
	limits Limits
	budget *budget
	own    budget
	first  origin
	inline [inlineSlots]Value
	marks  [inlineSlots]bool
	faults []Diagnostic
}

// origin is what a function takes along when it is called from another evaluation.
type origin struct {
	env     Env
	globals []Value
	asked   []bool
	names   []string
}

// inlineSlots is the number of slots that need no allocation of their own.
const inlineSlots = 8

// budget is what nested evaluations share.
type budget struct {
	steps, depth int
}

// code is a compiled expression.
type code func(m *machine) Value

// tripped leaves an evaluation as a panic when a limit is reached; Eval catches it. Any other way
// would have every loop and every operator ask whether to go on.
type tripped struct{ err error }

// diagnosticsMax bounds the list; the first ones say most.
const diagnosticsMax = 50

func newMachine(p *Program, env Env) *machine {
	m := &machine{first: origin{env: env, names: p.names}, limits: env.Limits.withDefaults()}
	m.origin = &m.first
	m.own.steps = m.limits.Steps
	m.budget = &m.own
	if env.outer != nil {
		m.budget = env.outer.budget
	}
	need := p.slots + len(p.names)
	slots, marks := m.inline[:], m.marks[:]
	if need > inlineSlots {
		slots, marks = make([]Value, need), make([]bool, len(p.names))
	}
	m.frame, m.globals = slots[:p.slots], slots[p.slots:need]
	m.asked = marks[:len(p.names)]
	return m
}

// tick takes n steps from the budget.
func (m *machine) tick(n int) {
	m.budget.steps -= n
	if m.budget.steps < 0 {
		panic(tripped{ErrLimit.With("the expression takes more than %d steps", m.limits.Steps)})
	}
}

// enter counts nested calls.
func (m *machine) enter(at pos) {
	m.budget.depth++
	if m.budget.depth > m.limits.Recursion {
		panic(tripped{ErrLimit.With("more than %d nested calls at byte %d", m.limits.Recursion, at)})
	}
}

func (m *machine) leave() { m.budget.depth-- }

// sized checks the length of a list that is about to grow or was just made.
func (m *machine) sized(n int) {
	if n > m.limits.ListLength {
		panic(tripped{ErrLimit.With("a list has more than %d items", m.limits.ListLength)})
	}
}

// newText makes a string and charges for it.
func (m *machine) newText(s string) Value {
	m.textSize(len(s))
	return Text(s)
}

func (m *machine) textSize(n int) {
	if n > m.limits.StringBytes {
		panic(tripped{ErrLimit.With("a string has more than %d bytes", m.limits.StringBytes)})
	}
	m.tick(1 + n/64)
}

// newList makes a list and charges for it.
func (m *machine) newList(items []Value) Value {
	m.sized(len(items))
	m.tick(1 + len(items)/4)
	return ListOf(items...)
}

// fail notes a diagnostic and returns null.
func (m *machine) fail(at pos, format string, args ...any) Value {
	m.tick(4)
	if len(m.faults) < diagnosticsMax {
		m.faults = append(m.faults, Diagnostic{Offset: int(at), Message: fmt.Sprintf(format, args...)})
	}
	return Null
}

// global returns a free variable, asking for it once.
func (m *machine) global(at pos, i int) (Value, bool) {
	if m.asked[i] {
		return m.globals[i], true
	}
	if m.env.Lookup == nil {
		return Null, false
	}
	v, ok := m.env.Lookup(m.names[i])
	if ok {
		m.globals[i], m.asked[i] = v, true
	}
	return v, ok
}
