package engine

import (
	"slices"

	"tallystick/internal/canon"
)

// mayFireComplex reports whether a complex gateway may fire: to start when its activation condition holds, to be
// reset when no token can come any more to the flows that had none when it started (13.4.5).
func (x *machine) mayFireComplex(w waiting) bool {
	n := w.join.node
	g, started := x.st.gateways.get(named(w.scope, n.id))
	if !started {
		return x.activates(w)
	}
	if _, active := x.st.elements.get(rowID{key: g.ElementInstance}); active {
		return false
	}
	return !x.blocked(w, x.arrived(w, g))
}

// arrived returns the incoming flows that have a token or had one when the gateway started.
func (x *machine) arrived(w waiting, g gatewayState) bits {
	arrived := x.full(w)
	for i, f := range w.join.flows {
		if slices.Contains(g.Flows, f.id) {
			arrived.add(i)
		}
	}
	return arrived
}

// activates evaluates the activation condition of a gateway that has a token. Without a condition any token will
// do. A failure is an incident of the scope, whose other tokens go on.
func (x *machine) activates(w waiting) bool {
	n := w.join.node
	if n.activation == nil {
		return true
	}
	for _, i := range x.st.incidents.choose(w.scope, func(i *Incident) bool { return i.Retry == retryGateway }) {
		if i.Element == n.id {
			return false
		}
	}
	holds, problem := x.isTrue(n.activation, x.gatewayVariables(w, true), w.scope, "the activation condition")
	if problem != "" {
		x.raise(IncidentRaised{
			Element: n.id, ElementInstance: w.scope, ErrorType: errorCondition, Message: problem, Retry: retryGateway,
		})
	}
	return holds
}

// gatewayVariables are the runtime attributes of a complex gateway (table 10.68): waitingForStart, the number of
// tokens on all incoming flows, and on each of them by its id.
func (x *machine) gatewayVariables(w waiting, start bool) Variables {
	counts := Variables{}
	sum := int64(0)
	for _, f := range w.join.flows {
		t, _ := x.st.tokens.get(named(w.scope, f.id))
		counts[f.id] = canon.Int(int64(t.Count))
		sum += int64(t.Count)
	}
	return Variables{
		"activationCount": canon.Int(sum), "activationCounts": canon.Object(counts), "waitingForStart": canon.Bool(start),
	}
}

// fireComplex takes one token of each flow that has one; for the reset only of those that had none at the start.
// The attributes of the gateway become variables of this activation, which the conditions of its outgoing flows see.
func (x *machine) fireComplex(w waiting) {
	n := w.join.node
	g, started := x.st.gateways.get(named(w.scope, n.id))
	vars := x.gatewayVariables(w, !started)
	via := w.join.ids(x.full(w))
	if started {
		via = slices.DeleteFunc(via, func(id string) bool { return slices.Contains(g.Flows, id) })
	}
	e := x.open(n, ElementActivated{Scope: w.scope, Via: via})
	if started {
		x.emit(GatewayReset{Scope: w.scope, Element: n.id})
	} else {
		x.emit(GatewayStarted{Scope: w.scope, Element: n.id, ElementInstance: e.Key, Flows: via})
	}
	x.setAll(vars, func(string) int64 { return e.Key })
	x.proceed(n, e, retryInputs)
}

// chooseComplex takes every flow whose condition is true. In the reset phase a flow without condition is not
// taken, nor is the default flow, and none at all is no problem: a discriminator passes once.
func (x *machine) chooseComplex(n *node, e ElementInstance) ([]*flow, string) {
	if g, ok := x.st.gateways.get(named(e.Scope, n.id)); ok && g.ElementInstance == e.Key {
		return x.chooseAll(n, e.Key)
	}
	var taken []*flow
	for _, f := range n.outgoing {
		if f.condition == nil {
			continue
		}
		holds, problem := x.holds(f, e.Key)
		if problem != "" {
			return nil, problem
		}
		if holds {
			taken = append(taken, f)
		}
	}
	return taken, ""
}
