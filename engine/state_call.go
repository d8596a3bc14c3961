package engine

// openCall is a call that is not over: of an element instance that waits for the called instance, or, when Called
// is set, of one that has completed and can be compensated in the called instance, which stays open for it.
// Waiting is the element instance that waits for that compensation.
type openCall struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	Called  int64  `json:"called,omitempty"`
	Waiting int64  `json:"waiting,omitempty"`
}

func (c openCall) id() rowID                  { return rowID{key: c.Key} }
func (c openCall) owners() ([3]int64, string) { return [3]int64{c.Called}, "" }

func (c openCall) fields(t *text) {
	t.number("key", c.Key)
	t.string("element", c.Element)
	t.numberIf("called", c.Called)
	t.numberIf("waiting", c.Waiting)
}

func (r ProcessCalled) apply(s *State) {
	s.calls.put(openCall{Key: r.ElementInstance, Element: r.Element})
}

func (r CallCanceled) apply(s *State) { s.calls.remove(rowID{key: r.ElementInstance}) }

func (r CallAnswered) apply(s *State) {
	if !r.Compensable {
		s.calls.remove(rowID{key: r.ElementInstance})
		return
	}
	s.calls.put(openCall{Key: r.ElementInstance, Element: r.Element, Called: r.Called})
}

func (r CallReleased) apply(s *State) {
	if c, ok := s.calls.latest(r.Called, func(*openCall) bool { return r.Called != 0 }); ok {
		s.calls.remove(c.id())
	}
}

func (r CallCompensated) apply(s *State) {
	if c, ok := s.calls.latest(r.Called, func(*openCall) bool { return r.Called != 0 }); ok {
		c.Waiting = r.ElementInstance
		s.calls.put(c)
	}
}

func (r CallReturned) apply(s *State) { s.returned = s.returned || r.Compensable }

// applyCall applies what is about calls.
func applyCall(s *State, r Record) bool {
	switch r := r.(type) {
	case ProcessCalled:
		r.apply(s)
	case CallCanceled:
		r.apply(s)
	case CallAnswered:
		r.apply(s)
	case CallReturned:
		r.apply(s)
	case CallCompensated:
		r.apply(s)
	case CallReleased:
		r.apply(s)
	default:
		return false
	}
	return true
}
