package engine

func (r CompensationSubscribed) apply(s *State) {
	s.drawn(r.Key)
	if c, ok := s.undoing.get(rowID{key: r.Key}); ok {
		s.giveBack(c)
	}
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

// giveBack takes an entry from the element instance that undoes it, with what is left of the contents that it got.
func (s *State) giveBack(c compensable) {
	s.undoing.remove(c.id())
	if c.Handler != "" {
		return // what the ledger has in its scope is its own
	}
	for _, inside := range s.entriesOf(c.ClaimedBy) {
		inside.Scope, inside.ClaimedBy = c.ElementInstance, 0
		s.ledger.put(inside)
	}
}

// dropUndoing forgets what an element instance that has ended was to undo, with its snapshot.
func (s *State) dropUndoing(key int64) {
	if s.undoing.len() == 0 {
		return
	}
	c, ok := s.undoing.latest(key, func(c *compensable) bool { return c.ClaimedBy == key })
	if ok {
		s.undoing.remove(c.id())
		s.dropVariables(c.ElementInstance)
	}
}

// apply hands the contents of a consumed entry to the element instance that undoes it. The snapshot stays until that
// has ended: its transaction may be canceled, and what was not undone then has still to be.
func (r CompensationTriggered) apply(s *State) {
	s.drawn(r.ElementInstance)
	entry, ok := s.ledger.get(rowID{key: r.Key})
	if !ok {
		return
	}
	s.ledger.remove(entry.id())
	entry.ClaimedBy = r.ElementInstance
	s.undoing.put(entry)
	for _, c := range s.entriesOf(entry.ElementInstance) {
		c.Scope = r.ElementInstance
		s.ledger.put(c)
	}
}
