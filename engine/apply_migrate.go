package engine

import "tallystick/internal/canon"

func (r InstanceMigrated) apply(s *State) { s.definition = r.Definition }

func (r ElementMigrated) apply(s *State) {
	if e, ok := s.elements.get(rowID{key: r.Key}); ok {
		e.Element, e.ElementType = r.Element, r.ElementType
		s.elements.put(e)
	}
}

// apply takes all rows of the scope away before it puts any: flows may change places.
func (r TokensMigrated) apply(s *State) {
	var tokens []token
	for _, f := range r.Flows {
		if t, ok := s.tokens.get(named(r.Scope, f.From)); ok {
			s.tokens.remove(t.id())
			t.Flow = f.Flow
			tokens = append(tokens, t)
		}
	}
	for _, t := range tokens {
		if there, ok := s.tokens.get(t.id()); ok {
			t.Count, t.Since = t.Count+there.Count, min(t.Since, there.Since)
		}
		s.tokens.put(t)
	}
	var gateways []gatewayState
	for _, m := range r.Gateways {
		if g, ok := s.gateways.get(named(r.Scope, m.From)); ok {
			s.gateways.remove(g.id())
			g.Element, g.Flows = m.Element, m.Flows
			gateways = append(gateways, g)
		}
	}
	for _, g := range gateways {
		s.gateways.put(g)
	}
}

func (r JobMigrated) apply(s *State) {
	if j, ok := s.jobs.get(rowID{key: r.Key}); ok {
		j.Element = r.Element
		s.jobs.put(j)
	}
}

func (r TaskMigrated) apply(s *State) {
	if t, ok := s.tasks.get(rowID{key: r.Key}); ok {
		t.Element = r.Element
		s.tasks.put(t)
	}
}

func (r TimerMigrated) apply(s *State) {
	if t, ok := s.timers.get(rowID{key: r.Key}); ok {
		t.Element = r.Element
		s.timers.put(t)
	}
}

func (r SubscriptionMigrated) apply(s *State) {
	if u, ok := s.subscriptions.get(rowID{key: r.Key}); ok {
		u.Element, u.Interrupting = r.Element, r.Interrupting
		s.subscriptions.put(u)
	}
}

func (r IncidentMigrated) apply(s *State) {
	if i, ok := s.incidents.get(rowID{key: r.Key}); ok {
		i.Element = r.Element
		s.incidents.put(i)
	}
}

func (r CallMigrated) apply(s *State) {
	if c, ok := s.calls.get(rowID{key: r.ElementInstance}); ok {
		c.Element = r.Element
		s.calls.put(c)
	}
}

func (r CompensationMigrated) apply(s *State) {
	c, ok := s.ledger.get(rowID{key: r.Key})
	if !ok {
		if c, ok = s.undoing.get(rowID{key: r.Key}); ok {
			c.Element, c.Handler = r.Element, r.Handler
			s.undoing.put(c)
		}
		return
	}
	if r.Handler != "" && c.Handler == "" {
		// The handler of an activity replaces the compensation of its contents (13.5.5).
		s.dropLedger(c.ElementInstance)
	}
	c.Element, c.Handler = r.Element, r.Handler
	s.ledger.put(c)
}

func (r CompensationWithdrawn) apply(s *State) {
	if c, ok := s.ledger.get(rowID{key: r.Key}); ok {
		s.ledger.remove(c.id())
		s.dropVariables(c.ElementInstance)
		s.dropLedger(c.ElementInstance)
	}
	if c, ok := s.undoing.get(rowID{key: r.Key}); ok {
		s.undoing.remove(c.id())
		s.dropVariables(c.ElementInstance)
	}
}

func (r ActivationMigrated) apply(s *State) {
	v, ok := s.loopValues.get(named(r.Key, loopItem(r.Index)))
	if !ok {
		return
	}
	fields := v.Value.Fields()
	if fields == nil {
		return
	}
	fields["element"] = canon.String(r.Element)
	v.Value = canon.Object(fields)
	s.keepLoopValue(v)
}

// applyMigration applies what moves an instance to another definition.
func applyMigration(s *State, r Record) bool {
	switch r := r.(type) {
	case InstanceMigrated:
		r.apply(s)
	case ElementMigrated:
		r.apply(s)
	case TokensMigrated:
		r.apply(s)
	case JobMigrated:
		r.apply(s)
	case TaskMigrated:
		r.apply(s)
	case TimerMigrated:
		r.apply(s)
	case SubscriptionMigrated:
		r.apply(s)
	case IncidentMigrated:
		r.apply(s)
	case CallMigrated:
		r.apply(s)
	case CompensationMigrated:
		r.apply(s)
	case CompensationWithdrawn:
		r.apply(s)
	case ActivationMigrated:
		r.apply(s)
	default:
		return false
	}
	return true
}
