package engine

import "tallystick/internal/canon"

// StartHeld keeps where an instance starts, and with what, until it may: listeners of the process come first, or
// one of its events could not be armed.
type StartHeld struct {
	Start     string     `json:"start,omitempty"` // "" is an implicit start
	Part      int        `json:"part,omitempty"`
	Variables canon.JSON `json:"variables,omitempty"` // of the start event itself
}

// StartReleased lets the instance start.
type StartReleased struct{}

// Kind implements Record.
func (StartHeld) Kind() string { return "StartHeld" }

// Kind implements Record.
func (StartReleased) Kind() string { return "StartReleased" }

// String implements Record.
func (r StartHeld) String() string {
	if r.Start == "" {
		return "start held"
	}
	return "start held at " + r.Start
}

// String implements Record.
func (StartReleased) String() string { return "start released" }

func (r StartHeld) fields(t *text) {
	t.stringIf("start", r.Start)
	t.numberIf("part", int64(r.Part))
	t.variablesIf(r.Variables)
}

func (StartReleased) fields(*text) {}

func (r StartHeld) apply(s *State) { s.start = &r }

func (StartReleased) apply(s *State) { s.start = nil }
