// Package lang is the one door to expressions: it compiles and evaluates FEEL and expr alike.
//
// It owns the choice of the language, the guards around the expr library (source, nesting, steps,
// growth, results) and the passage of variables as canonical JSON. It must not know who asks:
// no processes, no decisions, no storage, no clock but Env.Now.
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
}

// Split tells how an attribute text is meant: a leading "=" makes it FEEL, "${" makes it expr (one
// expression or a template), and everything else is literal text.
func Split(text string) (source string, l Language, literal bool) { return text, "", true }

// Compile reads an expression; the error is ErrInvalid with the position in its message.
func Compile(source string, l Language) (*Program, error) { return nil, ErrInvalid }

// CompileText compiles what Split finds; literal text becomes a constant JSON string.
func CompileText(text string) (*Program, error) { return nil, ErrInvalid }

// Eval computes the value; the error is ErrFailed or ErrLimit.
func (p *Program) Eval(env Env) (Result, error) { return Result{}, ErrFailed }

// Names returns the variables that the expression reads, sorted.
func (p *Program) Names() []string { return nil }

// Source returns the text that was compiled.
func (p *Program) Source() string { return p.source }

// Language returns the language; it is empty for literal text.
func (p *Program) Language() Language { return p.language }
