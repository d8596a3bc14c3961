package engine

import "tallystick/fault"

// The refusals of incidents.
var (
	// ErrIncidentNotFound refuses to resolve an incident that is not open.
	ErrIncidentNotFound = fault.New(fault.NotFound, "incident.not_found", "no such incident")
	// ErrNoRetries refuses to resolve the incident of a job that has no retries.
	ErrNoRetries = fault.New(fault.Conflict, "incident.no_retries", "the job has no retries; raise them first")
	// ErrIncidentNoJob refuses retries for an incident that is not about a job.
	ErrIncidentNoJob = fault.New(fault.Invalid, "incident.no_job", "the incident has no job that could get retries")
)

// resolveIncident closes an incident and does exactly the step again that failed.
func (x *machine) resolveIncident(c ResolveIncident) error {
	i, ok := x.st.incidents.get(rowID{key: c.Incident})
	if !ok {
		return ErrIncidentNotFound.With("no open incident has the key %d", c.Incident)
	}
	j, ofJob := x.st.jobs.get(rowID{key: i.Job})
	switch {
	case c.Retries != nil && !ofJob:
		return ErrIncidentNoJob
	case c.Retries != nil:
		if err := mayRetry(*c.Retries); err != nil {
			return err
		}
		x.emit(JobRetriesUpdated{Key: j.Key, Element: j.Element, Retries: *c.Retries})
	case i.Retry == retryJob && ofJob && j.Retries < 1:
		return ErrNoRetries
	}
	x.emit(IncidentResolved{Key: i.Key, Element: i.Element})
	switch i.Retry {
	case retryJob:
	case retryGateway:
		x.touchScope(i.ElementInstance)
	case retryTokens:
		x.resume()
	case retryWatch:
		x.watchAgain(x.node(i.Element), i.ElementInstance)
	default:
		e, n := x.holder(i.ElementInstance)
		switch {
		case x.retryListening(n, e, i.Retry):
		case i.ElementInstance == x.st.key:
			x.beginHeld()
		default:
			x.proceed(n, e, i.Retry)
		}
	}
	return nil
}
