// Package lang is the one door to expressions: it compiles and evaluates FEEL and expr alike.
//
// It owns the choice of the language, the guards around the expr library (source, nesting, steps,
// growth, results) and the passage of variables as canonical JSON. expr also reads the words of JUEL
// and coerces as it does (juel*.go), so that conditions of older engines mean the same. It must not know
// who asks: no processes, no decisions, no storage, no clock but Env.Now.
package lang

import (
	"time"

	"tallystick/fault"
	"tallystick/internal/canon"
)

// Language names an expression language.
type Language string

// The languages behind the door.
const (
	FEEL Language = "feel"
	Expr Language = "expr"
)

// The limits of an expression and of its result.
const (
	SourceMax  = 8 << 10
	NestingMax = 64
	ResultMax  = 1 << 20
	nodesMax   = 2000
)

// The refusals of this package.
var (
	ErrInvalid = fault.New(fault.Invalid, "expression.invalid", "the text is not an expression")
	ErrFailed  = fault.New(fault.Unprocessable, "expression.failed", "the expression has no value")
	ErrLimit   = fault.New(fault.Unprocessable, "expression.limit", "the expression takes more than it may")
)

// Env is what an evaluation may see: its variables and the time.
type Env struct {
	Lookup func(name string) (canon.JSON, bool)
	Now    time.Time
}

// Result is a value and the reasons why parts of it are null.
type Result struct {
	Value    canon.JSON
	Warnings []string
}

// Program is a compiled expression. It is immutable and may be used by many callers at once.
type Program struct {
	source   string
	language Language
	names    []string
	remarks  []string
	eval     func(env Env) (Result, error)
}

// Compile reads an expression; the error is ErrInvalid with the position in its message.
func Compile(source string, l Language) (*Program, error) {
	switch l {
	case FEEL:
		return compileFEEL(source)
	case Expr:
		return compileExpr(source)
	default:
		return nil, ErrInvalid.With("there is no expression language %q", string(l))
	}
}

// CompileText compiles what Split finds; literal text becomes a constant JSON string.
func CompileText(text string) (*Program, error) {
	source, l, literal := Split(text)
	if !literal {
		return Compile(source, l)
	}
	constant := Result{Value: canon.String(source)}
	return &Program{source: source, eval: func(Env) (Result, error) { return constant, nil }}, nil
}

// Eval computes the value; the error is ErrFailed or ErrLimit.
func (p *Program) Eval(env Env) (Result, error) { return p.eval(env) }

// Names returns the variables that the expression reads, sorted. The caller must not change them.
func (p *Program) Names() []string { return p.names }

// Remarks tells what is null whatever the variables are. The caller must not change them.
func (p *Program) Remarks() []string { return p.remarks }

// Source returns the text that was compiled.
func (p *Program) Source() string { return p.source }

// Language returns the language; it is empty for literal text.
func (p *Program) Language() Language { return p.language }
