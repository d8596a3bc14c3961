package engine

import "slices"

// sources finds the element instances that an instruction ends: one by its key, or all of an element. The instances
// of a loop end with its body, so that of a loop its bodies are meant.
func (m *modification) sources(at instruction, element string, key int64) ([]ElementInstance, error) {
	var list []ElementInstance
	switch {
	case (element == "") == (key == 0):
		return nil, at.invalid("name either an element or an element instance")
	case key != 0:
		e, err := m.byKey(at, key)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	default:
		if m.x.def.nodes[element] == nil {
			return nil, at.invalid("the process has no element %q", element)
		}
		for e := range m.x.st.elements.all() {
			if n := m.x.node(element); e.Element == element && !e.Terminating && (n.inner == nil || m.x.nodeOf(e) == n) {
				list = append(list, e)
			}
		}
	}
	if len(list) == 0 {
		return nil, at.conflict("the element is not active")
	}
	for _, e := range list {
		if m.doomed[e.Key] {
			return nil, at.invalid("the element instance %d is named twice", e.Key)
		}
		if scope, _ := m.x.st.elements.get(rowID{key: e.Scope}); scope.Canceled && e.Compensates == 0 {
			return nil, at.conflict("the transaction around it is being undone; terminate the transaction")
		}
		m.doomed[e.Key] = true
		m.roots = append(m.roots, e)
	}
	return list, nil
}

func (m *modification) byKey(at instruction, key int64) (ElementInstance, error) {
	switch e, ok := m.x.st.elements.get(rowID{key: key}); {
	case ok && e.Terminating:
		return e, at.conflict("it is being terminated already")
	case ok:
		return e, nil
	case key == m.x.st.key:
		return e, at.invalid("that is the instance itself; cancel it")
	case InstanceOf(key) != m.x.st.key:
		return e, at.invalid("the element instance %d is of another instance", key)
	default:
		return e, at.conflict("no element instance has the key %d", key)
	}
}

// doom adds what ends with the roots: what is inside, and the compensation handlers that run for it.
func (m *modification) doom() {
	for _, e := range m.roots {
		m.ends = append(m.ends, e.Key)
	}
	for i := 0; i < len(m.ends); i++ {
		// The owners of an element instance are its scope and what it compensates for.
		for _, e := range m.x.st.elements.choose(m.ends[i], func(*ElementInstance) bool { return true }) {
			if !m.doomed[e.Key] {
				m.doomed[e.Key] = true
				m.ends = append(m.ends, e.Key)
			}
		}
	}
	m.roots = slices.DeleteFunc(m.roots, func(e ElementInstance) bool { return m.doomed[e.Scope] })
}

// lively reports whether a scope holds more than what is being terminated.
func (s *State) lively(scope int64) bool {
	found := s.tokens.hasOf(scope) || s.gateways.hasOf(scope)
	s.elements.each(scope, func(e *ElementInstance) bool {
		found = found || e.Scope == scope && !e.Terminating
		return !found
	})
	return found
}

// afterEnd does what follows from an end that a modification brought: who waits for it is told, and a scope with
// nothing left ends with it, and so on outward.
func (x *machine) afterEnd(e ElementInstance) {
	x.ended(e, false)
	for e.Scope != x.st.key {
		scope, n, ok := x.element(e.Scope)
		switch {
		case ok && n.adHoc != nil && n.job != nil:
			if l, begun := x.st.loops.get(rowID{key: scope.Key}); begun && !l.Ended {
				x.askAgain(n, scope.Key)
			}
			return
		case !ok || n.inner != nil || n.adHoc != nil || x.st.lively(scope.Key) || revived(scope, n) || scope.Canceled:
			return
		}
		x.terminateThese([]int64{scope.Key})
		x.ended(scope, false)
		e = scope
	}
}
