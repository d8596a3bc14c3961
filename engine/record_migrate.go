package engine

// InstanceMigrated says that the instance goes on by another definition. What it holds follows by records of its
// own; Variables are the keys of the variables of the instance and of its active element instances.
type InstanceMigrated struct {
	Definition int64   `json:"definition"`
	From       int64   `json:"from"` // the definition until then
	ProcessID  string  `json:"processId"`
	Version    int     `json:"version"`
	VersionTag string  `json:"versionTag,omitempty"`
	Variables  []int64 `json:"variables,omitempty"`
}

// ElementMigrated says which element of the new definition an element instance belongs to.
type ElementMigrated struct {
	Key         int64  `json:"key"`
	Element     string `json:"element"`
	From        string `json:"from"`
	ElementType string `json:"elementType"`
	Name        string `json:"name,omitempty"`
}

// TokensMigrated moves what waits on the flows of a scope, all at once.
type TokensMigrated struct {
	Scope    int64             `json:"scope"`
	Flows    []FlowMigrated    `json:"flows,omitempty"`
	Gateways []GatewayMigrated `json:"gateways,omitempty"`
}

// FlowMigrated names the flow of the new definition that the tokens of a flow rest on.
type FlowMigrated struct {
	Flow string `json:"flow"`
	From string `json:"from"`
}

// GatewayMigrated names the complex gateway of the new definition that waits to be reset, with the flows that it
// took tokens of.
type GatewayMigrated struct {
	Element string   `json:"element"`
	From    string   `json:"from"`
	Flows   []string `json:"flows,omitempty"`
}

// JobMigrated names the element of the new definition that an open job belongs to. The job stays as it was created.
type JobMigrated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	From    string `json:"from"`
}

// TaskMigrated names the element of the new definition that an open user task belongs to. The task stays as it is.
type TaskMigrated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	From    string `json:"from"`
}

// TimerMigrated names the event of the new definition that an armed timer belongs to. It stays due when it was.
type TimerMigrated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	From    string `json:"from"`
}

// SubscriptionMigrated names the event of the new definition that an open subscription belongs to. It waits for
// what it waited for; whether it interrupts says the new event.
type SubscriptionMigrated struct {
	Key          int64  `json:"key"`
	Element      string `json:"element"`
	From         string `json:"from"`
	Interrupting bool   `json:"interrupting,omitempty"`
}

// IncidentMigrated names the element of the new definition that an open incident is about.
type IncidentMigrated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	From    string `json:"from"`
}

// CallMigrated names the call activity of the new definition that holds a call; ElementInstance is the one that
// called. The called instance is not touched.
type CallMigrated struct {
	ElementInstance int64  `json:"elementInstance"`
	Element         string `json:"element"`
	From            string `json:"from"`
}

// CompensationMigrated names the activity of the new definition that an entry of the compensation ledger is about,
// and its handler.
type CompensationMigrated struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	From    string `json:"from"`
	Handler string `json:"handler,omitempty"`
}

// CompensationWithdrawn removes an entry of the compensation ledger: the new definition has no handler for it, or the
// called instance that it stands for is done with its compensation although nobody waits for that any more.
type CompensationWithdrawn struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// ActivationMigrated names the element of the new definition that waits to be activated in an ad-hoc sub-process;
// Key is the element instance of that, Index the place among what was to be activated, from 1.
type ActivationMigrated struct {
	Key     int64  `json:"key"`
	Index   int    `json:"index"`
	Element string `json:"element"`
	From    string `json:"from"`
}
