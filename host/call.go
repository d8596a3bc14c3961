package host

import (
	"time"

	"tallystick/engine"
	"tallystick/internal/canon"
	"tallystick/query"
	"tallystick/rules"
)

// Call asks for one change of one instance.
type Call struct {
	// Key is the caller's idempotency key, unique per actor; "" draws one. Digest is the SHA-256 of what
	// was asked: the same key with another digest is refused (command.reused).
	Key    string
	Digest [32]byte
	// Instance is the instance, 0 to start one. Process says which definition starts.
	Instance int64
	Process  ProcessRef
	Command  engine.Command
	// Lease is the token of the lock under which a job is finished; 0 for a worker that goes without. A lease
	// that is not the job's any more is refused (job.lease_stale).
	Lease int64
	// Reason and RequestID go to the audit entry.
	Reason    string
	RequestID string
}

// ProcessRef names the process to start: by Key, or by ID and Version (0 = latest). A version beside a key has to be
// that of the definition.
type ProcessRef struct {
	Key     int64
	ID      string
	Version int
}

// Receipt says what a call did. The first answer is kept with the command id; a repeat gets it again.
type Receipt struct {
	CommandID  string    `json:"commandId"`
	Instance   int64     `json:"instance,omitempty"`
	Definition int64     `json:"definition,omitempty"`
	ProcessID  string    `json:"processId,omitempty"`
	Version    int       `json:"version,omitempty"`
	Status     string    `json:"status,omitempty"`  // of the instance after the call
	Message    int64     `json:"message,omitempty"` // that the call gave to the instance
	At         time.Time `json:"at,omitzero"`
	Repeated   bool      `json:"-"`
	// Records are what the call did; empty in a repeated receipt.
	Records []engine.Record `json:"-"`
}

// Resource is one file of a deployment.
type Resource struct {
	Name string
	Data []byte
}

// Deployment says what a deployment made. Everything in Existing kept its version and key because the
// bytes were the same.
type Deployment struct {
	Key       int64
	Processes []Deployed
	Graphs    []DeployedGraph // after those that they import
	Decisions []DeployedDecision
	Forms     []Deployed
	Models    []Deployed // scoring models
}

// Deployed is one deployed process, form, decision requirements graph or scoring model.
type Deployed struct {
	Key          int64
	ID           string
	Name         string
	Version      int
	VersionTag   string
	ResourceName string
	Digest       string // SHA-256 hex of the bytes
	Deployment   int64  // the deployment that first brought these bytes
	Duplicate    bool   // the bytes were deployed before
}

// DeployedGraph is a decision requirements graph. What it imports is settled when it is deployed: a newer version of an
// imported graph is used when the importing one is deployed again.
type DeployedGraph struct {
	Deployed
	Namespace string
	Imports   []int64 // keys of the imported graphs, in the order of the file
}

// DeployedDecision is one decision of a deployed graph.
type DeployedDecision struct {
	Deployed
	Requirements Deployed
}

// Evaluation is the result of a decision evaluated on its own.
type Evaluation struct {
	Key      int64
	Decision engine.DecisionRef
	Trace    rules.Trace
}

// Activation asks for jobs: up to Max of Type, locked for Timeout. Wait > 0 holds the call until there
// is a job or Wait is over; Wait ≤ 0 answers at once.
type Activation struct {
	Type    string
	Worker  string
	Max     int
	Timeout time.Duration
	Wait    time.Duration
	Fetch   []string // variable names, empty = all visible

	patience time.Duration // between two looks at the store, 0 for PollMax
}

// Job is a locked job as a worker gets it.
type Job struct {
	Key               int64
	Type              string
	Instance          int64
	Root              int64 // the instance at the top of the calls
	Element           string
	ElementInstance   int64
	Definition        int64
	ProcessID         string
	DefinitionVersion int
	BusinessID        string
	Tags              []string
	Headers           map[string]string
	Worker            string
	Lease             int64 // the fencing token of this lock
	Priority          int
	Retries           int
	Deadline          time.Time
	Variables         map[string]canon.JSON
	Kind              string          // engine.JobElement and so on
	ListenerEvent     string          // engine.ListensToNothing, or what a listener listens to
	UserTask          *engine.JobTask // of the job of a task listener
}

// JobLock changes the time limit of a lock: from now on. Lease is 0 for a worker that goes without.
type JobLock struct {
	Job     int64
	Lease   int64
	Timeout time.Duration
	Reason  string // goes to the audit entry
}

// Account is a user as administration sees it. Secrets are hashed by the caller (authz) before they come here.
type Account struct {
	query.User
	PasswordHash string
}
