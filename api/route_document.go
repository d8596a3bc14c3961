package api

import (
	_ "embed"
	"log/slog"
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
		{http.MethodGet, "/livez", host.ActionSystemDocument, "Tell whether the process answers", getLive},
		{http.MethodGet, "/readyz", host.ActionSystemDocument, "Tell whether the server carries out calls: 200, else 503", getReady},
	}
}

func getDescription(*Server, *request) (*response, error) {
	return &response{status: http.StatusOK, body: description, media: "application/yaml"}, nil
}

type probe struct {
	Status string `json:"status"`
}

func getLive(*Server, *request) (*response, error) { return respond(http.StatusOK, probe{"alive"}) }

func getReady(s *Server, r *request) (*response, error) {
	if err := s.opts.Ready(r.ctx()); err != nil {
		return nil, notReady(s, r, err)
	}
	return respond(http.StatusOK, probe{"ready"})
}

// notReady keeps the cause in the log.
func notReady(s *Server, r *request, cause error) error {
	s.opts.Log.WarnContext(r.ctx(), "the server is not ready", slog.Any("err", cause), slog.String("requestId", r.id()))
	return ErrNotReady
}
