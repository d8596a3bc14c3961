package api

import (
	"net/http"

	"tallystick/engine"
	"tallystick/host"
)

func elementInstanceRoutes() []route {
	return []route{
		{http.MethodPost, "/v2/element-instances/search", host.ActionInstanceRead, "Find element instances: the history of instances", searchElementInstances},
		{http.MethodGet, "/v2/element-instances/{elementInstanceKey}", host.ActionInstanceRead, "Read an element instance", getElementInstance},
		{http.MethodPut, "/v2/element-instances/{elementInstanceKey}/variables", host.ActionVariableWrite, "Set variables in the scope of an instance or element instance", putVariables},
	}
}

func searchElementInstances(s *Server, r *request) (*response, error) {
	return search(r, elementInstanceTable, s.access(r, host.ActionInstanceRead), s.opts.Reads.SearchElementInstances, same)
}

func getElementInstance(s *Server, r *request) (*response, error) {
	key, err := r.key("elementInstanceKey")
	if err != nil {
		return nil, err
	}
	e, ok, err := s.opts.Reads.ElementInstance(r.ctx(), key)
	if err != nil {
		return nil, err
	}
	if err := s.found(r, ok, host.ActionInstanceRead, scopeDefinition(e.ProcessDefinitionID)); err != nil {
		return nil, err
	}
	return respond(http.StatusOK, e)
}

type setBody struct {
	command
	Variables variables `json:"variables" api:"required"`
	Local     bool      `json:"local"`
}

func putVariables(s *Server, r *request) (*response, error) {
	key, err := r.key("elementInstanceKey")
	if err != nil {
		return nil, err
	}
	b, err := decode[setBody](r, required)
	if err != nil {
		return nil, err
	}
	return s.command(r, host.Call{
		Command: engine.SetVariables{Scope: key, Variables: engine.Variables(b.Variables), Local: b.Local}, Reason: b.why(),
	})
}
