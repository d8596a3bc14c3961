package api

import (
	"net/http"

	"tallystick/host"
	"tallystick/query"
)

func processDefinitionRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/process-definitions/search", host.ActionDefinitionRead, "Find deployed processes", searchProcessDefinitions},
		{http.MethodGet, "/v2/process-definitions/{processDefinitionKey}", host.ActionDefinitionRead, "Read a deployed process", getProcessDefinition},
		{http.MethodGet, "/v2/process-definitions/{processDefinitionKey}/xml", host.ActionDefinitionRead, "Read the BPMN XML as it was deployed", getProcessDefinitionXML},
	}
}

func searchProcessDefinitions(s *Server, r *request) (*response, error) {
	return search(r, processDefinitionTable, s.access(r, host.ActionDefinitionRead), s.opts.Reads.SearchProcessDefinitions, same)
}

func (s *Server) processDefinition(r *request) (query.ProcessDefinition, error) {
	key, err := r.key("processDefinitionKey")
	if err != nil {
		return query.ProcessDefinition{}, err
	}
	d, ok, err := s.opts.Reads.ProcessDefinition(r.ctx(), key)
	if err != nil {
		return d, err
	}
	return d, s.found(r, ok, host.ActionDefinitionRead, scopeDefinition(d.ProcessDefinitionID))
}

func getProcessDefinition(s *Server, r *request) (*response, error) {
	d, err := s.processDefinition(r)
	if err != nil {
		return nil, err
	}
	return respond(http.StatusOK, d)
}

func getProcessDefinitionXML(s *Server, r *request) (*response, error) {
	d, err := s.processDefinition(r)
	if err != nil {
		return nil, err
	}
	return s.xml(r, int64(d.ProcessDefinitionKey))
}

// xml answers with deployed bytes. Clients take text/xml for text and application/xml for a file.
func (s *Server) xml(r *request, key int64) (*response, error) {
	source, err := s.opts.Reads.Source(r.ctx(), key)
	if err != nil {
		return nil, err
	}
	return &response{status: http.StatusOK, body: source, media: "text/xml; charset=utf-8"}, nil
}
