package tasks

import (
	"slices"

	"tallystick/fault"
)

// The refusals of a task.
var (
	// ErrNotOpen refuses every change of a task that has ended.
	ErrNotOpen = fault.New(fault.Conflict, "task.not_open", "the task is not open")
	// ErrHeld refuses every change of a task whose listeners still hear of the last one.
	ErrHeld = fault.New(fault.Conflict, "task.held", "the task waits for its listeners")
	// ErrAssigned refuses to take a task away from somebody without saying so.
	ErrAssigned = fault.New(fault.Conflict, "task.assigned", "the task is assigned to somebody else")
	// ErrAssignee refuses an assignment to nobody.
	ErrAssignee = fault.New(fault.Invalid, "task.assignee_missing", "the assignee is missing")
	// ErrPriority refuses a priority outside 0 to 100.
	ErrPriority = fault.New(fault.Invalid, "task.priority_invalid", "the priority is not between 0 and 100")
	// ErrCandidate refuses an empty name among the candidates.
	ErrCandidate = fault.New(fault.Invalid, "task.candidate_invalid", "a candidate has no name")
)

// The range of priorities and the one of a task that names none.
const (
	PriorityMin     = 0
	PriorityMax     = 100
	PriorityDefault = 50
)

// Assign gives the task to assignee. It is refused with ErrNotOpen, ErrHeld, ErrAssignee, or ErrAssigned when
// somebody else has the task and override is false.
func (t Task) Assign(assignee string, override bool) (Task, error) {
	if err := t.open(); err != nil {
		return t, err
	}
	switch {
	case assignee == "":
		return t, ErrAssignee
	case t.Assignee != "" && t.Assignee != assignee && !override:
		return t, ErrAssigned.With("the task is assigned to %q", t.Assignee)
	}
	t.Assignee = assignee
	return t, nil
}

// Unassign gives the task back; a task that nobody has stays as it is. It is refused with ErrNotOpen or ErrHeld.
func (t Task) Unassign() (Task, error) {
	if err := t.open(); err != nil {
		return t, err
	}
	t.Assignee = ""
	return t, nil
}

// Update changes attributes. It is refused with ErrNotOpen, ErrHeld, ErrPriority or ErrCandidate.
func (t Task) Update(c Change) (Task, error) {
	if err := t.open(); err != nil {
		return t, err
	}
	if err := c.Check(); err != nil {
		return t, err
	}
	return t.With(c), nil
}

// Complete ends the task. It is refused with ErrNotOpen or ErrHeld.
func (t Task) Complete() (Task, error) {
	if err := t.open(); err != nil {
		return t, err
	}
	t.State = Completed
	return t, nil
}

// open refuses what cannot be done to the task in its state.
func (t Task) open() error {
	switch t.State {
	case Created:
		return nil
	case Creating, Assigning, Updating, Completing, Canceling:
		return ErrHeld.With("the task is %s: it waits for its listeners", t.State)
	}
	return ErrNotOpen
}

// Check reports whether the values of a change are acceptable: nil, ErrPriority or ErrCandidate.
func (c Change) Check() error {
	if c.Priority != nil && !ValidPriority(*c.Priority) {
		return ErrPriority.With("the priority %d is not between %d and %d", *c.Priority, PriorityMin, PriorityMax)
	}
	for _, names := range []*[]string{c.CandidateGroups, c.CandidateUsers} {
		if names != nil && slices.Contains(*names, "") {
			return ErrCandidate
		}
	}
	return nil
}

// ValidPriority reports whether p is a priority.
func ValidPriority(p int) bool { return p >= PriorityMin && p <= PriorityMax }

// With returns the task with the change made; it shares no memory with the change.
func (t Task) With(c Change) Task {
	if c.DueDate != nil {
		t.DueDate = *c.DueDate
	}
	if c.FollowUpDate != nil {
		t.FollowUpDate = *c.FollowUpDate
	}
	if c.CandidateGroups != nil {
		t.CandidateGroups = append([]string(nil), *c.CandidateGroups...)
	}
	if c.CandidateUsers != nil {
		t.CandidateUsers = append([]string(nil), *c.CandidateUsers...)
	}
	if c.Priority != nil {
		t.Priority = *c.Priority
	}
	return t
}
