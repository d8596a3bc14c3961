package host

import (
	"context"
	"encoding/json"
	"time"

	"tallystick/query"
)

// The types of batch operations: what is done to each instance that matched the filter.
const (
	BatchCancel  = "CANCEL_PROCESS_INSTANCE"
	BatchResolve = "RESOLVE_INCIDENT" // an item is an incident, not an instance
	BatchSuspend = "SUSPEND_PROCESS_INSTANCE"
	BatchResume  = "RESUME_PROCESS_INSTANCE"
	BatchModify  = "MODIFY_PROCESS_INSTANCE"  // its payload is a BatchModification
	BatchMigrate = "MIGRATE_PROCESS_INSTANCE" // its payload is a BatchMigration
	BatchDelete  = "DELETE_PROCESS_INSTANCE"  // its items are instances that have ended, with those that they called
)

// The states of a batch operation.
const (
	BatchCreated   = "CREATED" // frozen; no node has begun yet
	BatchActive    = "ACTIVE"
	BatchSuspended = "SUSPENDED"
	BatchCompleted = "COMPLETED"           // nothing failed
	BatchPartial   = "PARTIALLY_COMPLETED" // some items failed
	BatchFailed    = "FAILED"              // all items failed
	BatchCanceled  = "CANCELED"
)

// The states of an item.
const (
	ItemActive    = "ACTIVE"
	ItemCompleted = "COMPLETED"
	ItemFailed    = "FAILED"   // refused, with the code of the refusal
	ItemSkipped   = "SKIPPED"  // nothing was left to do
	ItemCanceled  = "CANCELED" // with the batch operation
)

// BatchOperations is the part of the store that keeps one change to many instances.
type BatchOperations interface {
	// CountItems counts the items that a batch operation would have now.
	CountItems(ctx context.Context, s BatchSelection) (int64, error)
	// OpenBatches lists batch operations that are neither over nor suspended, oldest first.
	OpenBatches(ctx context.Context, limit int) ([]BatchOperation, error)
	// ClaimItems claims open items of a batch operation that is not suspended, which then has begun. Until the time
	// given they are listed to nobody else.
	ClaimItems(ctx context.Context, batch int64, now, until time.Time, limit int) ([]BatchItem, error)
	// SettleItems writes the outcomes of open items that no command carried out; others are left alone.
	SettleItems(ctx context.Context, all []BatchOutcome) error
	// BatchCounts counts the items of a batch operation by their states, and tells its own; false when there is none.
	BatchCounts(ctx context.Context, batch int64) (BatchCounts, bool, error)
	// ForgetBatches removes batch operations that ended before a time, oldest first, with their items: up to limit rows
	// in one transaction. Of one that has more items it removes a part, and itself with the last. seal is called as in
	// History.
	ForgetBatches(ctx context.Context, before time.Time, limit int, seal func(ForgottenBatches) (AuditBatch, error)) (ForgottenBatches, error)
}

// ForgottenBatches is what one transaction forgot: whole batch operations, and how many items, also of one of which some
// are left. More says that there may be more to forget.
type ForgottenBatches struct {
	Keys  []int64
	Items int64
	More  bool
}

// BatchSelection says which items a batch operation takes: those to which its type can apply, of the instances
// that match. More than Limit are refused.
type BatchSelection struct {
	Type   string
	Filter query.Request // conditions and access
	Limit  int
}

// BatchOperation is a batch operation as a node carries it out. Payload is JSON: what is done beside its type.
type BatchOperation struct {
	Key     int64
	Type    string
	State   string
	Actor   Actor
	Payload json.RawMessage
	Reason  string
	Cause   string // the audit entry of its creation
}

// BatchItem is one thing that a batch operation does something to.
type BatchItem struct {
	Batch    int64
	Key      int64 // of the incident, or the instance again
	Instance int64
}

// BatchItemID names an item.
type BatchItemID struct{ Batch, Key int64 }

// BatchOutcome is what became of an item: its row is written once. Entry is the audit entry of the command that
// carried it out.
type BatchOutcome struct {
	BatchItemID
	State   string
	Code    string
	Message string
	Entry   string
	At      time.Time
}

// BatchCounts is how far a batch operation is.
type BatchCounts struct {
	State     string
	Active    int64
	Completed int64
	Failed    int64
	Skipped   int64
	Canceled  int64
}

// Total is the number of all items.
func (c BatchCounts) Total() int64 { return c.Active + c.Completed + c.Failed + c.Skipped + c.Canceled }

// end is the state of a batch operation whose items are all done.
func (c BatchCounts) end() string {
	switch {
	case c.Failed == 0:
		return BatchCompleted
	case c.Failed == c.Total():
		return BatchFailed
	}
	return BatchPartial
}

// BatchChange creates a batch operation or moves it; exactly one field is set.
type BatchChange struct {
	Create *BatchCreation
	Move   *BatchMove
}

// BatchCreation writes a batch operation with its items: whatever matches in the transaction is frozen.
type BatchCreation struct {
	BatchOperation
	Selection BatchSelection
	Filter    string // as it was asked
	At        time.Time
}

// BatchMove moves a batch operation from one of some states to another. At an end its open items become CANCELED
// when To is that, and are not there otherwise; the counts of its items are kept with it.
type BatchMove struct {
	Key  int64
	From []string
	To   string
	At   time.Time
}

// Ends reports whether the batch operation is over after the move.
func (m BatchMove) Ends() bool { return m.To != BatchActive && m.To != BatchSuspended }
