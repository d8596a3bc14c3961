package engine

// ElementTerminating ends an element instance but for what its listeners have still to hear: the user task in it
// is being withdrawn, or one inside it is. ElementTerminated follows; nothing moves in it any more.
type ElementTerminating struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
}

// InstanceTerminating ends an instance but for what listeners have still to hear. InstanceTerminated follows.
type InstanceTerminating struct {
	Reason string `json:"reason"`
}

// Kind implements Record.
func (ElementTerminating) Kind() string { return "ElementTerminating" }

// Kind implements Record.
func (InstanceTerminating) Kind() string { return "InstanceTerminating" }

// String implements Record.
func (r ElementTerminating) String() string { return "terminating " + r.Element }

// String implements Record.
func (r InstanceTerminating) String() string { return "instance terminating" + reason(r.Reason) }

func (r ElementTerminating) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
}

func (r InstanceTerminating) fields(t *text) { t.string("reason", r.Reason) }

func (r ElementTerminating) apply(s *State) {
	if e, ok := s.elements.get(rowID{key: r.Key}); ok {
		e.Terminating = true
		s.elements.put(e)
	}
	s.dropTokens(r.Key)
}

func (r InstanceTerminating) apply(s *State) {
	s.terminating = r.Reason
	s.dropTokens(s.key)
}
