package host

import (
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/internal/canon"
)

// The kinds of errands: what a command left to be done elsewhere.
const (
	ErrandCall       = "call"       // start the called process
	ErrandCancel     = "cancel"     // cancel the called instance, or its start
	ErrandReturn     = "return"     // complete the call activity
	ErrandError      = "error"      // throw an error from the call activity
	ErrandEscalation = "escalation" // throw an escalation from the call activity
	ErrandCompensate = "compensate" // undo the called instance
	ErrandRelease    = "release"    // let the called instance end
	ErrandMatch      = "match"      // give a message to those who wait for it
	ErrandSeek       = "seek"       // look for a message for a new subscription
	ErrandSignal     = "signal"     // give a signal to one who catches it
	ErrandFree       = "free"       // a correlation key may start an instance again
)

// Errand is what a command leaves to be done elsewhere, after it and by commands of its own. It is written with
// the command and removed with what carries it out, so it is carried out once, by whichever node. Those of one
// Source about the same thing are carried out in the order of Number.
type Errand struct {
	Key     int64
	Kind    string
	Source  int64 // the instance that left it, 0 for what came from outside
	About   int64
	Number  int64
	Payload []byte // JSON: the record that it comes from, or an errandBody
	Cause   string // the audit entry of the command that left it
	Created time.Time
	Next    time.Time // when a node may claim it
}

// chain is what the order of errands is kept in.
type chain struct{ source, about int64 }

// chain names the errands that wait for each other. What cancels a call does not wait for its start.
func (e *Errand) chain() chain { return chain{e.Source, e.About} }

// record is the record that the errand comes from.
func (e *Errand) record() (engine.Record, error) {
	records, err := engine.DecodeRecords(e.Payload)
	if err != nil || len(records) != 1 {
		return nil, ErrErrand.With("an errand of kind %s has no record: %v", e.Kind, err)
	}
	return records[0], nil
}

// deed is what the transaction of a call does beside what the machine decides.
type deed struct {
	key     int64          // of the instance to start, 0 draws one
	errand  int64          // carried out by the call
	cause   *audit.EventID // of what the call follows from
	item    *BatchOutcome  // likewise
	mark    *Correlation
	lock    *StartLock
	alarm   *StartAlarm
	request string
	reason  string
	once    string // idempotency key and digest of the call, as in Call
	digest  [32]byte
	beaten  error // somebody else did it
}

// Message is a published message while it can be correlated.
type Message struct {
	Key            int64
	Name           string
	CorrelationKey string
	ID             string // the publisher's
	Published      time.Time
	Expires        time.Time // not after Published: it is given to those who wait, and not kept
	Variables      canon.JSON
}

func (m Message) ref() engine.MessageRef {
	return engine.MessageRef{Key: m.Key, ID: m.ID, Name: m.Name, CorrelationKey: m.CorrelationKey}
}

// Correlation says that a message went into a process: it enters none twice.
type Correlation struct {
	Message         engine.MessageRef
	Subscription    int64
	Instance        int64
	Definition      int64
	ProcessID       string
	Element         string
	ElementInstance int64 // 0 for a start
	At              time.Time
}

// StartLock says that a message with a correlation key started an instance: until that has ended, no other
// message with the key starts one of the process.
type StartLock struct {
	ProcessID      string
	CorrelationKey string
	Instance       int64
}

// Catcher waits for a message or a signal: a subscription of an instance, or a start event of the latest version
// of a process, for which Instance is 0.
type Catcher struct {
	Subscription    int64
	Instance        int64
	Definition      int64
	ProcessID       string
	Element         string
	ElementInstance int64
	Part            int
	Name            string
	CorrelationKey  string
	Together        bool // a start event that needs all of its parts
}

// StartEvent is a way to start the latest version of a process, other than a call.
type StartEvent struct {
	Key        int64
	Definition int64
	ProcessID  string
	Element    string
	Part       int
	Type       string
	Name       string
	Together   bool
	Alarm      engine.Alarm // of timers
}

// DueStart is a timer start event to fire.
type DueStart struct {
	Key        int64
	Definition int64
	ProcessID  string
	Element    string
	Part       int
	Alarm      engine.Alarm
}

// StartAlarm moves a timer start event from the date at which it fired to the next; without one it is over.
type StartAlarm struct {
	Key    int64
	Before time.Time
	Next   engine.Alarm
	Over   bool
}
