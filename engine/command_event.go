package engine

// MessageRef names a message as it was published. CorrelationKey is "" when it has none.
type MessageRef struct {
	Key            int64  `json:"key"`
	ID             string `json:"id,omitempty"` // the publisher's, for finding duplicates
	Name           string `json:"name"`
	CorrelationKey string `json:"correlationKey,omitempty"`
}

// CorrelateMessage gives a message to an open message subscription.
type CorrelateMessage struct {
	Subscription int64
	Message      MessageRef
	Variables    Variables
}

// CatchSignal gives a broadcast signal to an open signal subscription.
type CatchSignal struct {
	Subscription int64
	Variables    Variables
}

// Name implements Command.
func (CorrelateMessage) Name() string { return "CorrelateMessage" }

// Name implements Command.
func (CatchSignal) Name() string { return "CatchSignal" }
