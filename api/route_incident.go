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
	// Retries are given to the job of the incident in the same command; without them a job that has none is refused.
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
	resolve := engine.ResolveIncident{Incident: key}
	if b.Retries != nil {
		n, err := retries(*b.Retries, "retries")
		if err != nil {
			return nil, err
		}
		resolve.Retries = &n
	}
	return s.command(r, host.Call{Command: resolve, Reason: b.why()})
}
