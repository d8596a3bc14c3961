package engine

import (
	"tallystick/fault"
	"tallystick/internal/canon"
)

// ErrTaskNotFound refuses commands to a user task that is not open.
var ErrTaskNotFound = fault.New(fault.NotFound, "task.not_found", "no such task")

func (x *machine) task(key int64) (UserTask, error) {
	t, ok := x.st.tasks.get(rowID{key: key})
	if !ok {
		return t, ErrTaskNotFound.With("no open task has the key %d", key)
	}
	return t, nil
}

func (x *machine) assignTask(c AssignTask) error {
	t, err := x.task(c.Task)
	if err != nil {
		return err
	}
	if _, err := t.Task.Assign(c.Assignee, c.AllowOverride); err != nil {
		return err
	}
	x.change(t, Transition{Event: listensAssigning, Assignee: &c.Assignee, Action: c.Action})
	return nil
}

func (x *machine) unassignTask(c UnassignTask) error {
	t, err := x.task(c.Task)
	if err != nil {
		return err
	}
	if _, err := t.Task.Unassign(); err != nil {
		return err
	}
	nobody := ""
	x.change(t, Transition{Event: listensAssigning, Assignee: &nobody, Action: "unassign"})
	return nil
}

func (x *machine) updateTask(c UpdateTask) error {
	t, err := x.task(c.Task)
	if err != nil {
		return err
	}
	if _, err := t.Task.Update(c.Change); err != nil {
		return err
	}
	x.change(t, Transition{Event: listensUpdating, Change: c.Change, Action: c.Action})
	return nil
}

func (x *machine) completeTask(c CompleteTask) error {
	t, err := x.task(c.Task)
	if err != nil {
		return err
	}
	if _, err := t.Task.Complete(); err != nil {
		return err
	}
	if err := x.mayStore(c.Variables); err != nil {
		return err
	}
	to := Transition{Event: listensCompleting, Action: c.Action, By: x.meta.Actor}
	e, n, _ := x.element(t.ElementInstance)
	if len(n.listeners[listensCompleting]) == 0 {
		x.completed(n, e, t, to, c.Variables)
		return nil
	}
	if len(c.Variables) > 0 {
		to.Variables = canon.Object(c.Variables)
	}
	x.transit(n, e, t, to)
	return nil
}

// change begins a transition that a command asked for.
func (x *machine) change(t UserTask, to Transition) {
	e, n, _ := x.element(t.ElementInstance)
	x.transit(n, e, t, to)
}
