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
	env       Env
	find      func(name string) (feel.Value, bool)
	bad       error // the first variable that can not be read
}

func (f *feelProgram) eval(env Env) (Result, error) {
	r := f.spare.Swap(nil)
	if r == nil {
		r = &feelRun{}
		r.find = r.lookup
	}
	r.env = env
	result, err := r.evaluator.Eval(f.program, feel.Env{Now: env.Now, Lookup: r.find})
	bad := r.bad
	r.env, r.bad = Env{}, nil
	f.spare.Store(r)
	switch {
	case errors.Is(err, feel.ErrLimit):
		return Result{}, ErrLimit.With("%s", err.Error())
	case err != nil:
		return Result{}, ErrFailed.With("%s", err.Error())
	case bad != nil:
		return Result{}, bad
	}
	return resultOf(result)
}

// lookup decodes a variable.
func (r *feelRun) lookup(name string) (feel.Value, bool) {
	if r.env.Lookup == nil {
		return feel.Null, false
	}
	text, ok := r.env.Lookup(name)
	if !ok {
		return feel.Null, false
	}
	v, err := feel.DecodeJSON(string(text))
	if err != nil {
		r.bad = ErrFailed.With("the variable %q can not be read: %v", name, err)
	}
	return v, true
}

func resultOf(result feel.Result) (Result, error) {
	out := Result{Value: canon.JSON(result.Value.JSON()), Warnings: positioned(result.Diagnostics)}
	if len(out.Value) > ResultMax {
		return Result{}, ErrLimit.With("the result has more than %d bytes", ResultMax)
	}
	return out, nil
}

// positioned puts the places in front of the messages.
func positioned(diagnostics []feel.Diagnostic) []string {
	var list []string
	for _, d := range diagnostics {
		list = append(list, fmt.Sprintf("at byte %d: %s", d.Offset, d.Message))
	}
	return list
}
