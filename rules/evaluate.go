package rules

import (
	"slices"
	"time"

	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

// Env is what an evaluation may see of the world: the variables of the caller and the moment.
type Env struct {
	// Lookup finds a variable; nil knows none.
	Lookup func(name string) (canon.JSON, bool)
	// Values is asked before Lookup, for values that JSON has no form of their own for. The namespace is
	// that of the model an input belongs to, and empty for plain variables. It may be nil.
	Values func(namespace, name string) (feel.Value, bool)
	Now    time.Time
	// Strict turns the first warning (a null because …) into a failure of the evaluation.
	Strict bool
}

// Evaluate evaluates a decision and what it requires, each once. The error is ErrDecision; an
// evaluation that fails is told by Failed and Failure of the Trace.
func (m *Model) Evaluate(decisionID string, env Env) (Trace, error) {
	_, trace, err := m.EvaluateValue(decisionID, env)
	return trace, err
}

// EvaluateValue is Evaluate for callers that want the value itself: JSON does not tell a date from a text.
func (m *Model) EvaluateValue(decisionID string, env Env) (feel.Value, Trace, error) {
	d, ok := m.byID[decisionID]
	if !ok {
		return feel.Null, Trace{}, ErrDecision.With("the model %q has no decision %q", m.Name, decisionID)
	}
	ev := newEvaluation(m, env)
	result, err := ev.decision(d)
	value, trace := ev.finish(d.ID, result, err)
	ev.release()
	return value, trace, nil
}

// Invoke calls a decision service or business knowledge model by id, with the variables of the caller
// that have the names of its parameters as arguments. The error is ErrDecision.
func (m *Model) Invoke(id string, env Env) (feel.Value, Trace, error) {
	target := m.elements[id]
	ev := newEvaluation(m, env)
	var result feel.Value
	var err error
	switch {
	case target.service != nil:
		result, err = ev.serve(target.service, ev.serviceArguments(target.service))
	case target.knowledge != nil:
		result, err = ev.invokeKnowledge(target.knowledge)
	default:
		return feel.Null, Trace{}, ErrDecision.With("the model %q has no decision service or knowledge model %q", m.Name, id)
	}
	value, trace := ev.finish(id, result, err)
	ev.release()
	return value, trace, nil
}

// finish closes the trace.
func (ev *evaluation) finish(id string, result feel.Value, err error) (feel.Value, Trace) {
	if err == nil && ev.strictly != nil {
		err = ev.strictly
	}
	output := canon.Null
	if err == nil {
		output, err = ev.tell(id, result)
	}
	if ev.trace.Decisions == nil {
		ev.trace.Decisions = []Evaluated{}
	}
	if err != nil {
		if ev.trace.Failed == "" {
			ev.trace.Failed = id
		}
		ev.trace.Output = canon.Null
		ev.trace.Failure = message(err)
		return feel.Null, ev.trace
	}
	ev.trace.Output = output
	return result, ev.trace
}

// request is what an evaluation shares with the decision services it calls.
type request struct {
	model    *Model
	env      Env
	trace    Trace
	strictly error // why it fails although it goes on: the first warning of a strict evaluation, or a limit
	told     int   // bytes of values in the trace
	cells    int   // looked at so far
	runs     int   // of FEEL expressions so far

	opened     *opened           // where it lies
	lent       bool              // a function value refers to it
	evaluators []*feel.Evaluator // one for each depth of nested programs
	depth      int
}

// evaluation is a request, or the inside of a decision service that is called on the way.
type evaluation struct {
	*request
	feel      feel.Env // of the FEEL evaluation that this one is part of, when it has begun
	begun     bool
	service   *Service // this is the inside of, or nil
	current   *Evaluated
	own       Evaluated // what current points to
	results   memo[*Decision]
	given     memo[*InputData] // input data read so far, or the arguments of the service
	variables memo[string]     // of the caller, read so far
	functions memo[binding]    // knowledge models and services as values
}

// opened is a request with the evaluation that it starts with.
type opened struct {
	request
	evaluation
}

// newEvaluation begins a request, in the memory that the last one has left: two thirds of what a table takes.
func newEvaluation(m *Model, env Env) *evaluation {
	o := m.spare.Swap(nil)
	if o == nil {
		o = &opened{}
	}
	o.request.model, o.request.env = m, env
	o.evaluation.request = &o.request
	o.opened = o
	return &o.evaluation
}

// release gives the memory of a request back, unless a function value that got out may refer to it.
func (ev *evaluation) release() {
	o := ev.opened
	if o.lent || slices.ContainsFunc(o.evaluators, (*feel.Evaluator).Kept) {
		return
	}
	model, evaluators := o.request.model, o.evaluators
	for _, e := range evaluators {
		*e.Env() = feel.Env{}
	}
	*o = opened{request: request{evaluators: evaluators}}
	model.spare.Store(o)
}

// frame is the FEEL evaluation that everything is part of, and whose limits it shares.
func (ev *evaluation) frame() *feel.Env {
	if !ev.begun {
		ev.feel, ev.begun = feel.Env{Now: ev.env.Now, Limits: limits}.Begin(), true
	}
	return &ev.feel
}

// eval runs a program in memory that an earlier one has left.
func (ev *evaluation) eval(p *feel.Program, find func(string) (feel.Value, bool), in feel.Value) (feel.Value, []feel.Diagnostic, error) {
	if ev.depth == len(ev.evaluators) {
		ev.evaluators = append(ev.evaluators, &feel.Evaluator{})
	}
	evaluator := ev.evaluators[ev.depth]
	env := evaluator.Env()
	*env = *ev.frame()
	env.Lookup, env.Input = find, in
	ev.depth++ // a function that the program calls evaluates in memory of its own
	defer func() { ev.depth-- }()
	v, err := evaluator.Eval(p)
	return v, evaluator.Diagnostics(), err
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

// count counts an expression; the items of a boxed iteration count like one.
func (ev *evaluation) count() error {
	if ev.runs++; ev.runs > maxRuns {
		return failed("more than %d expressions were evaluated", maxRuns)
	}
	return nil
}

// decision evaluates d after its requirements, or returns what it evaluated to before.
func (ev *evaluation) decision(d *Decision) (feel.Value, error) {
	if v, done := ev.results.get(d); done {
		return v, nil
	}
	if d.broken {
		ev.trace.Failed = d.ID
		return feel.Null, failed("decision %q has errors and cannot be evaluated", d.Name)
	}
	for _, required := range d.list {
		if required.decision == nil {
			continue
		}
		if _, err := ev.decision(required.decision); err != nil {
			return feel.Null, err
		}
	}
	v, err := ev.logic(d)
	if err == nil && ev.strictly != nil {
		err = ev.strictly
	}
	if err != nil {
		if ev.trace.Failed == "" {
			ev.trace.Failed = d.ID
		}
		return feel.Null, err
	}
	ev.results.put(d, v)
	return v, nil
}

// servedMax bounds the decisions inside of services that the trace tells: a service may be called in a loop.
const servedMax = 200

// logic evaluates the decision's own logic and writes its part of the trace.
func (ev *evaluation) logic(d *Decision) (feel.Value, error) {
	ev.own = Evaluated{
		ID: d.ID, Name: d.Name, Type: d.Type, HitPolicy: d.HitPolicy,
		Inputs: []Input{}, Matched: []Match{}, Output: canon.Null,
	}
	ev.current = &ev.own
	if d.Namespace != ev.model.Namespace {
		ev.current.Namespace = d.Namespace
	}
	v, err := ev.typedLogic(d)
	if err == nil {
		ev.current.Output, err = ev.tell(d.ID, v)
	}
	if ev.service != nil {
		ev.current.Service = ev.service.ID
	}
	if ev.tells() {
		ev.trace.Decisions = append(ev.trace.Decisions, *ev.current)
	}
	ev.current = nil
	return v, err
}

// tells reports whether the trace tells the decision at hand.
func (ev *evaluation) tells() bool { return ev.service == nil || len(ev.trace.Decisions) < servedMax }

// traceMax bounds the texts of all values in a trace, which becomes part of a record.
const traceMax = 4 << 20

// tell writes a value into the trace, or refuses it when it is too long there.
func (ev *evaluation) tell(element string, v feel.Value) (canon.JSON, error) {
	if err := ev.weigh(element, v); err != nil || !ev.tells() {
		return canon.Null, err
	}
	text := encode(v)
	if ev.told += len(text); ev.told > traceMax {
		return canon.Null, failed("%s: the values that the decision has to tell take more than %d bytes", element, traceMax)
	}
	return text, nil
}

// stop makes the evaluation fail where an error has no way out.
func (ev *evaluation) stop(err error) {
	if ev.strictly == nil {
		ev.strictly = err
	}
}

// weigh refuses values whose text would be too long for a record.
func (ev *evaluation) weigh(element string, v feel.Value) error {
	const surely = 1 << 16
	if text, ok := v.Text(); ok && len(text) < surely {
		return nil
	}
	if err := (feel.Env{}).Weigh(v); err != nil {
		return failureIn(element, err)
	}
	return nil
}

func (ev *evaluation) typedLogic(d *Decision) (feel.Value, error) {
	if d.logic == nil {
		return feel.Null, nil
	}
	return typed{logic: d.logic, typ: d.result, element: d.ID}.eval(newScope(ev, d.sight))
}
