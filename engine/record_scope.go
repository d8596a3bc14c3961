package engine

// ScopeInterrupted empties a scope for what ends it: an interrupting event sub-process (13.5.4), or the
// cancellation of the transaction it is or stands in (10.3.5). Tokens on flows are gone, the compensation
// ledger stays.
type ScopeInterrupted struct {
	Scope    int64  `json:"scope"`
	Element  string `json:"element"`
	Canceled bool   `json:"canceled,omitempty"`
}

// Kind implements Record.
func (ScopeInterrupted) Kind() string { return "ScopeInterrupted" }

// String implements Record.
func (r ScopeInterrupted) String() string {
	s := "scope interrupted"
	if r.Canceled {
		s = "scope canceled"
	}
	if r.Element != "" {
		s += " " + r.Element
	}
	return s
}

func (r ScopeInterrupted) fields(t *text) {
	t.number("scope", r.Scope)
	t.string("element", r.Element)
	t.trueIf("canceled", r.Canceled)
}

func (r ScopeInterrupted) apply(s *State) {
	s.dropTokens(r.Scope)
	s.interrupt(r.Scope, r.Canceled)
}

// interrupt notes that a scope will not complete, although it may be left as if it had.
func (s *State) interrupt(scope int64, canceled bool) {
	if scope == s.key {
		s.interrupted = true
		return
	}
	if e, ok := s.elements.get(rowID{key: scope}); ok {
		// What it held to begin with it is gone.
		e.Interrupted, e.Canceled, e.Held = true, canceled, false
		s.elements.put(e)
	}
}
