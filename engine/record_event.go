package engine

import "tallystick/internal/canon"

// The types of subscriptions.
const (
	SubscribesMessage     = "MESSAGE"
	SubscribesSignal      = "SIGNAL"
	SubscribesConditional = "CONDITIONAL"
)

// SubscriptionOpened waits for a message, a signal or a condition on behalf of an event. ElementInstance is the
// element instance that waits, the activity that a boundary event is attached to, or the scope (the instance at
// the top) whose event sub-process starts with the event. Part counts the definitions of a multiple event from
// 0. Interrupting says whether catching ends what the event stands on. Holds is what a condition was last.
type SubscriptionOpened struct {
	Key             int64  `json:"key"`
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
	Type            string `json:"type"`
	Part            int    `json:"part,omitempty"`
	Name            string `json:"name,omitempty"`
	CorrelationKey  string `json:"correlationKey,omitempty"`
	Interrupting    bool   `json:"interrupting,omitempty"`
	Holds           bool   `json:"holds,omitempty"`
}

// SubscriptionTriggered ends a subscription: what it waited for came. Message is set for messages.
type SubscriptionTriggered struct {
	Key     int64      `json:"key"`
	Element string     `json:"element"`
	Message MessageRef `json:"message,omitzero"`
}

// SubscriptionClosed withdraws a subscription.
type SubscriptionClosed struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// MessageThrown sends a message: it is matched, beside those published from outside, after the command.
type MessageThrown struct {
	Element         string     `json:"element"`
	ElementInstance int64      `json:"elementInstance"`
	Name            string     `json:"name"`
	CorrelationKey  string     `json:"correlationKey,omitempty"`
	Variables       canon.JSON `json:"variables,omitempty"`
}

// SignalThrown broadcasts a signal after the command.
type SignalThrown struct {
	Element         string     `json:"element"`
	ElementInstance int64      `json:"elementInstance"`
	Name            string     `json:"name"`
	Variables       canon.JSON `json:"variables,omitempty"`
}

// Kind implements Record.
func (SubscriptionOpened) Kind() string { return "SubscriptionOpened" }

// Kind implements Record.
func (SubscriptionTriggered) Kind() string { return "SubscriptionTriggered" }

// Kind implements Record.
func (SubscriptionClosed) Kind() string { return "SubscriptionClosed" }

// Kind implements Record.
func (MessageThrown) Kind() string { return "MessageThrown" }

// Kind implements Record.
func (SignalThrown) Kind() string { return "SignalThrown" }

// String implements Record.
func (r SubscriptionOpened) String() string {
	s := "waits " + r.Element
	switch r.Type {
	case SubscribesMessage:
		s += " for message " + r.Name
	case SubscribesSignal:
		s += " for signal " + r.Name
	default:
		s += " for a condition"
	}
	if r.CorrelationKey != "" {
		s += " key " + r.CorrelationKey
	}
	return s
}

// String implements Record.
func (r SubscriptionTriggered) String() string { return "caught " + r.Element }

// String implements Record.
func (r SubscriptionClosed) String() string { return "wait over " + r.Element }

// String implements Record.
func (r MessageThrown) String() string {
	s := "message " + r.Name + " from " + r.Element
	if r.CorrelationKey != "" {
		s += " key " + r.CorrelationKey
	}
	return s
}

// String implements Record.
func (r SignalThrown) String() string { return "signal " + r.Name + " from " + r.Element }

func (r SubscriptionOpened) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.string("type", r.Type)
	t.numberIf("part", int64(r.Part))
	t.stringIf("name", r.Name)
	t.stringIf("correlationKey", r.CorrelationKey)
	t.trueIf("interrupting", r.Interrupting)
	t.trueIf("holds", r.Holds)
}

func (r SubscriptionTriggered) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	if r.Message != (MessageRef{}) {
		t.other("message", r.Message)
	}
}

func (r SubscriptionClosed) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r MessageThrown) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.string("name", r.Name)
	t.stringIf("correlationKey", r.CorrelationKey)
	t.variablesIf(r.Variables)
}

func (r SignalThrown) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.string("name", r.Name)
	t.variablesIf(r.Variables)
}

func (r SubscriptionOpened) apply(s *State) {
	s.drawn(r.Key)
	s.subscriptions.put(Subscription(r))
}

func (r SubscriptionTriggered) apply(s *State) { s.subscriptions.remove(rowID{key: r.Key}) }

func (r SubscriptionClosed) apply(s *State) { s.subscriptions.remove(rowID{key: r.Key}) }

func (MessageThrown) apply(*State) {}

func (SignalThrown) apply(*State) {}
