package rules

import (
	"tallystick/internal/canon"
	"tallystick/rules/feel"
)

// resolve answers for a name at the root of a scope: a requirement, or a variable of the caller.
func (ev *evaluation) resolve(seen *sight, name string) (feel.Value, bool) {
	b, bound := seen.names[name]
	switch {
	case !bound && (!seen.open || ev.service != nil || seen.hidden[name]):
		return feel.Null, false
	case !bound:
		return ev.variable(name)
	case b.decision != nil:
		v, _ := ev.results.get(b.decision)
		return v, true
	case b.input != nil:
		return ev.input(b.input)
	}
	return ev.callable(b)
}

// callable is a knowledge model or service as a value. A knowledge model sees its own requirements and
// nothing of its callers; without logic it is null.
func (ev *evaluation) callable(b binding) (feel.Value, bool) {
	if v, made := ev.functions.get(b); made {
		return v, true
	}
	v := feel.Null
	switch k := b.knowledge; {
	case b.service != nil:
		v = b.service.value(ev)
	case k.function != nil:
		made, err := k.function.eval(newScope(ev, k.sight))
		if err != nil {
			return feel.Null, false
		}
		v = made
	}
	ev.functions.put(b, v)
	return v, true
}

// variable reads a variable of the caller, once.
func (ev *evaluation) variable(name string) (feel.Value, bool) {
	if v, read := ev.variables.get(name); read {
		return v, true
	}
	v, ok := ev.ask("", name)
	if !ok {
		return feel.Null, false
	}
	ev.variables.put(name, v)
	return v, true
}

// ask reads a variable from the caller.
func (ev *evaluation) ask(namespace, name string) (feel.Value, bool) {
	if ev.env.Values != nil {
		if v, ok := ev.env.Values(namespace, name); ok {
			return v, true
		}
	}
	if ev.env.Lookup == nil {
		return feel.Null, false
	}
	text, ok := ev.env.Lookup(name)
	if !ok {
		return feel.Null, false
	}
	return ev.decodeJSON(name, text)
}

func (ev *evaluation) decodeJSON(name string, text canon.JSON) (feel.Value, bool) {
	v, err := feel.DecodeJSON(string(text))
	if err != nil {
		ev.warn("variable %q cannot be read: %v", name, err)
		return feel.Null, false
	}
	return v, true
}

// input reads input data, once: the variable of its name, converted to the declared type, and null where
// it does not fit (DMN 1.5, 7.3.2). Inside a decision service only its parameters have values.
func (ev *evaluation) input(in *InputData) (feel.Value, bool) {
	if v, read := ev.given.get(in); read {
		return v, true
	}
	if ev.service != nil {
		return feel.Null, false
	}
	v, ok := ev.raw(in)
	if !ok {
		return feel.Null, false
	}
	converted, fits, err := newScope(ev, &sight{}).decode(v, in.typ)
	ev.stop(err)
	if err != nil || !fits {
		ev.warn("%s: input %q is %s, which is not of type %s, and becomes null", in.ID, in.Name, show(v), in.TypeRef)
		converted = feel.Null
	}
	ev.given.put(in, converted)
	return converted, true
}

// raw finds the value of input data. That of an imported model may also stand in an object that has the
// name of the import.
func (ev *evaluation) raw(in *InputData) (feel.Value, bool) {
	if in.Namespace != ev.model.Namespace {
		if path := ev.model.pathTo(in.Namespace, map[*Model]bool{}); path != nil {
			if v, ok := ev.follow(path, in); ok {
				return v, true
			}
		}
	}
	if v, ok := ev.ask(in.Namespace, in.Variable); ok {
		return v, true
	}
	return ev.ask(in.Namespace, in.Name)
}

func (ev *evaluation) follow(path []string, in *InputData) (feel.Value, bool) {
	v, ok := ev.variable(path[0])
	for _, key := range path[1:] {
		if ok {
			v, ok = v.Entry(key)
		}
	}
	if !ok {
		return feel.Null, false
	}
	if entry, ok := v.Entry(in.Variable); ok {
		return entry, true
	}
	return v.Entry(in.Name)
}

// serviceArguments are the arguments of a service that is called from outside.
func (ev *evaluation) serviceArguments(s *Service) []feel.Value {
	var args []feel.Value
	for _, in := range s.inputs {
		v, _ := ev.input(in)
		args = append(args, v)
	}
	for _, d := range s.decisions {
		v, _ := ev.ask(d.Namespace, d.Variable)
		args = append(args, ev.argument(v, d.Variable, d.result))
	}
	return args
}

func (ev *evaluation) argument(v feel.Value, name string, typ *itemType) feel.Value {
	converted, fits, err := newScope(ev, &sight{}).decode(v, typ)
	ev.stop(err)
	if err != nil || !fits {
		ev.warn("argument %q is %s, which is not of type %s, and becomes null", name, show(v), typ.name)
		return feel.Null
	}
	return converted
}

// invokeKnowledge calls a knowledge model with the variables that have the names of its parameters.
func (ev *evaluation) invokeKnowledge(k *knowledge) (feel.Value, error) {
	f, ok := ev.callable(binding{knowledge: k})
	params, isFunction := f.Parameters()
	if !ok || !isFunction {
		return feel.Null, nil
	}
	args := make([]feel.Value, len(params))
	for i, p := range params {
		v, _ := ev.ask("", p.Name)
		args[i] = v
	}
	result, err := f.Call(*ev.frame(), args)
	if err != nil {
		return feel.Null, failureIn(k.id, err)
	}
	for _, d := range result.Diagnostics {
		ev.warn("%s: %s", k.id, d.Message)
	}
	return result.Value, nil
}
