package engine

import (
	"slices"

	"tallystick/internal/canon"
)

// set writes one variable of a scope. A value that is there already makes no record.
func (x *machine) set(scope int64, name string, value canon.JSON) {
	v, ok := x.st.variables.get(named(scope, name))
	if ok && v.Value == value {
		return
	}
	if !ok {
		v.Key = x.key()
	}
	e, _ := x.st.elements.get(rowID{key: scope})
	x.emit(VariableSet{Key: v.Key, Scope: scope, Element: e.Element, Name: name, Value: value})
	x.noteChange(scope, name)
}

// namesRoom is the number of variables that a step sorts without allocating.
const namesRoom = 8

// sortedNames appends the names of the variables in their order.
func sortedNames(vars Variables, names []string) []string {
	for name := range vars {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// setAll writes variables in the order of their names; where says which scope each belongs to.
func (x *machine) setAll(vars Variables, where func(name string) int64) {
	if len(vars) == 0 {
		return
	}
	var room [namesRoom]string
	for _, name := range sortedNames(vars, room[:0]) {
		x.set(where(name), name, vars[name])
	}
}

// setResults writes what the work of an element produced: local when output mappings follow, else each
// name goes to the nearest scope that has it (4.22 of the semantics).
func (x *machine) setResults(n *node, e ElementInstance, vars Variables) {
	x.setAll(vars, func(name string) int64 {
		if n.keepsResults() {
			return e.Key
		}
		return x.st.home(e.Key, name)
	})
}

// finish ends the work of an element that the engine does itself. Results that do not fit park it at
// the step that computed them.
func (x *machine) finish(n *node, e ElementInstance, vars Variables) {
	if x.parkUnfit(e, retryExecute, vars) {
		return
	}
	x.setResults(n, e, vars)
	x.proceed(n, e, retryOutputs)
}

// result is the only variable of a result that has a name.
func result(name string, value canon.JSON) Variables {
	if name == "" {
		return nil
	}
	return Variables{name: value}
}

// mapInputs creates the local variables of the input mappings. Each mapping sees those before it.
func (x *machine) mapInputs(n *node, e ElementInstance) bool {
	if len(n.inputs) == 0 {
		return true
	}
	mapped, problem := x.mapAll(n.inputs, e, func(string) canon.JSON { return "" })
	if !x.mappedWell(e, retryInputs, mapped, problem) {
		return false
	}
	x.setAll(mapped, func(string) int64 { return e.Key })
	return true
}

// mapOutputs moves the values of the output mappings out of the element instance. A path such as a.b
// changes that part of an existing variable a.
func (x *machine) mapOutputs(n *node, e ElementInstance) bool {
	if len(n.outputs) == 0 {
		return true
	}
	mapped, problem := x.mapAll(n.outputs, e, func(name string) canon.JSON {
		value, _ := x.st.lookup(e.Scope, name)
		return value
	})
	if !x.mappedWell(e, retryResults, mapped, problem) {
		return false
	}
	x.setAll(mapped, func(name string) int64 { return x.st.home(e.Scope, name) })
	return true
}

// mappedWell parks the element instance when its mappings failed or their values do not fit.
func (x *machine) mappedWell(e ElementInstance, retry string, mapped Variables, problem string) bool {
	if problem != "" {
		x.park(e, retry, errorMapping, problem)
		return false
	}
	return !x.parkUnfit(e, retry, mapped)
}

// mapAll evaluates mappings into variables; existing gives what a nested target starts from.
func (x *machine) mapAll(list []mapping, e ElementInstance, existing func(string) canon.JSON) (Variables, string) {
	mapped := Variables{}
	for _, m := range list {
		r, err := x.evalWith(m.source, mapped, e.Key)
		if err != nil {
			return nil, "the mapping to " + m.target + " failed: " + message(err)
		}
		if _, ok := mapped[m.name]; !ok && m.name != m.target {
			if value := existing(m.name); value != "" {
				mapped[m.name] = value
			}
		}
		canon.SetPath(mapped, m.target, r.Value)
	}
	return mapped, ""
}
