package store

import (
	"tallystick/engine"
	"tallystick/host"
	"tallystick/tasks"
)

// addTask folds the records of user tasks.
func (f *folded) addTask(e *host.Event, at int64) {
	switch r := e.Record.(type) {
	case engine.TaskCreated:
		f.createTask(e, r)
	case engine.TaskAssigned:
		c := f.tasks.change(r.Key)
		c.SetAssignee, c.Assignee = true, textOrNull(r.Assignee)
	case engine.TaskUnassigned:
		c := f.tasks.change(r.Key)
		c.SetAssignee, c.Assignee = true, nil
	case engine.TaskUpdated:
		f.updateTask(r.Key, r.Change)
	case engine.TaskTransitionStarted:
		f.tasks.change(r.Key).State = textPtr(string(r.Transition.State()))
	case engine.TaskTransitionEnded:
		f.tasks.change(r.Key).State = textPtr(string(tasks.Created))
	case engine.TaskCompleted:
		c := f.tasks.change(r.Key)
		c.State, c.Completed = textPtr(string(tasks.Completed)), &at
	case engine.TaskCanceled:
		c := f.tasks.change(r.Key)
		c.State, c.Completed = textPtr(string(tasks.Canceled)), &at
	}
}

func (f *folded) createTask(e *host.Event, r engine.TaskCreated) {
	t := r.Task
	f.tasks.insert(r.Key, taskRow{
		Key: r.Key, place: placeOf(e), Element: text(r.Element), ElementInstance: r.ElementInstance,
		Name: textOrNull(t.Name), State: text(tasks.Created), Assignee: textOrNull(t.Assignee),
		CandidateGroups: list(t.CandidateGroups), CandidateUsers: list(t.CandidateUsers), Priority: t.Priority,
		Due: microsOrNull(t.DueDate), FollowUp: microsOrNull(t.FollowUpDate), Form: keyOrNull(t.FormKey),
		ExternalForm: textOrNull(t.ExternalReference), Headers: dictionary(r.Headers), Created: micros(e.At),
	})
	f.addCandidates(r.Key, candidateGroup, t.CandidateGroups)
	f.addCandidates(r.Key, candidateUser, t.CandidateUsers)
}

func (f *folded) updateTask(key int64, u tasks.Change) {
	c := f.tasks.change(key)
	if u.DueDate != nil {
		c.SetDue, c.Due = true, microsOrNull(*u.DueDate)
	}
	if u.FollowUpDate != nil {
		c.SetFollowUp, c.FollowUp = true, microsOrNull(*u.FollowUpDate)
	}
	if u.Priority != nil {
		c.Priority = u.Priority
	}
	if u.CandidateGroups != nil {
		c.CandidateGroups = f.replaceCandidates(key, candidateGroup, *u.CandidateGroups)
	}
	if u.CandidateUsers != nil {
		c.CandidateUsers = f.replaceCandidates(key, candidateUser, *u.CandidateUsers)
	}
}

func (f *folded) addCandidates(task int64, kind text, names []string) {
	for _, name := range names {
		f.candidates = append(f.candidates, candidateRow{Task: task, Kind: kind, Name: text(name)})
	}
}

// replaceCandidates drops what the batch and, at commit, the table has of the list, and adds the new one.
func (f *folded) replaceCandidates(task int64, kind text, names []string) *text {
	kept := f.candidates[:0]
	for _, c := range f.candidates {
		if c.Task != task || c.Kind != kind {
			kept = append(kept, c)
		}
	}
	f.candidates = kept
	f.recast = append(f.recast, recast{Task: task, Kind: kind})
	f.addCandidates(task, kind, names)
	l := list(names)
	return &l
}

// changeTask does to a new row what updateTasks does to rows in the table.
func changeTask(r *taskRow, c taskChange) {
	if c.SetAssignee {
		r.Assignee = c.Assignee
	}
	if c.SetDue {
		r.Due = c.Due
	}
	if c.SetFollowUp {
		r.FollowUp = c.FollowUp
	}
	if m := c.moved; m != nil {
		r.place, r.Element = m.place, m.Element
	}
	assign(&r.State, c.State)
	assign(&r.Priority, c.Priority)
	assign(&r.CandidateGroups, c.CandidateGroups)
	assign(&r.CandidateUsers, c.CandidateUsers)
	keep(&r.Completed, c.Completed)
}

const updateTasks = `state = coalesce(d.state, t.state), completed = coalesce(d.completed, t.completed),
	assignee = CASE WHEN d.set_assignee = 1 THEN d.assignee ELSE t.assignee END,
	due = CASE WHEN d.set_due = 1 THEN d.due ELSE t.due END,
	follow_up = CASE WHEN d.set_follow_up = 1 THEN d.follow_up ELSE t.follow_up END,
	priority = coalesce(d.priority, t.priority),
	candidate_groups = coalesce(d.candidate_groups, t.candidate_groups),
	candidate_users = coalesce(d.candidate_users, t.candidate_users)`
