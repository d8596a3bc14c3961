package store

import (
	"cmp"

	"tallystick/engine"
	"tallystick/host"
)

// addJob folds the records of jobs and tells whether e was one.
func (f *folded) addJob(e *host.Event, at int64) bool {
	switch r := e.Record.(type) {
	case engine.JobCreated:
		f.jobs.insert(r.Key, jobRow{
			Key: r.Key, place: placeOf(e), Element: text(r.Element), ElementInstance: r.ElementInstance,
			Type: text(r.Type), State: stateCreated, Retries: r.Retries, Priority: r.Priority, Headers: dictionary(r.Headers),
			Created: at, Updated: at, Kind: text(cmp.Or(r.JobKind, engine.JobElement)),
			ListenerEvent: text(cmp.Or(r.ListenerEvent, engine.ListensToNothing)), UserTask: documentOrNull(r.UserTask),
		})
	case engine.JobCompleted:
		f.completeJob(r, at)
	case engine.JobCanceled:
		f.endJob(r.Key, stateCanceled, at)
	case engine.JobErrorThrown:
		c := f.endJob(r.Key, stateErrorThrown, at)
		c.ErrorCode, c.ErrorMessage = textPtr(r.Code), textPtr(r.Message)
	case engine.JobFailed:
		c := f.jobs.change(r.Key)
		c.State, c.Retries, c.Updated = new(text(stateFailed)), &r.Retries, at
		c.Released, c.NotBefore, c.ErrorMessage = true, microsOrNull(r.NotBefore), textPtr(r.Message)
	case engine.JobRetriesUpdated:
		c := f.jobs.change(r.Key)
		c.State, c.Retries, c.Updated = new(text(stateRetries)), &r.Retries, at
	case engine.JobPriorityChanged:
		c := f.jobs.change(r.Key)
		c.Priority, c.Updated = &r.Priority, at
	case engine.JobLockMoved:
		c, deadline := f.jobs.change(r.Key), micros(r.Deadline)
		c.Deadline, c.Updated = &deadline, at
	default:
		return false
	}
	return true
}

func (f *folded) completeJob(r engine.JobCompleted, at int64) {
	c := f.endJob(r.Key, stateCompleted, at)
	if r.Denied {
		yes := int64(1)
		c.Denied, c.DeniedReason = &yes, textOrNull(r.Reason)
	}
}

func (f *folded) endJob(key int64, state text, at int64) *jobChange {
	c := f.jobs.change(key)
	c.State, c.Updated, c.Ended = &state, at, &at
	return c
}

// documentOrNull is what the job of a task listener says of the task.
func documentOrNull(t *engine.JobTask) *text {
	if t == nil {
		return nil
	}
	return textPtr(string(document(t)))
}

// lease says under which leases jobs were finished.
func (f *folded) lease(all []host.Lease) {
	for i := range all {
		if at, ok := f.jobs.at[all[i].Job]; ok {
			f.jobs.changed[at].Lease = &all[i].Token
		}
	}
}

// lock says which jobs must have a lock, because it moves.
func (f *folded) lock(all []int64) {
	for _, job := range all {
		if at, ok := f.jobs.at[job]; ok {
			f.jobs.changed[at].Locked = true
		}
	}
}

// hand locks new jobs for workers of this node.
func (f *folded) hand(all []host.Handed) {
	for _, h := range all {
		if i, ok := f.jobs.freshAt[h.Job]; ok {
			deadline := micros(h.Deadline)
			r := &f.jobs.fresh[i]
			r.Worker, r.Deadline, r.Lease = text(h.Worker), &deadline, 1
		}
	}
}

// changeJob does to a new row what updateJobs does to rows in the table.
func changeJob(r *jobRow, c jobChange) {
	r.Updated = c.Updated
	if m := c.moved; m != nil {
		r.place, r.Element = m.place, m.Element
	}
	assign(&r.State, c.State)
	if r.Deadline != nil {
		keep(&r.Deadline, c.Deadline)
	}
	if c.Released {
		r.Deadline, r.NotBefore = nil, c.NotBefore
	}
	assign(&r.Retries, c.Retries)
	assign(&r.Priority, c.Priority)
	keep(&r.ErrorCode, c.ErrorCode)
	keep(&r.ErrorMessage, c.ErrorMessage)
	keep(&r.Ended, c.Ended)
	keep(&r.Denied, c.Denied)
	keep(&r.DeniedReason, c.DeniedReason)
}

const updateJobs = `state = coalesce(d.state, t.state), updated = d.updated, priority = coalesce(d.priority, t.priority),
	deadline = CASE WHEN d.released = 1 OR t.deadline IS NULL THEN NULL ELSE coalesce(d.deadline, t.deadline) END,
	not_before = CASE WHEN d.released = 1 THEN d.not_before ELSE t.not_before END,
	retries = coalesce(d.retries, t.retries), error_code = coalesce(d.error_code, t.error_code),
	error_message = coalesce(d.error_message, t.error_message), ended = coalesce(d.ended, t.ended),
	denied = coalesce(d.denied, t.denied), denied_reason = coalesce(d.denied_reason, t.denied_reason)`

func textPtr(s string) *text { return new(text(s)) }

// assign sets a column that is never NULL.
func assign[T any](column *T, value *T) {
	if value != nil {
		*column = *value
	}
}

// keep sets a column unless the value is NULL.
func keep[T any](column **T, value *T) {
	if value != nil {
		*column = value
	}
}
