package engine

import (
	"strings"

	"tallystick/internal/canon"
	"tallystick/tasks"
)

// TaskTransitionStarted holds a transition of a user task until its listeners have heard of it.
type TaskTransitionStarted struct {
	Key        int64      `json:"key"`
	Element    string     `json:"element"`
	Transition Transition `json:"transition"`
}

// TaskCorrected changes what a held transition will do: a listener said so.
type TaskCorrected struct {
	Key       int64        `json:"key"`
	Element   string       `json:"element"`
	Assignee  *string      `json:"assignee,omitempty"`
	Change    tasks.Change `json:"change,omitzero"`
	Variables canon.JSON   `json:"variables,omitempty"`
}

// TaskTransitionEnded ends the wait for listeners. What the transition does follows, unless one of them denied it.
type TaskTransitionEnded struct {
	Key     int64  `json:"key"`
	Element string `json:"element"`
	Event   string `json:"event"`
	Denied  bool   `json:"denied,omitempty"`
	Reason  string `json:"reason,omitempty"`
}

// Kind implements Record.
func (TaskTransitionStarted) Kind() string { return "TaskTransitionStarted" }

// Kind implements Record.
func (TaskCorrected) Kind() string { return "TaskCorrected" }

// Kind implements Record.
func (TaskTransitionEnded) Kind() string { return "TaskTransitionEnded" }

// String implements Record.
func (r TaskTransitionStarted) String() string {
	return "task " + strings.ToLower(r.Transition.Event) + " " + r.Element
}

// String implements Record.
func (r TaskCorrected) String() string {
	to := Transition{Assignee: r.Assignee, Change: r.Change}
	s := strings.Join(append([]string{"task corrected", r.Element}, to.changed()...), " ")
	if r.Variables != "" {
		s += " variables"
	}
	return s
}

// String implements Record.
func (r TaskTransitionEnded) String() string {
	if r.Denied {
		return "task " + strings.ToLower(r.Event) + " denied " + r.Element + reason(r.Reason)
	}
	return "task " + strings.ToLower(r.Event) + " heard " + r.Element
}

func (r TaskTransitionStarted) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.other("transition", r.Transition)
}

func (r TaskCorrected) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	if r.Assignee != nil {
		t.string("assignee", *r.Assignee)
	}
	if r.Change != (tasks.Change{}) {
		t.other("change", r.Change)
	}
	t.variablesIf(r.Variables)
}

func (r TaskTransitionEnded) fields(t *text) {
	t.number("key", r.Key)
	t.string("element", r.Element)
	t.string("event", r.Event)
	t.trueIf("denied", r.Denied)
	t.stringIf("reason", r.Reason)
}

func (r TaskTransitionStarted) apply(s *State) {
	s.changeUserTask(r.Key, func(t *UserTask) {
		to := r.Transition
		t.Transition = &to
		if state, known := taskStates[to.Event]; known {
			t.Task.State = state
		}
	})
}

func (r TaskCorrected) apply(s *State) {
	s.changeUserTask(r.Key, func(t *UserTask) {
		if t.Transition != nil {
			t.Transition = t.Transition.corrected(r)
		}
	})
}

func (r TaskTransitionEnded) apply(s *State) {
	s.changeUserTask(r.Key, func(t *UserTask) { t.Task.State, t.Transition = tasks.Created, nil })
}

func (s *State) changeUserTask(key int64, change func(*UserTask)) {
	if t, ok := s.tasks.get(rowID{key: key}); ok {
		change(&t)
		s.tasks.put(t)
	}
}

// applyTask applies what listeners of user tasks and of the process wait for, and what waits to end.
func applyTask(s *State, r Record) bool {
	switch r := r.(type) {
	case TaskTransitionStarted:
		r.apply(s)
	case TaskCorrected:
		r.apply(s)
	case TaskTransitionEnded:
		r.apply(s)
	case ElementTerminating:
		r.apply(s)
	case InstanceTerminating:
		r.apply(s)
	case StartHeld:
		r.apply(s)
	case StartReleased:
		r.apply(s)
	default:
		return false
	}
	return true
}
