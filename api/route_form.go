package api

import (
	"net/http"

	"tallystick/host"
)

func formRoutes() []route {
	return []route{
		{http.MethodGet, "/v2/forms/{formKey}", host.ActionDefinitionRead, "Read a deployed form", getForm},
	}
}

func getForm(s *Server, r *request) (*response, error) {
	key, err := r.key("formKey")
	if err != nil {
		return nil, err
	}
	f, ok, err := s.opts.Reads.Form(r.ctx(), key)
	if err != nil {
		return nil, err
	}
	if err := s.found(r, ok, host.ActionDefinitionRead, scopeDefinition(f.FormID)); err != nil {
		return nil, err
	}
	return respond(http.StatusOK, f)
}
