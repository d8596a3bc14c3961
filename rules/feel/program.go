package feel

import "slices"

// Program is a compiled expression. It is immutable and may be used by many callers at once.
type Program struct {
	source  string
	names   []string
	unknown []string
	remarks []Diagnostic
	slots   int
	run     code
	test    predicate // the same code, when its value is never but true, false and null

	constant bool // value is all that it yields
	value    Value
	variable bool // it is a free variable and nothing else
}

// Compile reads an expression; the error is a *SyntaxError.
func Compile(src string, o Options) (*Program, error) {
	return compile(src, o, (*parser).expression)
}

// CompileTests reads unary tests, with the input bound to ?; their value is true, false or null.
func CompileTests(src string, o Options) (*Program, error) {
	return compile(src, o, (*parser).tests)
}

func compile(src string, o Options, production func(*parser) node) (*Program, error) {
	p, err := newParser(src, o)
	if err != nil {
		return nil, err
	}
	p.scope.add("?")
	tree, err := p.parse(func() node { return production(p) })
	if err != nil {
		return nil, err
	}
	return lower(src, o, tree), nil
}

// Eval computes the value. The error is ErrLimit, ErrJSON, or that of a host function.
func (p *Program) Eval(env Env) (Result, error) {
	m := &machine{}
	m.first.env = env
	m.start(p)
	err := m.evaluate(p)
	return Result{Value: *m.result(), Diagnostics: m.faults}, err
}

// Evaluator evaluates one program after the other in the same memory; the zero value is ready. It
// must not be used by two callers at once, nor by a host function that it calls.
type Evaluator struct {
	m    *machine
	lent bool // a machine was left to a function
}

// Env returns what the next evaluations see, for the caller to set. It holds until Env is called again.
func (e *Evaluator) Env() *Env { return &e.machine().first.env }

// machine returns that of the next evaluation: the last one may live on in a function.
func (e *Evaluator) machine() *machine {
	switch {
	case e.m == nil:
		e.m = &machine{}
	case e.m.first.kept:
		last := e.m
		e.m, e.lent = &machine{}, true
		e.m.first.env = last.first.env
	}
	return e.m
}

// Eval computes the value as Program.Eval does.
func (e *Evaluator) Eval(p *Program) (Value, error) {
	m := e.machine()
	m.start(p)
	err := m.evaluate(p)
	value := *m.result()
	m.rest()
	return value, err
}

// EvalJSON computes the value as Value.JSON writes it.
func (e *Evaluator) EvalJSON(p *Program) (string, error) {
	m := e.machine()
	m.start(p)
	err := m.evaluate(p)
	text := m.result().JSON()
	m.rest()
	return text, err
}

// Diagnostics returns those of the last evaluation.
func (e *Evaluator) Diagnostics() []Diagnostic { return e.m.faults }

// Kept reports whether any evaluation so far made a function value, which goes on asking its Env for variables.
func (e *Evaluator) Kept() bool { return e.lent || e.m != nil && e.m.first.kept }

// result is the value of the program that was evaluated.
func (m *machine) result() *Value {
	if m.judged {
		return &truthValues[m.verdict]
	}
	return &m.held
}

// evaluate leaves the value where result finds it.
func (m *machine) evaluate(p *Program) (err error) {
	depth := m.budget.depth
	defer func() {
		if r := recover(); r != nil {
			trip, ok := r.(tripped)
			if !ok {
				panic(r)
			}
			m.held, m.judged, m.faults, err = Null, false, nil, trip.err
		}
		m.budget.depth = depth
	}()
	if m.judged = p.test != nil; m.judged {
		m.verdict = p.test(m)
	} else {
		m.held = p.run(m)
	}
	if outer := m.first.env.outer; outer != nil {
		if !m.first.env.quiet {
			outer.inherit(m.faults)
		}
	} else if !m.judged && m.held.kind >= KindString {
		m.weigh(m.held, m.env.Limits.ResultBytes)
	}
	return nil
}

// inherit takes over what a part of the evaluation complained about.
func (m *machine) inherit(faults []Diagnostic) {
	if room := diagnosticsMax - len(m.faults); !m.frameOnly && room > 0 {
		m.faults = append(m.faults, faults[:min(room, len(faults))]...)
	}
}

// Weigh returns ErrLimit when the text of v would be longer than the ResultBytes of the limits. Parts of
// an evaluation are not weighed by Eval, because they may share what they hold.
func (e Env) Weigh(v Value) (err error) {
	if v.kind < KindString {
		return nil
	}
	defer recoverTrip(&err)
	m := machine{}
	m.origin = &m.first
	m.env.Limits = e.Limits
	m.env.Limits.fill()
	m.weigh(v, m.env.Limits.ResultBytes)
	return nil
}

// recoverTrip, deferred, makes a limit that was reached an error.
func recoverTrip(err *error) {
	if r := recover(); r != nil {
		trip, ok := r.(tripped)
		if !ok {
			panic(r)
		}
		*err = trip.err
	}
}

// weigh trips when the text of a value would be longer than the rest of the allowance.
func (m *machine) weigh(v Value, rest int) int {
	switch v.kind {
	case KindNull, KindBoolean:
		rest -= 5
	case KindNumber:
		rest -= v.numberSize()
	case KindString:
		rest -= len(v.text()) + 2
	case KindList:
		rest -= 2
		for _, item := range v.list() {
			rest = m.weigh(item, rest-1)
		}
	case KindContext:
		c := v.ref.(*context)
		rest -= 2
		for i, key := range c.keys {
			rest = m.weigh(c.values[i], rest-len(key)-4)
		}
	case KindRange:
		r := v.interval()
		rest = m.weigh(r.end, m.weigh(r.start, rest-4))
	default:
		rest -= 20
	}
	if rest < 0 {
		panic(tripped{ErrLimit.With("the result has more than %d bytes", m.env.Limits.ResultBytes)})
	}
	return rest
}

// Call calls a function value with positional arguments, which it may change; a value of another kind
// is null with a diagnostic. The error is that of Program.Eval.
func (v Value) Call(env Env, args []Value) (Result, error) {
	p := &Program{run: func(m *machine) Value {
		if v.kind != KindFunction {
			return m.fail(0, "a %s can not be called", v.kind)
		}
		return m.call(0, v.function(), args)
	}}
	return p.Eval(env)
}

// Names returns the free variables, sorted.
func (p *Program) Names() []string { return slices.Sorted(slices.Values(p.names)) }

// Unknown returns the names that are called like functions and are none, sorted.
func (p *Program) Unknown() []string { return p.unknown }

// Constant returns the value of a program that always yields the same one, and nothing to complain about.
func (p *Program) Constant() (v Value, ok bool) { return p.value, p.constant }

// Variable returns the name of the free variable that the program consists of.
func (p *Program) Variable() (name string, ok bool) {
	if !p.variable {
		return "", false
	}
	return p.names[0], true
}

// Remarks returns what is null whatever the variables are: operators between kinds that do not fit, calls with the
// wrong arguments, entries that a type does not have.
func (p *Program) Remarks() []Diagnostic { return p.remarks }

// Source returns the text that was compiled.
func (p *Program) Source() string { return p.source }
