package feel

// Parameter is a formal parameter of a function; Type nil accepts everything.
type Parameter struct {
	Name string
	Type *Type
}

// function is a function value: a built-in, a host function, or a definition with what it captured.
type function struct {
	parameters []Parameter
	builtin    *builtin
	host       func(env Env, args []Value) (Value, error)
	proto      *prototype
	captures   []Value
	origin     *origin // where the free variables of the definition come from
	result     *Type
}

// prototype is a compiled function definition.
type prototype struct {
	slots    int
	captures []capture
	body     code
	self     int // slot of the capture that is the function itself, or -1
}

// capture copies a slot of the defining frame into a slot of the frame of each call.
type capture struct{ from, to int }

// FunctionOf returns a function value that is computed by call. The Env that call gets shares the
// limits of the evaluation at hand; a nested Eval with it counts against them. An error, usually
// that of a nested Eval, stops the evaluation.
func FunctionOf(parameters []Parameter, result *Type, call func(env Env, args []Value) (Value, error)) Value {
	f := &function{parameters: parameters, host: call, result: result}
	return Value{head: head{kind: KindFunction}, ref: f}
}

func (v Value) function() *function { return v.ref.(*function) }

// Parameters returns the parameters of a function that is no built-in; ok is false otherwise.
func (v Value) Parameters() (parameters []Parameter, ok bool) {
	if v.kind != KindFunction || v.function().builtin != nil {
		return nil, false
	}
	return v.function().parameters, true
}

func (f *function) conforms(t *Type) bool {
	if f.builtin != nil {
		return f.builtin.takes(len(t.params))
	}
	params := make([]*Type, len(f.parameters))
	for i, p := range f.parameters {
		params[i] = p.Type
	}
	return functionWithin(params, f.result, t)
}

func (f *function) equal(g *function) bool {
	return f == g || f.builtin != nil && f.builtin == g.builtin
}

// takes reports whether the function may be called with n positional arguments.
func (f *function) takes(n int) bool {
	if f.builtin != nil {
		return f.builtin.takes(n)
	}
	return len(f.parameters) == n
}

// call runs a function value with positional arguments.
func (m *machine) call(at pos, f *function, args []Value) Value {
	m.tick(13)
	if f.builtin != nil {
		return f.builtin.call(m, at, nil, args)
	}
	if len(args) != len(f.parameters) {
		return m.fail(at, "the function takes %d arguments, not %d", len(f.parameters), len(args))
	}
	for i, p := range f.parameters {
		if p.Type == nil {
			continue
		}
		converted, ok := m.coerce(p.Type, args[i])
		if !ok {
			return m.fail(at, "argument %q has the wrong type (%s)", p.Name, args[i].kind)
		}
		args[i] = converted
	}
	m.enter(at)
	defer m.leave()
	if f.host != nil {
		return m.callHost(f, args)
	}
	return m.callDefined(f, args)
}

func (m *machine) callHost(f *function, args []Value) Value {
	result, err := f.host(Env{Now: m.env.Now, Limits: m.env.Limits, outer: m}, args)
	if err != nil {
		panic(tripped{err})
	}
	return result
}

func (m *machine) callDefined(f *function, args []Value) Value {
	if f.proto == nil {
		return Null
	}
	frame := make([]Value, f.proto.slots)
	m.tick(f.proto.slots / 4)
	copy(frame, args)
	for i, c := range f.proto.captures {
		frame[c.to] = f.captures[i]
	}
	if f.proto.self >= 0 {
		frame[f.proto.self] = Value{head: head{kind: KindFunction}, ref: f}
	}
	caller, origin := m.frame, m.origin
	m.frame, m.origin = frame, f.origin
	result := f.proto.body(m)
	m.frame, m.origin = caller, origin
	return result
}

// callNamed brings named arguments into the order of the parameters; missing ones are null.
func (m *machine) callNamed(at pos, f *function, names []string, args []Value) Value {
	if f.builtin != nil {
		return f.builtin.call(m, at, names, args)
	}
	ordered := make([]Value, len(f.parameters))
	for i, name := range names {
		place := -1
		for j, p := range f.parameters {
			if p.Name == name {
				place = j
			}
		}
		if place < 0 {
			return m.fail(at, "the function has no parameter %q", name)
		}
		ordered[place] = args[i]
	}
	return m.call(at, f, ordered)
}
