package audit

import "crypto/sha256"

// Entry is one entry of the audit log: who did what, when, why, by which version. Nil means that
// the fact is absent, which differs from empty. It carries no names and no values of persons;
// those are private parts, of which only the commitments are here.
type Entry struct {
	// The place in the log; Head.Link sets these five.
	Origin string // installation and incarnation
	Tenant string
	Stream string
	Seq    int64 // dense from 1
	Prev   Hash  // hash of the entry before, or of the genesis

	EventID   EventID
	NodeTime  int64  // microseconds, clock of the node
	StoreTime *int64 // microseconds, clock of the database
	Cause     *EventID

	Category string
	Action   string
	Outcome  string // one of the Outcome constants
	Reason   *string

	Actor          string   // typed reference, such as user:7f3a or system:engine
	Roles          []string // effective roles and groups
	OnBehalf       *string
	Authentication map[string]string // method, digest of the session
	Client         map[string]string // address and agent; a private part by default
	Node           *string
	Build          *string
	PolicyVersion  *int64
	PolicyIDs      []string // the policies that matched

	Resource          *string // typed reference, such as instance:0192f0c1
	Definition        *string
	DefinitionVersion *int64
	ArtefactDigest    *Hash
	Instance          *int64
	Element           *string
	ElementInstance   *int64
	Task              *int64
	Job               *int64
	BusinessKey       *Hash // commitment to PartBusinessKey

	Before        *Hash
	After         *Hash
	Changed       map[string]string // variable name to classification
	Justification *string           // a code; the text is a private part
	Ticket        *string

	Decision             *string
	DecisionVersion      *int64
	DecisionDigest       *Hash
	DecisionRules        []string // the rules that matched, in order
	HitPolicy            *string
	DecisionInput        *Hash // commitment to PartDecisionInput
	DecisionOutput       *Hash // commitment to PartDecisionOutput
	DecisionOverriddenBy *string

	Model          *string
	ModelVersion   *string
	ModelDigest    *Hash
	ModelEndpoint  *string
	ModelInput     *Hash   // commitment to PartModelInput
	Prediction     *string // absent when the prediction is a private part
	Score          *string // decimal text
	Threshold      *string // decimal text
	ModelAttempt   *Attempt
	ModelFallback  map[string]string // kind of fallback or override, the record it overrides
	Private        map[string]Hash   // name of a private part to its commitment
	DataKeys       map[string]string // name of a private part to its data key
	Subjects       []string          // pseudonymous references to the persons concerned
	RetentionClass *string
	LegalHolds     []string

	Signer           *string
	SignatureMeaning *string
	SignatureFactors []string
	SignatureShown   *Hash // digest of what was shown
	SignerName       *Hash // commitment to PartSignerName

	TraceID        *string
	SpanID         *string
	RequestID      *string
	IdempotencyKey *Hash // digest of the key
}

// The outcomes of an action.
const (
	OutcomeOK      = "ok"
	OutcomeDenied  = "denied"
	OutcomeError   = "error"
	OutcomePending = "pending"
)

// Attempt tells which attempt at a model call this was and how long it took, in microseconds.
type Attempt struct {
	Latency int64
	Number  int64
}

// Given returns a pointer to v, or nil when v is its type's zero value: an optional field from a
// value for which zero means that there is none.
func Given[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Hash returns the entry's hash: SHA-256 of its bytes, which hold the hash of the entry before.
func (e *Entry) Hash() Hash { return sha256.Sum256(e.Bytes()) }
