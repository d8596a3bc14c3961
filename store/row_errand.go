package store

type errandRow struct {
	Key     int64
	Kind    text
	Source  int64
	About   int64
	Number  int64
	Payload text
	Cause   text
	Created int64
	Next    int64
}

type messageRow struct {
	Key            int64
	Name           text
	CorrelationKey text
	MessageID      text
	Identity       *text
	Published      int64
	Expires        int64
	Variables      text
}

type subscriptionRow struct {
	Key int64
	place
	Element         text
	ElementInstance int64
	Type            text
	Name            text
	CorrelationKey  text
	Interrupting    bool
	Opened          int64
	subscriptionLife
}

type subscriptionLife struct {
	State   text
	Updated int64
}

// subscriptionChange ends a subscription.
type subscriptionChange struct {
	Key int64
	subscriptionLife
	moved *relocation
}

type correlationRow struct {
	ID             text
	Message        int64
	Name           text
	CorrelationKey text
	Subscription   int64
	place
	Element         text
	ElementInstance *int64
	At              int64
}

type startLockRow struct {
	ID             text
	ProcessID      text
	CorrelationKey text
	Instance       int64
}

type startAlarmRow struct {
	Key       int64
	Before    int64
	Due       int64
	Remaining int
}
