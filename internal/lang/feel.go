package lang

import (
	"errors"
	"fmt"
	"sync/atomic"

	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

func compileFEEL(source string) (*Program, error) {
	p, err := feel.Compile(source, feel.Options{Open: true})
	if err != nil {
		return nil, ErrInvalid.With("%s", err.Error())
	}
	if unknown := p.Unknown(); len(unknown) > 0 {
		return nil, ErrInvalid.With("there is no function %q", unknown[0])
	}
	f := &feelProgram{program: p}
	return &Program{source: source, language: FEEL, names: p.Names(), remarks: positioned(p.Remarks()), eval: f.eval}, nil
}

// feelProgram keeps the memory of its last evaluation for the next one: making it anew takes longer than a
// condition does. Callers that meet at the same time make their own.
type feelProgram struct {
	program *feel.Program
	spare   atomic.Pointer[feelRun]
}

// feelRun is one evaluation.
type feelRun struct {
	evaluator feel.Evaluator
	lookup    func(name string) (canon.JSON, bool)
	find      func(name string) (string, bool)
}

func newFEELRun() *feelRun {
	r := &feelRun{}
	r.find = func(name string) (string, bool) {
		if r.lookup == nil {
			return "", false
		}
		text, ok := r.lookup(name)
		return string(text), ok
	}
	return r
}

func (f *feelProgram) eval(env Env) (Result, error) {
	r := f.spare.Swap(nil)
	if r == nil {
		r = newFEELRun()
	}
	r.lookup = env.Lookup
	in := r.evaluator.Env()
	in.Now, in.JSON = env.Now, r.find
	text, err := r.evaluator.EvalJSON(f.program)
	diagnostics := r.evaluator.Diagnostics()
	r.lookup = nil
	if !r.evaluator.Kept() { // else the function that keeps it would keep the variables for as long as the program lives
		f.spare.Store(r)
	}
	if err != nil {
		return Result{}, refused(err)
	}
	if len(text) > ResultMax {
		return Result{}, ErrLimit.With("the result has more than %d bytes", ResultMax)
	}
	if canon.JSON(text).DeeperThan(canon.MaxDepth) {
		return Result{}, errDepth()
	}
	return Result{Value: canon.JSON(text), Warnings: positioned(diagnostics)}, nil
}

// refused is why FEEL stopped, in the words of this package.
func refused(err error) error {
	if errors.Is(err, feel.ErrLimit) {
		return ErrLimit.With("%s", err.Error())
	}
	return ErrFailed.With("%s", err.Error())
}

// positioned puts the places in front of the messages.
func positioned(diagnostics []feel.Diagnostic) []string {
	var list []string
	for _, d := range diagnostics {
		list = append(list, fmt.Sprintf("at byte %d: %s", d.Offset, d.Message))
	}
	return list
}
