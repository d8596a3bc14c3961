package engine

import (
	"fmt"

	"tallystick/internal/canon"
)

// ProcessCalled asks for an instance of another process; the call activity waits for its return. The new
// instance starts after the command.
type ProcessCalled struct {
	Element         string     `json:"element"`
	ElementInstance int64      `json:"elementInstance"`
	Definition      int64      `json:"definition"`
	ProcessID       string     `json:"processId"`
	Version         int        `json:"version"`
	BusinessID      string     `json:"businessId,omitempty"`
	Root            int64      `json:"root"`
	Depth           int        `json:"depth"`
	Variables       canon.JSON `json:"variables,omitempty"`
}

// CallCanceled gives up a call: the called instance, if it runs, is to be canceled after the command.
type CallCanceled struct {
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"`
}

// CallAnswered ends the wait of a call activity: the called instance has returned, or has failed. Compensable
// says that the call can be compensated in the called instance, which stays open for it.
type CallAnswered struct {
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"` // the element instance that called
	Called          int64  `json:"called"`
	Compensable     bool   `json:"compensable,omitempty"`
}

// CallReturned is the end of a called instance, or of its compensation, towards its caller.
type CallReturned struct {
	Caller      int64      `json:"caller"` // the element instance that called
	Variables   canon.JSON `json:"variables,omitempty"`
	Compensable bool       `json:"compensable,omitempty"` // the instance stays open to be compensated
}

// CallErrorThrown is an error that nothing in a called instance caught, on its way to the caller.
type CallErrorThrown struct {
	Caller    int64      `json:"caller"`
	Code      string     `json:"code"`
	Message   string     `json:"message,omitempty"`
	Variables canon.JSON `json:"variables,omitempty"`
}

// CallEscalationThrown is an escalation that nothing in a called instance caught, on its way to the caller.
type CallEscalationThrown struct {
	Caller    int64      `json:"caller"`
	Code      string     `json:"code"`
	Variables canon.JSON `json:"variables,omitempty"`
}

// CallCompensated asks a called instance that has returned to undo what it did; the caller waits.
type CallCompensated struct {
	Element         string `json:"element"`
	ElementInstance int64  `json:"elementInstance"` // the element instance that waits
	Called          int64  `json:"called"`
}

// CallReleased lets a called instance that has returned end: it will not be compensated any more.
type CallReleased struct {
	Element string `json:"element"`
	Called  int64  `json:"called"`
}

// Kind implements Record.
func (ProcessCalled) Kind() string { return "ProcessCalled" }

// Kind implements Record.
func (CallCanceled) Kind() string { return "CallCanceled" }

// Kind implements Record.
func (CallAnswered) Kind() string { return "CallAnswered" }

// Kind implements Record.
func (CallReturned) Kind() string { return "CallReturned" }

// Kind implements Record.
func (CallErrorThrown) Kind() string { return "CallErrorThrown" }

// Kind implements Record.
func (CallEscalationThrown) Kind() string { return "CallEscalationThrown" }

// Kind implements Record.
func (CallCompensated) Kind() string { return "CallCompensated" }

// Kind implements Record.
func (CallReleased) Kind() string { return "CallReleased" }

// String implements Record.
func (r ProcessCalled) String() string {
	return fmt.Sprintf("called %s v%d by %s", r.ProcessID, r.Version, r.Element)
}

// String implements Record.
func (r CallCanceled) String() string { return "call canceled " + r.Element }

// String implements Record.
func (r CallAnswered) String() string { return "answered " + r.Element }

// String implements Record.
func (CallReturned) String() string { return "returned to the caller" }

// String implements Record.
func (r CallErrorThrown) String() string {
	return "error " + r.Code + " to the caller" + reason(r.Message)
}

// String implements Record.
func (r CallEscalationThrown) String() string { return "escalation " + r.Code + " to the caller" }

// String implements Record.
func (r CallCompensated) String() string { return "compensating the call of " + r.Element }

// String implements Record.
func (r CallReleased) String() string { return "call released " + r.Element }

func (r ProcessCalled) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.number("definition", r.Definition)
	t.string("processId", r.ProcessID)
	t.number("version", int64(r.Version))
	t.stringIf("businessId", r.BusinessID)
	t.number("root", r.Root)
	t.number("depth", int64(r.Depth))
	t.variablesIf(r.Variables)
}

func (r CallCanceled) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
}

func (r CallAnswered) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.number("called", r.Called)
	t.trueIf("compensable", r.Compensable)
}

func (r CallReturned) fields(t *text) {
	t.number("caller", r.Caller)
	t.variablesIf(r.Variables)
	t.trueIf("compensable", r.Compensable)
}

func (r CallErrorThrown) fields(t *text) {
	t.number("caller", r.Caller)
	t.string("code", r.Code)
	t.stringIf("message", r.Message)
	t.variablesIf(r.Variables)
}

func (r CallEscalationThrown) fields(t *text) {
	t.number("caller", r.Caller)
	t.string("code", r.Code)
	t.variablesIf(r.Variables)
}

func (r CallCompensated) fields(t *text) {
	t.string("element", r.Element)
	t.number("elementInstance", r.ElementInstance)
	t.number("called", r.Called)
}

func (r CallReleased) fields(t *text) {
	t.string("element", r.Element)
	t.number("called", r.Called)
}

func (CallErrorThrown) apply(*State) {}

func (CallEscalationThrown) apply(*State) {}
