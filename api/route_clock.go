package api

import (
	"net/http"

	"tallystick/host"
)

func clockRoutes() []route {
	return []route{
		{http.MethodPut, "/v2/clock", host.ActionClockSet, "Stop the clock of a test server at a time", putClock},
		{http.MethodPost, "/v2/clock/reset", host.ActionClockSet, "Let the clock of a test server run again", resetClock},
	}
}

type clockBody struct {
	Timestamp instant `json:"timestamp" api:"required"`
}

func putClock(s *Server, r *request) (*response, error) {
	b, err := decode[clockBody](r, required)
	if err != nil {
		return nil, err
	}
	if err := s.opts.Host.SetClock(r.ctx(), r.by, b.Timestamp.Time); err != nil {
		return nil, err
	}
	return done()
}

func resetClock(s *Server, r *request) (*response, error) {
	if _, err := decode[struct{}](r, optional); err != nil {
		return nil, err
	}
	if err := s.opts.Host.ResetClock(r.ctx(), r.by); err != nil {
		return nil, err
	}
	return done()
}
