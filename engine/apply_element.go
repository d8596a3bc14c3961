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
	vars := s.variables
	vars.removeIf(func(v *Variable) bool { return v.Scope != instance })
	*s = State{
		key: s.key, definition: s.definition, status: status, last: s.last, variables: vars,
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
		LoopCounter: r.LoopCounter,
	}
}

func (s *State) takeToken(scope int64, flow string) {
	i, ok := s.tokens.find(rowID{scope, flow})
	if !ok {
		return
	}
	t := s.tokens.rows[i]
	if t.Count--; t.Count > 0 {
		s.tokens.set(i, t)
		return
	}
	s.tokens.removeAt(i)
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
	for _, c := range s.ledger.rows {
		if c.ClaimedBy == key {
			c.ClaimedBy = 0
			s.ledger.put(c)
		}
	}
	if !s.inLedger(key) {
		s.dropScope(key)
	}
}

func (s *State) inLedger(instance int64) bool {
	for i := len(s.ledger.rows) - 1; i >= 0; i-- {
		if s.ledger.rows[i].ElementInstance == instance {
			return true
		}
	}
	return false
}

// dropScope removes tokens, variables and ledger entries of a scope, and the snapshots of the entries.
func (s *State) dropScope(scope int64) {
	s.tokens.removeIf(func(t *token) bool { return t.Scope == scope })
	s.dropVariables(scope)
	s.dropLedger(scope)
}

func (s *State) dropVariables(scope int64) {
	if len(s.variables.of(scope)) > 0 {
		s.variables.removeIf(func(v *Variable) bool { return v.Scope == scope })
	}
}

// dropLedger removes the entries of a scope. An entry without handler holds the entries of its contents
// under its element instance, so those go with it.
func (s *State) dropLedger(scope int64) {
	if len(s.ledger.rows) == 0 {
		return
	}
	for scopes := []int64{scope}; len(scopes) > 0; scopes = scopes[1:] {
		s.ledger.removeIf(func(c *compensable) bool {
			if c.Scope != scopes[0] {
				return false
			}
			scopes = append(scopes, c.ElementInstance)
			return true
		})
		if scopes[0] != scope {
			s.dropVariables(scopes[0])
		}
	}
}

func (r ScopeTerminated) apply(s *State) {
	s.tokens.removeIf(func(t *token) bool { return t.Scope == r.Scope })
	s.dropLedger(r.Scope)
}

func (r FlowTaken) apply(s *State) {
	i, ok := s.tokens.find(rowID{r.Scope, r.Flow})
	if !ok {
		s.tokens.insert(i, token{Scope: r.Scope, Flow: r.Flow, Count: 1})
		return
	}
	t := s.tokens.rows[i]
	t.Count++
	s.tokens.set(i, t)
}

func (r VariableSet) apply(s *State) {
	s.drawn(r.Key)
	s.variables.put(Variable{Scope: r.Scope, Name: r.Name, Key: r.Key, Value: r.Value})
}

func (ErrorThrown) apply(*State) {}

func (EscalationThrown) apply(*State) {}

func (r DecisionEvaluated) apply(s *State) { s.drawn(r.Key) }

func (ModelScored) apply(*State) {}
