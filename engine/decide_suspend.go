package engine

import (
	"slices"

	"tallystick/fault"
)

// The refusals around suspension.
var (
	// ErrInstanceSuspended refuses what a suspended instance does not do before it is resumed.
	ErrInstanceSuspended = fault.New(fault.Conflict, "instance.suspended", "the instance is suspended")
	// ErrNotSuspended refuses to resume what is not suspended.
	ErrNotSuspended = fault.New(fault.Conflict, "instance.not_suspended", "the instance is not suspended")
)

// mayRest refuses commands that would let a suspended instance go on.
func (x *machine) mayRest(cmd Command) error {
	if !x.st.suspended {
		return nil
	}
	switch c := cmd.(type) {
	case CancelInstance, ResumeInstance, ModifyInstance, SetVariables, UpdateJob, UnassignTask:
		return nil
	case ResolveIncident:
		i, ok := x.st.incidents.get(rowID{key: c.Incident})
		if ok && i.Retry != retryJob {
			return ErrInstanceSuspended.With("the instance is suspended; the failed step can be tried again when it is resumed")
		}
		return nil
	}
	return ErrInstanceSuspended
}

func (x *machine) suspendInstance() error {
	x.emit(InstanceSuspended{})
	return nil
}

// resumeInstance lets everything go on that came to rest while the instance was suspended.
func (x *machine) resumeInstance() error {
	if !x.st.suspended {
		return ErrNotSuspended
	}
	x.emit(InstanceResumed{})
	x.lookAround()
	return nil
}

// lookAround looks at everything again that may go on: tokens, scopes, joins and conditions.
func (x *machine) lookAround() {
	x.resume()
	x.undoOn()
	x.awakenAll()
	x.look(x.st.key)
	for e := range x.st.elements.all() {
		if x.nodeOf(e).body != nil {
			x.look(e.Key)
		}
	}
	// A condition that asks for a change has seen none as long as it holds.
	x.changed = slices.DeleteFunc(x.changed, func(c change) bool {
		s, _ := x.st.subscriptions.get(rowID{key: c.subscription})
		return s.Holds && x.node(s.Element).triggers[s.Part].when.onChange
	})
}

// look looks at a scope again: whether it is complete, and at its joins.
func (x *machine) look(scope int64) {
	x.touchScope(scope)
	x.later(move{kind: moveScope, scope: scope})
}
