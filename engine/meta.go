package engine

import (
	"time"

	"tallystick/bpmn"
	"tallystick/rules"
)

// keyBits is the width of the local number in a key (design, section 3).
const keyBits = 24

// InstanceOf returns the instance that a key of an element, job, task, timer, variable or incident belongs to.
func InstanceOf(key int64) int64 { return key >> keyBits << keyBits }

// InstanceKey returns the key of the instance with the given sequence number.
func InstanceKey(sequence int64) int64 { return sequence << keyBits }

// Meta is what a step knows of the world: the time, who asks, and the deployed decisions and forms.
type Meta struct {
	At      time.Time // UTC
	Actor   string    // typed reference, for instance "user:ann" or "system:timer"
	Library Library   // nil when nothing else is deployed
}

// Library answers what is deployed now. Implementations are immutable snapshots.
type Library interface {
	// Decision finds a decision by id and binding; deployment is that of the asking process.
	Decision(id string, binding bpmn.Binding, versionTag string, deployment int64) (Decision, bool)
	// Form finds the key of a linked form.
	Form(id string, deployment int64) (key int64, ok bool)
	// Process finds the process that a call means: a version number, or what the binding says.
	Process(want CalledProcess) (ProcessRef, bool)
}

// CalledProcess is what a call activity says of the process that it calls. Deployment is that of the caller;
// Version is 0 when the binding says which.
type CalledProcess struct {
	ID         string
	Version    int
	Binding    bpmn.Binding
	VersionTag string
	Deployment int64
}

// ProcessRef names a deployed process, exactly.
type ProcessRef struct {
	Key       int64
	ProcessID string
	Version   int
}

// Decision is a deployed decision.
type Decision struct {
	Ref   DecisionRef
	Model *rules.Model
	// Deployed tells key and version of a decision that the trace names; nil leaves them out.
	Deployed func(namespace, id string) (key int64, version int)
}

// Evaluate evaluates the decision. The trace says of each decision in it which deployed version it was. The error is
// rules.ErrDecision; an evaluation that fails is told by the trace.
func (d Decision) Evaluate(env rules.Env) (rules.Trace, error) {
	trace, err := d.Model.Evaluate(d.Ref.ID, env)
	if d.Deployed != nil {
		for i := range trace.Decisions {
			e := &trace.Decisions[i]
			e.Key, e.Version = d.Deployed(e.Namespace, e.ID)
		}
	}
	return trace, err
}

// Identity is what deployment adds to a process: its key, version and deployment.
type Identity struct {
	Key        int64
	Version    int
	Deployment int64
}
