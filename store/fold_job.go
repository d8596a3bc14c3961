package store

import (
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
			Created: at, Updated: at,
		})
	case engine.JobCompleted:
		f.endJob(r.Key, stateCompleted, at)
	case engine.JobCanceled:
		f.endJob(r.Key, stateCanceled, at)
	case engine.JobErrorThrown:
		c := f.endJob(r.Key, stateErrorThrown, at)
		c.ErrorCode, c.ErrorMessage = textPtr(r.Code), textPtr(r.Message)
	case engine.JobFailed:
		c := f.jobs.change(r.Key)
		c.State, c.Retries, c.Updated = stateFailed, &r.Retries, at
		c.Released, c.NotBefore, c.ErrorMessage = true, microsOrNull(r.NotBefore), textPtr(r.Message)
	case engine.JobRetriesUpdated:
		c := f.jobs.change(r.Key)
		c.State, c.Retries, c.Updated = stateRetries, &r.Retries, at
	default:
		return false
	}
	return true
}

func (f *folded) endJob(key int64, state text, at int64) *jobChange {
	c := f.jobs.change(key)
	c.State, c.Updated, c.Ended = state, at, &at
	return c
}

// lease says under which leases jobs were finished.
func (f *folded) lease(all []host.Lease) {
	for i := range all {
		if at, ok := f.jobs.at[all[i].Job]; ok {
			f.jobs.changed[at].Lease = &all[i].Token
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
	r.State, r.Updated = c.State, c.Updated
	if c.Released {
		r.Deadline, r.NotBefore = nil, c.NotBefore
	}
	assign(&r.Retries, c.Retries)
	keep(&r.ErrorCode, c.ErrorCode)
	keep(&r.ErrorMessage, c.ErrorMessage)
	keep(&r.Ended, c.Ended)
}

const updateJobs = `state = d.state, updated = d.updated,
	deadline = CASE WHEN d.released = 1 THEN NULL ELSE t.deadline END,
	not_before = CASE WHEN d.released = 1 THEN d.not_before ELSE t.not_before END,
	retries = coalesce(d.retries, t.retries), error_code = coalesce(d.error_code, t.error_code),
	error_message = coalesce(d.error_message, t.error_message), ended = coalesce(d.ended, t.ended)`

func textPtr(s string) *text {
	t := text(s)
	return &t
}

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
