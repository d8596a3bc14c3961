package engine

import (
	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// emitOpening opens what was planned; it is held until everything is open.
func (m *modification) emitOpening(o *opening) {
	x := m.x
	r := ElementActivated{Scope: o.scope, Held: true}
	if o.within != nil {
		r.Scope = o.within.key
	}
	var vars Variables
	if o.node.loop != nil && o.node.inner == nil {
		r.LoopCounter, vars = x.another(o.node, r.Scope)
	}
	e := x.open(o.node, r)
	o.key = e.Key
	x.setAll(vars, func(string) int64 { return e.Key })
	for _, own := range o.vars {
		x.setAll(own, func(string) int64 { return e.Key })
	}
}

// another numbers an instance that a loop gets by hand: the next one, or one more than it was to have (13.3.7).
func (x *machine) another(n *node, body int64) (counter int, vars Variables) {
	l, _ := x.st.loops.get(rowID{key: body})
	counter = l.Started + 1
	if l.Total >= 0 && counter > l.Total {
		x.emit(LoopExtended{Key: body, Element: n.id, Total: counter})
	}
	return counter, x.loopVariables(n, body, counter)
}

// loopVariables are what an instance of a loop starts with.
func (x *machine) loopVariables(n *node, body int64, counter int) Variables {
	vars := Variables{"loopCounter": canon.Int(int64(counter))}
	if n.loop.item != "" {
		if item, ok := x.st.loopValues.get(named(body, loopItem(counter))); ok {
			vars[n.loop.item] = item.Value
		}
	}
	return vars
}

// awaken lets an element instance begin that a modification opened, unless the scope around it has still to begin. A
// suspended instance rests with it.
func (x *machine) awaken(key int64) {
	e, n, ok := x.element(key)
	scope, _ := x.st.elements.get(rowID{key: e.Scope})
	if !ok || !e.Held || scope.Held || x.st.suspended {
		return
	}
	x.moves++
	if len(x.st.inside(key)) > 0 {
		// A scope around what is activated: it is held until it begins its contents. What parked goes on by itself.
		if !x.parked(key) && !x.st.jobs.has(key) {
			x.proceed(n, e, retryInputs)
		}
		return
	}
	x.emit(ElementBegun{Key: key, Element: e.Element})
	e.Held = false
	if n.kind == bpmn.KindComplexGateway {
		x.startComplex(n, e)
	}
	x.proceed(n, e, retryInputs)
}

// startComplex lets a complex gateway start as if each of its incoming flows had had a token (13.4.5).
func (x *machine) startComplex(n *node, e ElementInstance) {
	vars := x.gatewayVariables(waiting{join: n.join, scope: e.Scope}, true)
	x.emit(GatewayStarted{Scope: e.Scope, Element: n.id, ElementInstance: e.Key, Flows: n.incoming})
	x.setAll(vars, func(string) int64 { return e.Key })
}

// beginInside begins the contents of a scope that a modification opened around them, in place of its start.
func (x *machine) beginInside(n *node, e ElementInstance) {
	x.emit(ElementBegun{Key: e.Key, Element: e.Element})
	if n.adHoc != nil {
		x.emit(LoopStarted{Key: e.Key, Element: e.Element, Total: -1, Sequential: n.adHoc.sequential})
	}
	for _, key := range x.st.inside(e.Key) {
		x.awaken(key)
	}
}

// awakenAll lets everything begin that was opened while the instance was suspended.
func (x *machine) awakenAll() {
	for _, e := range x.st.Elements() {
		if e.Held {
			x.awaken(e.Key)
		}
	}
}

// undoOn goes on with compensation whose handlers a modification ended while the instance was suspended.
func (x *machine) undoOn() {
	for e := range x.st.elements.all() {
		n := x.nodeOf(e)
		if !n.undoes() && (!revived(e, n) || n.call != nil) {
			continue
		}
		if !e.Held && !e.Terminating && !x.parked(e.Key) && !x.st.jobs.has(e.Key) && !x.st.compensating(e.Key) {
			x.later(move{kind: moveCompensate, scope: e.Key})
		}
	}
}

// undoes reports whether an event waits for compensation that it throws.
func (n *node) undoes() bool {
	throws := n.kind == bpmn.KindEndEvent || n.kind == bpmn.KindIntermediateThrowEvent
	return throws && (n.trigger(bpmn.EventCompensation) != nil || n.trigger(bpmn.EventCancel) != nil)
}

// compensating reports whether a compensation handler runs for an element instance.
func (s *State) compensating(key int64) bool {
	found := false
	s.elements.each(key, func(e *ElementInstance) bool {
		found = e.Compensates == key && !e.Terminating
		return !found
	})
	return found
}
