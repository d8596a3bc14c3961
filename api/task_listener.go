package api

import (
	"context"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
	"tallystick/tasks"
)

// ErrTaskDenied refuses what a listener of the user task denied. The task is as it was before.
var ErrTaskDenied = fault.New(fault.Conflict, "task.denied", "a listener of the task denied it")

// taskCommand carries out a command about a user task. Clients take the answer for the outcome, so it comes when the
// listeners of the task have heard of it, and says what they said. The command is carried out whoever waits: when the
// listeners take too long it is still held.
func (s *Server) taskCommand(r *request, task int64, c host.Call) (*response, error) {
	receipt, err := s.do(r, c)
	if err != nil {
		return nil, err
	}
	first, held := heldBy(task, receipt.Records)
	if !held {
		return done()
	}
	ctx, cancel := context.WithTimeout(r.ctx(), waitUsual)
	defer cancel()
	err = s.opts.Host.AwaitTask(ctx, task, func(ctx context.Context) (bool, error) { return s.heard(ctx, task) })
	switch {
	case ctx.Err() != nil:
		return nil, host.ErrTimeout.With("the listeners of the task have not all answered; what was asked for is still held")
	case err != nil:
		return nil, err
	}
	if err := s.denial(r.ctx(), first); err != nil {
		return nil, err
	}
	return done()
}

// heldBy reports whether these records hold a transition of the task, and the job of the first listener; an incident
// may have taken its place.
func heldBy(task int64, records []engine.Record) (first engine.JobCreated, held bool) {
	for _, rec := range records {
		switch rec := rec.(type) {
		case engine.TaskTransitionStarted:
			held = held || rec.Key == task
		case engine.JobCreated:
			if held && rec.JobKind == engine.JobTaskListener {
				return rec, true
			}
		}
	}
	return first, held
}

// heard reports whether nothing is held of a user task any more.
func (s *Server) heard(ctx context.Context, task int64) (bool, error) {
	t, ok, err := s.opts.Reads.UserTask(ctx, task)
	switch tasks.State(t.State) {
	case tasks.Creating, tasks.Assigning, tasks.Updating, tasks.Completing, tasks.Canceling:
		return false, err
	}
	if err == nil && !ok {
		err = ErrNotFound
	}
	return true, err
}

// denial finds the listener that denied what the job of the first listener was about: nil when none did. Its jobs
// follow on each other, and what comes later is about something else.
func (s *Server) denial(ctx context.Context, first engine.JobCreated) error {
	if first.Key == 0 {
		return nil
	}
	found, err := s.opts.Reads.SearchJobs(ctx, query.Request{
		Conds: []query.Cond{
			{Field: "elementInstanceKey", Op: query.Eq, Value: first.ElementInstance},
			{Field: "listenerEventType", Op: query.Eq, Value: first.ListenerEvent},
			{Field: "isDenied", Op: query.Eq, Value: true},
		},
		Sort: []query.Sort{{Field: "jobKey", Desc: true}},
		Page: query.Page{Limit: 1}, Access: query.Access{All: true}, // whoever may change the task hears why it was denied
	})
	if err != nil || len(found.Items) == 0 || int64(found.Items[0].JobKey) < first.Key {
		return err
	}
	if reason := found.Items[0].DeniedReason; reason != nil {
		return ErrTaskDenied.With("a listener of the task denied it: %s", *reason)
	}
	return ErrTaskDenied
}
