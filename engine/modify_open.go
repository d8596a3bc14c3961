package engine

import (
	"slices"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// opening is an element instance that a modification opens: in a scope that is active, or in one that it opens too.
type opening struct {
	spot

	vars []Variables
	key  int64 // once it is opened
}

// spot is where an element is opened.
type spot struct {
	scope  int64
	within *opening
	node   *node
}

// destination is what a move activates for one of its sources.
func (m *modification) destination(at instruction, c MoveElement, source ElementInstance) (ActivateElement, error) {
	a := ActivateElement{Element: c.To, Ancestor: c.Ancestor, Variables: c.Variables}
	n := m.x.def.nodes[c.To]
	switch {
	case c.Choice == "" || n == nil:
		return a, nil
	case c.Ancestor != 0:
		return a, at.invalid("the ancestor is both named and %s", c.Choice)
	case c.Choice == AncestorSourceParent:
		a.Ancestor = source.Scope
		return a, nil
	case c.Choice != AncestorInferred:
		return a, at.invalid("%q is no way to find an ancestor", c.Choice)
	}
	around := scopesOf(n)
	for key := source.Scope; key != m.x.st.key; {
		scope, sn, _ := m.x.element(key)
		if slices.Contains(around, sn) {
			a.Ancestor = key
			return a, nil
		}
		key = scope.Scope
	}
	a.Ancestor = m.x.st.key
	return a, nil
}

// scopesOf lists the scopes around a node, outer ones first; a loop counts as its body and the instance inside.
func scopesOf(n *node) []*node {
	var list []*node
	for o := n.owner; o != nil; o = o.owner {
		if o.inner != nil {
			list = append(list, o.inner)
		}
		list = append(list, o)
	}
	slices.Reverse(list)
	return list
}

// target works out where an element is opened, and with which scopes.
func (m *modification) target(at instruction, a ActivateElement) error {
	n := m.x.def.nodes[a.Element]
	if n == nil {
		return at.invalid("the process has no such element")
	}
	if why := forbidden(n); why != "" {
		return at.invalid("%s", why)
	}
	scope, path, err := m.place(at, n, a.Ancestor)
	if err != nil {
		return err
	}
	chain, err := m.chain(at, scope, path)
	if err != nil {
		return err
	}
	return m.variables(at, a.Variables, scope, chain)
}

// forbidden says why an element is not activated by itself, "" when it is.
func forbidden(n *node) string {
	switch {
	case n.startsHandler():
		return "it is the start event of the event sub-process " + n.owner.id + "; activate that"
	case n.kind == bpmn.KindStartEvent:
		return "a start event starts its scope and is not activated by itself"
	case n.kind == bpmn.KindBoundaryEvent:
		return "a boundary event is activated by what it is attached to"
	}
	return onlyUndoes(n)
}

// onlyUndoes says why a node runs for compensation alone, "" when it does not.
func onlyUndoes(n *node) string {
	if n.forCompensation || n.kind == bpmn.KindEventSubProcess && n.body.entries[0].trigger(bpmn.EventCompensation) != nil {
		return n.id + " is started by compensation alone"
	}
	return ""
}

// place finds the active scope in which an element is opened, and what has to be opened there, the element last.
func (m *modification) place(at instruction, n *node, ancestor int64) (int64, []*node, error) {
	path := append(scopesOf(n), n)
	if ancestor != 0 {
		return m.placeIn(at, path, ancestor)
	}
	for i := len(path) - 2; i >= 0; i-- {
		found, err := m.activeOf(at, path[i])
		switch {
		case err != nil:
			return 0, nil, err
		case len(found) > 1:
			return 0, nil, at.conflict("%s is active %d times; name one of them as ancestor", path[i].id, len(found))
		case len(found) == 1:
			return found[0].Key, path[i+1:], nil
		}
	}
	return m.x.st.key, path, nil
}

// activeOf finds the instances of a scope that something can be opened in. The instances of a parallel multi-instance
// activity differ in their data, so that one is never chosen because it is the last.
func (m *modification) activeOf(at instruction, n *node) ([]ElementInstance, error) {
	var found []ElementInstance
	for e := range m.x.st.elements.all() {
		if e.Element == n.id && m.x.nodeOf(e) == n && !m.doomed[e.Key] && !revived(e, n) && !e.Canceled && !e.Terminating {
			found = append(found, e)
		}
	}
	if len(found) > 0 && n.loop != nil && (n.inner != nil || !n.loop.sequential) {
		return nil, at.conflict("it stands in the multi-instance activity %s; name the body or an instance of it as ancestor", n.id)
	}
	return found, nil
}

// placeIn finds what has to be opened below an ancestor.
func (m *modification) placeIn(at instruction, path []*node, ancestor int64) (int64, []*node, error) {
	if ancestor == m.x.st.key {
		return ancestor, path, nil
	}
	e, n, ok := m.x.element(ancestor)
	last := path[len(path)-1]
	switch i := slices.Index(path, n); {
	case !ok:
		return 0, nil, at.conflict("no active scope has the key %d", ancestor)
	case m.doomed[ancestor] || e.Terminating:
		return 0, nil, at.conflict("the ancestor %s is being terminated", e.Element)
	case revived(e, n) || e.Canceled:
		return 0, nil, at.conflict("the ancestor %s is being undone", e.Element)
	case n == last && n.inner != nil:
		return ancestor, []*node{n.inner}, nil
	case i < 0 || n == last:
		return 0, nil, at.invalid("%s is no scope around the element", e.Element)
	default:
		return ancestor, path[i+1:], nil
	}
}

// chain plans the scopes that are missing and the element itself. Instructions share the scopes they open.
func (m *modification) chain(at instruction, scope int64, path []*node) ([]*opening, error) {
	if err := m.isOpen(at, scope); err != nil {
		return nil, err
	}
	chain := make([]*opening, 0, len(path))
	here := spot{scope: scope}
	for i, n := range path {
		here.node = n
		o := m.opened[here]
		if o == nil || i == len(path)-1 {
			if err := m.mayOpen(at, here, i == len(path)-1); err != nil {
				return nil, err
			}
			o = &opening{spot: here}
			m.opens = append(m.opens, o)
			if i < len(path)-1 {
				m.opened[here] = o
			}
		}
		chain = append(chain, o)
		here = spot{within: o}
	}
	return chain, nil
}

// isOpen refuses a scope that has not begun its contents, or has left them.
func (m *modification) isOpen(at instruction, scope int64) error {
	e, n, ok := m.x.element(scope)
	open := m.x.st.busy(scope)
	if ok && !e.Held && (n.inner != nil || n.adHoc != nil) {
		l, begun := m.x.st.loops.get(rowID{key: scope})
		open = begun && !l.Ended
	}
	if !open {
		return at.conflict("the scope around it has not begun, or is about to be left")
	}
	return nil
}

// mayOpen refuses what cannot be opened at a spot: as a scope only, or as the element itself.
func (m *modification) mayOpen(at instruction, s spot, itself bool) error {
	n := s.node
	if why := onlyUndoes(n); why != "" {
		return at.invalid("%s", why)
	}
	if !itself && n.inner != nil {
		return at.conflict("it stands in the multi-instance activity %s, which is not active; activate that", n.id)
	}
	scope, sn, _ := m.x.element(s.scope)
	if s.within != nil {
		sn = s.within.node
	}
	if sn != nil && (sn.inner != nil && sn.loop.sequential || sn.adHoc != nil && sn.adHoc.sequential) && m.holds(s) {
		return at.conflict("%s is sequential and has an active instance", sn.id)
	}
	if l, looping := m.x.st.loops.get(rowID{key: scope.Key}); looping && sn.inner != nil && !n.loop.standard && m.planned(s) >= MultiInstanceMax-max(l.Total, l.Started) {
		return ErrModificationFull
	}
	if n.kind == bpmn.KindComplexGateway && m.gatewayBusy(s) {
		return at.conflict("the gateway is active or waits to be reset")
	}
	return nil
}

// holds reports whether something is or will be active in the scope of a spot.
func (m *modification) holds(s spot) bool {
	found := m.planned(s) > 0
	if s.scope != 0 {
		m.x.st.elements.each(s.scope, func(e *ElementInstance) bool {
			found = found || e.Scope == s.scope && !m.doomed[e.Key]
			return !found
		})
	}
	return found
}

// planned counts what is to be opened in the scope of a spot.
func (m *modification) planned(s spot) int {
	count := 0
	for _, o := range m.opens {
		if o.scope == s.scope && o.within == s.within {
			count++
		}
	}
	return count
}

// gatewayBusy reports whether a complex gateway is active at a spot, will be, or has started and is to be reset.
func (m *modification) gatewayBusy(s spot) bool {
	if _, started := m.x.st.gateways.get(named(s.scope, s.node.id)); started {
		return true
	}
	for _, o := range m.opens {
		if o.spot == s {
			return true
		}
	}
	found := false
	if s.scope != 0 {
		m.x.st.elements.each(s.scope, func(e *ElementInstance) bool {
			found = found || e.Scope == s.scope && e.Element == s.node.id && !m.doomed[e.Key]
			return !found
		})
	}
	return found
}

// variables plans what an instruction sets: in what it opens, or in the scopes around.
func (m *modification) variables(at instruction, list []ScopedVariables, scope int64, chain []*opening) error {
	for _, s := range list {
		name, valid, size := survey(s.Variables)
		if !valid {
			return ErrVariableInvalid.With("%s[%d] %s: variable %q needs a name of at most %d bytes and a value",
				at.list, at.index, at.element, brief(canon.JSON(name)), NameBytesMax)
		}
		m.bytes, m.names = m.bytes+size, m.names+len(s.Variables)
		if m.x.st.bytes+m.bytes > VariableBytesMax {
			return ErrVariablesTooLarge
		}
		if wrong := m.x.st.unfit(s.Variables); wrong != nil {
			return wrong
		}
		if !m.assign(s, scope, chain) {
			return at.invalid("%q is neither the element nor a scope around it", s.Scope)
		}
	}
	return nil
}

// assign gives variables to the innermost scope of their name, and reports whether there is one.
func (m *modification) assign(s ScopedVariables, scope int64, chain []*opening) bool {
	if s.Scope == "" {
		m.sets = append(m.sets, setting{m.x.st.key, s.Variables})
		return true
	}
	for _, o := range slices.Backward(chain) {
		if o.node.id == s.Scope {
			o.vars = append(o.vars, s.Variables)
			return true
		}
	}
	for e, more := m.x.st.elements.get(rowID{key: scope}); more; e, more = m.x.st.elements.get(rowID{key: e.Scope}) {
		if e.Element == s.Scope {
			m.sets = append(m.sets, setting{e.Key, s.Variables})
			return true
		}
	}
	return false
}
