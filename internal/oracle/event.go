package oracle

import (
	"cmp"
	"maps"
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

// arm waits for one event definition of an event, if it is one that has to be waited for.
func (i *Instance) arm(a *active, event *bpmn.Node, d *bpmn.EventDefinition, part int) *wait {
	var w *wait
	switch d.Kind {
	case bpmn.EventTimer:
		w = i.armTimer(a, event, d)
	case bpmn.EventMessage:
		w = i.wait(a, "message", event, d)
	case bpmn.EventSignal:
		w = i.wait(a, "signal", event, d)
	case bpmn.EventConditional:
		w = i.wait(a, "condition", event, d)
	default:
		return nil
	}
	w.part = part
	return w
}

// now reports whether the condition of a wait is true. What is null is not true yet.
func (w *wait) now() bool { return evaluate(w.def.Condition.Expression.Text, w.owner.lookup) == true }

// open reports whether the wait has not been withdrawn.
func (w *wait) open() bool { return !w.owner.gone && slices.Contains(w.owner.waits, w) }

// conditions looks at all conditions when everything rests: outer scopes first, interrupting events before others.
// They happen when they become true (10.5.5). It reports whether one did.
func (i *Instance) conditions() bool {
	var list []*wait
	for _, w := range i.waits() {
		if w.kind == "condition" {
			list = append(list, w)
		}
	}
	slices.SortStableFunc(list, func(a, b *wait) int {
		return cmp.Or(a.owner.depth()-b.owner.depth(), a.rank()-b.rank())
	})
	happened := false
	for _, w := range list {
		if !w.open() {
			continue
		}
		held := w.holds
		if w.holds = w.now(); w.holds && !held {
			i.trigger(w, nil)
			happened = true
		}
	}
	return happened
}

// depth counts the scopes around an element instance.
func (a *active) depth() int {
	depth := 0
	for ; a.parent != nil; a = a.parent {
		depth++
	}
	return depth
}

// rank is 0 for a wait whose event ends what it stands on.
func (w *wait) rank() int {
	ends := w.event.Kind == bpmn.KindBoundaryEvent || w.event.Kind == bpmn.KindStartEvent
	if ends && w.event.Interrupting {
		return 0
	}
	return 1
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
	i.armEach(a, []*bpmn.Node{a.node})
}

// offer lets an event-based gateway wait for all of its targets (13.4.4).
func (i *Instance) offer(a *active) {
	var targets []*bpmn.Node
	for _, f := range a.node.Outgoing {
		targets = append(targets, f.Target)
	}
	i.armEach(a, targets)
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

// keep stores what one part of a parallel multiple event brought where the event stands.
func (i *Instance) keep(w *wait, vars map[string]Value) {
	switch w.event.Kind {
	case bpmn.KindBoundaryEvent:
		maps.Copy(w.owner.parent.vars, vars)
	case bpmn.KindStartEvent:
		maps.Copy(w.owner.vars, vars)
	default:
		i.results(w.owner, vars)
	}
}

// rearm waits again for a handler that does not interrupt.
func (i *Instance) rearm(w *wait) {
	event, a := w.event, w.owner
	if event.Interrupting {
		return
	}
	switch {
	case event.Event.Kind == bpmn.EventParallelMultiple:
		i.armEach(a, []*bpmn.Node{event})
	case w.kind == "timer":
		i.again(w)
	default:
		again := i.wait(a, w.kind, event, w.def)
		again.part, again.holds = w.part, w.kind == "condition"
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
