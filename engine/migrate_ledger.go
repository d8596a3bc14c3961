package engine

// planLedger moves what can be compensated. An entry whose handler the target does not have is withdrawn, with the
// entries of its contents.
func (m *migration) planLedger() {
	entries := m.st.ledger.rows()
	// The entries of contents are older than that of what they stand in: outer ones are decided first.
	for i := len(entries) - 1; i >= 0; i-- {
		m.planEntry(entries[i])
	}
	for c := range m.st.undoing.all() {
		m.planUndoing(c)
	}
}

// planUndoing moves an entry whose compensation runs. What runs goes over as the element instance that it is; in a
// target where it undoes nothing of the kind it cannot be done anew.
func (m *migration) planUndoing(c compensable) {
	target := m.target(c.Element)
	handler := ""
	if c.Handler != "" && target != nil {
		if h := m.target(c.Handler); h != nil && target.as("").compensator == h {
			handler = h.id
		}
	}
	if target == nil || (handler == "") != (c.Handler == "") {
		m.closing = append(m.closing, CompensationWithdrawn{Key: c.Key, Element: c.Element})
		return
	}
	t := target
	if c.LoopCounter > 0 {
		t = target.as("")
	}
	m.moving = append(m.moving, CompensationMigrated{Key: c.Key, Element: t.id, From: c.Element, Handler: handler})
}

func (m *migration) planEntry(c compensable) {
	if m.gone[c.Scope] {
		m.gone[c.ElementInstance] = true
		return
	}
	declared := m.from.nodes[c.Element]
	target, fits := m.become(declared, c.ElementInstance)
	if !fits {
		return
	}
	t := target
	if c.LoopCounter > 0 {
		t = target.as("")
	}
	handler := ""
	if t.compensator != nil {
		handler = t.compensator.id
	}
	switch {
	case c.Handler != "" && handler == "":
		m.gone[c.ElementInstance] = true
		m.closing = append(m.closing, CompensationWithdrawn{Key: c.Key, Element: c.Element})
	default:
		// A new handler replaces what would compensate the contents (13.5.5).
		m.gone[c.ElementInstance] = c.Handler == "" && handler != ""
		m.moving = append(m.moving, CompensationMigrated{Key: c.Key, Element: t.id, From: c.Element, Handler: handler})
	}
}

// planCalls moves calls with the call activities that hold them.
func (m *migration) planCalls() {
	for c := range m.st.calls.all() {
		if target := m.target(c.Element); target != nil {
			m.moving = append(m.moving, CallMigrated{ElementInstance: c.Key, Element: target.id, From: c.Element})
		}
	}
}
