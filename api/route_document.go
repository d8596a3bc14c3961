package api

import (
	_ "embed"
	"net/http"

	"tallystick/host"
)

// description is the OpenAPI document of this interface.
//
//go:embed openapi.yaml
var description []byte

func documentRoutes() []route {
	return []route{
		{http.MethodGet, "/v2/openapi.yaml", host.ActionSystemDocument, "Read this description", getDescription},
	}
}

func getDescription(*Server, *request) (*response, error) {
	return &response{status: http.StatusOK, body: description, media: "application/yaml"}, nil
}
