package engine

import "tallystick/tasks"

// TaskResult is what a task listener says of the transition that it heard of: it is denied, or corrected.
type TaskResult struct {
	Denied   bool
	Reason   string       // of a denial
	Assignee *string      // nil leaves it as it is, "" gives the task to nobody
	Change   tasks.Change // further corrections
}

func (r *TaskResult) corrects() bool { return r.Assignee != nil || r.Change != (tasks.Change{}) }

func (r *TaskResult) misfits() bool {
	return r != nil && (unfit(r.Reason) || r.Assignee != nil && unfit(*r.Assignee) ||
		unfitList(r.Change.CandidateGroups) || unfitList(r.Change.CandidateUsers))
}
