package engine

import (
	"fmt"

	"tallystick/bpmn"
	"tallystick/internal/canon"
	"tallystick/rules"
	"tallystick/tasks"
)

// openTask creates the user task of an element instance.
func (x *machine) openTask(n *node, e ElementInstance) {
	u := n.user
	v := x.values(e.Key)
	t := tasks.Task{
		Name: n.name, State: tasks.Created,
		Assignee:        v.text(u.assignee, "the assignee"),
		CandidateGroups: v.texts(u.groups, "the candidate groups"),
		CandidateUsers:  v.texts(u.users, "the candidate users"),
		DueDate:         v.date(u.due, "the due date"),
		FollowUpDate:    v.date(u.followUp, "the follow-up date"),
		Priority:        v.number(u.priority, "the priority", tasks.PriorityDefault),
		FormID:          u.embeddedForm, ExternalReference: u.external,
	}
	if !tasks.ValidPriority(t.Priority) {
		v.fail("the priority", "is %d, not between %d and %d", t.Priority, tasks.PriorityMin, tasks.PriorityMax)
	}
	if *v.problem != "" {
		x.park(e, retryExecute, errorValue, *v.problem)
		return
	}
	if u.linkedForm != "" {
		key, ok := x.form(u.linkedForm)
		if !ok {
			x.park(e, retryExecute, errorForm, "no form "+u.linkedForm+" is deployed")
			return
		}
		t.FormKey, t.FormID = key, u.linkedForm
	}
	to := Transition{Event: listensCreating}
	if assignee := t.Assignee; assignee != "" && len(n.listeners[listensAssigning]) > 0 {
		t.Assignee, to.Assignee = "", &assignee // it is assigned when it has been created
	}
	created := TaskCreated{Key: x.key(), Element: n.id, ElementInstance: e.Key, Task: t, Headers: n.headers}
	x.emit(created)
	x.transit(n, e, UserTask{Key: created.Key, Element: n.id, ElementInstance: e.Key, Task: t}, to)
}

func (x *machine) form(id string) (int64, bool) {
	if x.meta.Library == nil {
		return 0, false
	}
	return x.meta.Library.Form(id, x.def.identity.Deployment)
}

// retriesDefault are the retries of a job that names none.
const retriesDefault = 3

// offerJob creates the job of an element instance.
func (x *machine) offerJob(n *node, e ElementInstance) {
	v := x.values(e.Key)
	j := JobCreated{
		Key: x.key(), Element: n.id, ElementInstance: e.Key, Headers: n.headers,
		Type: v.name(n.job.typ, "the job type"), Retries: v.number(n.job.retries, "the retries", retriesDefault),
		Priority: v.number(n.job.priority, "the job priority", 0),
	}
	if n.adHoc != nil {
		j.JobKind = JobAdHoc
	}
	if j.Retries < 1 {
		v.fail("the retries", "are %d; a job needs at least one", j.Retries)
	}
	if *v.problem != "" {
		x.park(e, retryExecute, errorValue, *v.problem)
		return
	}
	x.emit(j)
}

// evaluateScript runs the script of an element instance.
func (x *machine) evaluateScript(n *node, e ElementInstance) {
	r, err := x.eval(n.script.program, e.Key)
	if err != nil {
		x.park(e, retryExecute, errorValue, "the script failed: "+message(err))
		return
	}
	x.finish(n, e, result(n.script.result, r.Value))
}

// evaluateDecision evaluates the decision that an element instance calls. A failed evaluation is
// recorded too: what the rules said is part of the history.
func (x *machine) evaluateDecision(n *node, e ElementInstance) {
	d, problem := x.calledDecision(n, e)
	if problem != "" {
		x.park(e, retryExecute, errorCalledDecision, problem)
		return
	}
	trace, err := d.Evaluate(rules.Env{Lookup: x.st.seen(e.Key), Now: x.at})
	if err != nil {
		x.park(e, retryExecute, errorCalledDecision, message(err))
		return
	}
	if tooDeep(trace) {
		x.park(e, retryExecute, errorSize, fmt.Sprintf("a value of the decision is nested deeper than %d", canon.MaxDepth))
		return
	}
	x.emit(DecisionEvaluated{Key: x.key(), Element: n.id, ElementInstance: e.Key, Decision: d.Ref, Trace: trace})
	if trace.Failed != "" || trace.Failure != "" {
		x.park(e, retryExecute, errorDecision, "decision "+trace.Failed+": "+trace.Failure)
		return
	}
	x.finish(n, e, result(n.decision.result, trace.Output))
}

// tooDeep reports whether a value that a decision read or made is nested deeper than variables may be.
func tooDeep(t rules.Trace) bool {
	found := t.Output.DeeperThan(canon.MaxDepth)
	for _, d := range t.Decisions {
		found = found || d.Output.DeeperThan(canon.MaxDepth)
		for _, in := range d.Inputs {
			found = found || in.Value.DeeperThan(canon.MaxDepth)
		}
		for _, m := range d.Matched {
			for _, out := range m.Outputs {
				found = found || out.Value.DeeperThan(canon.MaxDepth)
			}
		}
	}
	return found
}

func (x *machine) calledDecision(n *node, e ElementInstance) (Decision, string) {
	v := x.values(e.Key)
	id := v.name(n.decision.decision, "the decision")
	if *v.problem != "" {
		return Decision{}, *v.problem
	}
	binding := n.decision.binding
	if binding == "" {
		binding = bpmn.BindingLatest
	}
	if x.meta.Library != nil {
		d, ok := x.meta.Library.Decision(id, binding, n.decision.versionTag, x.def.identity.Deployment)
		if ok && d.Model != nil {
			return d, ""
		}
	}
	return Decision{}, "no decision " + id + " is deployed (binding " + string(binding) + ")"
}
