package engine

import (
	"slices"

	"tallystick/fault"
)

// ErrInstanceTerminating refuses to cancel what is being terminated: listeners have still to hear of it.
var ErrInstanceTerminating = fault.New(fault.Conflict, "instance.terminating",
	"the instance is being terminated; listeners of its user tasks have still to hear of it")

// lingers reports whether a task, when it is withdrawn, stays until its listeners have heard of it.
func (x *machine) lingers(t *UserTask) bool {
	if !x.def.cancels {
		return false
	}
	_, n, ok := x.element(t.ElementInstance)
	return ok && len(n.listeners[listensCanceling]) > 0
}

// lingering returns those of the doomed element instances, whose keys are sorted, that cannot end at once: user
// tasks whose listeners hear of it, and the scopes around them.
func (x *machine) lingering(doomed []int64) map[int64]bool {
	if !x.def.cancels {
		return nil
	}
	held := map[int64]bool{}
	for _, key := range doomed {
		t, ok := x.taskOf(key)
		if !ok || !x.lingers(&t) {
			continue
		}
		for scope := key; !held[scope]; scope, _ = x.st.parent(scope) {
			if _, inside := slices.BinarySearch(doomed, scope); !inside {
				break
			}
			held[scope] = true
		}
	}
	return held
}

// terminate ends element instances, whose keys are sorted, the youngest first. Those that listeners hold end later;
// nothing moves in them any more. What interrupted them goes on at once, only the scopes around them wait.
func (x *machine) terminate(doomed []int64) {
	held := x.lingering(doomed)
	x.withdraw(slices.DeleteFunc(slices.Clone(doomed), func(key int64) bool {
		e, _ := x.st.elements.get(rowID{key: key})
		return e.Terminating
	}))
	for _, key := range slices.Backward(doomed) {
		e, n, ok := x.element(key)
		switch {
		case !ok || held[key] && e.Terminating:
		case held[key]:
			x.emit(ElementTerminating{Key: e.Key, Element: e.Element})
			if t, is := x.taskOf(key); is {
				x.transit(n, e, t, Transition{Event: listensCanceling})
			}
		default:
			x.emit(ElementTerminated{Key: e.Key, Element: e.Element})
		}
	}
}

// dissolve ends a scope that is being terminated when the last listener inside has heard of it.
func (x *machine) dissolve(e ElementInstance) {
	if len(x.st.inside(e.Key)) > 0 {
		return
	}
	x.emit(ElementTerminated{Key: e.Key, Element: e.Element})
	x.later(move{kind: moveScope, scope: e.Scope})
}

// terminateInstance ends the instance, in which everything has ended but for what listeners have still to hear. They
// are heard of a suspended instance too.
func (x *machine) terminateInstance(reason string) {
	if x.st.elements.len() == 0 {
		x.emit(InstanceTerminated{Reason: reason})
		return
	}
	if x.st.suspended {
		x.emit(InstanceResumed{})
	}
	x.emit(InstanceTerminating{Reason: reason})
}
