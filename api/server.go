package api

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tallystick/host"
)

// Options configure a Server. Host, Reads, Authorizer and Secrets are required, and one of Authenticator
// and Anonymous; every other zero value stands for the default that its comment names.
type Options struct {
	Host          Doer
	Reads         Reads
	Authorizer    host.Authorizer
	Authenticator Authenticator
	Secrets       Secrets
	// Anonymous is who acts when a request brings no credentials; nil refuses such requests. With it the server
	// answers only requests for localhost and loopback addresses.
	Anonymous *host.Actor
	// TrustedProxies are believed when they say whom they speak for.
	TrustedProxies []netip.Prefix
	// Roles are the roles that can be given to users.
	Roles []string

	Origin string // installation, for exports of the audit log
	Build  string // version of the program; "unknown"

	Checks  []ReadyCheck // what /readyz asks; none is always ready
	Metrics http.Handler // answers /metrics to those who may; nil keeps none
	Meter   Meter        // is told about every request; nil counts nothing

	Now  func() time.Time // time.Now: the wall clock of tokens and exports
	Rand io.Reader        // crypto/rand
	Log  *slog.Logger     // discards
}

func (o Options) withDefaults() Options {
	o.Build = cmp.Or(o.Build, "unknown")
	if o.Meter == nil {
		o.Meter = unmetered{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) validate() error {
	if o.Host == nil || o.Reads == nil || o.Authorizer == nil {
		return errors.New("api: Host, Reads and Authorizer are required")
	}
	if o.Secrets.HashPassword == nil || o.Secrets.NewToken == nil {
		return errors.New("api: Secrets are required")
	}
	if o.Authenticator == nil && o.Anonymous == nil {
		return errors.New("api: one of Authenticator and Anonymous is required")
	}
	return nil
}

// Server answers the REST interface. It is an http.Handler; listening, TLS and server timeouts are the
// caller's.
type Server struct {
	opts      Options
	handler   http.Handler
	readiness *readiness
	gate      *gate
	profiling sync.Mutex // held by the profile that watches the program
}

// New returns a Server. It fails when an option is missing or a route declares an action that the policy
// does not know.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	table := routes()
	if err := check(table, o.Authorizer.Known); err != nil {
		return nil, err
	}
	s := &Server{opts: o, readiness: newReadiness(o.Checks, o.Log), gate: newGate()}
	s.handler = s.wrap(s.router(table))
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// router knows paths and methods, nothing else: Echo's binder, renderer and error bodies are not used.
func (s *Server) router(table []route) http.Handler {
	e := echo.New()
	// Nothing reads the peer from headers that a client can write.
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = s.unrouted
	for _, row := range table {
		e.Add(row.method, pattern(row.path), s.metered(row.path, func(c echo.Context) {
			s.serve(row, newRequest(c))
		}))
	}
	for _, known := range unservedOperations() {
		e.Add(known.method, pattern(known.path), s.metered("unserved", func(c echo.Context) {
			s.fail(c.Response(), c.Request(), ErrUnserved.With("%s %s is known but not served", known.method, known.path))
		}))
	}
	return e
}

// unrouted answers what no row of the table takes.
func (s *Server) unrouted(err error, c echo.Context) {
	r := c.Request()
	switch {
	case errors.Is(err, echo.ErrMethodNotAllowed):
		err = ErrMethod.With("%s does not take %s", shorten(r.URL.Path), shorten(r.Method))
	case errors.Is(err, echo.ErrNotFound):
		err = ErrRoute.With("there is no path %s", shorten(r.URL.Path))
	}
	s.fail(c.Response(), r, err)
	s.opts.Meter.Served("any", "unrouted", c.Response().Status, 0)
}

// serve carries out one request: who asks, then the handler of the row.
func (s *Server) serve(row route, r *request) {
	if !row.watched() {
		if !s.gate.enter() {
			s.fail(r.writer, r.http, ErrDraining)
			return
		}
		defer s.gate.leave()
	}
	err := s.identify(row, r)
	if err == nil {
		var answer *response
		if answer, err = row.handle(s, r); err == nil {
			answer.write(r.writer)
			return
		}
	}
	s.fail(r.writer, r.http, err)
}

// shorten keeps texts of the caller in messages at a readable length.
func shorten(text string) string {
	const shown = 80
	runes := []rune(text)
	if len(runes) <= shown {
		return text
	}
	return string(runes[:shown]) + "…"
}
