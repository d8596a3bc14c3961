package engine

import (
	"time"

	"tallystick/internal/canon"
	"tallystick/internal/lang"
)

// expression is a compiled attribute of the model. The value of a literal is known beforehand.
type expression struct {
	program *lang.Program
	literal bool
	value   lang.Result
}

func newExpression(p *lang.Program) (*expression, error) {
	e := &expression{program: p}
	if p.Language() != "" {
		return e, nil
	}
	var err error
	e.value, err = p.Eval(lang.Env{})
	e.literal = true
	return e, err
}

// eval computes an expression as seen from a scope. An absent expression is null.
func (x *machine) eval(e *expression, scope int64) (lang.Result, error) {
	switch {
	case e == nil:
		return lang.Result{Value: canon.Null}, nil
	case e.literal:
		return e.value, nil
	}
	return e.program.Eval(lang.Env{Lookup: x.st.seen(scope), Now: x.at})
}

// within computes an expression that sees nothing but the given variables.
func (e *expression) within(vars Variables, now time.Time) (lang.Result, error) {
	if e.literal {
		return e.value, nil
	}
	return e.program.Eval(lang.Env{Now: now, Lookup: func(name string) (canon.JSON, bool) {
		value, ok := vars[name]
		return value, ok
	}})
}

// evalWith computes an expression that sees other variables first.
func (x *machine) evalWith(e *expression, nearer Variables, scope int64) (lang.Result, error) {
	if e == nil || e.literal {
		return x.eval(e, scope)
	}
	outer := x.st.seen(scope)
	return e.program.Eval(lang.Env{Now: x.at, Lookup: func(name string) (canon.JSON, bool) {
		if value, ok := nearer[name]; ok {
			return value, true
		}
		return outer(name)
	}})
}

// evalLocal computes an expression that sees the variables of one scope alone.
func (x *machine) evalLocal(e *expression, scope int64) (lang.Result, error) {
	if e == nil || e.literal {
		return x.eval(e, scope)
	}
	variables := x.st.variables.share()
	return e.program.Eval(lang.Env{Now: x.at, Lookup: func(name string) (canon.JSON, bool) {
		v, ok := variables.get(named(scope, name))
		return v.Value, ok
	}})
}

// seen looks variables up as they are now, seen from a scope. It holds two tables, not the state: the
// machine that works on the state can so stay where it costs nothing, on the stack.
func (s *State) seen(scope int64) func(name string) (canon.JSON, bool) {
	elements, variables, loops := s.elements.share(), s.variables.share(), s.loops.share()
	return func(name string) (canon.JSON, bool) { return lookup(elements, variables, loops, scope, name) }
}
