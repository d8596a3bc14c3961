package oracle

import (
	"slices"
	"time"

	"tallystick/bpmn"
)

// The ends of an instance.
const (
	Running    = "ACTIVE"
	Completed  = "COMPLETED"
	Terminated = "TERMINATED"
)

// MovesMax is the number of moves of one action after which an instance is Wild.
const MovesMax = 600

// Instance is one run of a process. It changes in place.
type Instance struct {
	Status string
	// Wild says that a move came after MovesMax others: the instance is of no more use.
	Wild bool
	// Open says that the standard does not say which of two gateways goes first, and the outcome may depend on it.
	Open bool
	// Thrown are the signals and messages that the last action sent out, in order.
	Thrown []Thrown

	process *bpmn.Process
	now     time.Time
	root    *active
	born    int
	before  int // born before the current action
	moves   int
	queue   []func()
}

// Thrown is a signal or message on its way out.
type Thrown struct {
	Kind bpmn.EventKind
	Name string
}

// active is an element instance, or the process itself, with what stands in it and what waits for it.
type active struct {
	age    int
	node   *bpmn.Node // nil: the process
	parent *active
	gone   bool
	vars   map[string]Value

	inside []*active
	tokens map[*bpmn.Flow]int
	since  map[*bpmn.Flow]int // when the oldest token came to the flow
	done   []*entry           // completed activities that can be undone, the oldest first
	shut   bool               // interrupted or terminated: nothing is caught any more, it does not complete
	ends   bool               // a transaction, or a scope in one, that is being canceled

	waits []*wait
	stuck *incident
	left  bool // its tokens have gone on; it stays until what it has thrown is undone

	started map[*bpmn.Node]*startedGateway // complex gateways of the scope that wait to be reset

	undoes  *active  // who waits for this compensation handler
	undone  *entry   // what it undoes
	claimed []*entry // what this throwing event or revived sub-process has still to undo
	revived bool     // a completed sub-process, open again to undo its contents

	repeats bool  // the body of a loop or multi-instance activity: it holds instances, no nodes
	loop    *loop // what a body has still to do, nil when it is open again to be undone
	pass    int   // one instance of a loop, counted from 1
}

// incident is a step that failed and can be tried again.
type incident struct {
	class string
	retry func()
}

// Start opens an instance at a start event; "" is the none start event.
func Start(p *bpmn.Process, start string, at time.Time, vars map[string]Value) *Instance {
	i := &Instance{Status: Running, process: p, now: at}
	i.root = i.birth(nil, nil)
	for name, v := range vars {
		i.root.vars[name] = v
	}
	if i.watch(i.root) {
		i.begin(i.root, start)
	}
	i.run()
	return i
}

// begin puts the first tokens into a scope (13.5.1): at the start event that is named, else at the none start
// event, else, without any start event, at each node that nothing leads to.
func (i *Instance) begin(scope *active, start string) {
	body, implicit := i.body(scope), true
	for _, n := range body.Nodes {
		if n.Kind != bpmn.KindStartEvent {
			continue
		}
		implicit = false
		if start == "" && (n.Event == nil || triggered(body)) || n.ID == start {
			i.activate(n, scope)
			return
		}
	}
	if !implicit {
		panic("oracle: no start event " + start)
	}
	for _, n := range body.Nodes {
		if startsItself(n) && !scope.gone && !scope.shut {
			i.activate(n, scope)
		}
	}
}

// startsItself reports whether a node gets a token when a scope without start events opens (13.5.1).
func startsItself(n *bpmn.Node) bool {
	switch n.Kind {
	case bpmn.KindBoundaryEvent, bpmn.KindEventSubProcess:
		return false
	case bpmn.KindIntermediateCatchEvent:
		if n.Event.Kind == bpmn.EventLink {
			return false
		}
	}
	return len(n.Incoming) == 0 && !n.ForCompensation
}

// triggered reports whether a body is that of an event sub-process, whose start event has a trigger.
func triggered(body *bpmn.Scope) bool {
	return body.Owner != nil && body.Owner.Kind == bpmn.KindEventSubProcess
}

// birth creates an element instance.
func (i *Instance) birth(n *bpmn.Node, parent *active) *active {
	i.born++
	a := &active{
		age: i.born, node: n, parent: parent, vars: map[string]Value{},
		tokens: map[*bpmn.Flow]int{}, since: map[*bpmn.Flow]int{}, started: map[*bpmn.Node]*startedGateway{},
	}
	if parent != nil {
		parent.inside = append(parent.inside, a)
	}
	return a
}

// remove takes an element instance out of its scope, with all that waits for it.
func (i *Instance) remove(a *active) {
	a.gone, a.waits, a.stuck = true, nil, nil
	a.parent.inside = slices.DeleteFunc(a.parent.inside, func(o *active) bool { return o == a })
	for _, e := range a.claimed {
		e.claimed = false
	}
}

// terminate ends an element instance and everything in it, without a flow.
func (i *Instance) terminate(a *active) {
	for _, o := range slices.Clone(a.inside) {
		i.terminate(o)
	}
	a.clear()
	a.done = nil
	if a.pass > 0 && a.parent.loop != nil {
		a.parent.loop.terminated++
	}
	i.remove(a)
}

// later queues a move: first in, first out.
func (i *Instance) later(move func()) { i.queue = append(i.queue, move) }

// run moves until nothing moves; the joins that wait for what may come are asked when all else rests.
func (i *Instance) run() {
	for i.Status == Running && !i.Wild {
		if len(i.queue) > 0 {
			move := i.queue[0]
			i.queue = i.queue[1:]
			if i.moves++; i.moves > MovesMax {
				i.Wild = true
			}
			move()
			continue
		}
		if !i.join() && !i.conditions() {
			return
		}
	}
}

// all visits every element instance, scopes before their contents, the oldest first.
func (a *active) all(visit func(*active)) {
	visit(a)
	for _, o := range slices.Clone(a.inside) {
		if !o.gone {
			o.all(visit)
		}
	}
}

// clear takes all tokens off the flows of a scope.
func (a *active) clear() {
	clear(a.tokens)
	clear(a.started)
}

// quiet reports whether no token is on a flow of the scope and no complex gateway has still to be reset, which may
// put one there.
func (a *active) quiet() bool {
	for _, n := range a.tokens {
		if n > 0 {
			return false
		}
	}
	return len(a.started) == 0
}

// empty reports whether nothing is left in a scope.
func (a *active) empty() bool { return a.quiet() && len(a.inside) == 0 }

// body is the content of the scope, nil when it is none. The body of a loop holds instances, no nodes.
func (i *Instance) body(a *active) *bpmn.Scope {
	switch {
	case a.node == nil:
		return i.process.Body
	case a.repeats:
		return nil
	}
	return a.node.Body
}

// endScope completes a scope in which nothing is left (13.5.6). When only event sub-processes run they are
// awaited, but no further one starts (13.5.4).
func (i *Instance) endScope(scope *active) {
	if scope.gone {
		return
	}
	if scope.loop != nil && !scope.revived && !scope.ends {
		i.repeat(scope)
		return
	}
	if scope.onlyHandlers() {
		scope.disarm()
	}
	if !scope.empty() || scope.revived || scope.ends || scope.stuck != nil {
		return
	}
	if scope.node == nil {
		i.Status = Completed
		return
	}
	i.finish(scope)
}

// lookup finds a variable from an element instance outward.
func (a *active) lookup(name string) Value {
	for ; a != nil; a = a.parent {
		if v, ok := a.vars[name]; ok {
			return v
		}
		if a.loop != nil {
			if v, ok := a.loop.attribute(name); ok {
				return v
			}
		}
	}
	return nil
}

// home is the nearest scope outward that has a variable, else the process.
func (i *Instance) home(a *active, name string) *active {
	for ; a.parent != nil; a = a.parent {
		if _, ok := a.vars[name]; ok {
			return a
		}
	}
	return a
}

// set writes variables where they live as seen from an element instance.
func (i *Instance) set(from *active, vars map[string]Value) {
	for name, v := range vars {
		i.home(from, name).vars[name] = v
	}
}
