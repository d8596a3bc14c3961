package host

import (
	"context"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/query"
)

// Store keeps everything durable. Implementations answer a lost race with *Moved and a lost connection or
// full disk with a fault of kind Overloaded, whose code is store.unknown when the connection broke at a
// commit that may have been carried out; every write is one explicit transaction.
type Store interface {
	// Load reads active instances; one that is not there or has ended is absent from the answer. It also tells
	// the versions of policy and library and the database clock.
	Load(ctx context.Context, instances []int64) (Loaded, error)
	// Outcomes finds the kept outcomes of commands by id; unknown ids are absent.
	Outcomes(ctx context.Context, ids []string) (map[string]Outcome, error)
	// Commit writes a batch in one short transaction with a number of statements that does not depend on
	// the number of calls. When instances, streams, leases, policy or library moved meanwhile it writes
	// nothing and answers *Moved.
	Commit(ctx context.Context, b Batch) error
	// Due claims timers due at now, oldest first: until the time given they are listed to nobody else. A
	// claim that is not followed by a commit runs out by itself.
	Due(ctx context.Context, now, until time.Time, limit int) ([]DueTimer, error)
	// NextDue tells when the next timer can be claimed; false when there is none.
	NextDue(ctx context.Context) (time.Time, bool, error)
	// Status tells how an instance stands, active or ended; false when there is none.
	Status(ctx context.Context, instance int64) (InstanceStatus, bool, error)
	// EntryHash returns the hash of an entry of the audit log; false when there is none. It is how the outcome of
	// a commit whose answer was lost is found out.
	EntryHash(ctx context.Context, stream string, seq int64) ([32]byte, bool, error)
	// Sequences reserves n instance sequence numbers and returns the first.
	Sequences(ctx context.Context, n int) (int64, error)
	// Heads reads the heads of audit streams other than instances'; a stream without entries is absent.
	Heads(ctx context.Context, streams []string) (map[string]audit.Head, error)

	Errands
	Messages
	DataStores
	BatchOperations
}

// Jobs is the part of the store that locks jobs for workers.
type Jobs interface {
	// Activate locks up to a.Max jobs (priority, then age) whose retries are left, whose back-off is over and
	// whose lock, if any, has run out at now. Each lock raises the lease of its job. seal is called once inside
	// the transaction when at least one job was locked; the rows it returns are written with the locks.
	Activate(ctx context.Context, a Activation, now time.Time, see query.Access, seal func([]Job) (AuditBatch, error)) ([]Job, error)
	// Extend moves the deadline of a locked job; false when there is no such open job or its lease is not the
	// one given (a lease of 0 is any).
	Extend(ctx context.Context, l JobLock, now time.Time, rows AuditBatch) (bool, error)
	// Renew moves the deadlines of jobs whose leases are still these, in one statement; the others are left
	// alone.
	Renew(ctx context.Context, leases []Lease, until time.Time) error
	// Job tells definition id and lock of an open job, for authorization; false when there is none.
	JobInfo(ctx context.Context, job int64) (JobInfo, bool, error)
}

// JobInfo is what authorization needs of a job.
type JobInfo struct {
	ProcessID string
	Type      string
	Worker    string
	Lease     int64
	Locked    bool
}

// Lease is the right to finish a job: its number rises each time that the job is locked, so that a worker
// whose lock ran out is told from the one that has the job now.
type Lease struct {
	Job   int64
	Token int64
}

// Handed is a new job that is locked for a worker of this node from the start, with the lease 1.
type Handed struct {
	Job      int64
	Worker   string
	Deadline time.Time
}

// StatusSuspended is how an active instance stands that is suspended.
const StatusSuspended = "SUSPENDED"

// InstanceStatus is how an instance stands.
type InstanceStatus struct {
	Status    string
	ProcessID string
}

// Library is the part of the store that keeps deployed resources.
type Library interface {
	// Catalog lists everything deployed, without bytes, with the library version it stands for.
	Catalog(ctx context.Context) (Catalog, error)
	// Source returns the bytes of a deployed resource by the key of the process, graph, form or model in it.
	Source(ctx context.Context, key int64) ([]byte, error)
}

// Catalog is what is deployed: every version of every resource.
type Catalog struct {
	Version   int64
	Processes []Deployed
	Graphs    []DeployedGraph
	Decisions []DeployedDecision
	Forms     []Deployed
	Models    []Deployed

	Suspensions []Suspension
}

// Loaded is the answer of Load.
type Loaded struct {
	Instances map[int64]Stored
	Policy    int64
	Library   int64
	Now       time.Time // database clock, UTC
}

// Stored is an instance at rest. Version is the fence: Commit replaces exactly this version.
type Stored struct {
	State   []byte
	Version int64
	Head    audit.Head
}

// Outcome is the kept answer of a command.
type Outcome struct {
	Digest  [32]byte
	Receipt []byte // JSON
}

// DueTimer is a timer to fire.
type DueTimer struct {
	Instance int64
	Timer    int64
	Due      time.Time
}

// Batch is everything one transaction writes. Policy is the policy version that authorized the calls; the
// transaction compares it. The order of Events is the order in which they happened. Leases are those under
// which jobs of the batch are finished: each must still be the job's.
type Batch struct {
	At         time.Time
	Policy     int64
	Library    int64 // the version that starts were decided on; 0: any
	Instances  []InstanceChange
	Events     []Event
	Commands   []CommandRow
	Leases     []Lease
	Locked     []int64 // jobs whose locks move: each must have one
	Handed     []Handed
	Audit      AuditBatch
	Deployment *DeploymentChange
	Suspension *SuspensionChange
	Accounts   []AccountChange

	Errands      []Errand      // that the commands left
	Done         []int64       // errands carried out; each must be there and the first of its chain
	Messages     []Message     // published; an id of a publisher must be free
	Correlations []Correlation // each new
	StartLocks   []StartLock   // each free
	StartAlarms  []StartAlarm  // each still due at Before

	Items      []BatchOutcome // of batch operations, each still open
	Operations []BatchChange
}

// InstanceChange replaces an instance's state. Version is the version it had, 0 for a new one; after the
// commit the instance has Version+1, unless its Status says that it ended: then it is no longer loaded. Head
// is the head of its audit stream after the batch.
type InstanceChange struct {
	Key     int64
	Version int64
	State   []byte
	Status  string
	Head    audit.Head
}

// Event is a record with what projections need around it. Instance, Definition and ProcessID are empty where the record
// belongs to no instance.
type Event struct {
	Instance   int64
	Definition int64
	ProcessID  string
	At         time.Time
	Actor      string
	Record     engine.Record
}

// CommandRow keeps the outcome of a command that came with an idempotency key.
type CommandRow struct {
	ID      string
	Actor   string
	Digest  [32]byte
	Receipt []byte
	At      time.Time
}

// AuditBatch is a run of linked entries and the heads of the streams that are not instances'. Before is
// the head each stream must still have. Outside of a Batch the policy version that an entry names must still be
// that of the store; else the answer is *Moved.
type AuditBatch struct {
	Entries []AuditRow
	Streams []StreamChange
}

// AuditRow is one linked entry as it is stored.
type AuditRow struct {
	Entry   audit.Entry
	Hash    [32]byte
	Salt    []byte // nil without a private part
	Private []byte
}

// StreamChange moves the head of a stream.
type StreamChange struct {
	Before, After audit.Head
}

// DeploymentChange adds a deployment. Only rows that are not duplicates are new. Library is the library
// version it was decided on.
type DeploymentChange struct {
	Library    int64
	Deployment Deployment
	// Sources are the bytes by the key of the process, graph, form or model.
	Sources map[int64][]byte
	// Starts are the start events of the new processes; those of their earlier versions go.
	Starts []StartEvent
}

// AccountChange changes users, groups, roles, tokens or policy. Exactly one field is set; each raises the
// policy version.
type AccountChange struct {
	CreateUser  *Account // ErrUserExists when there is one of that name
	UpdateUser  *UserUpdate
	DeleteUser  string
	AddRole     *Membership
	RemoveRole  *Membership
	AddGroup    *Membership
	RemoveGroup *Membership
	CreateGroup string // ErrGroupExists when there is one of that name
	PutToken    *Token
	DeleteToken string // token id
}

// UserUpdate changes what it names: Name and Email unless they are nil, the password unless its hash is empty. With a
// Verified hash it is refused with ErrPasswordChanged unless that is still the password's.
type UserUpdate struct {
	Username     string
	Name, Email  *string
	PasswordHash string
	Verified     string
}

// Membership joins a user to a role or group.
type Membership struct{ Username, To string }

// Token is an API token: Hash is the SHA-256 of the secret.
type Token struct {
	ID       string
	Username string
	Hash     [32]byte
	Expires  time.Time
}
