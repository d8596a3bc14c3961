package engine

import (
	"slices"

	"tallystick/bpmn"
)

// activate opens an element instance of n as r says and takes it as far as it goes.
func (x *machine) activate(n *node, r ElementActivated) {
	x.proceed(n, x.open(n, r), retryInputs)
}

// open emits the activation; element, type, name and, unless one was drawn before, the key are filled in.
func (x *machine) open(n *node, r ElementActivated) ElementInstance {
	if r.Key == 0 {
		r.Key = x.key()
	}
	r.Element, r.ElementType, r.Name = n.id, n.elementType, n.name
	x.emit(r)
	return r.instance()
}

// proceed takes an element instance through its life from a step on, until it waits, parks or is
// through. Every step first computes and then emits, so that a step that failed can be done again.
func (x *machine) proceed(n *node, e ElementInstance, step string) {
	switch step {
	case retryInputs:
		if !x.mapInputs(n, e) {
			return
		}
		fallthrough
	case retryTake:
		if !x.takeData(n, e) {
			return
		}
		fallthrough
	case retryStart:
		if !x.listen(n, e, listensStart, 0) {
			return
		}
		fallthrough
	case retryEvents:
		if !x.armAround(n, e) {
			return
		}
		fallthrough
	case retryExecute:
		x.execute(n, e)
	case retryThrown:
		x.conclude(n, e)
	case retryOutputs, retryGive, retryResults:
		if x.putOut(n, e, step) && x.listen(n, e, listensEnd, 0) {
			x.leave(n, e)
		}
	case retryLeave:
		x.leave(n, e)
	default:
		x.armRest(n, e, step)
	}
}

// putOut lets the results of an element instance leave it, from a step on: those of a call, the data outputs, the
// output mappings.
func (x *machine) putOut(n *node, e ElementInstance, step string) bool {
	return (step != retryOutputs || x.mapReturned(n, e)) && (step == retryResults || x.giveData(n, e)) && x.mapOutputs(n, e)
}

// execute does what the element is for. What passes through goes on to the outputs.
func (x *machine) execute(n *node, e ElementInstance) {
	switch {
	case e.Held:
		x.beginInside(n, e)
	case n.inner != nil:
		x.startLoop(n, e)
	case n.adHoc != nil:
		x.startAdHoc(n, e)
	case n.user != nil:
		x.openTask(n, e)
	case n.job != nil:
		x.offerJob(n, e)
	case n.decision != nil:
		x.evaluateDecision(n, e)
	case n.script != nil:
		x.evaluateScript(n, e)
	case n.call != nil && revived(e, n):
		x.undone(e) // the called instance is gone: what it has not undone it never will
	case n.call != nil:
		x.startCall(n, e)
	case n.body != nil:
		x.enter(e.Key, n.body.entries)
	case n.kind == bpmn.KindEventBasedGateway:
		x.awaitEvents(n, e)
	case (n.kind == bpmn.KindIntermediateCatchEvent || n.kind == bpmn.KindReceiveTask) && n.armed():
		x.armCatch(n, e)
	case n.kind == bpmn.KindIntermediateThrowEvent, n.kind == bpmn.KindEndEvent, n.kind == bpmn.KindSendTask:
		x.throw(n, e)
	default:
		x.proceed(n, e, retryOutputs)
	}
}

// enter starts where the tokens of a scope start. Of several that start by themselves (13.5.1) one may end the scope
// before the next has its turn: all had their token at once, and lose it together.
func (x *machine) enter(scope int64, entries []*node) {
	for _, n := range entries {
		if _, alive := x.st.elements.get(rowID{key: scope}); !alive && scope != x.st.key || x.interrupted(scope) || x.st.status != Active {
			return
		}
		x.activate(n, ElementActivated{Scope: scope})
	}
}

// leave ends the element instance normally and puts tokens on the flows that are to be taken. The
// flows are chosen first: without one, the element instance parks with its token.
func (x *machine) leave(n *node, e ElementInstance) {
	if e.LoopCounter > 0 && n.loop != nil {
		x.leaveInstance(n, e)
		return
	}
	flows, problem := x.choose(n, e)
	var inAdHoc adHocOutcome
	if problem == "" && n.adHocOwner != nil {
		inAdHoc, problem = x.outcomeInAdHoc(n, e)
	}
	if problem != "" {
		x.park(e, retryLeave, errorCondition, problem)
		return
	}
	x.withdraw([]int64{e.Key})
	x.subscribeCompensation(n, e)
	x.emit(ElementCompleted{Key: e.Key, Element: e.Element})
	if n.adHocOwner != nil && !x.leftAdHoc(n, e, inAdHoc) {
		flows = nil
	}
	x.take(n, e, flows)
	if n.jump != nil {
		x.activate(n.jump, ElementActivated{Scope: e.Scope})
	}
	x.ended(e, len(flows) > 0 || n.jump != nil)
}

// take puts tokens on flows.
func (x *machine) take(n *node, e ElementInstance, flows []*flow) {
	x.makeRoom(flows)
	for _, f := range flows {
		for range max(1, n.gives) {
			x.emit(FlowTaken{Flow: f.id, Source: n.id, Target: f.target.id, Scope: e.Scope})
			x.later(move{kind: moveToken, flow: f, scope: e.Scope})
		}
	}
}

// makeRoom prepares for a split: its branches would else let the tables grow by and by.
func (x *machine) makeRoom(flows []*flow) {
	if len(flows) < 2 {
		return
	}
	jobs := 0
	for _, f := range flows {
		if f.target.job != nil {
			jobs++
		}
	}
	x.st.tokens.reserve(len(flows))
	x.st.elements.reserve(len(flows))
	if jobs > 0 {
		x.st.jobs.reserve(jobs)
	}
	x.recs = slices.Grow(x.recs, 3*len(flows))
}

// ended looks at what the end of an element instance means to others: to the throwing event that waits
// for a compensation handler, and to the scope, unless a token goes on in it.
func (x *machine) ended(e ElementInstance, goesOn bool) {
	if e.Compensates != 0 {
		x.later(move{kind: moveCompensate, scope: e.Compensates})
	}
	if !goesOn {
		x.later(move{kind: moveScope, scope: e.Scope})
	}
}

// terminateInside ends the element instances of a scope, but not the one that says so.
func (x *machine) terminateInside(scope, but int64) {
	var roots []int64
	for _, key := range x.st.inside(scope) {
		if key != but {
			roots = append(roots, key)
		}
	}
	x.terminateThese(roots)
}

// terminateThese ends element instances with all that is inside them, the youngest first.
func (x *machine) terminateThese(doomed []int64) {
	for i := 0; i < len(doomed); i++ {
		doomed = append(doomed, x.st.inside(doomed[i])...)
	}
	slices.Sort(doomed)
	x.terminate(slices.Compact(doomed))
}

// inside returns the keys of the element instances of a scope.
func (s *State) inside(scope int64) []int64 {
	var keys []int64
	s.elements.each(scope, func(e *ElementInstance) bool {
		if e.Scope == scope {
			keys = append(keys, e.Key)
		}
		return true
	})
	return keys
}

// withdraw takes back everything that waits on behalf of element instances, whose keys are sorted, but for user tasks
// whose listeners have to hear of it first.
func (x *machine) withdraw(of []int64) {
	for _, i := range x.st.incidents.youngest(of) {
		x.emit(IncidentResolved{Key: i.Key, Element: i.Element})
	}
	for _, j := range x.st.jobs.youngest(of) {
		x.emit(JobCanceled{Key: j.Key, Element: j.Element})
	}
	for _, t := range x.st.tasks.youngest(of) {
		if !x.lingers(&t) {
			x.emit(TaskCanceled{Key: t.Key, Element: t.Element})
		}
	}
	for _, t := range x.st.timers.youngest(of) {
		x.emit(TimerCanceled{Key: t.Key, Element: t.Element})
	}
	for _, s := range x.st.subscriptions.youngest(of) {
		x.emit(SubscriptionClosed{Key: s.Key, Element: s.Element})
	}
}
