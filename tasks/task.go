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

// The states of a task while its listeners hear of what is about to happen to it. Nothing else happens meanwhile.
const (
	Creating   State = "CREATING"
	Assigning  State = "ASSIGNING"
	Updating   State = "UPDATING"
	Completing State = "COMPLETING"
	Canceling  State = "CANCELING"
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

// Over returns what both changes together do: later wins.
func (c Change) Over(later Change) Change {
	return Change{
		DueDate: newer(c.DueDate, later.DueDate), FollowUpDate: newer(c.FollowUpDate, later.FollowUpDate),
		CandidateGroups: newer(c.CandidateGroups, later.CandidateGroups),
		CandidateUsers:  newer(c.CandidateUsers, later.CandidateUsers), Priority: newer(c.Priority, later.Priority),
	}
}

func newer[T any](before, later *T) *T {
	if later != nil {
		return later
	}
	return before
}

// Concerns reports whether the task is a person's to see: assigned to them, or open to them as a candidate
// by name or by group. The store's task list filters by the same rule.
func (t Task) Concerns(user string, groups []string) bool {
	if t.Assignee == user || slices.Contains(t.CandidateUsers, user) {
		return true
	}
	return slices.ContainsFunc(t.CandidateGroups, func(g string) bool { return slices.Contains(groups, g) })
}
