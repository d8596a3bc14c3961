package engine

import (
	"fmt"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// wait is what one trigger of an event is armed as: a timer or a subscription, still without a key.
type wait struct {
	event        *node
	trigger      *trigger
	timer        TimerArmed
	subscription SubscriptionOpened
	holds        bool // the condition is true already
}

// waits computes what an event is to wait for on behalf of an element instance or scope, or what forbids it.
func (x *machine) waits(event *node, owner int64, list []wait) ([]wait, string) {
	for _, t := range event.triggers {
		if !t.armed() {
			continue
		}
		w, problem := x.wait(event, t, owner)
		if problem != "" {
			return nil, problem
		}
		list = append(list, w)
	}
	return list, ""
}

func (x *machine) wait(event *node, t *trigger, owner int64) (wait, string) {
	w := wait{event: event, trigger: t}
	if t.kind == bpmn.EventTimer {
		// A cycle goes on only where the event stays armed; in a parallel set it counts once for each round.
		once := event.all || event.ends() || event.kind == bpmn.KindIntermediateCatchEvent
		var problem string
		w.timer, problem = x.schedule(event, t, owner, once)
		return w, problem
	}
	w.subscription = SubscriptionOpened{
		Element: event.id, ElementInstance: owner, Type: subscribes[t.kind], Part: t.part, Interrupting: event.ends(),
	}
	v := x.values(owner)
	switch t.kind {
	case bpmn.EventMessage:
		w.subscription.Name = v.name(t.message.name, "the name of the message")
		w.subscription.CorrelationKey = x.correlationKey(t.message, &v)
	case bpmn.EventSignal:
		w.subscription.Name = v.name(t.signal, "the name of the signal")
	case bpmn.EventConditional:
		var problem string
		if w.holds, problem = x.conditionHolds(t.when.holds, owner); problem != "" {
			v.fail("the condition", "%s", problem)
		}
	}
	return w, *v.problem
}

var subscribes = map[bpmn.EventKind]string{
	bpmn.EventMessage: SubscribesMessage, bpmn.EventSignal: SubscribesSignal, bpmn.EventConditional: SubscribesConditional,
}

// correlationKey is the text of the key that the values of a message give; "" for a message without one.
func (x *machine) correlationKey(m *messageEvent, v *values) string {
	var list []canon.JSON
	for _, k := range m.keys {
		list = append(list, v.value(k, "the correlation key").Value)
	}
	if *v.problem != "" {
		return ""
	}
	key, problem := keyText(list)
	if problem != "" {
		v.fail("the correlation key", "%s", problem)
	}
	return key
}

// keyText writes a correlation key: a single value as plain text, several as a list.
func keyText(list []canon.JSON) (key, problem string) {
	for _, value := range list {
		if text, ok := value.Text(); value.IsNull() || ok && text == "" {
			return "", fmt.Sprintf("is %s, no text or number", brief(value))
		}
	}
	switch len(list) {
	case 0:
		return "", ""
	case 1:
		if text, ok := list[0].Text(); ok {
			return text, ""
		}
		return string(list[0]), ""
	}
	return string(canon.List(list)), ""
}

// arm starts all of the waits, then lets those conditions trigger that are true already (10.5.5: when armed).
func (x *machine) arm(list []wait) {
	keys := make([]int64, len(list))
	for i, w := range list {
		keys[i] = x.key()
		if w.trigger.kind == bpmn.EventTimer {
			w.timer.Key = keys[i]
			x.emit(w.timer)
		} else {
			w.subscription.Key = keys[i]
			x.emit(w.subscription)
		}
	}
	for i, w := range list {
		if s, open := x.st.subscriptions.get(rowID{key: keys[i]}); open && w.holds {
			x.trip(s, nil, nil)
		}
	}
}

// armCatch lets an element instance wait for its own event.
func (x *machine) armCatch(n *node, e ElementInstance) {
	list, problem := x.waits(n, e.Key, nil)
	if problem != "" {
		x.park(e, retryExecute, errorValue, problem)
		return
	}
	x.arm(list)
}

// armAround arms the boundary events of an element instance and the event sub-processes in it, all or none. It
// reports whether the instance goes on: a condition that is true already may end it.
func (x *machine) armAround(n *node, e ElementInstance) bool {
	if !n.watched || revived(e, n) {
		return true
	}
	var list []wait
	var problem string
	for _, events := range [][]*node{n.boundary, n.handlers()} {
		for _, event := range events {
			if list, problem = x.waits(event, e.Key, list); problem != "" {
				x.park(e, retryEvents, errorValue, event.id+": "+problem)
				return false
			}
		}
	}
	x.arm(list)
	_, alive := x.st.elements.get(rowID{key: e.Key})
	return alive && !x.interrupted(e.Key)
}

// handlers are the start events of the event sub-processes inside.
func (n *node) handlers() []*node {
	if n.body == nil {
		return nil
	}
	return n.body.handlers
}
