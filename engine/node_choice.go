package engine

import (
	"maps"
	"strconv"
	"strings"

	"tallystick/bpmn"
)

// retryRest, with the part that started the instance, is the step in which an instantiating event-based gateway
// arms what is still to come.
const retryRest = "rest "

// awaitEvents lets an event-based gateway wait for all its targets at once: all or none are armed, on behalf of
// the gateway, which holds the token (10.6.6, 13.4.4).
func (x *machine) awaitEvents(n *node, e ElementInstance) {
	var list []wait
	var problem string
	for _, f := range n.outgoing {
		if list, problem = x.waits(f.target, e.Key, list); problem != "" {
			x.park(e, retryExecute, errorValue, f.target.id+": "+problem)
			return
		}
	}
	x.arm(list)
}

// chosen takes the flow to the event that came. All others are withdrawn in the same step, unless the gateway
// starts the process by all of them: then it goes on waiting for those.
func (x *machine) chosen(event, n *node, e ElementInstance, vars Variables) {
	x.disarm(e.Key, func(element string) bool { return element == event.id })
	for _, f := range n.outgoing {
		if f.target == event {
			x.takeEvent(f, n, e, vars)
		}
	}
	if n.all && !x.st.timers.has(e.Key) && !x.st.subscriptions.has(e.Key) {
		x.endChoice(n, e)
	}
}

// takeEvent completes the target of a flow with what its event brought, and before it the gateway that chose it.
func (x *machine) takeEvent(f *flow, n *node, e ElementInstance, vars Variables) {
	all := x.st.Variables(e.Key) // the parts of a parallel multiple event, which came before
	maps.Copy(all, vars)
	if !n.all {
		x.endChoice(n, e)
	}
	x.emit(FlowTaken{Flow: f.id, Source: n.id, Target: f.target.id, Scope: e.Scope})
	a := x.open(f.target, ElementActivated{Scope: e.Scope, Via: f.via})
	x.setResults(f.target, a, all)
	x.proceed(f.target, a, retryOutputs)
}

func (x *machine) endChoice(n *node, e ElementInstance) {
	x.withdraw([]int64{e.Key})
	x.emit(ElementCompleted{Key: e.Key, Element: n.id})
	x.ended(e, false)
}

// startChoice starts an instance at an event-based gateway: an event of one of its targets came. When the
// gateway is parallel, the others are awaited in this instance, with what the first brought as its data.
func (x *machine) startChoice(n *node, part int, vars Variables) {
	e := x.open(n, ElementActivated{Scope: x.st.key})
	f, whole := n.startFlow(part)
	if whole {
		x.takeEvent(f, n, e, vars)
	} else {
		x.setAll(vars, func(string) int64 { return e.Key })
	}
	if !whole || n.all {
		x.armRest(n, e, retryRest+strconv.Itoa(part))
	}
}

// startFlow finds the target that a part belongs to. Whole says that the part is all that the target waits for.
func (n *node) startFlow(part int) (f *flow, whole bool) {
	for _, f := range n.outgoing {
		if part < len(f.target.triggers) {
			return f, !f.target.all || len(f.target.triggers) == 1
		}
		part -= len(f.target.triggers)
	}
	panic("engine: " + n.id + " has no such start")
}

// armRest arms what the event that started the instance leaves to be awaited.
func (x *machine) armRest(n *node, e ElementInstance, retry string) {
	part, _ := strconv.Atoi(strings.TrimPrefix(retry, retryRest))
	first, whole := n.startFlow(part)
	var list []wait
	for _, f := range n.outgoing {
		if f == first && whole || f != first && !n.all {
			part -= len(f.target.triggers)
			continue
		}
		own, problem := x.waits(f.target, e.Key, nil)
		if problem != "" {
			x.park(e, retry, errorValue, f.target.id+": "+problem)
			return
		}
		for _, w := range own {
			if f != first || w.trigger.part != part {
				list = append(list, w)
			}
		}
		part -= len(f.target.triggers)
	}
	x.arm(list)
}

// choices checks what stands behind event-based gateways (10.6.6).
func (c *compiler) choices(s *bpmn.Scope) {
	if s == nil {
		return
	}
	for _, b := range s.Nodes {
		c.choices(b.Body)
		n := c.def.nodes[b.ID]
		if n.kind != bpmn.KindEventBasedGateway {
			continue
		}
		n.all = b.AllEvents
		for _, f := range n.outgoing {
			switch {
			case !f.target.armed() || f.target.kind == bpmn.KindBoundaryEvent || f.target.inner != nil:
				c.report(CodeModelIncomplete, b.ID, b.Position, f.target.id+" behind the gateway waits for nothing")
			case len(f.target.inputs) > 0:
				c.report(bpmn.CodeMappingInvalid, f.target.id, b.Position, "an event behind an event-based gateway has no inputs: the gateway waits for it")
			}
		}
	}
}
