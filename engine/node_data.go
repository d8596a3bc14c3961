package engine

import (
	"slices"
	"strings"

	"tallystick/internal/canon"
)

// DataStores is what a Library that keeps data stores implements beside: the content of a store by its id, which
// DataStoreWritten records replace. Without it a model that uses a data store gets an incident.
type DataStores interface {
	DataStore(store string) (canon.JSON, bool)
}

// takeData opens the properties of an element instance and fills its data inputs, which are local variables. No input
// set that is complete is an incident (13.3.2).
func (x *machine) takeData(n *node, e ElementInstance) bool {
	if n.data == nil {
		return true
	}
	mapped, _, problem := x.associate(n.data.inputs, e)
	if problem == "" {
		problem = x.missing(n.data.sets, mapped, e)
	}
	if !x.mappedWell(e, retryTake, mapped, problem) {
		return false
	}
	for _, name := range n.data.properties {
		if _, ok := x.st.variables.get(named(e.Key, name)); !ok {
			x.set(e.Key, name, canon.Null)
		}
	}
	x.setAll(mapped, func(string) int64 { return e.Key })
	return true
}

// giveData carries out the data output associations: into variables of the scopes around, and into data stores.
func (x *machine) giveData(n *node, e ElementInstance) bool {
	if n.data == nil || len(n.data.outputs) == 0 {
		return true
	}
	mapped, stored, problem := x.associate(n.data.outputs, e)
	if !x.mappedWell(e, retryGive, mapped, problem) {
		return false
	}
	x.setAll(mapped, func(name string) int64 { return x.st.home(e.Scope, name) })
	for _, w := range stored {
		x.emit(w)
	}
	return true
}

// associate evaluates data associations. A source that has no value leaves its target as it is.
func (x *machine) associate(list []association, e ElementInstance) (Variables, []DataStoreWritten, string) {
	mapped, stored := Variables{}, []DataStoreWritten(nil)
	for _, a := range list {
		vars, problem := x.association(a, e, mapped)
		if problem != "" {
			return nil, nil, problem
		}
		if a.target.store == "" {
			for name, value := range vars {
				mapped[name] = value
			}
		} else if value, ok := vars[a.target.name]; ok {
			stored = append(stored, DataStoreWritten{Element: e.Element, ElementInstance: e.Key, Store: a.target.store, Value: value})
		}
	}
	return mapped, stored, ""
}

// association evaluates one data association into the variables that it writes.
func (x *machine) association(a association, e ElementInstance, before Variables) (Variables, string) {
	if _, keeps := x.meta.Library.(DataStores); !keeps && (a.target.store != "" || a.reads()) {
		return nil, "no data stores are kept here"
	}
	nearer, found := Variables{}, true
	for _, s := range a.sources {
		value, ok := x.valueOf(s, e)
		found = found && ok && !value.IsNull()
		nearer[s.name] = value
	}
	switch {
	case len(a.assignments) > 0:
		return x.assign(a, e, nearer, before)
	case !found:
		return nil, ""
	case a.transformation == nil:
		return Variables{a.target.name: nearer[a.sources[0].name]}, ""
	}
	r, err := x.evalWith(a.transformation, nearer, e.Key)
	if err != nil {
		return nil, "the transformation to " + a.target.name + " failed: " + message(err)
	}
	return Variables{a.target.name: r.Value}, ""
}

func (a association) reads() bool {
	for _, s := range a.sources {
		if s.store != "" {
			return true
		}
	}
	return false
}

// assign carries out the assignments of an association, one after the other.
func (x *machine) assign(a association, e ElementInstance, nearer, before Variables) (Variables, string) {
	vars := Variables{}
	for _, s := range a.assignments {
		r, err := x.evalWith(s.from, nearer, e.Key)
		if err != nil {
			return nil, "the assignment to " + s.to + " failed: " + message(err)
		}
		root, _, nested := strings.Cut(s.to, ".")
		if _, ok := vars[root]; !ok && nested {
			if value, ok := before[root]; ok {
				vars[root] = value
			} else if value, ok := x.valueOf(dataItem{name: root, store: a.storeOf(root)}, e); ok {
				vars[root] = value
			}
		}
		canon.SetPath(vars, s.to, r.Value)
	}
	return vars, ""
}

func (a association) storeOf(name string) string {
	if a.target.name == name {
		return a.target.store
	}
	return ""
}

// valueOf is the value of a data item as an element instance sees it.
func (x *machine) valueOf(d dataItem, e ElementInstance) (canon.JSON, bool) {
	if d.store == "" {
		return x.st.lookup(e.Key, d.name)
	}
	for _, r := range slices.Backward(x.recs) {
		if w, ok := r.(DataStoreWritten); ok && w.Store == d.store {
			return w.Value, true // written by this very step
		}
	}
	return x.meta.Library.(DataStores).DataStore(d.store)
}

// missing reports why no input set is complete, "" when one is or none is asked for.
func (x *machine) missing(sets [][]string, mapped Variables, e ElementInstance) string {
	problem := ""
	for _, set := range sets {
		absent := ""
		for _, name := range set {
			value, ok := mapped[name]
			if !ok {
				v, local := x.st.variables.get(named(e.Key, name))
				value, ok = v.Value, local
			}
			if !ok || value.IsNull() {
				absent = name
				break
			}
		}
		if absent == "" {
			return ""
		}
		if problem == "" {
			problem = "no input set is complete: the data input " + absent + " has no value"
		}
	}
	return problem
}
