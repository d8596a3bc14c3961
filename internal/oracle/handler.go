package oracle

import (
	"maps"
	"slices"

	"tallystick/bpmn"
)

// armBoundary waits for the boundary events of an activity (10.5.4).
func (i *Instance) armBoundary(a *active) {
	for _, b := range a.node.Boundary {
		i.armAll(a, b)
	}
}

// armScope waits for the start events of the event sub-processes of a scope (13.5.4).
func (i *Instance) armScope(scope *active) {
	for _, start := range i.handlers(scope) {
		i.armAll(scope, start)
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
			if s.Kind == bpmn.KindStartEvent {
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
// and no other trigger of the scope counts any more.
func (i *Instance) startHandler(start *bpmn.Node, scope *active, vars map[string]Value) {
	if start.Interrupting {
		for _, o := range slices.Clone(scope.inside) {
			i.terminate(o)
		}
		clear(scope.tokens)
		scope.shut = true
		scope.waits = slices.DeleteFunc(scope.waits, func(w *wait) bool { return w.event.Kind == bpmn.KindStartEvent })
		scope.stuck = nil
	}
	e := i.birth(start.Scope.Owner, scope)
	maps.Copy(scope.vars, vars)
	i.live(e)
}
