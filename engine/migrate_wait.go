package engine

import (
	"slices"
	"strings"

	"tallystick/bpmn"
)

// waiting things of one event on behalf of an owner.
type armed struct {
	timers        []Timer
	subscriptions []Subscription
	incidents     []Incident // of an event that could not go on watching
}

func (m *migration) armedFor(owner int64, event *node) armed {
	return armed{
		timers:        m.st.timers.choose(owner, func(t *Timer) bool { return t.Element == event.id }),
		subscriptions: m.st.subscriptions.choose(owner, func(s *Subscription) bool { return s.Element == event.id }),
		incidents: m.st.incidents.choose(owner, func(i *Incident) bool {
			return i.Retry == retryWatch && i.Element == event.id
		}),
	}
}

func (a armed) none() bool { return len(a.timers)+len(a.subscriptions)+len(a.incidents) == 0 }

// planTop moves what belongs to the instance itself: jobs of listeners of the process, event sub-processes, and the
// start that is held until there may be one.
func (m *migration) planTop() {
	m.planWork(ElementInstance{Key: m.st.key, Element: m.from.processID}, m.def.process)
	m.planStart()
	m.watch(m.st.key, m.from.body.handlers, m.def.body.handlers, m.st.start == nil && m.catching(m.st.key, m.st.interrupted))
}

// planStart sees to it that an instance that may not start yet has where to start when it may.
func (m *migration) planStart() {
	if m.st.start == nil {
		return
	}
	held, body := *m.st.start, m.def.body
	if held.Start == "" && len(body.entries) == 0 {
		m.refuse(ReasonStart, "", m.st.key, "%s does not start by itself", m.def.processID)
	}
	if held.Start != "" {
		target, fits := m.become(m.from.nodes[held.Start], m.st.key)
		if !fits {
			return
		}
		if !slices.Contains(slices.Concat(body.entries, body.triggered), target) || held.Part > 0 && held.Part >= len(target.startTriggers()) {
			m.refuse(ReasonStart, held.Start, m.st.key, "%s does not start at %s", m.def.processID, target.id)
		}
		held.Start = target.id
	}
	m.moving = append(m.moving, held)
}

// watchOwn moves what an element instance itself waits for.
func (m *migration) watchOwn(e ElementInstance, s, t *node) {
	if a := m.armedFor(e.Key, s); !a.none() {
		m.keepWatching(e.Key, a, t)
	}
}

// watch matches the events of an owner with those of its target: boundary events, event sub-processes, or what an
// event-based gateway waits for. What is mapped goes on as it is; an event that has caught all it will catch is not
// armed anew. The others are withdrawn, and new ones armed when the owner is live.
func (m *migration) watch(owner int64, source, target []*node, live bool) {
	known := map[*node]bool{}
	for _, event := range source {
		a := m.armedFor(owner, event)
		becomes := m.target(event.id)
		switch {
		case becomes == nil:
			m.withdrawArmed(a)
		case a.none():
			known[becomes] = known[becomes] || event.armed() && becomes.kind == event.kind
		case !slices.Contains(target, becomes):
			m.refuse(ReasonPlace, event.id, owner, "%s stands on something else", becomes.id)
		case known[becomes]:
			m.refuse(ReasonMappedTwice, event.id, owner, "another event becomes %s too", becomes.id)
		case !sameTriggers(event, becomes):
			m.refuse(ReasonTriggers, event.id, owner, "%s has other triggers", becomes.id)
		default:
			known[becomes] = true
			m.keepWatching(owner, a, becomes)
		}
	}
	for _, event := range target {
		if live && event.armed() && !known[event] {
			m.armNew(owner, event)
		}
	}
}

func (m *migration) armNew(owner int64, event *node) {
	list, problem := m.waits(event, owner, nil)
	if problem != "" {
		m.refuse(ReasonExpression, event.id, owner, "it cannot be armed: %s", problem)
		return
	}
	m.arming = append(m.arming, list...)
}

// keepWatching moves timers and subscriptions to their event.
func (m *migration) keepWatching(owner int64, a armed, event *node) {
	for _, t := range a.timers {
		m.moving = append(m.moving, TimerMigrated{Key: t.Key, Element: event.id, From: t.Element})
	}
	for _, s := range a.subscriptions {
		m.moving = append(m.moving, SubscriptionMigrated{Key: s.Key, Element: event.id, From: s.Element, Interrupting: event.ends()})
		if when := event.triggers[s.Part]; when.kind == bpmn.EventConditional && len(a.incidents) == 0 {
			// It is looked at again afterwards, with the value that it had last.
			if _, problem := m.conditionHolds(when.when.holds, owner); problem != "" {
				m.refuse(ReasonExpression, event.id, owner, "the condition %s", problem)
			}
		}
	}
	for _, i := range a.incidents {
		m.moving = append(m.moving, IncidentMigrated{Key: i.Key, Element: event.id, From: i.Element})
	}
}

func (m *migration) withdrawArmed(a armed) {
	for _, i := range slices.Backward(a.incidents) {
		m.closing = append(m.closing, IncidentResolved{Key: i.Key, Element: i.Element})
	}
	for _, t := range slices.Backward(a.timers) {
		m.closing = append(m.closing, TimerCanceled{Key: t.Key, Element: t.Element})
	}
	for _, s := range slices.Backward(a.subscriptions) {
		m.closing = append(m.closing, SubscriptionClosed{Key: s.Key, Element: s.Element})
	}
}

// planIncidents moves the incidents that are not about the watching of an event.
func (m *migration) planIncidents() {
	for i := range m.st.incidents.all() {
		if i.Retry == retryWatch {
			continue
		}
		becomes := i.Element
		switch i.Element {
		case "":
		case m.from.processID:
			becomes = m.def.processID
		default:
			target := m.target(i.Element)
			if target == nil {
				if i.ElementInstance == m.st.key {
					m.refuse(ReasonUnmapped, i.Element, i.ElementInstance, "an incident is open at the element, which has no target")
				}
				continue
			}
			if becomes = target.id; !sameRest(i, m.from.nodes[i.Element], target) {
				m.refuse(ReasonTriggers, i.Element, i.ElementInstance, "%s waits for other events", becomes)
			}
		}
		m.moving = append(m.moving, IncidentMigrated{Key: i.Key, Element: becomes, From: i.Element})
	}
}

// sameRest reports whether what is left to be armed at an event-based gateway can be counted among the events of
// the target: the step that an incident tries again numbers them.
func sameRest(i Incident, source, target *node) bool {
	return !strings.HasPrefix(i.Retry, retryRest) || slices.EqualFunc(source.startTriggers(), target.startTriggers(), func(a, b *trigger) bool {
		return a.kind == b.kind
	})
}
