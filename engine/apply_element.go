package engine

func (r InstanceStarted) apply(s *State) {
	s.key, s.definition, s.status = r.Instance, r.Definition, Active
	s.caller, s.root, s.depth = r.Caller, r.Root, r.Depth
}

func (InstanceCompleted) apply(s *State) { s.end(Completed) }

func (InstanceTerminated) apply(s *State) { s.end(Terminated) }

// end leaves only the variables of the instance.
func (s *State) end(status Status) {
	instance := s.key
	var vars table[Variable]
	bytes := 0
	for v := range s.variables.of(instance) {
		vars.put(v)
		bytes += v.size()
	}
	*s = State{
		key: s.key, definition: s.definition, status: status, last: s.last, variables: vars, bytes: bytes,
		caller: s.caller, root: s.root, depth: s.depth,
	}
}

func (r ElementActivated) apply(s *State) {
	s.drawn(r.Key)
	for _, flow := range r.Via {
		s.takeToken(r.Scope, flow)
	}
	s.elements.put(r.instance())
	s.countLoop(r.instance(), func(l *loopState) { l.Started++ })
}

// instance is the element instance that the record opens.
func (r ElementActivated) instance() ElementInstance {
	return ElementInstance{
		Key: r.Key, Element: r.Element, ElementType: r.ElementType, Scope: r.Scope, Compensates: r.Compensates,
		LoopCounter: r.LoopCounter, Held: r.Held,
	}
}

func (s *State) takeToken(scope int64, flow string) {
	p, ok := s.tokens.find(named(scope, flow))
	if !ok {
		return
	}
	s.held--
	t := s.tokens.at(p)
	if t.Count--; t.Count > 0 {
		t.Since = s.last
		s.tokens.set(p, t)
		return
	}
	s.tokens.removeAt(p)
}

func (r ElementCompleted) apply(s *State) {
	s.countCompleted(r.Key)
	s.endElement(r.Key)
}

func (r ElementTerminated) apply(s *State) {
	s.countTerminated(r.Key)
	s.endElement(r.Key)
}

// endElement removes an element instance with its scope. What the ledger needs of a completed one, its
// variables and the entries of its contents, stays until the entry is consumed or dropped. Entries
// that the instance claimed and did not run are free again.
func (s *State) endElement(key int64) {
	s.elements.remove(rowID{key: key})
	s.dropLoop(key)
	s.dropUndoing(key)
	if s.ledger.len() == 0 {
		s.dropScope(key)
		return
	}
	for _, c := range s.ledger.choose(key, func(c *compensable) bool { return c.ClaimedBy == key }) {
		c.ClaimedBy = 0
		s.ledger.put(c)
	}
	if !s.inLedger(key) {
		s.dropScope(key)
	}
}

func (s *State) inLedger(instance int64) bool {
	found := false
	s.ledger.each(instance, func(c *compensable) bool {
		found = c.ElementInstance == instance
		return !found
	})
	return found
}

// dropScope removes tokens, variables and ledger entries of a scope, and the snapshots of the entries.
func (s *State) dropScope(scope int64) {
	s.dropTokens(scope)
	s.dropVariables(scope)
	s.dropLedger(scope)
}

func (s *State) dropVariables(scope int64) {
	for v := range s.variables.of(scope) {
		s.bytes -= v.size()
	}
	s.variables.removeOf(scope)
}

func (s *State) dropTokens(scope int64) {
	for t := range s.tokens.of(scope) {
		s.held -= t.Count
	}
	s.tokens.removeOf(scope)
	s.gateways.removeOf(scope)
}

// entriesOf returns copies of the ledger entries of a scope.
func (s *State) entriesOf(scope int64) []compensable {
	return s.ledger.choose(scope, func(c *compensable) bool { return c.Scope == scope })
}

// dropLedger removes the entries of a scope. An entry without handler holds the entries of its contents
// under its element instance, so those go with it.
func (s *State) dropLedger(scope int64) {
	if s.ledger.len() == 0 {
		return
	}
	for scopes := []int64{scope}; len(scopes) > 0; scopes = scopes[1:] {
		for _, c := range s.entriesOf(scopes[0]) {
			scopes = append(scopes, c.ElementInstance)
			s.ledger.remove(c.id())
		}
		if scopes[0] != scope {
			s.dropVariables(scopes[0])
		}
	}
}

func (r ScopeTerminated) apply(s *State) {
	s.dropTokens(r.Scope)
	s.dropLedger(r.Scope)
	s.interrupt(r.Scope, false)
}

func (r FlowTaken) apply(s *State) {
	s.held++
	p, ok := s.tokens.find(named(r.Scope, r.Flow))
	if !ok {
		s.tokens.insert(p, token{Scope: r.Scope, Flow: r.Flow, Count: 1, Since: s.last})
		return
	}
	t := s.tokens.at(p)
	t.Count++
	s.tokens.set(p, t)
}

func (r VariableSet) apply(s *State) {
	s.drawn(r.Key)
	v := Variable{Scope: r.Scope, Name: r.Name, Key: r.Key, Value: r.Value}
	s.bytes += v.size()
	p, ok := s.variables.find(v.id())
	if !ok {
		s.variables.insert(p, v)
		return
	}
	before := s.variables.at(p)
	s.bytes -= before.size()
	s.variables.set(p, v)
}

func (ErrorThrown) apply(*State) {}

func (EscalationThrown) apply(*State) {}

func (r DecisionEvaluated) apply(s *State) { s.drawn(r.Key) }

func (ModelScored) apply(*State) {}
