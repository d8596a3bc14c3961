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
}

// Decision is a deployed decision.
type Decision struct {
	Ref   DecisionRef
	Model *rules.Model
}

// Identity is what deployment adds to a process: its key, version and deployment.
type Identity struct {
	Key        int64
	Version    int
	Deployment int64
}
