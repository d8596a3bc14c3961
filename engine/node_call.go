package engine

import (
	"fmt"
	"slices"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// startCall asks for an instance of the called process and waits for its return (10.3.6, 13.3.4).
func (x *machine) startCall(n *node, e ElementInstance) {
	if x.st.depth+1 > CallDepthMax {
		x.park(e, retryExecute, errorLimit, fmt.Sprintf("processes call each other more than %d deep", CallDepthMax))
		return
	}
	v := x.values(e.Key)
	want := CalledProcess{
		ID: v.name(n.call.process, "the called process"), Version: v.number(n.call.version, "the version", 0),
		Binding: n.call.binding, VersionTag: n.call.versionTag, Deployment: x.def.identity.Deployment,
	}
	business := v.text(n.call.businessID, "the business id")
	if *v.problem != "" {
		x.park(e, retryExecute, errorValue, *v.problem)
		return
	}
	if want.Binding == "" {
		want.Binding = bpmn.BindingLatest
	}
	ref, ok := x.process(want)
	if !ok {
		x.park(e, retryExecute, errorCalledElement, "no process "+want.ID+" is deployed (binding "+string(want.Binding)+")")
		return
	}
	vars, problem := x.passed(n, e)
	if problem != "" {
		x.park(e, retryExecute, errorMapping, problem)
		return
	}
	if wrong := (&State{}).unfit(vars); wrong != nil {
		x.park(e, retryExecute, errorSize, wrong.Message)
		return
	}
	x.emit(ProcessCalled{
		Element: n.id, ElementInstance: e.Key, Definition: ref.Key, ProcessID: ref.ProcessID, Version: ref.Version,
		BusinessID: business, Root: x.st.top(), Depth: x.st.depth + 1, Variables: canon.Object(vars),
	})
}

func (x *machine) process(want CalledProcess) (ProcessRef, bool) {
	if x.meta.Library == nil {
		return ProcessRef{}, false
	}
	return x.meta.Library.Process(want)
}

// top is the instance at the top of the calls.
func (s *State) top() int64 {
	if s.root != 0 {
		return s.root
	}
	return s.key
}

// passed are the variables of the called instance: those of the call activity itself, all that it sees, and
// those that are mapped.
func (x *machine) passed(n *node, e ElementInstance) (Variables, string) {
	vars := x.st.Variables(e.Key)
	if n.call.allIn {
		vars = x.st.VisibleVariables(e.Key)
	}
	mapped, problem := x.mapAll(n.call.in, e, func(string) canon.JSON { return "" })
	for name, value := range mapped {
		vars[name] = value
	}
	return vars, problem
}

// returned takes over what a called instance left. With mappings its variables become local first, so that a
// mapping that failed can be tried again.
func (x *machine) returned(n *node, e ElementInstance, vars Variables) {
	switch {
	case len(n.call.out) > 0 || n.keepsResults():
		x.setAll(vars, func(string) int64 { return e.Key })
	case n.call.allOut:
		x.setResults(n, e, vars)
	}
	x.proceed(n, e, retryOutputs)
}

// mapReturned moves what the out mappings of a call name; their sources are variables of the called instance
// alone. All of them pass beside when the call says so.
func (x *machine) mapReturned(n *node, e ElementInstance) bool {
	if n.call == nil || len(n.call.out) == 0 {
		return true
	}
	mapped, problem := Variables{}, ""
	for _, m := range n.call.out {
		r, err := x.evalLocal(m.source, e.Key)
		if err != nil {
			problem = "the mapping to " + m.target + " failed: " + message(err)
			break
		}
		if _, ok := mapped[m.name]; !ok && m.name != m.target {
			if value, ok := x.st.lookup(e.Scope, m.name); ok {
				mapped[m.name] = value
			}
		}
		canon.SetPath(mapped, m.target, r.Value)
	}
	if !x.mappedWell(e, retryOutputs, mapped, problem) {
		return false
	}
	if n.call.allOut {
		for name, value := range x.st.Variables(e.Key) {
			if _, named := mapped[name]; !named {
				mapped[name] = value
			}
		}
	}
	x.setAll(mapped, func(name string) int64 { return x.st.home(e.Scope, name) })
	return true
}

// settleCalls gives up the calls that nobody waits for any more, and releases the called instances that nobody
// can compensate any more. Ended says that the whole instance has.
func (x *machine) settleCalls(ended bool) {
	if x.st.calls.len() == 0 || !ended && !x.lost() {
		return
	}
	for _, c := range slices.Clone(x.st.calls.rows()) {
		if !ended && x.st.holdsCall(c) {
			continue
		}
		if c.Called == 0 {
			x.emit(CallCanceled{Element: c.Element, ElementInstance: c.Key})
		} else {
			x.emit(CallReleased{Element: c.Element, Called: c.Called})
		}
	}
}

// lost reports whether this step ended something that may have held a call.
func (x *machine) lost() bool {
	for _, r := range x.recs {
		switch r.(type) {
		case ElementTerminated, ScopeTerminated, ElementCompleted, CompensationSubscribed, CompensationMigrated, CompensationWithdrawn:
			return true
		}
	}
	return false
}

// holdsCall reports whether a call still means something: its element instance waits or is about to be left, or
// the ledger can compensate it.
func (s *State) holdsCall(c openCall) bool {
	for _, key := range []int64{c.Key, c.Waiting} {
		if _, ok := s.elements.get(rowID{key: key}); ok && key != 0 {
			return true
		}
	}
	if c.Called == 0 {
		return false
	}
	_, ok := s.ledger.latest(c.Key, func(l *compensable) bool { return l.ElementInstance == c.Key && l.Handler == "" })
	return ok
}
