package api

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/http/pprof"
	"slices"
	"strconv"
	"time"

	"tallystick/host"
)

// profileSecondsMax bounds how long one profile may watch the program.
const profileSecondsMax = 60

// profiles is what can be taken. The command line is not among it: it may hold the password of the database.
var profiles = map[string]http.Handler{
	"profile":      http.HandlerFunc(pprof.Profile),
	"trace":        http.HandlerFunc(pprof.Trace),
	"allocs":       pprof.Handler("allocs"),
	"block":        pprof.Handler("block"),
	"goroutine":    pprof.Handler("goroutine"),
	"heap":         pprof.Handler("heap"),
	"mutex":        pprof.Handler("mutex"),
	"threadcreate": pprof.Handler("threadcreate"),
}

func getProfiles(s *Server, r *request) (*response, error) {
	if err := s.mayProfile(r); err != nil {
		return nil, err
	}
	return respond(http.StatusOK, struct {
		Profiles []string `json:"profiles"`
	}{slices.Sorted(maps.Keys(profiles))})
}

// getProfile streams a profile. Only one that watches for a while is taken at a time.
func getProfile(s *Server, r *request) (*response, error) {
	if err := s.mayProfile(r); err != nil {
		return nil, err
	}
	name := r.path["profile"]
	take, ok := profiles[name]
	if !ok {
		return nil, ErrNotFound.With("there is no profile %q", shorten(name))
	}
	watches, err := watchesFor(r, name)
	if err != nil {
		return nil, err
	}
	if watches {
		if !s.profiling.TryLock() {
			return nil, ErrProfiling
		}
		defer s.profiling.Unlock()
	}
	s.noteProfile(r, name)
	take.ServeHTTP(r.writer, r.http)
	return &response{streamed: true}, nil
}

// mayProfile lets nobody in whom nobody knows, whatever the policy gives to strangers: a profile shows how the
// program is built and what it is doing.
func (s *Server) mayProfile(r *request) error {
	if s.opts.Authenticator == nil {
		return ErrDenied.With("profiles are only for accounts; this server runs without authentication")
	}
	return s.require(r, host.ActionSystemProfile, scopeSystem)
}

// watchesFor reports whether a profile takes its time, which its seconds bound.
func watchesFor(r *request, name string) (bool, error) {
	text := r.http.URL.Query().Get("seconds")
	if text == "" {
		return name == "profile" || name == "trace", nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > profileSecondsMax {
		return false, ErrRequest.With("seconds is a whole number from 1 to %d", profileSecondsMax)
	}
	return true, nil
}

// noteProfile leaves an entry in the audit log. A host that does not answer is what profiles are needed for,
// so it does not keep one from being taken.
func (s *Server) noteProfile(r *request, name string) {
	ctx, cancel := context.WithTimeout(r.ctx(), time.Second)
	defer cancel()
	if err := s.opts.Host.Record(ctx, r.by, host.ActionSystemProfile, host.Target{Scope: scopeSystem}, "profile "+name); err != nil {
		s.opts.Log.WarnContext(r.ctx(), "a profile is taken without an audit entry", slog.Any("err", err),
			slog.String("actor", r.by.Ref()), slog.String("profile", name))
	}
}
