package rules

import (
	"fmt"
	"slices"
	"time"

	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

// Env is what an evaluation may see of the world: the variables of the caller and the moment.
// A nil Lookup knows no variable.
type Env struct {
	Lookup func(name string) (canon.JSON, bool)
	Now    time.Time
}

// Evaluate evaluates a decision and what it requires, each once. The error is ErrDecision; an
// evaluation that fails is told by Failed and Failure of the Trace.
func (m *Model) Evaluate(decisionID string, env Env) (Trace, error) {
	d, ok := m.byID[decisionID]
	if !ok {
		return Trace{}, ErrDecision.With("the model %q has no decision %q", m.Name, decisionID)
	}
	ev := &evaluation{
		model: m, env: env, results: map[*Decision]feel.Value{}, inputs: map[string]feel.Value{},
		functions: map[*knowledge]feel.Value{},
	}
	ev.trace.Decisions = []Evaluated{}
	result, err := ev.run(d)
	if err != nil {
		ev.trace.Output = canon.Null
		ev.trace.Failure = message(err)
		return ev.trace, nil
	}
	ev.trace.Output = encode(result)
	return ev.trace, nil
}

// evaluation is one request.
type evaluation struct {
	model     *Model
	env       Env
	feel      feel.Env // of the FEEL evaluation that this one is part of
	trace     Trace
	current   *Evaluated
	results   map[*Decision]feel.Value
	inputs    map[string]feel.Value // input data and variables read so far
	functions map[*knowledge]feel.Value
	cells     int // looked at so far
	runs      int // of FEEL expressions so far
}

// limits bound one evaluation with everything it requires, about half a second.
var limits = feel.Limits{Steps: 10_000_000}

// maxCells bounds the cells that one evaluation looks at, about a tenth of a second: most of them
// are answered without FEEL and its limits.
const maxCells = 5_000_000

// maxRuns bounds the expressions one evaluation runs, about half a second: starting one costs more than
// the steps of a small one tell.
const maxRuns = 250_000

func (ev *evaluation) scan(cells int) error {
	if ev.cells += cells; ev.cells > maxCells {
		return failed("more than %d table cells were looked at", maxCells)
	}
	return nil
}

// whole is FEEL whose one function is the evaluation: whatever runs inside shares its limits.
var whole = mustCompile("evaluate()", "evaluate")

func (ev *evaluation) run(d *Decision) (feel.Value, error) {
	body := func(env feel.Env, _ []feel.Value) (feel.Value, error) {
		ev.feel = env
		return ev.decision(d)
	}
	evaluate := feel.FunctionOf(nil, nil, body)
	result, err := whole.Eval(feel.Env{
		Now: ev.env.Now, Limits: limits,
		Lookup: func(string) (feel.Value, bool) { return evaluate, true },
	})
	if err != nil && ev.trace.Failed == "" {
		ev.trace.Failed = d.ID // a limit that the outermost evaluation tripped over
	}
	return result.Value, err
}

// decision evaluates d after its requirements, or returns what it evaluated to before.
func (ev *evaluation) decision(d *Decision) (feel.Value, error) {
	if v, done := ev.results[d]; done {
		return v, nil
	}
	if d.broken {
		ev.trace.Failed = d.ID
		return feel.Null, failed("decision %q has errors and cannot be evaluated", d.Name)
	}
	for _, required := range d.decisions {
		if _, err := ev.decision(required); err != nil {
			return feel.Null, err
		}
	}
	v, err := ev.logic(d)
	if err != nil {
		ev.trace.Failed = d.ID
		return feel.Null, err
	}
	ev.results[d] = v
	return v, nil
}

// logic evaluates the decision's own logic and writes its part of the trace.
func (ev *evaluation) logic(d *Decision) (feel.Value, error) {
	ev.current = &Evaluated{
		ID: d.ID, Name: d.Name, Type: d.Type, HitPolicy: d.HitPolicy,
		Inputs: []Input{}, Matched: []Match{}, Output: canon.Null,
	}
	v, err := ev.typedLogic(d)
	if err == nil {
		ev.current.Output = encode(v)
	}
	ev.trace.Decisions = append(ev.trace.Decisions, *ev.current)
	ev.current = nil
	return v, err
}

func (ev *evaluation) typedLogic(d *Decision) (feel.Value, error) {
	if d.logic == nil {
		return feel.Null, nil
	}
	s := newScope(ev, d.names, true)
	return typed{logic: d.logic, typ: d.result, element: d.ID}.eval(s)
}

// maxWarnings bounds the warnings kept of one decision; the first ones tell the story.
const maxWarnings = 50

func (ev *evaluation) warn(format string, args ...any) {
	if ev.current == nil || len(ev.current.Warnings) >= maxWarnings {
		return
	}
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(ev.current.Warnings, text) {
		ev.current.Warnings = append(ev.current.Warnings, text)
	}
}

// resolve answers for a name at the root of a scope: a requirement, or a variable of the caller.
func (ev *evaluation) resolve(root *scope, name string) (feel.Value, bool) {
	b, bound := root.names[name]
	switch {
	case !bound && (!root.open || ev.model.variables[name]):
		return feel.Null, false
	case !bound:
		return ev.variable(name, nil)
	case b.decision != nil:
		return ev.results[b.decision], true
	case b.knowledge != nil:
		return ev.knowledge(b.knowledge)
	}
	if v, ok := ev.variable(b.input.Variable, b.input); ok {
		return v, true
	}
	return ev.variable(b.input.Name, b.input)
}

// variable reads a variable of the caller, once. As input data it is converted to the declared
// type, and null where it does not fit (DMN 1.5, 7.3.2).
func (ev *evaluation) variable(name string, in *InputData) (feel.Value, bool) {
	if v, read := ev.inputs[name]; read {
		return v, true
	}
	if ev.env.Lookup == nil {
		return feel.Null, false
	}
	text, ok := ev.env.Lookup(name)
	if !ok {
		return feel.Null, false
	}
	v, err := feel.DecodeJSON(string(text))
	if err != nil {
		ev.warn("variable %q cannot be read: %v", name, err)
		return feel.Null, false
	}
	if in != nil {
		v = ev.input(v, in)
	}
	ev.inputs[name] = v
	return v, true
}

func (ev *evaluation) input(v feel.Value, in *InputData) feel.Value {
	converted, ok, err := newScope(ev, nil, false).decode(v, in.typ)
	if err != nil || !ok {
		ev.warn("%s: input %q is %s, which is not of type %s, and becomes null", in.ID, in.Name, show(v), in.TypeRef)
		return feel.Null
	}
	return converted
}
