package feel

import (
	"fmt"
)

// machine is the state of one evaluation. It is small because every evaluation makes one.
type machine struct {
	*origin
	frame   []Value
	budget  *budget
	own     budget
	first   origin
	faults  []Diagnostic
	held    Value // that of an operand which lies nowhere else; in the end, the result
	judged  bool  // the result is the verdict instead
	verdict truth
	// frameOnly marks a machine that runs nothing and only lends its budget: it keeps no diagnostics.
	frameOnly bool
	layout    *Program // the frame is laid out for it
	inline    [inlineSlots]Value
}

// origin is what a function takes along when it is called from another evaluation.
type origin struct {
	env     Env
	globals []Value
	prog    *Program
	kept    bool // a function refers to it
}

// inlineSlots is the number of slots that need no allocation of their own.
const inlineSlots = 4

// kindUnasked marks a free variable that was not asked for yet. No value that an expression can see
// has this kind.
const kindUnasked = KindFunction + 1

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

// start prepares the machine for a program, whatever it did before; what it sees is in first.env.
func (m *machine) start(p *Program) {
	env := &m.first.env
	env.Limits.fill()
	m.first.prog = p
	m.origin = &m.first
	m.own = budget{steps: env.Limits.Steps}
	m.budget = &m.own
	if env.outer != nil {
		m.budget = env.outer.budget
	}
	m.faults = nil
	if p == m.layout {
		return
	}
	m.layout = p
	need := p.slots + len(p.names)
	slots := m.inline[:]
	if need > inlineSlots {
		slots = make([]Value, need)
	}
	m.frame, m.globals = slots[:p.slots], slots[p.slots:need]
	m.forget()
}

// forget empties the frame for the next run of the same program, and for the garbage collector.
func (m *machine) forget() {
	clear(m.frame)
	m.held = Null
	for i := range m.globals {
		m.globals[i] = unasked
	}
}

// rest ends an evaluation; what a function refers to stays as it is.
func (m *machine) rest() {
	if !m.first.kept {
		m.forget()
	}
}

// tick takes n steps from the budget.
func (m *machine) tick(n int) {
	m.budget.steps -= n
	if m.budget.steps < 0 {
		panic(tripped{ErrLimit.With("the expression takes more than %d steps", m.env.Limits.Steps)})
	}
}

// enter counts nested calls.
func (m *machine) enter(at pos) {
	m.budget.depth++
	if m.budget.depth > m.env.Limits.Recursion {
		panic(tripped{ErrLimit.With("more than %d nested calls at byte %d", m.env.Limits.Recursion, at)})
	}
}

func (m *machine) leave() { m.budget.depth-- }

// sized checks the length of a list that is about to grow or was just made.
func (m *machine) sized(n int) {
	if n > m.env.Limits.ListLength {
		panic(tripped{ErrLimit.With("a list has more than %d items", m.env.Limits.ListLength)})
	}
}

// newText makes a string and charges for it.
func (m *machine) newText(s string) Value {
	m.textSize(len(s))
	return Text(s)
}

func (m *machine) textSize(n int) {
	if n > m.env.Limits.StringBytes {
		panic(tripped{ErrLimit.With("a string has more than %d bytes", m.env.Limits.StringBytes)})
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
		for i, arg := range args {
			if text, ok := arg.(string); ok {
				args[i] = brief(text)
			}
		}
		m.faults = append(m.faults, Diagnostic{Offset: int(at), Message: fmt.Sprintf(format, args...)})
	}
	return Null
}

// shownMax is how much of a text a message shows.
const shownMax = 100

func brief(text string) string {
	if len(text) <= shownMax {
		return text
	}
	shown := 0
	for i := range text {
		if shown == shownMax {
			return text[:i] + "…"
		}
		shown++
	}
	return text
}
