package ordeal

import (
	"net/http"

	"github.com/anishathalye/porcupine"
)

// The acts of histories.
const (
	ActClaim    = "claim"
	ActUnclaim  = "unclaim"
	ActComplete = "complete"
	ActRead     = "read"
	ActActivate = "activate"
	ActFail     = "fail"
	ActRepeat   = "repeat"
)

// verdict is how an answer fits the state of a thing: whether it may be given there, and the state after it.
type verdict[S any] func(state S, act Act, fate Fate) (fits bool, after S)

// model makes a porcupine model of a verdict.
func model[S comparable](v verdict[S]) porcupine.Model {
	return porcupine.Model{
		Init: func() any { var zero S; return zero },
		Step: func(state, input, output any) (bool, any) { return v(state.(S), input.(Act), output.(Fate)) },
	}
}

// taskState is a user task as a register: who has it, until it is completed.
type taskState struct {
	assignee  string
	completed bool
}

// TaskModel is the user task: one person at a time has it, and it is completed once.
func TaskModel() porcupine.Model { return model(judgeTask) }

func judgeTask(s taskState, act Act, fate Fate) (bool, taskState) {
	if fate.Outcome == Refused {
		return refusedTask(s, act, fate), s
	}
	if act.Kind == ActRead {
		return fate.Seen == s.String(), s
	}
	after, possible := s.after(act)
	switch {
	case possible:
		return true, after
	case fate.Outcome == Unknown: // it came too late to do anything
		return true, s
	}
	return false, s
}

// after is what an act does to a task, if it can do anything.
func (s taskState) after(act Act) (taskState, bool) {
	switch {
	case s.completed || act.Kind == ActClaim && s.assignee != "" && s.assignee != act.Who:
		return s, false
	case act.Kind == ActClaim:
		return taskState{assignee: act.Who}, true
	case act.Kind == ActUnclaim:
		return taskState{}, true
	}
	return taskState{completed: true}, true
}

// refusedTask reports whether a refusal is right: 404 when the task is completed, 409 when somebody else has it.
func refusedTask(s taskState, act Act, fate Fate) bool {
	switch fate.Status {
	case http.StatusNotFound:
		return s.completed
	case http.StatusConflict:
		_, possible := s.after(act)
		return act.Kind == ActClaim && !s.completed && !possible
	}
	return false
}

// String is how a read shows the task.
func (s taskState) String() string {
	if s.completed {
		return "COMPLETED"
	}
	return "CREATED " + s.assignee
}

// jobState is a job and its lock.
type jobState struct {
	worker    string // who has it locked
	completed bool
}

// JobModel is the lock of a job whose time limit is never reached: one activation at a time has it, a failure gives
// it back, and one result is accepted.
func JobModel() porcupine.Model { return model(judgeJob) }

func judgeJob(s jobState, act Act, fate Fate) (bool, jobState) {
	if fate.Outcome == Refused {
		return fate.Status == http.StatusNotFound && s.completed, s
	}
	after, possible := s.after(act)
	switch {
	case possible:
		return true, after
	case fate.Outcome == Unknown:
		return true, s
	}
	return false, s
}

func (s jobState) after(act Act) (jobState, bool) {
	switch {
	case s.completed || act.Kind == ActActivate && s.worker != "":
		return s, false
	case act.Kind == ActActivate:
		return jobState{worker: act.Who}, true
	case act.Kind == ActFail:
		return jobState{}, true
	}
	return jobState{completed: true}, true
}

// repeatState is an idempotency key: what was asked under it first, and the receipt.
type repeatState struct{ body, receipt string }

// unseen is a receipt that exists and that no client has seen.
const unseen = "?"

// RepeatModel is the idempotency key: the first request under it decides what it stands for, the same request gets
// the same receipt, and another is refused with 422.
func RepeatModel() porcupine.Model { return model(judgeRepeat) }

func judgeRepeat(s repeatState, act Act, fate Fate) (bool, repeatState) {
	taken := s.body != "" && s.body != act.Who
	switch {
	case fate.Outcome == Refused:
		return fate.Status == http.StatusUnprocessableEntity && taken, s
	case fate.Outcome == Unknown && s.body == "":
		return true, repeatState{act.Who, unseen}
	case fate.Outcome == Unknown:
		return true, s
	case taken:
		return false, s
	case s.body == "" || s.receipt == unseen:
		return true, repeatState{act.Who, fate.Seen}
	}
	return fate.Seen == s.receipt, s
}
