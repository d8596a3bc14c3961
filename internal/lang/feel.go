package lang

import (
	"errors"
	"fmt"

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
	eval := func(env Env) (Result, error) { return evalFEEL(p, env) }
	return &Program{source: source, language: FEEL, names: p.Names(), eval: eval}, nil
}

func evalFEEL(p *feel.Program, env Env) (Result, error) {
	var bad error
	result, err := p.Eval(feel.Env{Now: env.Now, Lookup: func(name string) (feel.Value, bool) {
		if env.Lookup == nil {
			return feel.Null, false
		}
		text, ok := env.Lookup(name)
		if !ok {
			return feel.Null, false
		}
		v, err := feel.DecodeJSON(string(text))
		if err != nil {
			bad = ErrFailed.With("the variable %q can not be read: %v", name, err)
		}
		return v, true
	}})
	switch {
	case errors.Is(err, feel.ErrLimit):
		return Result{}, ErrLimit.With("%s", err.Error())
	case err != nil:
		return Result{}, ErrFailed.With("%s", err.Error())
	case bad != nil:
		return Result{}, bad
	}
	out := Result{Value: canon.JSON(result.Value.JSON())}
	for _, d := range result.Diagnostics {
		out.Warnings = append(out.Warnings, fmt.Sprintf("at byte %d: %s", d.Offset, d.Message))
	}
	if len(out.Value) > ResultMax {
		return Result{}, ErrLimit.With("the result has more than %d bytes", ResultMax)
	}
	return out, nil
}
