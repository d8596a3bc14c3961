package engine

import (
	"time"

	"tallystick/internal/canon"
	"tallystick/rules"
	"tallystick/tasks"
)

// Record is something that happened to an instance. Records are facts: applying them never fails, and
// applying all of them to the zero State gives the State (Replay). Released kinds never change meaning.
type Record interface {
	// Kind is the record's stable name, for instance "TaskCompleted".
	Kind() string
	// String is the one-line print of scenarios: element ids, no keys, no wall times.
	String() string
	apply(*State)
	// fields writes what encoding/json would write between the braces.
	fields(*text)
}

// InstanceStarted opens an instance.
type InstanceStarted struct {
	Instance   int64    `json:"instance"`
	Definition int64    `json:"definition"`
	ProcessID  string   `json:"processId"`
	Version    int      `json:"version"`
	VersionTag string   `json:"versionTag,omitempty"`
	BusinessID string   `json:"businessId,omitempty"`
	Tags       []string `json:"tags,omitempty"`
	// Start is the start event when it is not the none start event; Message is what it was started by.
	Start   string     `json:"start,omitempty"`
	Message MessageRef `json:"message,omitzero"`
	// Caller is the element instance that called, in the instance Parent; Root is the instance at the top.
	Caller int64 `json:"caller,omitempty"`
	Parent int64 `json:"parent,omitempty"`
	Root   int64 `json:"root,omitempty"`
	Depth  int   `json:"depth,omitempty"`
}

// InstanceCompleted ends an instance: nothing is left to do.
type InstanceCompleted struct{}

// InstanceTerminated ends an instance before its time (cancellation).
type InstanceTerminated struct {
	Reason string `json:"reason"`
}

// ElementActivated opens an element instance. Scope is the element instance around it (the instance key
// at the top); Via are the flows whose tokens it consumed.
type ElementActivated struct {
	Key         int64    `json:"key"`
	Element     string   `json:"element"`
	ElementType string   `json:"elementType"` // API enum: USER_TASK, SERVICE_TASK, …
	Name        string   `json:"name,omitempty"`
	Scope       int64    `json:"scope"`
	Via         []string `json:"via,omitempty"`
	// Compensates is the throwing element instance that waits for this compensation handler.
	Compensates int64 `json:"compensates,omitempty"`
	// LoopCounter numbers the instances of a loop from 1; 0 for what is none.
	LoopCounter int `json:"loopCounter,omitempty"`
	// Held says that a modification opened it and that it has not begun: ElementBegun follows.
	Held bool `json:"held,omitempty"`
}

// ElementCompleted ends an element instance normally.
type ElementCompleted struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// ElementTerminated ends an element instance before its time; it leaves by no flow.
type ElementTerminated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// FlowTaken puts a token on a sequence flow; the target's activation consumes it.
type FlowTaken struct {
	Flow   string `json:"flow"`
	Source string `json:"source"`
	Target string `json:"target"`
	Scope  int64  `json:"scope"`
}

// VariableSet creates or changes a variable. The key of a variable stays over changes. Element is the
// element of the scope, "" when the scope is the instance.
type VariableSet struct {
	Key     int64      `json:"key"`
	Scope   int64      `json:"scope"`
	Element string     `json:"element,omitempty"`
	Name    string     `json:"name"`
	Value   canon.JSON `json:"value"`
}

// JobCreated offers a job to workers.
type JobCreated struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	Type            string `json:"type"`
	Retries         int    `json:"retries"`
	Priority        int    `json:"priority,omitempty"` // higher goes first
	JobKind         string `json:"jobKind,omitempty"`  // JobAdHoc and so on; "" is the work of the element itself
	// ListenerEvent is what a listener listens to (START, COMPLETING, …); Listener is its place among those of the event.
	ListenerEvent string            `json:"listenerEvent,omitempty"`
	Listener      int               `json:"listener,omitempty"`
	Headers       map[string]string `json:"headers,omitempty"`
	UserTask      *JobTask          `json:"userTask,omitempty"` // of a task listener
}

// JobCompleted ends a job with success. Denied is the word of a task listener.
type JobCompleted struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	Denied  bool   `json:"denied,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// JobFailed reports a failed attempt. NotBefore is zero when the job may be tried again at once.
type JobFailed struct {
	Key       int64     `json:"key"`
	Element   string    `json:"element"`
	Retries   int       `json:"retries"`
	Message   string    `json:"message,omitempty"`
	NotBefore time.Time `json:"notBefore,omitzero"`
}

// JobErrorThrown ends a job with a BPMN error.
type JobErrorThrown struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

// JobCanceled withdraws a job because its element ended.
type JobCanceled struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// JobRetriesUpdated sets the retries of a job.
type JobRetriesUpdated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	Retries int    `json:"retries"`
}

// TaskCreated opens a user task.
type TaskCreated struct {
	Key             int64             `json:"key"`
	Element         string            `json:"element"`
	ElementInstance int64             `json:"elementInstance"`
	Task            tasks.Task        `json:"task"`
	Headers         map[string]string `json:"headers,omitempty"`
}

// TaskAssigned gives a task to a person.
type TaskAssigned struct {
	Key      int64  `json:"key"`
	Element  string `json:"element"`
	Assignee string `json:"assignee"`
	Action   string `json:"action,omitempty"`
}

// TaskUnassigned gives a task back.
type TaskUnassigned struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// TaskUpdated changes attributes of a task.
type TaskUpdated struct {
	Key     int64        `json:"key"`
	Element string       `json:"element"`
	Change  tasks.Change `json:"change"`
	Action  string       `json:"action,omitempty"`
}

// TaskCompleted ends a user task.
type TaskCompleted struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	By      string `json:"by,omitempty"`
	Action  string `json:"action,omitempty"`
}

// TaskCanceled withdraws a user task because its element ended.
type TaskCanceled struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// TimerArmed starts a timer. ElementInstance is the element instance that waits or that a boundary event
// is attached to. Remaining counts the firings left including the next (-1 without end); Interval is
// the ISO 8601 duration between them ("" for a single firing), counted from Anchor, the first firing.
type TimerArmed struct {
	Key             int64     `json:"key"`
	Element         string    `json:"element"`
	ElementInstance int64     `json:"elementInstance"`
	Part            int       `json:"part,omitempty"`
	Due             time.Time `json:"due"`
	Remaining       int       `json:"remaining"`
	Interval        string    `json:"interval,omitempty"`
	Anchor          time.Time `json:"anchor,omitzero"`
}

// TimerFired ends a timer: it was due. A cycle is armed again by a TimerArmed with a new key.
type TimerFired struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// TimerCanceled withdraws a timer.
type TimerCanceled struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// IncidentRaised parks an element: the model's or the data's doing. Job is set for job incidents.
type IncidentRaised struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	ErrorType       string `json:"errorType"` // API enum: CONDITION_ERROR, JOB_NO_RETRIES, …
	Message         string `json:"message"`
	Job             int64  `json:"job,omitempty"`
	// Retry names the step that ResolveIncident tries again: inputs, take, start, events, execute, thrown,
	// outputs, give, results, leave, listener with its event and place, job, tokens, gateway or watch.
	Retry string `json:"retry"`
}

// IncidentResolved closes an incident; what follows shows whether the retry went through.
type IncidentResolved struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// DecisionEvaluated is one evaluation of a decision, with its trace. One that was asked for outside of any process has no
// element and is in no instance.
type DecisionEvaluated struct {
	Key             int64       `json:"key"`
	Element         string      `json:"element"`
	ElementInstance int64       `json:"elementInstance"`
	Decision        DecisionRef `json:"decision"`
	Trace           rules.Trace `json:"trace"`
}

// ModelScored is one scoring by a model.
type ModelScored struct {
	Element         string     `json:"element"`
	ElementInstance int64      `json:"elementInstance"`
	Job             int64      `json:"job"`
	Prediction      Prediction `json:"prediction"`
}

// ErrorThrown is a BPMN error on its way; CaughtBy is the catching event, "" when nobody catches.
type ErrorThrown struct {
	Element  string `json:"element"`
	Code     string `json:"code"`
	Message  string `json:"message,omitempty"`
	CaughtBy string `json:"caughtBy,omitempty"`
}

// EscalationThrown is an escalation on its way; CaughtBy is the catching event, "" when nobody catches.
type EscalationThrown struct {
	Element  string `json:"element"`
	Code     string `json:"code"`
	CaughtBy string `json:"caughtBy,omitempty"`
}

// ScopeTerminated empties a scope from inside: its terminate end event was reached (13.5.6). Tokens on
// flows and the compensation ledger of the scope are gone; element instances end by their own records.
type ScopeTerminated struct {
	Scope   int64  `json:"scope"`
	Element string `json:"element"`
}

// CompensationSubscribed notes that a completed activity instance can be compensated (13.5.5). Without a
// Handler its contents are compensated. The variables of the instance are kept as a snapshot. When the compensation is
// ended from outside while its scope lives on, it is written again, with the same key: it can be compensated from the
// beginning.
type CompensationSubscribed struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	Scope           int64  `json:"scope"`
	Handler         string `json:"handler,omitempty"`
	LoopCounter     int    `json:"loopCounter,omitempty"` // of an instance of a loop
}

// CompensationThrown claims entries of the ledger for a throwing element instance, which runs them one
// after the other, the youngest first.
type CompensationThrown struct {
	Key     int64   `json:"key"` // the throwing element instance
	Element string  `json:"element"`
	Entries []int64 `json:"entries,omitempty"`
}

// CompensationTriggered consumes an entry of the ledger: ElementInstance is the element instance that
// undoes it, the handler or the revived sub-process.
type CompensationTriggered struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	Handler         string `json:"handler,omitempty"`
	ElementInstance int64  `json:"elementInstance"`
}

// DecisionRef names the decision that was evaluated, exactly.
type DecisionRef struct {
	Key             int64  `json:"key"`
	ID              string `json:"id"`
	Name            string `json:"name"`
	Version         int    `json:"version"`
	Digest          string `json:"digest"` // SHA-256 of the deployed DMN file, hex
	RequirementsKey int64  `json:"requirementsKey"`
	RequirementsID  string `json:"requirementsId"`
}

// Prediction is what a scoring task produced: which model, on what, with which result, how long.
type Prediction struct {
	Model       string     `json:"model"`
	Version     string     `json:"version"`
	Digest      string     `json:"digest"`      // SHA-256 of the model file, hex
	InputDigest string     `json:"inputDigest"` // SHA-256 of the canonical inputs, hex
	Inputs      canon.JSON `json:"inputs"`
	Output      canon.JSON `json:"output"`
	LatencyUS   int64      `json:"latencyMicros"`
}
