package engine

import (
	"slices"

	"tallystick/bpmn"
	"tallystick/internal/canon"
)

// moveKind says what a move looks at.
type moveKind uint8

const (
	moveToken      moveKind = iota // a token came to the end of a flow
	moveScope                      // something ended in a scope: it may be complete
	moveCompensate                 // a compensation handler ended: the next entry is due
)

// move is work that is left to do in this step. It points at the state and checks it when its turn
// comes: what it points at may be gone by then, which makes it void.
type move struct {
	kind  moveKind
	flow  *flow // moveToken
	scope int64 // the scope, with moveCompensate the throwing element instance
}

// agenda is a queue of moves. The first ones, for most steps all, need no memory of their own.
type agenda struct {
	first [4]move
	rest  []move
	count int
}

func (a *agenda) add(m move) {
	if a.count < len(a.first) {
		a.first[a.count] = m
	} else {
		a.rest = append(a.rest, m)
	}
	a.count++
}

func (a *agenda) at(i int) move {
	if i < len(a.first) {
		return a.first[i]
	}
	return a.rest[i-len(a.first)]
}

func (x *machine) later(m move) { x.agenda.add(m) }

// run pumps until nothing moves: first in, first out, so that parallel branches advance side by side. Joins that
// look upstream have their turn when nothing else moves. It is a loop, never a recursion (4.23 of the semantics),
// so depth does not grow with the process.
func (x *machine) run() {
	for i := 0; i < x.agenda.count || x.join() || x.conditions(); {
		if i < x.agenda.count {
			x.move(x.agenda.at(i))
			i++
		}
	}
}

func (x *machine) move(m move) {
	switch m.kind {
	case moveToken:
		x.arrive(m.flow, m.scope)
	case moveScope:
		x.endScope(m.scope)
	case moveCompensate:
		x.compensateNext(m.scope)
	}
}

// arrive lets the target of a flow consume a token of the flow, and with a parallel gateway one token
// of every other incoming flow (13.4.1). Tokens that cannot be consumed stay.
func (x *machine) arrive(f *flow, scope int64) {
	t, ok := x.st.tokens.get(named(scope, f.id))
	if ok && f.target.join != nil {
		x.touchScope(scope)
		return
	}
	if !ok || f.takes > 1 && t.Count < f.takes {
		return // a start quantity is met by the tokens of one flow
	}
	via := f.via
	if f.takes > 1 {
		via = slices.Repeat(f.via, f.takes)
	}
	if f.target.kind == bpmn.KindParallelGateway {
		if via = f.target.incoming; !x.st.haveTokens(scope, via) {
			return
		}
	}
	if x.rest(f.target) {
		return
	}
	x.moves++
	x.activate(f.target, ElementActivated{Scope: scope, Via: via})
}

// haveTokens reports whether each of the flows has a token. Flows are counted, not tokens.
func (s *State) haveTokens(scope int64, flows []string) bool {
	if s.tokens.len() < len(flows) {
		return false
	}
	for _, id := range flows {
		if _, ok := s.tokens.get(named(scope, id)); !ok {
			return false
		}
	}
	return true
}

// rest reports whether a limit forbids n to start. The token then rests on its flow, and one incident
// at the instance, however many tokens rest, lets them all go on when it is resolved.
func (x *machine) rest(n *node) bool {
	limit := x.exceeded()
	if limit == "" {
		return false
	}
	x.restAt(n.id, limit)
	return true
}

// restAt raises the incident of a limit at an element, unless there is one already.
func (x *machine) restAt(element, limit string) {
	if !x.resting() {
		x.raise(IncidentRaised{
			Element: element, ElementInstance: x.st.key, ErrorType: errorLimit, Message: limit, Retry: retryTokens,
		})
	}
}

// resting reports whether tokens rest since a limit was met.
func (x *machine) resting() bool {
	found := false
	x.st.incidents.each(x.st.key, func(i *Incident) bool {
		found = i.Retry == retryTokens
		return !found
	})
	return found
}

// resume moves the tokens that rest since a limit was met. Those that wait at a join just stay.
func (x *machine) resume() {
	for t := range x.st.tokens.all() {
		for range t.Count {
			x.later(move{kind: moveToken, flow: x.def.flows[t.Flow], scope: t.Scope})
		}
	}
	for l := range x.st.loops.all() {
		x.later(move{kind: moveScope, scope: l.Key})
	}
	for _, s := range x.st.conditionals() {
		x.changed = append(x.changed, change{subscription: s.Key})
	}
}

// endScope completes a scope in which nothing is left. A revived sub-process ends with its last
// compensation handler instead.
func (x *machine) endScope(scope int64) {
	if x.handled(scope) && x.st.onlyHandlers(scope) && !x.awaitsActivation(scope) {
		x.disarmScope(scope)
	}
	if scope == x.st.key {
		x.endProcess()
		return
	}
	e, n, ok := x.element(scope)
	switch {
	case ok && e.Terminating:
		x.dissolve(e)
		return
	case !ok || revived(e, n) || e.Canceled || e.Held:
		return
	case n.inner != nil:
		x.repeatLoop(n, e)
		return
	case n.adHoc != nil:
		x.runAdHoc(n, e)
		return
	}
	// An open job is that of a listener: the scope is about to be left.
	if !x.st.busy(scope) && !x.parked(scope) && !x.st.jobs.has(scope) {
		x.proceed(n, e, retryOutputs)
	}
}

// endProcess completes an instance in which nothing is left, after the listeners to its end.
func (x *machine) endProcess() {
	key := x.st.key
	switch {
	case x.st.busy(key) || x.st.status != Active:
	case x.st.terminating != "":
		x.emit(InstanceTerminated{Reason: x.st.terminating})
	case x.st.returned:
	case x.st.start != nil || x.parked(key) || x.st.jobs.has(key):
	case x.listen(x.def.process, x.itself(), listensEnd, 0):
		x.endInstance()
	}
}

// endInstance completes the instance. A called one returns to its caller first; while something of it can be
// compensated it stays open (4.11 of the semantics).
func (x *machine) endInstance() {
	x.closeIncidents()
	if x.st.caller != 0 && !x.st.returned {
		compensable := x.st.remains(x.st.key)
		x.emit(CallReturned{
			Caller: x.st.caller, Variables: canon.Object(x.st.Variables(x.st.key)), Compensable: compensable,
		})
		if compensable {
			return
		}
	}
	x.settleCalls(true)
	x.emit(InstanceCompleted{})
}

// parked reports whether an incident holds an element instance back.
func (x *machine) parked(key int64) bool {
	found := false
	x.st.incidents.each(key, func(i *Incident) bool {
		found = i.Retry != retryGateway && i.Retry != retryWatch && i.Retry != retryTokens
		return !found
	})
	return found
}
