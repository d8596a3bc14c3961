package rules

import (
	"tallystick/rules/feel"
)

// Service is a decision service (DMN 1.5, 6.3.14 and 10.4.1.2): a function whose parameters are its
// input data and input decisions, and whose body are its output decisions.
type Service struct {
	ID        string
	Name      string
	Variable  string
	Namespace string   // of the model it is an element of
	Outputs   []string // ids of the output decisions

	source    *node
	inputs    []*InputData
	decisions []*Decision // input decisions: taken from the caller, never evaluated
	outputs   []*Decision
	result    *itemType
	broken    bool // an error diagnostic concerns this service
}

// parameters are the input data first, then the input decisions, as DMN 1.5, 10.4.1.2 has it.
func (s *Service) parameters() []feel.Parameter {
	var params []feel.Parameter
	for _, in := range s.inputs {
		params = append(params, feel.Parameter{Name: in.Variable, Type: in.typ.feelType()})
	}
	for _, d := range s.decisions {
		params = append(params, feel.Parameter{Name: d.Variable, Type: d.result.feelType()})
	}
	return params
}

// value is the service as a function value.
func (s *Service) value(ev *evaluation) feel.Value {
	call := func(env feel.Env, args []feel.Value) (feel.Value, error) {
		defer ev.enter(env)()
		return ev.serve(s, args)
	}
	ev.lent = true
	return feel.FunctionOf(s.parameters(), s.result.feelType(), call)
}

// serve evaluates the output decisions with the arguments in place of the inputs. What was evaluated
// before counts for nothing inside, and what is evaluated inside for nothing outside.
func (ev *evaluation) serve(s *Service, args []feel.Value) (feel.Value, error) {
	if s.broken {
		return feel.Null, failed("decision service %q has errors and cannot be evaluated", s.Name)
	}
	inner := ev.inside(s)
	for i, in := range s.inputs {
		inner.given.put(in, args[i])
	}
	for i, d := range s.decisions {
		inner.results.put(d, args[len(s.inputs)+i])
	}
	values, err := inner.outputs(s)
	if err != nil {
		return feel.Null, err
	}
	result := feel.ContextOf(s.outputNames(), values)
	if len(values) == 1 {
		result = values[0]
	}
	out, ok, err := ev.conform(result, s.result)
	if err != nil {
		return feel.Null, err
	}
	if !ok {
		ev.warn("%s: %s is not of type %s and becomes null", s.ID, show(result), s.result.name)
		return feel.Null, nil
	}
	return out, nil
}

// inside is an evaluation that shares the limits and the trace of ev, but nothing it knows.
func (ev *evaluation) inside(s *Service) *evaluation {
	return &evaluation{request: ev.request, feel: *ev.frame(), begun: true, service: s}
}

func (ev *evaluation) outputs(s *Service) ([]feel.Value, error) {
	values := make([]feel.Value, len(s.outputs))
	for i, d := range s.outputs {
		v, err := ev.decision(d)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func (s *Service) outputNames() []string {
	names := make([]string, len(s.outputs))
	for i, d := range s.outputs {
		names[i] = d.Variable
	}
	return names
}
