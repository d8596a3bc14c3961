package engine

import (
	"slices"
	"strings"

	"tallystick/bpmn"
)

// as is the part of a node that an element instance of a type belongs to: the body of a loop, or the activity in it.
func (n *node) as(elementType string) *node {
	if n.inner != nil && elementType != typeLoopBody {
		return n.inner
	}
	return n
}

// become finds what an element becomes and whether what is there can go on there. Key says where a reason belongs.
func (m *migration) become(source *node, key int64) (*node, bool) {
	target := m.target(source.id)
	if target == nil {
		m.refuse(ReasonUnmapped, source.id, key, "the element has no target")
		return nil, false
	}
	before := len(m.reasons)
	m.compare(source, target, key)
	return target, len(m.reasons) == before
}

func (m *migration) compare(source, target *node, key int64) {
	differs := func(code, format string) { m.refuse(code, source.id, key, format, target.id) }
	s, t := source.as(""), target.as("")
	switch {
	case source.kind != target.kind:
		differs(ReasonType, "%s is another kind of element")
		return
	case s.forCompensation != t.forCompensation:
		differs(ReasonType, "only one of it and %s is a compensation handler")
	case !sameLoop(source, target):
		differs(ReasonLoop, "%s does not repeat in the same way")
	case !sameWork(s, t):
		differs(ReasonWork, "%s is done in another way")
	case !sameTriggers(s, t):
		differs(ReasonTriggers, "%s has other triggers")
	}
	if !m.sameScope(source, target) {
		differs(ReasonScope, "the scope around it does not become the scope around %s")
	}
}

// sameScope reports whether the scope around an element becomes the scope around its target.
func (m *migration) sameScope(source, target *node) bool {
	if source.owner == nil || target.owner == nil {
		return source.owner == target.owner
	}
	return m.target(source.owner.id) == target.owner
}

func sameLoop(source, target *node) bool {
	if source.inner == nil || target.inner == nil {
		return source.inner == target.inner
	}
	s, t := source.loop, target.loop
	return s.standard == t.standard && s.sequential == t.sequential
}

func sameWork(s, t *node) bool {
	return (s.job == nil) == (t.job == nil) && (s.user == nil) == (t.user == nil) && (s.call == nil) == (t.call == nil) &&
		(s.decision == nil) == (t.decision == nil) && (s.script == nil) == (t.script == nil)
}

// sameTriggers reports whether what one event waits for or throws can be that of the other.
func sameTriggers(s, t *node) bool {
	return s.all == t.all && slices.EqualFunc(s.triggers, t.triggers, func(a, b *trigger) bool {
		return a.kind == b.kind && a.noWait == b.noWait
	})
}

// planElement moves an element instance with what belongs to it.
func (m *migration) planElement(e ElementInstance) {
	declared := m.from.nodes[e.Element]
	if declared.as(e.ElementType).body != nil {
		m.planScope(e.Key)
	}
	target, fits := m.become(declared, e.Key)
	if !fits {
		return
	}
	s, t := declared.as(e.ElementType), target.as(e.ElementType)
	m.moving = append(m.moving, ElementMigrated{Key: e.Key, Element: t.id, From: e.Element, ElementType: t.elementType, Name: t.name})
	m.planWork(e, t)
	m.watchOwn(e, s, t)
	if s.kind == bpmn.KindEventBasedGateway {
		m.watch(e.Key, targets(s), targets(t), m.awaiting(e))
	} else {
		live := m.armedAround(e, s)
		m.watch(e.Key, s.boundary, t.boundary, live)
		m.watch(e.Key, s.handlers(), t.handlers(), live && m.catching(e.Key, e.Interrupted))
	}
	if s.adHoc != nil {
		m.planActivations(e, t)
	}
}

// planWork moves the open jobs and user tasks of an element instance.
func (m *migration) planWork(e ElementInstance, t *node) {
	for _, j := range m.st.jobs.choose(e.Key, func(*Job) bool { return true }) {
		if j.ListenerEvent != "" && j.Listener >= len(t.listeners[j.ListenerEvent]) {
			m.refuse(ReasonListener, e.Element, e.Key, "%s has no listener number %d to %s, whose job is open", t.id, j.Listener+1, j.ListenerEvent)
			continue
		}
		m.moving = append(m.moving, JobMigrated{Key: j.Key, Element: t.id, From: j.Element})
	}
	for _, u := range m.st.tasks.choose(e.Key, func(*UserTask) bool { return true }) {
		m.moving = append(m.moving, TaskMigrated{Key: u.Key, Element: t.id, From: u.Element})
	}
}

// planActivations moves what waits to be activated in an ad-hoc sub-process.
func (m *migration) planActivations(e ElementInstance, t *node) {
	l, begun := m.st.loops.get(rowID{key: e.Key})
	for i := l.Started + 1; begun && i <= l.Items; i++ {
		item, _ := m.st.loopValues.get(named(e.Key, loopItem(i)))
		id, _ := item.Value.Fields()["element"].Text()
		target := m.target(id)
		if target == nil || t.adHoc.elements[target.id] == nil {
			m.refuse(ReasonUnmapped, id, e.Key, "the element waits to be activated and has no target in %s", t.id)
			continue
		}
		m.moving = append(m.moving, ActivationMigrated{Key: e.Key, Index: i, Element: target.id, From: id})
	}
}

// armedAround reports whether the events around an element instance have been armed and still would be.
func (m *migration) armedAround(e ElementInstance, s *node) bool {
	if revived(e, s) || e.Canceled || e.Terminating {
		return false
	}
	before := func(i *Incident) bool {
		return i.Retry == retryInputs || i.Retry == retryTake || i.Retry == retryEvents || i.Retry == retryStart ||
			strings.HasPrefix(i.Retry, retryListener+" "+listensStart)
	}
	starting := func(j *Job) bool { return j.ListenerEvent == listensStart }
	return len(m.st.incidents.choose(e.Key, before)) == 0 && len(m.st.jobs.choose(e.Key, starting)) == 0
}

// awaiting reports whether an event-based gateway waits for its events: it is not parked before.
func (m *migration) awaiting(e ElementInstance) bool { return !m.parked(e.Key) }

// catching reports whether the event sub-processes of a scope catch: until an interruption, and as long as
// something else is left in it (13.5.4).
func (m *migration) catching(scope int64, interrupted bool) bool {
	return !interrupted && !m.st.onlyHandlers(scope)
}

// targets are the nodes behind the flows out of a node.
func targets(n *node) []*node {
	list := make([]*node, len(n.outgoing))
	for i, f := range n.outgoing {
		list[i] = f.target
	}
	return list
}
