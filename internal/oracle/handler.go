package oracle

import (
	"maps"
	"slices"

	"tallystick/bpmn"
)

// watch waits for the boundary events of an activity and for the event sub-processes inside (10.5.4, 13.5.4).
// Conditions that are true already happen at once. It reports whether the element instance goes on.
func (i *Instance) watch(a *active) bool {
	var events []*bpmn.Node
	if a.node != nil && a.pass == 0 {
		events = append(events, a.node.Boundary...)
	}
	i.armEach(a, append(events, i.handlers(a)...))
	return !a.gone && !a.shut
}

// armEach waits for events on behalf of an element instance.
func (i *Instance) armEach(a *active, events []*bpmn.Node) {
	var armed []*wait
	for _, event := range events {
		for part, d := range definitions(event) {
			if w := i.arm(a, event, d, part); w != nil {
				armed = append(armed, w)
			}
		}
	}
	var true []*wait
	for _, w := range armed {
		if w.kind == "condition" && w.now() {
			true = append(true, w)
		}
	}
	for _, w := range true {
		if w.open() {
			i.trigger(w, nil)
		}
	}
}

// handlers are the start events of the event sub-processes of a scope, in document order.
func (i *Instance) handlers(scope *active) []*bpmn.Node {
	var starts []*bpmn.Node
	body := i.body(scope)
	if body == nil {
		return nil
	}
	for _, n := range body.Nodes {
		if n.Kind != bpmn.KindEventSubProcess {
			continue
		}
		for _, s := range n.Body.Nodes {
			if s.Kind == bpmn.KindStartEvent && defines(s, bpmn.EventCompensation) == nil {
				starts = append(starts, s)
			}
		}
	}
	return starts
}

// boundary lets a boundary event catch; an interrupting one ends its activity first.
func (i *Instance) boundary(b *bpmn.Node, at *active, vars map[string]Value) {
	scope := at.parent
	if b.Interrupting {
		i.terminate(at)
		i.ended(at, true)
	}
	e := i.birth(b, scope)
	if len(b.Outputs) > 0 {
		maps.Copy(e.vars, vars)
	} else {
		maps.Copy(scope.vars, vars)
	}
	i.mapInputs(e)
	i.finish(e)
}

// startHandler starts an event sub-process in its scope. An interrupting one ends everything else in the scope,
// and no other trigger of the scope counts any more (13.5.4). What has completed there can still be undone.
func (i *Instance) startHandler(start *bpmn.Node, scope *active, vars map[string]Value) {
	if start.Interrupting {
		i.vacate(scope)
		scope.clear()
		scope.shut = true
		scope.disarm()
	}
	e := i.birth(start.Scope.Owner, scope)
	maps.Copy(e.vars, vars)
	i.live(e)
}

// disarm withdraws the event sub-processes of a scope.
func (a *active) disarm() {
	a.waits = slices.DeleteFunc(a.waits, func(w *wait) bool { return w.event.Kind == bpmn.KindStartEvent })
}

// onlyHandlers reports whether nothing but event sub-processes is left in a scope.
func (a *active) onlyHandlers() bool {
	return a.quiet() && !slices.ContainsFunc(a.inside, func(o *active) bool { return o.node.Kind != bpmn.KindEventSubProcess })
}
