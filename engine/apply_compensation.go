package engine

func (r CompensationSubscribed) apply(s *State) {
	s.drawn(r.Key)
	if r.Handler != "" {
		// The handler of an activity replaces the compensation of its contents (13.5.5).
		s.dropLedger(r.ElementInstance)
	}
	s.ledger.put(compensable{
		Key: r.Key, Element: r.Element, ElementInstance: r.ElementInstance, Scope: r.Scope, Handler: r.Handler,
		LoopCounter: r.LoopCounter,
	})
}

func (r CompensationThrown) apply(s *State) {
	for _, key := range r.Entries {
		if c, ok := s.ledger.get(rowID{key: key}); ok {
			c.ClaimedBy = r.Key
			s.ledger.put(c)
		}
	}
}

// apply hands the contents of a consumed entry to the element instance that undoes it.
func (r CompensationTriggered) apply(s *State) {
	s.drawn(r.ElementInstance)
	entry, ok := s.ledger.get(rowID{key: r.Key})
	if !ok {
		return
	}
	s.ledger.remove(entry.id())
	s.dropVariables(entry.ElementInstance)
	for _, c := range s.entriesOf(entry.ElementInstance) {
		c.Scope = r.ElementInstance
		s.ledger.put(c)
	}
}
