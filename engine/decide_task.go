package engine

import "tallystick/fault"

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
	x.emit(TaskAssigned{Key: t.Key, Element: t.Element, Assignee: c.Assignee, Action: c.Action})
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
	x.emit(TaskUnassigned{Key: t.Key, Element: t.Element})
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
	x.emit(TaskUpdated{Key: t.Key, Element: t.Element, Change: c.Change, Action: c.Action})
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
	x.emit(TaskCompleted{Key: t.Key, Element: t.Element, By: x.meta.Actor, Action: c.Action})
	e, n, _ := x.element(t.ElementInstance)
	x.setResults(n, e, c.Variables)
	x.proceed(n, e, retryOutputs)
	return nil
}
