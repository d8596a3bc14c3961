package engine

import (
	"encoding/json"

	"tallystick/fault"
)

// ErrState says that a text is no state of this build or an older one.
var ErrState = fault.New(fault.Internal, "state.invalid", "the text is no state")

// stateVersion is the form that Encode writes. DecodeState reads all forms up to it.
const stateVersion = 1

// stateText is the stored form of a State, as DecodeState reads it.
type stateText struct {
	Version    int               `json:"v"`
	Key        int64             `json:"key"`
	Definition int64             `json:"definition"`
	Status     Status            `json:"status"`
	Last       int64             `json:"last"`
	Elements   []ElementInstance `json:"elements,omitempty"`
	Tokens     []token           `json:"tokens,omitempty"`
	Variables  []Variable        `json:"variables,omitempty"`
	Jobs       []Job             `json:"jobs,omitempty"`
	Tasks      []UserTask        `json:"tasks,omitempty"`
	Timers     []Timer           `json:"timers,omitempty"`
	Incidents  []Incident        `json:"incidents,omitempty"`
	Ledger     []compensable     `json:"ledger,omitempty"`
	Undoing    []compensable     `json:"undoing,omitempty"`

	Subscriptions []Subscription `json:"subscriptions,omitempty"`
	Loops         []loopState    `json:"loops,omitempty"`
	LoopValues    []loopValue    `json:"loopValues,omitempty"`
	Calls         []openCall     `json:"calls,omitempty"`
	Returned      bool           `json:"returned,omitempty"`
	Gateways      []gatewayState `json:"gateways,omitempty"`
	Caller        int64          `json:"caller,omitempty"`
	Root          int64          `json:"root,omitempty"`
	Depth         int            `json:"depth,omitempty"`
	Interrupted   bool           `json:"interrupted,omitempty"`
	Suspended     bool           `json:"suspended,omitempty"`
	Terminating   string         `json:"terminating,omitempty"`
	Start         *StartHeld     `json:"start,omitempty"`
}

// Encode writes the state as JSON. Equal states give equal bytes.
func (s State) Encode() ([]byte, error) {
	t := text{out: append(make([]byte, 0, s.textSize()), '{')}
	t.number("v", stateVersion)
	t.number("key", s.key)
	t.number("definition", s.definition)
	t.string("status", string(s.status))
	t.number("last", s.last)
	writeRows(&t, "elements", s.elements.rows())
	writeRows(&t, "tokens", s.tokens.rows())
	writeRows(&t, "variables", s.variables.rows())
	writeRows(&t, "jobs", s.jobs.rows())
	writeRows(&t, "tasks", s.tasks.rows())
	writeRows(&t, "timers", s.timers.rows())
	writeRows(&t, "incidents", s.incidents.rows())
	writeRows(&t, "ledger", s.ledger.rows())
	writeRows(&t, "undoing", s.undoing.rows())
	writeRows(&t, "subscriptions", s.subscriptions.rows())
	writeRows(&t, "loops", s.loops.rows())
	writeRows(&t, "loopValues", s.loopValues.rows())
	writeRows(&t, "calls", s.calls.rows())
	t.trueIf("returned", s.returned)
	writeRows(&t, "gateways", s.gateways.rows())
	t.numberIf("caller", s.caller)
	t.numberIf("root", s.root)
	t.numberIf("depth", int64(s.depth))
	t.trueIf("interrupted", s.interrupted)
	t.trueIf("suspended", s.suspended)
	t.stringIf("terminating", s.terminating)
	if s.start != nil {
		t.open("start")
		s.start.fields(&t)
		t.close()
	}
	t.close()
	if t.err != nil {
		return nil, fault.Wrap(t.err, ErrState.Code, "the state cannot be written")
	}
	return t.out, nil
}

// textSize is about as long as the stored form will be: growing on the way costs more than some room.
func (s *State) textSize() int {
	const head, row = 128, 136
	rows := s.elements.len() + s.tokens.len() + s.variables.len() + s.jobs.len() +
		2*s.tasks.len() + 2*s.timers.len() + 2*s.incidents.len() + s.ledger.len() + s.undoing.len() +
		2*s.subscriptions.len() + s.loops.len() + s.loopValues.len() + s.calls.len() + s.gateways.len()
	return head + row*rows + s.bytes
}

// DecodeState reads what Encode wrote, in this build or an older one; else ErrState.
func DecodeState(text []byte) (State, error) {
	var t stateText
	if err := json.Unmarshal(text, &t); err != nil {
		return State{}, fault.Wrap(err, ErrState.Code, "the state is no JSON")
	}
	if t.Version < 1 || t.Version > stateVersion {
		return State{}, ErrState.With("the state has the unknown version %d", t.Version)
	}
	return t.state(), nil
}

func (t *stateText) state() State {
	s := State{
		key: t.Key, definition: t.Definition, status: t.Status, last: t.Last,
		elements: tableOf(t.Elements), tokens: tableOf(t.Tokens),
		variables: tableOf(t.Variables), jobs: tableOf(t.Jobs),
		tasks: tableOf(t.Tasks), timers: tableOf(t.Timers),
		incidents: tableOf(t.Incidents), ledger: tableOf(t.Ledger), undoing: tableOf(t.Undoing),
		subscriptions: tableOf(t.Subscriptions),
		loops:         tableOf(t.Loops), loopValues: tableOf(t.LoopValues),
		calls: tableOf(t.Calls), gateways: tableOf(t.Gateways), returned: t.Returned,
		caller: t.Caller, root: t.Root, depth: t.Depth, interrupted: t.Interrupted, suspended: t.Suspended,
		terminating: t.Terminating, start: t.Start,
	}
	for _, k := range t.Tokens {
		s.held += k.Count
	}
	for _, v := range t.Variables {
		s.bytes += v.size()
	}
	for _, v := range t.LoopValues {
		s.bytes += len(v.Value)
	}
	return s
}
