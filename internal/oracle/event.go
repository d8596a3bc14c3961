package oracle

import (
	"regexp"
	"slices"
	"strconv"
	"time"

	"tallystick/bpmn"
)

// wait is something that the world can answer: a job, a user task, a timer, or a subscription.
type wait struct {
	kind     string // job, task, timer, message, signal, condition
	age      int
	owner    *active // the waiting element instance, the activity of a boundary event, the scope of a start
	event    *bpmn.Node
	part     int
	def      *bpmn.EventDefinition
	due      time.Time
	anchor   time.Time
	interval time.Duration
	left     int // firings including the next, -1 without end
	holds    bool
}

// wait opens a wait on behalf of an element instance.
func (i *Instance) wait(a *active, kind string, event *bpmn.Node, d *bpmn.EventDefinition) *wait {
	i.born++
	w := &wait{kind: kind, age: i.born, owner: a, event: event, def: d}
	a.waits = append(a.waits, w)
	return w
}

// arm waits for one event definition of an event.
func (i *Instance) arm(a *active, event *bpmn.Node, d *bpmn.EventDefinition, part int) {
	switch d.Kind {
	case bpmn.EventTimer:
		i.armTimer(a, event, d).part = part
	case bpmn.EventMessage:
		i.wait(a, "message", event, d).part = part
	case bpmn.EventSignal:
		i.wait(a, "signal", event, d).part = part
	case bpmn.EventConditional:
		i.wait(a, "condition", event, d).part = part
	}
}

// armAll waits for all definitions of an event.
func (i *Instance) armAll(a *active, event *bpmn.Node) {
	for part, d := range definitions(event) {
		i.arm(a, event, d, part)
	}
}

var timerForm = regexp.MustCompile(`^(?:R(\d*)/)?PT(\d+)M$`)

// armTimer understands durations and cycles in minutes.
func (i *Instance) armTimer(a *active, event *bpmn.Node, d *bpmn.EventDefinition) *wait {
	text, _ := evaluate(d.Timer.Expression.Text, a.lookup).(string)
	form := timerForm.FindStringSubmatch(text)
	if form == nil {
		panic("oracle: the timer " + text + " is outside its language")
	}
	minutes, _ := strconv.Atoi(form[2])
	w := i.wait(a, "timer", event, d)
	w.interval, w.left = time.Duration(minutes)*time.Minute, 1
	w.due = i.now.Add(w.interval)
	w.anchor = w.due
	repeats := event.Kind != bpmn.KindIntermediateCatchEvent && !event.Interrupting
	if d.Timer.Kind == bpmn.TimerCycle && repeats {
		w.left = -1
		if form[1] != "" {
			w.left, _ = strconv.Atoi(form[1])
		}
	}
	return w
}

// again arms the next firing of a cycle: on its grid, after the last one, and not in the past.
func (i *Instance) again(w *wait) {
	if w.left == 1 {
		return
	}
	next := i.wait(w.owner, "timer", w.event, w.def)
	next.part, next.interval, next.anchor, next.left = w.part, w.interval, w.anchor, w.left
	if next.left > 0 {
		next.left--
	}
	next.due = w.due.Add(w.interval)
	for next.due.Before(i.now) {
		next.due = next.due.Add(w.interval)
	}
}

// drop withdraws a wait.
func (w *wait) drop() {
	w.owner.waits = slices.DeleteFunc(w.owner.waits, func(o *wait) bool { return o == w })
}

// dropAll withdraws what waits for an event on behalf of an element instance.
func (a *active) dropAll(event *bpmn.Node) {
	a.waits = slices.DeleteFunc(a.waits, func(o *wait) bool { return o.event == event })
}

// catch lets an intermediate catch event wait.
func (i *Instance) catch(a *active) {
	if a.node.Event.Kind == bpmn.EventLink {
		i.finish(a)
		return
	}
	i.armAll(a, a.node)
}

// offer lets an event-based gateway wait for all of its targets (13.4.4).
func (i *Instance) offer(a *active) {
	for _, f := range a.node.Outgoing {
		if f.Target.Kind == bpmn.KindReceiveTask {
			i.arm(a, f.Target, &bpmn.EventDefinition{Kind: bpmn.EventMessage, Message: f.Target.Message}, 0)
			continue
		}
		i.armAll(a, f.Target)
	}
}

// trigger lets the event of a wait happen.
func (i *Instance) trigger(w *wait, vars map[string]Value) {
	a, event := w.owner, w.event
	w.drop()
	if event.Event != nil && event.Event.Kind == bpmn.EventParallelMultiple && a.expects(event) {
		i.keep(w, vars)
		return
	}
	switch {
	case event.Kind == bpmn.KindBoundaryEvent:
		i.rearm(w)
		i.boundary(event, a, vars)
	case event.Kind == bpmn.KindStartEvent:
		i.rearm(w)
		i.startHandler(event, a, vars)
	case a.node.Kind == bpmn.KindEventBasedGateway:
		i.decide(a, event, vars)
	default:
		a.dropAll(event)
		i.finishWith(a, vars)
	}
}

// expects reports whether a parallel multiple event still waits for some of its definitions.
func (a *active) expects(event *bpmn.Node) bool {
	return slices.ContainsFunc(a.waits, func(o *wait) bool { return o.event == event })
}

// keep stores what one part of a parallel multiple event brought.
func (i *Instance) keep(w *wait, vars map[string]Value) {
	i.set(w.owner, vars)
}

// rearm waits again for a handler that does not interrupt.
func (i *Instance) rearm(w *wait) {
	event, a := w.event, w.owner
	if event.Interrupting {
		return
	}
	switch {
	case event.Event.Kind == bpmn.EventParallelMultiple:
		i.armAll(a, event)
	case w.kind == "timer":
		i.again(w)
	default:
		i.wait(a, w.kind, event, w.def).part = w.part
	}
}

// decide lets the first event behind an event-based gateway win; the others are withdrawn.
func (i *Instance) decide(a *active, event *bpmn.Node, vars map[string]Value) {
	for _, f := range a.node.Outgoing {
		if f.Target != event {
			continue
		}
		scope := a.parent
		i.complete(a)
		i.ended(a, true)
		caught := i.birth(event, scope)
		i.mapInputs(caught)
		i.finishWith(caught, vars)
	}
}
