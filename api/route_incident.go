package api

import (
	"net/http"

	"tallystick/engine"
	"tallystick/host"
	"tallystick/query"
)

func incidentRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/incidents/search", host.ActionIncidentRead, "Find incidents", searchIncidents},
		{http.MethodGet, "/v2/incidents/{incidentKey}", host.ActionIncidentRead, "Read an incident", getIncident},
		{http.MethodPost, "/v2/incidents/{incidentKey}/resolution", host.ActionIncidentResolve, "Try the failed step again, with fresh retries when asked", resolveIncident},
	}
}

func searchIncidents(s *Server, r *request) (*response, error) {
	return search(r, incidentTable, s.access(r, host.ActionIncidentRead), s.opts.Reads.SearchIncidents, same)
}

func (s *Server) incident(r *request) (query.Incident, bool, error) {
	key, err := r.key("incidentKey")
	if err != nil {
		return query.Incident{}, false, err
	}
	return s.opts.Reads.Incident(r.ctx(), key)
}

func getIncident(s *Server, r *request) (*response, error) {
	i, ok, err := s.incident(r)
	if err != nil {
		return nil, err
	}
	if err := s.found(r, ok, host.ActionIncidentRead, scopeDefinition(i.ProcessDefinitionID)); err != nil {
		return nil, err
	}
	return respond(http.StatusOK, i)
}

type resolveBody struct {
	command
	// Retries are given to the job of the incident first; without them a job that has none left fails again.
	Retries *int64 `json:"retries"`
}

func resolveIncident(s *Server, r *request) (*response, error) {
	key, err := r.key("incidentKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[resolveBody](r, optional)
	if err != nil {
		return nil, err
	}
	if b.Retries != nil {
		if err := s.renew(r, *b.Retries, b.why()); err != nil {
			return nil, err
		}
	}
	return s.command(r, host.Call{Command: engine.ResolveIncident{Incident: key}, Reason: b.why()})
}

// renew gives the job of an incident new retries. It needs job.update beside incident.resolve, and it is a
// command of its own: repeating it changes nothing.
func (s *Server) renew(r *request, n int64, why string) error {
	count, err := retries(n, "retries")
	if err != nil {
		return err
	}
	i, ok, err := s.incident(r)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNotFound
	}
	if i.JobKey == nil {
		return ErrRequest.With("retries: the incident has no job")
	}
	c := host.Call{Command: engine.UpdateJobRetries{Job: int64(*i.JobKey), Retries: count}, Reason: why, RequestID: r.id()}
	_, err = s.opts.Host.Do(r.ctx(), r.by, c)
	return err
}
