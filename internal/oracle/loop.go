package oracle

import (
	"strconv"
)

// loop is the state of the body of a loop or multi-instance activity: the element instance around its instances,
// which carries the boundary events and leaves by the flows.
type loop struct {
	total      int // -1: only a condition ends it
	items      []Value
	outputs    map[int]Value
	sequential bool
	started    int
	completed  int
	terminated int
	ended      bool // no further instance starts
}

// opensLoop begins the loop of an activity that has one; a is its body then.
func (i *Instance) opensLoop(a *active) bool {
	if a.node.Loop == nil && a.node.MultiInstance == nil || a.pass > 0 {
		return false
	}
	a.repeats, a.loop = true, &loop{total: -1, outputs: map[int]Value{}, sequential: true}
	if i.watch(a) {
		i.countLoop(a)
	}
	return true
}

// countLoop counts the instances by the collection or the cardinality (13.3.7), or by the maximum (13.3.6).
func (i *Instance) countLoop(a *active) {
	l := a.loop
	var count Value
	switch m := a.node.MultiInstance; {
	case m == nil && a.node.Loop.Maximum.Text != "":
		count = evaluate(a.node.Loop.Maximum.Text, a.lookup)
	case m == nil:
		count = int64(-1)
	case m.Collection.Text != "":
		items, ok := evaluate(m.Collection.Text, a.lookup).([]Value)
		if ok {
			l.items, count = items, int64(len(items))
		}
	default:
		count = evaluate(m.Cardinality.Text, a.lookup)
	}
	if text, ok := count.(string); ok {
		n, _ := strconv.Atoi(text)
		count = int64(n)
	}
	n, ok := count.(int64)
	if a.node.MultiInstance != nil {
		l.sequential = a.node.MultiInstance.Sequential
	}
	if !ok || n < 0 && (a.node.MultiInstance != nil || a.node.Loop.Maximum.Text != "") {
		a.stuck = &incident{"EXTRACT_VALUE_ERROR", func() { i.countLoop(a) }}
		return
	}
	l.total = int(n)
	i.later(func() { i.repeat(a) })
}

func (l *loop) running() int { return l.started - l.completed - l.terminated }

// repeat starts the next instance of a loop, or ends the loop. Those of a parallel one start one move after the
// other.
func (i *Instance) repeat(a *active) {
	l := a.loop
	if a.gone || a.stuck != nil || l.running() > 0 && (l.sequential || l.ended || l.started == l.total) {
		return
	}
	if l.running() == 0 && len(a.inside) > 0 {
		return // an earlier instance is being undone
	}
	more := !l.ended && (l.total < 0 || l.started < l.total)
	if s := a.node.Loop; more && s != nil && s.Condition != nil && (l.started > 0 || s.TestBefore) {
		holds, ok := evaluate(s.Condition.Text, a.lookup).(bool)
		if !ok {
			a.stuck = &incident{"CONDITION_ERROR", func() { i.later(func() { i.repeat(a) }) }}
			return
		}
		more = holds
	}
	if more {
		i.pass(a)
		return
	}
	i.endLoop(a)
}

// pass starts an instance of the loop.
func (i *Instance) pass(a *active) {
	a.loop.started++
	inner := i.birth(a.node, a)
	inner.pass = a.loop.started
	inner.vars["loopCounter"] = int64(inner.pass)
	if m := a.node.MultiInstance; m != nil && m.InputElement != "" && inner.pass <= len(a.loop.items) {
		inner.vars[m.InputElement] = a.loop.items[inner.pass-1]
	}
	if !a.loop.sequential {
		i.later(func() { i.repeat(a) })
	}
	i.live(inner)
}

// passed ends an instance of a loop. The completion condition is asked with its data, and as if it had ended.
func (i *Instance) passed(a *active) {
	body := a.parent
	m, l := a.node.MultiInstance, body.loop
	if l == nil {
		// The instance was opened again to be undone.
		i.complete(a)
		i.ended(a, false)
		return
	}
	l.completed++
	done := false
	if m != nil && m.Completion != nil {
		holds, ok := evaluate(m.Completion.Text, a.lookup).(bool)
		if !ok {
			l.completed--
			a.stuck = &incident{"CONDITION_ERROR", func() { i.passed(a) }}
			return
		}
		done = holds
	}
	if m != nil && m.OutputCollection != "" {
		l.outputs[a.pass] = evaluate(m.OutputElement.Text, a.lookup)
	}
	i.complete(a)
	if done {
		l.ended = true
		i.vacate(body)
	}
	i.ended(a, false)
}

// endLoop publishes the outputs at once, each at the index of its instance, and leaves.
func (i *Instance) endLoop(a *active) {
	l := a.loop
	if m := a.node.MultiInstance; m != nil && m.OutputCollection != "" {
		list := []Value{}
		for n := range l.instances() {
			list = append(list, l.outputs[n+1])
		}
		i.set(a, map[string]Value{m.OutputCollection: list})
	}
	i.leave(a)
}

func (l *loop) instances() int {
	if l.total < 0 {
		return l.started
	}
	return l.total
}

// attribute is what conditions may read of a loop (13.3.6, 13.3.7).
func (l *loop) attribute(name string) (Value, bool) {
	switch name {
	case "loopCounter":
		return int64(l.started), true
	case "numberOfInstances":
		return int64(l.instances()), true
	case "numberOfCompletedInstances":
		return int64(l.completed), true
	case "numberOfTerminatedInstances":
		return int64(l.terminated), true
	case "numberOfActiveInstances":
		if l.sequential || l.total < 0 {
			return int64(l.running()), true
		}
		return int64(l.total - l.completed - l.terminated), true
	}
	return nil, false
}
