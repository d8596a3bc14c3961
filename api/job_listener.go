package api

import (
	"time"

	"tallystick/engine"
	"tallystick/query"
)

// listenedTask is what the job of a task listener says of the task.
type listenedTask struct {
	Action            string     `json:"action"`
	Assignee          *string    `json:"assignee"`
	CandidateGroups   []string   `json:"candidateGroups"`
	CandidateUsers    []string   `json:"candidateUsers"`
	ChangedAttributes []string   `json:"changedAttributes"`
	DueDate           *time.Time `json:"dueDate"`
	FollowUpDate      *time.Time `json:"followUpDate"`
	FormKey           *query.Key `json:"formKey"`
	Priority          int        `json:"priority"`
	UserTaskKey       query.Key  `json:"userTaskKey"`
}

func showListenedTask(t *engine.JobTask) *listenedTask {
	if t == nil {
		return nil
	}
	shown := listenedTask{
		Action: t.Action, Assignee: orNull(t.Assignee), CandidateGroups: listed(t.CandidateGroups),
		CandidateUsers: listed(t.CandidateUsers), ChangedAttributes: listed(t.Changed), DueDate: dated(t.DueDate),
		FollowUpDate: dated(t.FollowUpDate), Priority: t.Priority, UserTaskKey: query.Key(t.Key),
	}
	if t.FormKey != 0 {
		form := query.Key(t.FormKey)
		shown.FormKey = &form
	}
	return &shown
}

// listed is a list that clients get as [] when it is empty.
func listed(names []string) []string {
	if names == nil {
		return []string{}
	}
	return names
}

func dated(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// taskCorrections are what a task listener changes of what is about to happen to its task.
type taskCorrections struct {
	taskChange
	Assignee *string `json:"assignee"`
}

// taskResultType is the type of the results of task listeners.
const taskResultType = "userTask"

// task reads the result of a task listener, nil when it is none. An assignee "" gives the task to nobody.
func (b jobResult) task() (*engine.TaskResult, error) {
	change, err := b.Corrections.change()
	if err != nil {
		return nil, err
	}
	result := engine.TaskResult{Denied: b.Denied, Reason: b.DeniedReason, Assignee: b.Corrections.Assignee, Change: change}
	if b.Type != taskResultType && result == (engine.TaskResult{}) {
		return nil, nil //nolint:nilnil // most jobs have no result
	}
	return &result, nil
}
