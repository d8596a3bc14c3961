package engine

import (
	"strings"

	"tallystick/fault"
	"tallystick/internal/canon"
	"tallystick/tasks"
)

// The refusals of what the worker of a listener says.
var (
	// ErrTaskResult refuses a result that does not fit the job of a task listener, or a job that is none.
	ErrTaskResult = fault.New(fault.Invalid, "job.result_invalid", "the result does not fit the job")
	// ErrListenerError refuses to throw an error from a listener that stands for no element at work.
	ErrListenerError = fault.New(fault.Conflict, "job.listener_error", "this listener throws no error; fail its job, or deny")
)

// transit lets the listeners of a user task hear of what is about to happen to it, one after the other, and then
// lets it happen. Without listeners it happens at once.
func (x *machine) transit(n *node, e ElementInstance, t UserTask, to Transition) {
	if len(n.listeners[to.Event]) == 0 {
		x.takePlace(n, e, t, to)
		return
	}
	x.emit(TaskTransitionStarted{Key: t.Key, Element: t.Element, Transition: to})
	x.listenOn(n, e, to.Event, 0)
}

// heard lets a transition take place whose listeners have all heard of it.
func (x *machine) heard(n *node, e ElementInstance) {
	t, ok := x.taskOf(e.Key)
	if !ok || t.Transition == nil {
		return
	}
	x.emit(TaskTransitionEnded{Key: t.Key, Element: t.Element, Event: t.Transition.Event})
	x.takePlace(n, e, t, *t.Transition)
}

func (x *machine) takePlace(n *node, e ElementInstance, t UserTask, to Transition) {
	if to.Event == listensUpdating || to.Change != (tasks.Change{}) {
		x.emit(TaskUpdated{Key: t.Key, Element: t.Element, Change: to.Change, Action: to.Action})
	}
	switch to.Event {
	case listensCreating:
		if to.Assignee != nil && *to.Assignee != t.Task.Assignee {
			t, _ = x.taskOf(e.Key)
			x.transit(n, e, t, Transition{Event: listensAssigning, Assignee: to.Assignee})
		}
		return
	case listensCanceling:
		x.emit(TaskCanceled{Key: t.Key, Element: t.Element})
		x.emit(ElementTerminated{Key: e.Key, Element: e.Element})
		x.later(move{kind: moveScope, scope: e.Scope})
		return
	}
	x.give(t, to)
	if to.Event == listensCompleting {
		x.completed(n, e, t, to, to.Variables.Fields())
	}
}

// completed ends a user task with variables and goes on behind it.
func (x *machine) completed(n *node, e ElementInstance, t UserTask, to Transition, vars Variables) {
	x.emit(TaskCompleted{Key: t.Key, Element: t.Element, By: to.By, Action: to.Action})
	x.setResults(n, e, vars)
	x.proceed(n, e, retryOutputs)
}

// give changes with whom a task is, if the transition does.
func (x *machine) give(t UserTask, to Transition) {
	switch {
	case to.Assignee == nil || *to.Assignee == t.Task.Assignee && to.Event != listensAssigning:
	case *to.Assignee == "":
		x.emit(TaskUnassigned{Key: t.Key, Element: t.Element})
	default:
		x.emit(TaskAssigned{Key: t.Key, Element: t.Element, Assignee: *to.Assignee, Action: to.Action})
	}
}

// taskOf is the open user task of an element instance.
func (x *machine) taskOf(elementInstance int64) (UserTask, bool) {
	return x.st.tasks.latest(elementInstance, func(*UserTask) bool { return true })
}

// taskListened goes on behind a listener of a user task. What it set while the task completes goes with what
// completes the task, else it is local to the task.
func (x *machine) taskListened(n *node, e ElementInstance, j Job, c CompleteJob) {
	t, _ := x.taskOf(e.Key)
	var r TaskResult
	if c.Task != nil {
		r = *c.Task
	}
	if r.Denied {
		x.emit(TaskTransitionEnded{Key: t.Key, Element: t.Element, Event: j.ListenerEvent, Denied: true, Reason: r.Reason})
		return
	}
	correction := TaskCorrected{Key: t.Key, Element: t.Element, Assignee: r.Assignee, Change: r.Change}
	switch {
	case len(c.Variables) == 0:
	case j.ListenerEvent == listensCompleting:
		correction.Variables = canon.Object(c.Variables)
	default:
		x.setAll(c.Variables, func(string) int64 { return e.Key })
	}
	if r.corrects() || correction.Variables != "" {
		x.emit(correction)
	}
	x.listenOn(n, e, j.ListenerEvent, j.Listener+1)
}

// mayAnswer refuses what the worker of a task listener may not say of a task.
func (x *machine) mayAnswer(j Job, c CompleteJob) error {
	r := c.Task
	switch {
	case j.JobKind != JobTaskListener && r != nil:
		return ErrTaskResult.With("only the job of a task listener has a result about a user task")
	case j.JobKind != JobTaskListener:
		return nil
	case r == nil:
		return x.mayComplete(j, c.Variables)
	case r.Denied && (j.ListenerEvent == listensCreating || j.ListenerEvent == listensCanceling):
		return ErrTaskResult.With("%s a user task cannot be denied", strings.ToLower(j.ListenerEvent))
	case r.Denied && (r.corrects() || len(c.Variables) > 0):
		return ErrTaskResult.With("what is denied is not corrected and sets no variables")
	case !r.Denied && r.Reason != "":
		return ErrTaskResult.With("a reason is that of a denial")
	case j.ListenerEvent == listensCanceling && r.corrects():
		return ErrTaskResult.With("a user task that is withdrawn is not corrected")
	}
	if err := r.Change.Check(); err != nil {
		return err
	}
	return x.mayComplete(j, c.Variables)
}

// mayComplete refuses variables that do not fit together with those that wait for the completion.
func (x *machine) mayComplete(j Job, vars Variables) error {
	t, ok := x.taskOf(j.ElementInstance)
	if !ok || t.Transition == nil || len(vars) == 0 {
		return nil
	}
	return x.mayStore(t.Transition.corrected(TaskCorrected{Variables: canon.Object(vars)}).Variables.Fields())
}
