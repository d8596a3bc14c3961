// Package feel is the expression language of DMN 1.5 (clause 10.3): text in, values out.
//
// It owns the lexer, the parser that knows the names in scope, the lowering to closures over
// numbered slots, the values (34-digit decimals, dates, durations, ranges, functions) and the
// built-in functions. An error inside an expression is null with a diagnostic; only a tripped
// limit stops an evaluation. It must not know the host: no clock but Env.Now, no files, no
// network, no decision tables, no processes.
package feel

import (
	"time"

	"tallystick/fault"
)

// ErrLimit is the refusal of an evaluation that took more than its Limits.
var ErrLimit = fault.New(fault.Unprocessable, "feel.limit", "the expression takes more than it may")

// Options tell Compile what it cannot see in the source.
type Options struct {
	// Names are the names in scope; they may contain blanks and operators.
	Names []string
	// Members are names of context entries that contain operators, so that a path can name them.
	Members []string
	// Open makes unknown identifiers free variables; otherwise they are null with a diagnostic.
	Open bool
	// Types finds the item definition of a name; it may be nil.
	Types func(name string) *Type
	// Variables finds the type of a free variable for Program.Remarks; nil, and nil types, know nothing.
	Variables func(name string) *Type
	// Input is the type of the input of unary tests, for Program.Remarks; nil when it is not known.
	Input *Type
}

// Limits bound an evaluation; a zero field takes its default.
type Limits struct {
	Steps       int // elementary steps, about 50 ns each; default 800,000
	ListLength  int // items of a list; default 100,000
	StringBytes int // bytes of a string; default 1 MiB
	Recursion   int // nested function calls; default 64
	ResultBytes int // size of the result as text; default 1 MiB
}

func (l *Limits) fill() {
	pick := func(n *int, standard int) {
		if *n <= 0 {
			*n = standard
		}
	}
	pick(&l.Steps, 800_000)
	pick(&l.ListLength, 100_000)
	pick(&l.StringBytes, 1<<20)
	pick(&l.Recursion, 64)
	pick(&l.ResultBytes, 1<<20)
}

// Env is what an evaluation may see: its variables, the input of unary tests, and the time.
type Env struct {
	Lookup func(name string) (Value, bool)
	// JSON finds a variable that Lookup does not know (it may be nil) as JSON text, which is read once in an
	// evaluation; the evaluation ends with ErrJSON when it can not be read.
	JSON   func(name string) (text string, ok bool)
	Input  Value
	Now    time.Time
	Limits Limits

	outer *machine // the evaluation that this one is part of
	quiet bool     // it keeps its diagnostics to itself
}

// Begin returns an Env whose evaluations share the limits of e, as if they were parts of one.
func (e Env) Begin() Env {
	m := &machine{frameOnly: true}
	m.first.env = e
	m.start(&Program{})
	e.outer = m
	return e
}

// Spend takes steps from the evaluation that e belongs to; the error is ErrLimit.
func (e Env) Spend(steps int) (err error) {
	defer recoverTrip(&err)
	if e.outer != nil {
		e.outer.tick(steps)
	}
	return nil
}

// Diagnostic says why a part of the result became null. Offset counts bytes of the source.
type Diagnostic struct {
	Offset  int
	Message string
}

// Result is a value and what went wrong on the way to it.
type Result struct {
	Value       Value
	Diagnostics []Diagnostic
}
