package api

import (
	"net/http"

	"tallystick/host"
)

const scopeSystem = "system:"

func operatorRoutes() []route {
	return []route{
		{http.MethodGet, "/livez", host.ActionSystemDocument, "Tell whether the process answers", getLive},
		{http.MethodGet, "/readyz", host.ActionSystemDocument, "Tell whether the server carries out calls: 200, else 503 with the failing checks", getReady},
		{http.MethodGet, "/metrics", host.ActionSystemMetrics, "Read the metrics in the text format of Prometheus", getMetrics},
		{http.MethodGet, "/debug/pprof/", host.ActionSystemProfile, "List the profiles of the running program", getProfiles},
		{http.MethodGet, "/debug/pprof/{profile}", host.ActionSystemProfile, "Take a profile of the running program, for go tool pprof", getProfile},
	}
}

// probe is the answer of a probe. Checks is there for readiness only.
type probe struct {
	Status string            `json:"status"`
	Checks map[string]string `json:"checks,omitempty"`
}

func getLive(*Server, *request) (*response, error) {
	return respondAsIs(http.StatusOK, probe{Status: "alive"})
}

func getReady(s *Server, r *request) (*response, error) {
	passed, err := s.readiness.ask(r.ctx())
	if err != nil {
		return nil, err
	}
	return respondAsIs(http.StatusOK, probe{Status: "ready", Checks: passed})
}

func getMetrics(s *Server, r *request) (*response, error) {
	if err := s.require(r, host.ActionSystemMetrics, scopeSystem); err != nil {
		return nil, err
	}
	if s.opts.Metrics == nil {
		return nil, ErrUnserved.With("this server keeps no metrics")
	}
	s.opts.Metrics.ServeHTTP(r.writer, r.http)
	return &response{streamed: true}, nil
}
