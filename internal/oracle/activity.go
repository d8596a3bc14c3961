package oracle

import (
	"maps"

	"tallystick/bpmn"
)

// activate opens an element instance and takes it as far as it goes.
func (i *Instance) activate(n *bpmn.Node, scope *active) {
	i.live(i.birth(n, scope))
}

// live is the life of an element instance from its beginning.
func (i *Instance) live(a *active) {
	if i.opensLoop(a) {
		return
	}
	i.mapInputs(a)
	if i.watch(a) {
		i.execute(a)
	}
}

func (i *Instance) mapInputs(a *active) {
	for _, m := range a.node.Inputs {
		a.vars[m.Target] = evaluate(m.Source.Text, a.lookup)
	}
}

// execute does what the element is for; what passes through finishes at once.
func (i *Instance) execute(a *active) {
	n := a.node
	switch {
	case n.Kind == bpmn.KindUserTask:
		i.wait(a, "task", n, nil)
	case n.Kind == bpmn.KindReceiveTask:
		i.armEach(a, []*bpmn.Node{n})
	case n.Task != nil:
		i.wait(a, "job", n, nil)
	case n.Script != nil:
		i.finishWith(a, map[string]Value{n.Script.ResultVariable: evaluate(n.Script.Expression.Text, a.lookup)})
	case n.Kind == bpmn.KindSendTask:
		i.send(n.Message.Name)
		i.finish(a)
	case n.Kind == bpmn.KindSubProcess, n.Kind == bpmn.KindTransaction, n.Kind == bpmn.KindEventSubProcess:
		i.begin(a, "")
	case n.Kind == bpmn.KindIntermediateCatchEvent:
		i.catch(a)
	case n.Kind == bpmn.KindEventBasedGateway:
		i.offer(a)
	case n.Kind == bpmn.KindIntermediateThrowEvent, n.Kind == bpmn.KindEndEvent:
		i.throw(a)
	default:
		i.finish(a)
	}
}

// finishWith ends the work of an element with results. With output mappings they stay inside.
func (i *Instance) finishWith(a *active, vars map[string]Value) {
	i.results(a, vars)
	i.finish(a)
}

func (i *Instance) results(a *active, vars map[string]Value) {
	if a.node != nil && len(a.node.Outputs) > 0 {
		maps.Copy(a.vars, vars)
		return
	}
	i.set(a, vars)
}

// finish maps the outputs and leaves.
func (i *Instance) finish(a *active) {
	mapped := map[string]Value{}
	for _, m := range a.node.Outputs {
		mapped[m.Target] = evaluate(m.Source.Text, func(name string) Value {
			if v, ok := mapped[name]; ok {
				return v
			}
			return a.lookup(name)
		})
	}
	i.set(a.parent, mapped)
	if a.pass > 0 {
		i.passed(a)
		return
	}
	i.leave(a)
}

// throw does what a throwing event is for. A multiple one throws all of its definitions (10.5.5): what it sends
// first, then compensation, which it waits for, then what ends its scope.
func (i *Instance) throw(a *active) {
	for _, d := range definitions(a.node) {
		switch d.Kind {
		case bpmn.EventSignal:
			i.Thrown = append(i.Thrown, Thrown{bpmn.EventSignal, d.Signal.Name})
		case bpmn.EventMessage:
			i.send(d.Message.Name)
		case bpmn.EventEscalation:
			i.escalate(a, d.Escalation.Code)
		}
		if a.gone {
			return
		}
	}
	if defines(a.node, bpmn.EventCompensation) == nil {
		i.conclude(a)
		return
	}
	i.throwCompensation(a)
}

// conclude throws what ends a scope, or goes on.
func (i *Instance) conclude(a *active) {
	if d := defines(a.node, bpmn.EventError); d != nil {
		i.raise(a, d.Error.Code, nil, func() { i.conclude(a) })
		return
	}
	switch {
	case defines(a.node, bpmn.EventCancel) != nil:
		i.cancelTransaction(a)
	case defines(a.node, bpmn.EventTerminate) != nil:
		i.terminateScope(a)
		i.finish(a)
	case defines(a.node, bpmn.EventLink) != nil:
		i.jump(a, a.node.Event.Link)
	default:
		i.finish(a)
	}
}

// defines returns the first definition of a kind, nil when the event has none.
func defines(n *bpmn.Node, kind bpmn.EventKind) *bpmn.EventDefinition {
	for _, d := range definitions(n) {
		if d.Kind == kind {
			return d
		}
	}
	return nil
}

func (i *Instance) send(name string) { i.Thrown = append(i.Thrown, Thrown{bpmn.EventMessage, name}) }

// definitions are the event definitions of an event, those of a multiple one each for itself; a receive task waits
// for its message.
func definitions(n *bpmn.Node) []*bpmn.EventDefinition {
	switch {
	case n.Kind == bpmn.KindReceiveTask:
		return []*bpmn.EventDefinition{{Kind: bpmn.EventMessage, Message: n.Message}}
	case n.Event == nil:
		return nil
	case n.Event.Parts != nil:
		return n.Event.Parts
	}
	return []*bpmn.EventDefinition{n.Event}
}

// terminateScope ends everything else in the scope of a terminate end event (13.5.6).
func (i *Instance) terminateScope(a *active) {
	scope := a.parent
	for _, o := range append([]*active{}, scope.inside...) {
		if o != a {
			i.terminate(o)
		}
	}
	scope.clear()
	scope.done, scope.shut = nil, true
	scope.disarm()
}

// jump goes on behind the catching link event of the same name in the same scope (10.5.5).
func (i *Instance) jump(a *active, name string) {
	for _, n := range a.node.Scope.Nodes {
		if n.Kind == bpmn.KindIntermediateCatchEvent && n.Event.Kind == bpmn.EventLink && n.Event.Link == name {
			scope := a.parent
			i.complete(a)
			i.activate(n, scope)
			i.ended(a, true)
			return
		}
	}
	panic("oracle: no link " + name)
}
