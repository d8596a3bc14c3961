package engine

import (
	"fmt"

	"tallystick/internal/canon"
)

// startLoop counts what a loop repeats and begins it. One that has begun goes on where it stands.
func (x *machine) startLoop(n *node, e ElementInstance) {
	if _, begun := x.st.loops.get(rowID{key: e.Key}); begun {
		x.later(move{kind: moveScope, scope: e.Key})
		return
	}
	started, problem := x.loopSize(n, e)
	switch {
	case problem != "":
		x.park(e, retryExecute, errorValue, problem)
		return
	case started.Total > MultiInstanceMax && !n.loop.standard:
		x.park(e, retryExecute, errorLimit, fmt.Sprintf("a multi-instance activity has at most %d instances, not %d", MultiInstanceMax, started.Total))
		return
	}
	if !x.st.holds(started.Items) {
		x.park(e, retryExecute, errorSize, ErrVariablesTooLarge.Message)
		return
	}
	started.Key, started.Element, started.Sequential = e.Key, e.Element, n.loop.sequential
	x.emit(started)
	x.later(move{kind: moveScope, scope: e.Key})
}

// loopSize evaluates the number of instances and their items: the collection, else the cardinality (13.3.7).
func (x *machine) loopSize(n *node, e ElementInstance) (LoopStarted, string) {
	v := x.values(e.Key)
	if n.loop.items != nil {
		r := v.value(n.loop.items, "the collection")
		items := r.Value.Items()
		if items == nil && r.Value != "[]" {
			v.fail("the collection", "is %s, no list%s", brief(r.Value), because(r.Warnings))
		}
		return LoopStarted{Total: len(items), Items: items}, *v.problem
	}
	what := "the cardinality"
	if n.loop.standard {
		what = "the maximum of the loop"
	}
	const absent = -1
	count := v.number(n.loop.count, what, absent)
	if count < 0 && (n.loop.count != nil || !n.loop.standard) {
		v.fail(what, "is no number of instances")
	}
	return LoopStarted{Total: count}, *v.problem
}

// repeatLoop starts the next instance of a loop, or ends the loop. Between instances it waits for the handlers that
// undo earlier ones, as every scope does (13.5.6).
func (x *machine) repeatLoop(n *node, e ElementInstance) {
	l, begun := x.st.loops.get(rowID{key: e.Key})
	if !begun || x.parked(e.Key) {
		return
	}
	if l.active() > 0 && (l.Sequential || l.Ended || l.Started == l.Total) || l.active() == 0 && len(x.st.inside(e.Key)) > 0 {
		return
	}
	more, problem := x.goesOn(n, e, l)
	switch {
	case problem != "":
		x.park(e, retryExecute, errorCondition, problem)
	case more:
		x.startInstanceOf(n, e, l)
	default:
		x.endLoop(n, e, l)
	}
}

// goesOn reports whether a loop has another instance to start. A condition true is once more (13.3.6).
func (x *machine) goesOn(n *node, e ElementInstance, l loopState) (bool, string) {
	if l.Ended || l.Total >= 0 && l.Started >= l.Total {
		return false, ""
	}
	if !n.loop.standard || n.loop.condition == nil || l.Started == 0 && !n.loop.testBefore {
		return true, ""
	}
	return x.isTrue(n.loop.condition, nil, e.Key, "the condition of the loop")
}

// isTrue evaluates a condition that must be a boolean.
func (x *machine) isTrue(condition *expression, nearer Variables, scope int64, what string) (bool, string) {
	r, err := x.evalWith(condition, nearer, scope)
	switch {
	case err != nil:
		return false, what + " failed: " + message(err)
	case r.Value != canon.Bool(true) && r.Value != canon.Bool(false):
		return false, fmt.Sprintf("%s is %s, no boolean%s", what, brief(r.Value), because(r.Warnings))
	}
	return r.Value == canon.Bool(true), ""
}

// startInstanceOf starts the next instance: in sequence when none is active, else with all others, one move after
// the other.
func (x *machine) startInstanceOf(n *node, e ElementInstance, l loopState) {
	if x.rest(n) {
		return
	}
	counter := l.Started + 1
	vars := x.loopVariables(n, e.Key, counter)
	if x.parkUnfit(e, retryExecute, vars) {
		return
	}
	x.moves++
	instance := x.open(n.inner, ElementActivated{Scope: e.Key, LoopCounter: counter})
	x.setAll(vars, func(string) int64 { return instance.Key })
	if !l.Sequential {
		x.later(move{kind: moveScope, scope: e.Key})
	}
	x.proceed(n.inner, instance, retryInputs)
}

// endLoop publishes the outputs of all instances at once, each at the index of its instance, and ends the work of
// the body.
func (x *machine) endLoop(n *node, e ElementInstance, l loopState) {
	if n.loop.output == "" {
		x.proceed(n, e, retryOutputs)
		return
	}
	x.finish(n, e, Variables{n.loop.output: x.loopOutputs(e.Key, l.instances())})
}

// loopOutputs is the list of the outputs of a loop; what has left none is null.
func (x *machine) loopOutputs(loop int64, count int) canon.JSON {
	list := make([]canon.JSON, count)
	for i := range list {
		if v, ok := x.st.loopValues.get(named(loop, loopOutput(i+1))); ok {
			list[i] = v.Value
		}
	}
	return canon.List(list)
}

// leaveInstance ends an instance of a loop. All that depends on its data is computed while it has them.
func (x *machine) leaveInstance(n *node, e ElementInstance) {
	output, complete, problem := x.outcome(n, e)
	var thrown []Record
	if problem == "" {
		thrown, problem = x.behaves(n, e)
	}
	if problem != "" {
		x.park(e, retryLeave, errorCondition, problem)
		return
	}
	x.withdraw([]int64{e.Key})
	x.subscribeCompensation(n, e)
	if output != "" {
		x.emit(LoopOutputSet{Key: e.Scope, Element: e.Element, Index: e.LoopCounter, Value: output})
	}
	x.emit(ElementCompleted{Key: e.Key, Element: e.Element})
	if !x.throwFrom(e.Scope, thrown) {
		return
	}
	if complete {
		x.cancelRemaining(e.Scope)
	}
	x.ended(e, false)
}

// behaves computes what the activity throws because an instance completes (13.3.7).
func (x *machine) behaves(n *node, e ElementInstance) ([]Record, string) {
	l, ok := x.st.loops.get(rowID{key: e.Scope})
	if !ok || len(n.loop.behaviors) == 0 {
		return nil, ""
	}
	var list []Record
	l.Completed++
	for _, b := range n.loop.behaviors {
		throws, problem := !b.first || l.Completed == 1, ""
		if b.when != nil {
			throws, problem = x.isTrue(b.when, loopAttributes(l), e.Key, "the condition of the behavior")
		}
		if problem != "" {
			return nil, problem
		}
		if !throws {
			continue
		}
		sent, _, problem := x.prepare(b.throwing, e)
		if problem != "" {
			return nil, problem
		}
		list = append(list, sent...)
	}
	return list, ""
}

// throwFrom throws events from the body of a loop, whose boundary events may catch them, and reports whether it is
// still there.
func (x *machine) throwFrom(body int64, list []Record) bool {
	for _, r := range list {
		at, ok := x.st.elements.get(rowID{key: body})
		if !ok {
			return false
		}
		if raised, is := r.(EscalationThrown); is {
			x.escalate(at, raised.Code, nil)
		} else {
			x.emit(r)
		}
	}
	_, ok := x.st.elements.get(rowID{key: body})
	return ok
}

// outcome computes what an instance leaves behind: its output and whether the completion condition now holds.
func (x *machine) outcome(n *node, e ElementInstance) (output canon.JSON, complete bool, problem string) {
	l, ok := x.st.loops.get(rowID{key: e.Scope})
	if !ok {
		return "", false, ""
	}
	if n.loop.output != "" {
		r, err := x.eval(n.loop.outputItem, e.Key)
		if err != nil {
			return "", false, "the output element failed: " + message(err)
		}
		output = r.Value
		if wrong := x.st.unfit(Variables{n.loop.output: output}); wrong != nil {
			return "", false, wrong.Message
		}
	}
	if n.loop.condition == nil || n.loop.standard {
		return output, false, ""
	}
	l.Completed++
	complete, problem = x.isTrue(n.loop.condition, loopAttributes(l), e.Key, "the completion condition")
	return output, complete, problem
}

// loopAttributes are the attributes of a loop as its conditions are to see them.
func loopAttributes(l loopState) Variables {
	vars := Variables{}
	for _, name := range []string{
		"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances",
		"nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances",
	} {
		vars[name], _ = loopAttribute(l, name)
	}
	return vars
}

// cancelRemaining ends the other instances of a loop; no further one starts.
func (x *machine) cancelRemaining(body int64) {
	e, _ := x.st.elements.get(rowID{key: body})
	x.cancelInside(body)
	x.emit(LoopEnded{Key: body, Element: e.Element, Canceled: true})
}
