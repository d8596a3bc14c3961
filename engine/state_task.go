package engine

import (
	"slices"
	"time"

	"tallystick/internal/canon"
	"tallystick/tasks"
)

// UserTask is an open user task. Transition is what its listeners hear of before it takes place.
type UserTask struct {
	Key             int64       `json:"key"`
	Element         string      `json:"element"`
	ElementInstance int64       `json:"elementInstance"`
	Task            tasks.Task  `json:"task"`
	Transition      *Transition `json:"transition,omitempty"`
}

// Transition is what happens to a user task as soon as its listeners have heard of it. An Assignee "" gives the
// task back, none leaves it with whom it is; Variables are those that complete it.
type Transition struct {
	Event     string       `json:"event"`
	Assignee  *string      `json:"assignee,omitempty"`
	Change    tasks.Change `json:"change,omitzero"`
	Variables canon.JSON   `json:"variables,omitempty"`
	Action    string       `json:"action,omitempty"`
	By        string       `json:"by,omitempty"`
}

// taskStates are the states of a task while its listeners hear of an event.
var taskStates = map[string]tasks.State{
	listensCreating: tasks.Creating, listensAssigning: tasks.Assigning, listensUpdating: tasks.Updating,
	listensCompleting: tasks.Completing, listensCanceling: tasks.Canceling,
}

// State is the state of the task as long as its listeners have not all heard of the transition.
func (to Transition) State() tasks.State { return taskStates[to.Event] }

// JobTask is what the job of a task listener says of the task, as it will be when nothing is corrected any more.
// Changed names what the transition changes; Variables are those that complete the task.
type JobTask struct {
	Key             int64      `json:"key"`
	Action          string     `json:"action,omitempty"`
	Assignee        string     `json:"assignee,omitempty"`
	CandidateGroups []string   `json:"candidateGroups,omitempty"`
	CandidateUsers  []string   `json:"candidateUsers,omitempty"`
	Changed         []string   `json:"changed,omitempty"`
	DueDate         time.Time  `json:"dueDate,omitzero"`
	FollowUpDate    time.Time  `json:"followUpDate,omitzero"`
	FormKey         int64      `json:"formKey,omitempty"`
	Priority        int        `json:"priority"`
	Variables       canon.JSON `json:"variables,omitempty"`
}

// jobTask describes a task to the job of a listener.
func (t UserTask) jobTask() *JobTask {
	to := *t.Transition
	will := t.Task.With(to.Change)
	if to.Assignee != nil {
		will.Assignee = *to.Assignee
	}
	return &JobTask{
		Key: t.Key, Action: to.Action, Assignee: will.Assignee, CandidateGroups: will.CandidateGroups,
		CandidateUsers: will.CandidateUsers, Changed: to.changed(), DueDate: will.DueDate, FollowUpDate: will.FollowUpDate,
		FormKey: will.FormKey, Priority: will.Priority, Variables: to.Variables,
	}
}

// changed names the attributes that a transition changes, as the REST API does.
func (to Transition) changed() []string {
	var list []string
	for _, a := range []struct {
		name    string
		changes bool
	}{
		{"assignee", to.Assignee != nil},
		{"candidateGroups", to.Change.CandidateGroups != nil},
		{"candidateUsers", to.Change.CandidateUsers != nil},
		{"dueDate", to.Change.DueDate != nil},
		{"followUpDate", to.Change.FollowUpDate != nil},
		{"priority", to.Change.Priority != nil},
	} {
		if a.changes {
			list = append(list, a.name)
		}
	}
	return list
}

// corrected returns the transition with what a listener corrected.
func (to Transition) corrected(r TaskCorrected) *Transition {
	if r.Assignee != nil {
		to.Assignee = r.Assignee
	}
	to.Change = to.Change.Over(r.Change)
	if r.Variables != "" {
		vars := to.Variables.Fields()
		if vars == nil {
			vars = Variables{}
		}
		for name, value := range r.Variables.Fields() {
			vars[name] = value
		}
		to.Variables = canon.Object(vars)
	}
	return &to
}

func (t UserTask) fields(w *text) {
	w.number("key", t.Key)
	w.string("element", t.Element)
	w.number("elementInstance", t.ElementInstance)
	w.task(t.Task)
	if t.Transition != nil {
		w.other("transition", t.Transition)
	}
}

// Complete adds to the variables that the job of a listener sees those that complete the task: only those named, all
// when none is. Without a task nothing is added.
func (t *JobTask) Complete(vars Variables, names []string) {
	if t == nil {
		return
	}
	for name, value := range t.Variables.Fields() {
		if len(names) == 0 || slices.Contains(names, name) {
			vars[name] = value
		}
	}
}
