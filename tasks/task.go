package tasks

import (
	"slices"
	"time"
)

// State is the state of a user task, by the names of the REST API.
type State string

// The states of a task.
const (
	Created   State = "CREATED"
	Completed State = "COMPLETED"
	Canceled  State = "CANCELED"
)

// Task is a user task. The zero times mean absent.
type Task struct {
	Name              string    `json:"name,omitempty"`
	State             State     `json:"state"`
	Assignee          string    `json:"assignee,omitempty"`
	CandidateGroups   []string  `json:"candidateGroups,omitempty"`
	CandidateUsers    []string  `json:"candidateUsers,omitempty"`
	DueDate           time.Time `json:"dueDate,omitzero"`
	FollowUpDate      time.Time `json:"followUpDate,omitzero"`
	Priority          int       `json:"priority"`
	FormKey           int64     `json:"formKey,omitempty"`
	FormID            string    `json:"formId,omitempty"`
	ExternalReference string    `json:"externalReference,omitempty"`
}

// Change changes attributes of a task: nil leaves one as it is, an empty list or zero time clears it.
type Change struct {
	DueDate         *time.Time `json:"dueDate,omitempty"`
	FollowUpDate    *time.Time `json:"followUpDate,omitempty"`
	CandidateGroups *[]string  `json:"candidateGroups,omitempty"`
	CandidateUsers  *[]string  `json:"candidateUsers,omitempty"`
	Priority        *int       `json:"priority,omitempty"`
}

// Concerns reports whether the task is a person's to see: assigned to them, or open to them as a candidate
// by name or by group. The store's task list filters by the same rule.
func (t Task) Concerns(user string, groups []string) bool {
	if t.Assignee == user || slices.Contains(t.CandidateUsers, user) {
		return true
	}
	return slices.ContainsFunc(t.CandidateGroups, func(g string) bool { return slices.Contains(groups, g) })
}
