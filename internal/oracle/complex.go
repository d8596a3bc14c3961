package oracle

import "tallystick/bpmn"

// startedGateway is a complex gateway that fired in its start phase and waits to be reset (13.4.5).
type startedGateway struct {
	by    *active
	flows map[*bpmn.Flow]bool // those that it took a token of
}

// complexFires reports whether a complex gateway may fire: to start when its activation condition holds, to be
// reset when no token can come any more to the flows that had none at the start.
func (i *Instance) complexFires(w waitingJoin) bool {
	g := w.scope.started[w.node]
	if g == nil {
		return w.node.Activation == nil || i.activates(w)
	}
	return g.by.gone && !i.mayCome(w, func(f *bpmn.Flow) bool { return g.flows[f] || w.scope.tokens[f] > 0 })
}

// activates evaluates the activation condition.
func (i *Instance) activates(w waitingJoin) bool {
	attributes := gatewayAttributes(w, true)
	holds, ok := evaluate(w.node.Activation.Text, func(name string) Value {
		if v, ok := attributes[name]; ok {
			return v
		}
		return w.scope.lookup(name)
	}).(bool)
	if !ok {
		panic("oracle: the activation condition of " + w.node.ID + " is no boolean")
	}
	return holds
}

// gatewayAttributes are what conditions may read of a complex gateway (table 10.68).
func gatewayAttributes(w waitingJoin, start bool) map[string]Value {
	sum, each := int64(0), map[string]Value{}
	for _, f := range w.node.Incoming {
		sum += int64(w.scope.tokens[f])
		each[f.ID] = int64(w.scope.tokens[f])
	}
	return map[string]Value{"activationCount": sum, "activationCounts": each, "waitingForStart": start}
}

// fireComplex takes one token of each flow that has one; for the reset only of those that had none at the start.
func (i *Instance) fireComplex(w waitingJoin) {
	g := w.scope.started[w.node]
	vars := gatewayAttributes(w, g == nil)
	a := i.birth(w.node, w.scope)
	a.vars = vars
	if g == nil {
		g = &startedGateway{by: a, flows: map[*bpmn.Flow]bool{}}
		for _, f := range w.node.Incoming {
			g.flows[f] = w.scope.take(f)
		}
		w.scope.started[w.node] = g
	} else {
		for _, f := range w.node.Incoming {
			if !g.flows[f] {
				w.scope.take(f)
			}
		}
		delete(w.scope.started, w.node)
	}
	i.finish(a)
}

// chooseReset takes the flows whose condition is true, perhaps none. A flow without condition counts in the start
// phase alone: a discriminator passes once.
func chooseReset(a *active) ([]*bpmn.Flow, bool) {
	var taken []*bpmn.Flow
	for _, f := range a.node.Outgoing {
		if f.Condition == nil {
			continue
		}
		holds, ok := condition(f, a)
		if !ok {
			return nil, false
		}
		if holds {
			taken = append(taken, f)
		}
	}
	return taken, true
}
