package engine

import (
	"time"

	"tallystick/internal/canon"
	"tallystick/tasks"
)

// Variables are the variables of one scope: name → canonical JSON.
type Variables = map[string]canon.JSON

// Command asks one instance for one change. It is refused with a *fault.Error, or it is carried out.
type Command interface {
	// Name is the command's stable name, for instance "CompleteTask".
	Name() string
}

// StartInstance creates the instance with the given key at a start event: Start names it, with the Part of a
// multiple one that was triggered; "" is the none start event. Message is what started a message start event;
// Caller is set when a call activity of another instance started this one.
type StartInstance struct {
	Instance   int64
	BusinessID string
	Tags       []string
	Variables  Variables
	Start      string
	Part       int
	Message    *MessageRef
	Caller     *Caller
}

// CancelInstance terminates the instance with everything in it. A called instance that is not canceled by its
// caller leaves an incident there.
type CancelInstance struct {
	ByCaller bool
}

// CompleteJob ends a job with variables. Prediction is set by scoring workers of the host alone.
type CompleteJob struct {
	Job        int64
	Variables  Variables
	Prediction *Prediction
	AdHoc      *AdHocResult // of the job of an ad-hoc sub-process
	Task       *TaskResult  // of the job of a task listener
}

// FailJob reports a technical failure. Retries 0 raises an incident; Backoff delays the next activation.
type FailJob struct {
	Job       int64
	Retries   int
	Message   string
	Backoff   time.Duration
	Variables Variables
}

// ThrowJobError throws a BPMN error from the element of the job.
type ThrowJobError struct {
	Job       int64
	Code      string
	Message   string
	Variables Variables
}

// UpdateJob changes an open job: its retries, more than zero; its priority; the time limit of its lock, from
// Meta.At on. What is nil stays. Whether the job is locked is known outside: the limit of one that is not locked
// changes nothing.
type UpdateJob struct {
	Job      int64
	Retries  *int
	Priority *int
	Timeout  *time.Duration
}

// AssignTask gives a task to a person. Without AllowOverride a task that has another assignee is a conflict.
type AssignTask struct {
	Task          int64
	Assignee      string
	AllowOverride bool
	Action        string
}

// UnassignTask gives a task back.
type UnassignTask struct{ Task int64 }

// UpdateTask changes dates, candidates or priority of a task.
type UpdateTask struct {
	Task   int64
	Change tasks.Change
	Action string
}

// CompleteTask ends a user task with variables.
type CompleteTask struct {
	Task      int64
	Variables Variables
	Action    string
}

// FireTimer fires a timer that is due at Meta.At; earlier is a refusal (timer.not_due).
type FireTimer struct{ Timer int64 }

// ResolveIncident tries the failed step again. With Retries the job of the incident gets these first.
type ResolveIncident struct {
	Incident int64
	Retries  *int
}

// SetVariables writes variables. Local writes into the named scope itself (an element instance or the
// instance); otherwise each name goes to the nearest scope upwards that has it, else to the instance.
type SetVariables struct {
	Scope     int64
	Variables Variables
	Local     bool
}

// Name implements Command.
func (StartInstance) Name() string { return "StartInstance" }

// Name implements Command.
func (CancelInstance) Name() string { return "CancelInstance" }

// Name implements Command.
func (CompleteJob) Name() string { return "CompleteJob" }

// Name implements Command.
func (FailJob) Name() string { return "FailJob" }

// Name implements Command.
func (ThrowJobError) Name() string { return "ThrowJobError" }

// Name implements Command.
func (UpdateJob) Name() string { return "UpdateJob" }

// Name implements Command.
func (AssignTask) Name() string { return "AssignTask" }

// Name implements Command.
func (UnassignTask) Name() string { return "UnassignTask" }

// Name implements Command.
func (UpdateTask) Name() string { return "UpdateTask" }

// Name implements Command.
func (CompleteTask) Name() string { return "CompleteTask" }

// Name implements Command.
func (FireTimer) Name() string { return "FireTimer" }

// Name implements Command.
func (ResolveIncident) Name() string { return "ResolveIncident" }

// Name implements Command.
func (SetVariables) Name() string { return "SetVariables" }
