package host

import (
	"context"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/query"
)

// Resource kinds of authorization scopes are written "kind:id", for instance "def:returns"; "kind:*" is
// all of a kind.

// Target is what an action is done to.
type Target struct {
	Scope string // "def:returns", "dec:route-claim", "system:", "user:", "audit:" …
	// Concerns tells whether a user task concerns the actor; nil when the action has no relation rule.
	Concerns func(Actor) bool
}

// Verdict is an authorization decision with its grounds.
type Verdict struct {
	Allowed bool
	Policy  int64    // version that decided
	Rules   []string // ids of the matched policy rules
	Reason  string   // why not, for people
}

// Authorizer decides what actors may do. Errors deny. Safe for concurrent use.
type Authorizer interface {
	// Allow decides one action on one target.
	Allow(by Actor, action string, on Target) Verdict
	// Access tells what a list action may show to the actor.
	Access(by Actor, action string) query.Access
	// Refresh loads the policy when its version in the store is newer than the one in use.
	Refresh(ctx context.Context, version int64) error
	// Version is the policy version in use.
	Version() int64
	// Known reports whether the action exists; start-up refuses commands and routes without one.
	Known(action string) bool
}

// Worker does the work of one job type inside the server. It returns an Outcome, or an error: a
// *JobError is a BPMN error, anything else a failure with one retry less.
type Worker interface {
	Work(ctx context.Context, job Job) (Result, error)
}

// Calculation is a Worker whose work has no effect outside and depends on nothing but the job: a score, a
// script. The host may do it while it thinks, in the batch that creates the job, and again after a lost race;
// it must end within a second. When it fails its job goes the way of others, with retries.
type Calculation interface {
	Worker
	// Calculates marks the type; it does nothing.
	Calculates()
}

// Hints carries wake-ups between nodes. They may be lost, come late or twice: polling is the truth.
type Hints interface {
	// Send tells the other nodes.
	Send(ctx context.Context, hints []string) error
	// Listen gives what other nodes sent to heard until ctx ends or the connection is lost.
	Listen(ctx context.Context, heard func(hint string)) error
}

// Result is what a finished job brings.
type Result struct {
	Variables  map[string]canon.JSON
	Prediction *engine.Prediction // scoring workers only
}

// JobError is a BPMN error that a worker throws.
type JobError struct {
	Code, Message string
	Variables     map[string]canon.JSON
}

// Error implements error.
func (e *JobError) Error() string { return "bpmn error " + e.Code + ": " + e.Message }

// ModelReader reads scoring models of a deployment. The details are findings; one of severity "error"
// forbids the deployment.
type ModelReader interface {
	Read(data []byte) (id, name, versionTag string, details []fault.Detail)
}
