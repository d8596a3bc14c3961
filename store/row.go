package store

import "github.com/uptrace/bun"

// The rows as they are inserted, and the changes of rows that exist. A field of a change that is nil leaves
// its column as it is.

type commandRow struct {
	bun.BaseModel `bun:"table:command"`
	ID            text
	Actor         text
	Digest        []byte
	Receipt       []byte
	At            int64
}

type instanceRow struct {
	bun.BaseModel `bun:"table:instance"`
	Key           int64
	Version       int64
	Tenant        text
	Stream        text
	Seq           int64
	Hash          []byte
	State         []byte
}

type timerRow struct {
	bun.BaseModel `bun:"table:timer"`
	Key           int64
	Instance      int64
	Due           int64
}

// life is what ends of a thing that was begun.
type life struct {
	State text
	Ended *int64
}

type processInstanceRow struct {
	bun.BaseModel  `bun:"table:process_instance"`
	Key            int64
	Definition     int64
	ProcessID      text
	Version        int
	VersionTag     *text
	ParentInstance *int64
	ParentElement  *int64
	RootInstance   int64
	BusinessID     *text
	Tags           text
	Started        int64
	life
	Suspended *int64
	headColumns
}

// headColumns are the head of the audit stream of an instance that ended; until then the instance's own row
// has it.
type headColumns struct {
	Stream *text
	Seq    *int64
	Hash   []byte
}

// instanceEnd ends a process instance, suspends it or lets it go on.
type instanceEnd struct {
	Key int64
	life
	Suspended *int64
	headColumns
	moved *resettlement
}

// stands says how an instance stands from now on.
func (c *instanceEnd) stands(l life, suspended *int64) { c.life, c.Suspended = l, suspended }

type tagRow struct {
	bun.BaseModel `bun:"table:instance_tag"`
	Instance      int64
	Name          text
}

// place says to what a row of a projection belongs.
type place struct {
	Instance   int64
	Definition int64
	ProcessID  text
}

type elementRow struct {
	bun.BaseModel `bun:"table:element_instance"`
	Key           int64
	place
	Element text
	Name    text
	Type    text
	Scope   int64
	Started int64
	life
}

// lifeChange ends an element instance.
type lifeChange struct {
	Key int64
	life
	moved *relocation
}

type variableRow struct {
	bun.BaseModel `bun:"table:variable"`
	Key           int64
	place
	Scope int64
	Name  text
	Value text
}

type incidentRow struct {
	bun.BaseModel `bun:"table:incident"`
	Key           int64
	place
	Element         text
	ElementInstance int64
	Job             *int64
	Type            text
	Message         text
	Created         int64
	incidentLife
}

type incidentLife struct {
	State    text
	Resolved *int64
}

type incidentChange struct {
	Key int64
	incidentLife
	moved *relocation
}

type jobRow struct {
	bun.BaseModel `bun:"table:job"`
	Key           int64
	place
	Element         text
	ElementInstance int64
	Type            text
	State           text
	Retries         int
	Priority        int
	Worker          text
	Lease           int64
	Deadline        *int64
	NotBefore       *int64
	Headers         text
	ErrorCode       *text
	ErrorMessage    *text
	Created         int64
	Updated         int64
	Ended           *int64
	Kind            text
	ListenerEvent   text
	UserTask        *text
	Denied          *int64
	DeniedReason    *text
}

// jobChange changes a job. Lease is the one that it must still have, Locked that it must have a lock; Deadline moves the end of a lock, Released takes
// the lock away and sets NotBefore.
type jobChange struct {
	Key          int64
	Lease        *int64
	Locked       bool
	State        *text
	Retries      *int
	Priority     *int
	Deadline     *int64
	Released     bool
	NotBefore    *int64
	ErrorCode    *text
	ErrorMessage *text
	Updated      int64
	Ended        *int64
	Denied       *int64
	DeniedReason *text
	moved        *relocation
}

type taskRow struct {
	bun.BaseModel `bun:"table:user_task"`
	Key           int64
	place
	Element         text
	ElementInstance int64
	Name            *text
	State           text
	Assignee        *text
	CandidateGroups text
	CandidateUsers  text
	Priority        int
	Due             *int64
	FollowUp        *int64
	Form            *int64
	ExternalForm    *text
	Headers         text
	Created         int64
	Completed       *int64
}

// taskChange changes a user task. The columns that can become NULL have a flag.
type taskChange struct {
	Key             int64
	State           *text
	Completed       *int64
	SetAssignee     bool
	Assignee        *text
	SetDue          bool
	Due             *int64
	SetFollowUp     bool
	FollowUp        *int64
	Priority        *int
	CandidateGroups *text
	CandidateUsers  *text
	moved           *relocation
}

type candidateRow struct {
	bun.BaseModel `bun:"table:task_candidate"`
	Task          int64
	Kind          text
	Name          text
}

// The kinds of candidates.
const (
	candidateUser  = "user"
	candidateGroup = "group"
)
