package engine

import (
	"fmt"
	"slices"

	"tallystick/internal/canon"
)

// startAdHoc opens an ad-hoc sub-process with the activities that its collection names. With a job a worker says
// which; with neither they are activated by command.
func (x *machine) startAdHoc(n *node, e ElementInstance) {
	if _, begun := x.st.loops.get(rowID{key: e.Key}); begun {
		x.later(move{kind: moveScope, scope: e.Key})
		return
	}
	v := x.values(e.Key)
	var items []canon.JSON
	for _, id := range v.texts(n.adHoc.active, "the collection of active elements") {
		if n.adHoc.elements[id] == nil {
			v.fail("the collection of active elements", "names %s, which is no element of %s", id, n.id)
		}
		items = append(items, activation(id, nil))
	}
	if *v.problem != "" {
		x.park(e, retryExecute, errorValue, *v.problem)
		return
	}
	x.emit(LoopStarted{Key: e.Key, Element: e.Element, Total: -1, Sequential: n.adHoc.sequential, Items: items})
	if n.job != nil {
		x.offerJob(n, e)
		return
	}
	if n.adHoc.active != nil {
		x.later(move{kind: moveScope, scope: e.Key})
	}
}

// activation is what waits to be activated: an element with its variables.
func activation(element string, vars Variables) canon.JSON {
	fields := map[string]canon.JSON{"element": canon.String(element)}
	if len(vars) > 0 {
		fields["variables"] = canon.Object(vars)
	}
	return canon.Object(fields)
}

func activations(list []Activation) []canon.JSON {
	items := make([]canon.JSON, len(list))
	for i, a := range list {
		items[i] = activation(a.Element, a.Variables)
	}
	return items
}

// runAdHoc starts what waits to be activated: in sequence one when nothing is active, else all. When nothing waits
// and nothing is active it completes, unless somebody has still to say what is next: a worker is asked once more.
func (x *machine) runAdHoc(n *node, e ElementInstance) {
	l, begun := x.st.loops.get(rowID{key: e.Key})
	if !begun || x.parked(e.Key) {
		return
	}
	busy := x.st.busy(e.Key)
	switch {
	case !l.Ended && l.Started < l.Items && !(busy && l.Sequential):
		x.activateNext(n, e, l)
	case busy:
	case l.Ended && x.st.jobs.has(e.Key): // of a listener: it is about to be left
	case l.Ended, n.endsByItself():
		x.endAdHoc(n, e, l)
	case n.job != nil && !x.st.jobs.has(e.Key):
		x.offerJob(n, e)
	}
}

// awaitsActivation reports whether a scope is an ad-hoc sub-process that may go on although nothing is active in it.
func (x *machine) awaitsActivation(scope int64) bool {
	_, n, ok := x.element(scope)
	if !ok || n.adHoc == nil {
		return false
	}
	l, begun := x.st.loops.get(rowID{key: scope})
	return begun && !l.Ended && (l.Started < l.Items || !n.endsByItself())
}

// endsByItself reports whether an ad-hoc sub-process is over when the activities of its collection are.
func (n *node) endsByItself() bool {
	return n.adHoc.active != nil && n.adHoc.completion == nil && n.job == nil
}

func (x *machine) activateNext(n *node, e ElementInstance, l loopState) {
	if x.rest(n) {
		return
	}
	item, _ := x.st.loopValues.get(named(e.Key, loopItem(l.Started+1)))
	fields := item.Value.Fields()
	id, _ := fields["element"].Text()
	vars := fields["variables"].Fields()
	if x.parkUnfit(e, retryExecute, vars) {
		return
	}
	x.moves++
	element := n.adHoc.elements[id]
	opened := x.open(element, ElementActivated{Scope: e.Key, LoopCounter: l.Started + 1})
	x.setAll(vars, func(string) int64 { return opened.Key })
	if !l.Sequential {
		x.later(move{kind: moveScope, scope: e.Key})
	}
	x.proceed(element, opened, retryInputs)
}

// endAdHoc publishes the outputs and ends the work of an ad-hoc sub-process.
func (x *machine) endAdHoc(n *node, e ElementInstance, l loopState) {
	if !l.Ended {
		x.emit(LoopEnded{Key: e.Key, Element: e.Element})
	}
	if n.adHoc.output == "" {
		x.proceed(n, e, retryOutputs)
		return
	}
	x.finish(n, e, Variables{n.adHoc.output: x.loopOutputs(e.Key, l.Outputs)})
}

// adHocOutcome is what the end of an element means to the ad-hoc sub-process around it.
type adHocOutcome struct {
	output   canon.JSON
	complete bool
}

// outcomeInAdHoc evaluates output and completion condition: after each completed activity (13.3.5).
func (x *machine) outcomeInAdHoc(n *node, e ElementInstance) (adHocOutcome, string) {
	owner := n.adHocOwner.adHoc
	if !isActivity(n.kind) {
		return adHocOutcome{}, ""
	}
	var o adHocOutcome
	if owner.output != "" {
		r, err := x.eval(owner.outputItem, e.Key)
		if err != nil {
			return o, "the output element failed: " + message(err)
		}
		o.output = r.Value
		if wrong := x.st.unfit(Variables{owner.output: o.output}); wrong != nil {
			return o, wrong.Message
		}
	}
	l, ok := x.st.loops.get(rowID{key: e.Scope})
	if !ok || l.Ended || owner.completion == nil {
		return o, ""
	}
	if e.LoopCounter > 0 {
		l.Completed++
	}
	var problem string
	o.complete, problem = x.isTrue(owner.completion, loopAttributes(l), e.Scope, "the completion condition of "+n.adHocOwner.id)
	return o, problem
}

// leftAdHoc does what follows from the end of an element of an ad-hoc sub-process, and reports whether the
// flows out of it may still be taken.
func (x *machine) leftAdHoc(n *node, e ElementInstance, o adHocOutcome) bool {
	owner := n.adHocOwner
	l, _ := x.st.loops.get(rowID{key: e.Scope})
	if o.output != "" {
		x.emit(LoopOutputSet{Key: e.Scope, Element: owner.id, Index: l.Outputs + 1, Value: o.output})
	}
	x.later(move{kind: moveScope, scope: e.Scope})
	switch {
	case o.complete:
		x.completeAdHoc(e.Scope, !owner.adHoc.keep)
		return owner.adHoc.keep
	case owner.job != nil && isActivity(n.kind) && !l.Ended:
		x.askAgain(owner, e.Scope)
	}
	return true
}

// completeAdHoc lets nothing more be activated, and cancels what is active when it is told to.
func (x *machine) completeAdHoc(scope int64, cancel bool) {
	e, _ := x.st.elements.get(rowID{key: scope})
	if cancel {
		x.cancelInside(scope)
	}
	x.withdrawJobs(scope)
	x.emit(LoopEnded{Key: scope, Element: e.Element, Canceled: cancel})
	x.later(move{kind: moveScope, scope: scope})
}

// stopAdHoc keeps an interrupted ad-hoc sub-process from going on: it is left when its handler has ended. What it could
// not do and who decided for it are of no interest any more.
func (x *machine) stopAdHoc(e ElementInstance) {
	l, begun := x.st.loops.get(rowID{key: e.Key})
	if _, n, ok := x.element(e.Key); !ok || n.adHoc == nil || !begun || l.Ended {
		return
	}
	x.withdrawJobs(e.Key)
	for _, i := range slices.Backward(x.st.incidents.choose(e.Key, func(i *Incident) bool { return i.ElementInstance == e.Key })) {
		x.emit(IncidentResolved{Key: i.Key, Element: i.Element})
	}
	x.emit(LoopEnded{Key: e.Key, Element: e.Element, Canceled: true})
}

// askAgain offers the job that says what is next once more: what its worker knew is out of date.
func (x *machine) askAgain(n *node, scope int64) {
	x.withdrawJobs(scope)
	if e, ok := x.st.elements.get(rowID{key: scope}); ok && !x.parked(scope) {
		x.offerJob(n, e)
	}
}

func (x *machine) withdrawJobs(owner int64) {
	for _, j := range x.st.jobs.youngest([]int64{owner}) {
		x.closeIncidentsOf(j)
		x.emit(JobCanceled{Key: j.Key, Element: j.Element})
	}
}

// enqueue adds elements to what waits to be activated.
func (x *machine) enqueue(n *node, scope int64, list []Activation) {
	x.emit(LoopItemsAdded{Key: scope, Element: n.id, Items: activations(list)})
	x.later(move{kind: moveScope, scope: scope})
}

// activatable reports why elements cannot be activated in an ad-hoc sub-process, nil when they can.
func (x *machine) activatable(n *node, scope int64, list []Activation) error {
	for _, a := range list {
		if n.adHoc.elements[a.Element] == nil {
			return ErrAdHocElement.With("%s has no element %q to activate", n.id, a.Element)
		}
		if err := x.mayStore(a.Variables); err != nil {
			return err
		}
	}
	if !x.st.holds(activations(list)) {
		return ErrVariablesTooLarge
	}
	if l, _ := x.st.loops.get(rowID{key: scope}); l.Items+len(list) > MultiInstanceMax {
		return ErrAdHocFull.With("%s has activated %s", n.id, fmt.Sprintf("%d elements", l.Items))
	}
	return nil
}
