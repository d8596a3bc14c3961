package engine

import (
	"slices"

	"tallystick/bpmn"
)

// trip ends a subscription: what it waited for came. An event that stays armed is subscribed again at once.
func (x *machine) trip(s Subscription, by *MessageRef, vars Variables) {
	r := SubscriptionTriggered{Key: s.Key, Element: s.Element}
	if by != nil {
		r.Message = *by
	}
	x.emit(r)
	event := x.node(s.Element)
	if event.stays() && !event.all {
		again := SubscriptionOpened(s)
		again.Key, again.Holds = x.key(), s.Type == SubscribesConditional
		x.emit(again)
	}
	x.fire(event, s.ElementInstance, vars)
}

// stays reports whether an event is armed again when it caught.
func (n *node) stays() bool {
	return !n.interrupting && (n.kind == bpmn.KindBoundaryEvent || n.startsHandler())
}

// fire lets an event catch: a timer fired or a subscription was triggered. Owner is what waited: an element
// instance, the activity of a boundary event, the scope of an event sub-process.
func (x *machine) fire(event *node, owner int64, vars Variables) {
	x.moves++
	if event.all && x.awaits(event, owner) {
		x.keep(event, owner, vars)
		return
	}
	if event.all && event.stays() {
		x.rearm(event, owner)
	}
	switch {
	case event.kind == bpmn.KindBoundaryEvent:
		at, _ := x.st.elements.get(rowID{key: owner})
		x.trigger(event, at, vars)
	case event.startsHandler():
		x.startHandler(event, owner, vars)
	default:
		e, n, _ := x.element(owner)
		if n.kind == bpmn.KindEventBasedGateway {
			x.chosen(event, n, e, vars)
			return
		}
		x.catch(event, n, e, vars)
	}
}

// catch lets an element instance go on: its event came. What it waited for beside is withdrawn.
func (x *machine) catch(event, n *node, e ElementInstance, vars Variables) {
	x.disarm(e.Key, func(element string) bool { return element == event.id })
	x.setResults(n, e, vars)
	x.proceed(n, e, retryOutputs)
}

// awaits reports whether parts of a parallel multiple event are still to come (10.5.5).
func (x *machine) awaits(event *node, owner int64) bool {
	found, element := false, event.id
	x.st.timers.each(owner, func(t *Timer) bool { found = t.Element == element; return !found })
	if !found {
		x.st.subscriptions.each(owner, func(s *Subscription) bool { found = s.Element == element; return !found })
	}
	return found
}

// keep stores what a part of a parallel multiple event brought, in the scope where the event stands: the
// others may take their time.
func (x *machine) keep(event *node, owner int64, vars Variables) {
	scope := owner
	switch {
	case event.kind == bpmn.KindBoundaryEvent:
		scope, _ = x.st.parent(owner)
	case !event.startsHandler():
		e, n, _ := x.element(owner)
		if n.kind == bpmn.KindEventBasedGateway {
			break
		}
		x.setResults(n, e, vars)
		return
	}
	x.setAll(vars, func(string) int64 { return scope })
}

// rearm arms an event anew that caught and stays. What forbids it is an incident that does not park.
func (x *machine) rearm(event *node, owner int64) {
	list, problem := x.waits(event, owner, nil)
	if problem != "" {
		x.unwatched(event, owner, problem)
		return
	}
	for i := range list {
		list[i].subscription.Holds, list[i].holds = list[i].holds, false
	}
	x.arm(list)
}

// unwatched raises an incident about an event that cannot go on watching. What it stands on goes on.
func (x *machine) unwatched(event *node, owner int64, problem string) {
	known := func(i *Incident) bool { return i.Retry == retryWatch && i.Element == event.id }
	if len(x.st.incidents.choose(owner, known)) > 0 {
		return
	}
	x.raise(IncidentRaised{
		Element: event.id, ElementInstance: owner, ErrorType: errorCondition, Message: problem, Retry: retryWatch,
	})
}

// watchAgain does what unwatched reported again.
func (x *machine) watchAgain(event *node, owner int64) {
	if !x.awaits(event, owner) {
		x.rearm(event, owner)
		return
	}
	for _, s := range x.st.subscriptions.choose(owner, func(s *Subscription) bool { return s.Element == event.id }) {
		x.changed = append(x.changed, change{subscription: s.Key})
	}
}

// disarm takes back timers and subscriptions of an owner, the youngest first.
func (x *machine) disarm(owner int64, match func(element string) bool) {
	for _, t := range slices.Backward(x.st.timers.choose(owner, func(t *Timer) bool { return match(t.Element) })) {
		x.emit(TimerCanceled{Key: t.Key, Element: t.Element})
	}
	for _, s := range slices.Backward(x.st.subscriptions.choose(owner, func(s *Subscription) bool { return match(s.Element) })) {
		x.emit(SubscriptionClosed{Key: s.Key, Element: s.Element})
	}
}
