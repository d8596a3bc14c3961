package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// Meter is told about every request that was answered. The route is the pattern of a row of the route table,
// "unserved" or "unrouted", and the method one that the row has, so that both are few. It must be quick and
// safe for concurrent use.
type Meter interface {
	Served(method, route string, status int, took time.Duration)
}

// unmetered is the Meter of a server that nobody watches.
type unmetered struct{}

func (unmetered) Served(string, string, int, time.Duration) {}

// metered tells the Meter about a request when it is over, also when its handler panicked.
func (s *Server) metered(route string, handle func(echo.Context)) echo.HandlerFunc {
	return func(c echo.Context) error {
		begin, status := time.Now(), http.StatusInternalServerError
		defer func() { s.opts.Meter.Served(c.Request().Method, route, status, time.Since(begin)) }()
		handle(c)
		status = c.Response().Status
		return nil
	}
}
