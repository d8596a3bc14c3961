package rules

import (
	"fmt"

	"tallystick/rules/feel"
)

// function is the logic of a business knowledge model or of a boxed function definition. As an
// expression its value is the function itself.
type function struct {
	params []feel.Parameter
	body   expression
}

// eval makes the function a value; it sees the scope it is defined in (DMN 1.5, 10.3.2.13).
func (f *function) eval(s *scope) (feel.Value, error) {
	call := func(env feel.Env, args []feel.Value) (feel.Value, error) {
		defer s.ev.enter(env)()
		inner := s.with()
		for i, p := range f.params {
			inner.set(p.Name, args[i])
		}
		return f.body.eval(inner)
	}
	s.ev.lent = true
	return feel.FunctionOf(f.params, nil, call), nil
}

// enter makes the evaluation part of a running FEEL evaluation, whose limits it then shares; the
// function returned ends that.
func (ev *evaluation) enter(env feel.Env) func() {
	before, begun := ev.feel, ev.begun
	ev.feel, ev.begun = env, true
	return func() { ev.feel, ev.begun = before, begun }
}

// application is FEEL that reads values of boxed expressions under names that stand for them: the
// call of a boxed invocation, or a boxed filter.
type application struct {
	program *feel.Program
	names   []string
	args    []expression
	element string
}

func (a application) eval(s *scope) (feel.Value, error) {
	inner := s.with()
	for i, arg := range a.args {
		v, err := arg.eval(s)
		if err != nil {
			return feel.Null, err
		}
		inner.set(a.names[i], v)
	}
	return inner.run(a.program, a.element, feel.Null)
}

// argumentName is the name that stands for the i-th argument of a boxed invocation.
func argumentName(i int) string { return fmt.Sprintf("argument_%d_", i+1) }
