package host

import (
	"context"
	"time"
)

// Errands is the part of the store that keeps what commands left to be done elsewhere.
type Errands interface {
	// ClaimErrands claims errands that can be carried out now, oldest first: those behind an earlier one of the
	// same chain wait. Until the time given they are listed to nobody else.
	ClaimErrands(ctx context.Context, now, until time.Time, limit int) ([]Errand, error)
	// Dismiss removes errands, and the messages and start locks named, if all the errands are still there.
	Dismiss(ctx context.Context, d Dismissal) (bool, error)
	// PendingCall finds the errand that is to start what an element instance called; 0 when there is none.
	PendingCall(ctx context.Context, elementInstance int64) (int64, error)
	// Called finds the active instance that an element instance called; 0 when there is none.
	Called(ctx context.Context, elementInstance int64) (int64, error)
}

// Dismissal is what is over without a command.
type Dismissal struct {
	Errands []int64
	Message int64 // removed when it was not published to be kept
	Freed   int64 // the instance whose start locks, which are free, go
}

// Messages is the part of the store that knows who waits for what.
type Messages interface {
	// Message finds a published message that is not over.
	Message(ctx context.Context, key int64) (Message, bool, error)
	// Waiting finds the oldest message with the name and key that has not entered the process and is not over.
	Waiting(ctx context.Context, name, correlationKey, processID string, now time.Time) (Message, bool, error)
	// MessageCatchers lists who waits for a message: subscriptions, oldest first, then start events.
	MessageCatchers(ctx context.Context, name, correlationKey string) ([]Catcher, error)
	// SignalCatchers lists who waits for signals of the names, oldest first, then start events.
	SignalCatchers(ctx context.Context, names []string) ([]Catcher, error)
	// StartEvents lists the start events of a type; processID "" is every process.
	StartEvents(ctx context.Context, kind, processID string) ([]StartEvent, error)
	// FreeStart marks the locks of an ended instance as free and lists them.
	FreeStart(ctx context.Context, instance int64) ([]StartLock, error)
	// SweepMessages removes up to limit messages that were over at now, and tells how many.
	SweepMessages(ctx context.Context, now time.Time, limit int) (int, error)
	// DueStarts claims timer start events, like Due.
	DueStarts(ctx context.Context, now, until time.Time, limit int) ([]DueStart, error)
}
