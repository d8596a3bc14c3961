package rules

import (
	"errors"
	"fmt"

	"tallystick/fault"
	"tallystick/rules/feel"
)

// expression is compiled boxed logic. The error is a failure of the evaluation (a hit policy that
// does not hold, a limit); what merely has no value is null with a warning.
type expression interface {
	eval(s *scope) (feel.Value, error)
}

// constant is logic whose value is known: absent text is null.
type constant struct{ value feel.Value }

func (c constant) eval(*scope) (feel.Value, error) { return c.value, nil }

// literal is FEEL text.
type literal struct {
	program *feel.Program
	element string
}

func (l literal) eval(s *scope) (feel.Value, error) {
	return s.run(l.program, l.element, feel.Null)
}

// variable is FEEL text that is one name.
type variable struct {
	name string
	literal
}

func (v variable) eval(s *scope) (feel.Value, error) {
	if found, ok := s.lookup(v.name); ok {
		return found, nil
	}
	return v.literal.eval(s) // which says what is missing
}

// typed converts the value of its logic to a declared type; what does not fit is null
// (DMN 1.5, 10.3.2.9.4).
type typed struct {
	logic   expression
	typ     *itemType
	element string
}

func (t typed) eval(s *scope) (feel.Value, error) {
	v, err := t.logic.eval(s)
	if err != nil {
		return feel.Null, err
	}
	out, ok, err := s.ev.conform(v, t.typ)
	if err != nil {
		return feel.Null, err
	}
	if !ok {
		s.ev.warn("%s: %s is not of type %s and becomes null", t.element, show(v), t.typ.name)
		return feel.Null, nil
	}
	return out, nil
}

// tests are compiled unary tests.
type tests struct {
	program *feel.Program
	element string
}

// hold reports whether v passes the tests; an answer of null is no.
func (t *tests) hold(s *scope, v feel.Value) (bool, error) {
	answer, err := s.run(t.program, t.element, v)
	if err != nil {
		return false, err
	}
	yes, ok := answer.Bool()
	return ok && yes, nil
}

// holdAlone reports whether v passes tests that see no scope: those of an item definition.
func (t *tests) holdAlone(env feel.Env, v feel.Value) (bool, error) {
	env.Input = v
	answer, err := t.program.Eval(env)
	yes, ok := answer.Value.Bool()
	return ok && yes, err
}

// scope is the chain of names an expression sees while it runs. Its root answers for the
// requirements of the element and the variables of the caller; inner scopes hold parameters,
// context entries and iterator variables.
type scope struct {
	ev     *evaluation
	parent *scope
	root   *sight // of the root
	keys   []string
	values []feel.Value
	find   func(string) (feel.Value, bool) // lookup, made when a program first needs it
	quiet  bool
}

func newScope(ev *evaluation, seen *sight) *scope {
	return &scope{ev: ev, root: seen}
}

// with returns an inner scope.
func (s *scope) with() *scope {
	return &scope{ev: s.ev, parent: s, quiet: s.quiet}
}

// quietly returns an inner scope whose warnings are dropped: probing for an entry is no finding.
func (s *scope) quietly() *scope {
	inner := s.with()
	inner.quiet = true
	return inner
}

func (s *scope) set(name string, v feel.Value) {
	s.keys = append(s.keys, name)
	s.values = append(s.values, v)
}

func (s *scope) lookup(name string) (feel.Value, bool) {
	for ; ; s = s.parent {
		for i := len(s.keys) - 1; i >= 0; i-- {
			if s.keys[i] == name {
				return s.values[i], true
			}
		}
		if s.parent == nil {
			return s.ev.resolve(s.root, name)
		}
	}
}

// apply evaluates FEEL of this package on behalf of an element; its names are v, w, x in the order
// of the arguments.
func (s *scope) apply(element string, p *feel.Program, args ...feel.Value) (feel.Value, error) {
	inner := s.with()
	for i, arg := range args {
		inner.set(string(rune('v'+i)), arg)
	}
	return inner.run(p, element, feel.Null)
}

// run evaluates a program in this scope; its diagnostics become warnings of the current decision.
func (s *scope) run(p *feel.Program, element string, input feel.Value) (feel.Value, error) {
	if err := s.ev.count(); err != nil {
		return feel.Null, err
	}
	if s.find == nil {
		s.find = s.lookup
	}
	v, diagnostics, err := s.ev.eval(p, s.find, input)
	if err != nil {
		return feel.Null, failureIn(element, err)
	}
	if !s.quiet {
		for _, d := range diagnostics {
			s.ev.warn("%s: %s", element, d.Message)
		}
	}
	return v, nil
}

// failure is why an evaluation cannot go on; nested calls pass it through unchanged.
type failure struct{ text string }

func (f failure) Error() string { return f.text }

func failed(format string, args ...any) error { return failure{fmt.Sprintf(format, args...)} }

func failureIn(element string, err error) error {
	var known failure
	if errors.As(err, &known) {
		return known
	}
	return failure{element + ": " + message(err)}
}

// message is the text of an error without its code.
func message(err error) string {
	if coded, ok := errors.AsType[*fault.Error](err); ok {
		return coded.Message
	}
	return err.Error()
}
