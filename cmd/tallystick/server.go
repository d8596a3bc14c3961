package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"tallystick/api"
	"tallystick/authz"
	returns "tallystick/examples/returns"
	"tallystick/host"
	"tallystick/metrics"
	"tallystick/store"
	"tallystick/tasks/scoring"
	"tallystick/tasks/worker"
)

// The time limits of the HTTP server. Answers have none: long polls and exports are bounded by themselves.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 30 * time.Second
	idleTimeout   = 60 * time.Second
	headerBytes   = 32 << 10
	drainTimeout  = 10 * time.Second
)

// server is one running node: store, host and REST interface.
type server struct {
	cfg    *config
	log    *slog.Logger
	db     *store.DB
	host   *host.Host
	api    *api.Server
	http   *http.Server
	listen net.Listener

	watchHTTP   *http.Server // of --metrics-addr; nil without
	watchListen net.Listener
}

// models lets the scoring worker read the library of the host that runs it.
type models struct{ host *host.Host }

func (m *models) ModelSource(ctx context.Context, id, versionTag string) (host.Deployed, []byte, error) {
	return m.host.ModelSource(ctx, id, versionTag)
}

// open wires a node together. Nothing runs yet; close gives everything back.
func open(ctx context.Context, cfg *config, log *slog.Logger) (*server, error) {
	db, err := store.Open(ctx, store.Options{DSN: cfg.db})
	if err != nil {
		return nil, err
	}
	s := &server{cfg: cfg, log: log, db: db}
	if err := s.wire(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *server) wire(ctx context.Context) error {
	policy, err := authz.New(authz.Options{Accounts: s.db})
	if err != nil {
		return err
	}
	library := &models{}
	workers, err := s.workers(library)
	if err != nil {
		return err
	}
	counts := s.newMetrics()
	var hints host.Hints
	if h, ok := s.db.Hints(); ok {
		hints = h
	}
	s.host, err = host.New(host.Options{
		Store: s.db, Hints: hints, Jobs: s.db, Library: s.db, History: s.db, Authorizer: policy, Models: scoring.Reader{}, Workers: workers,
		Log: s.log, Meter: counts, Node: s.cfg.node, Build: build(), Origin: s.db.Origin(), TestClock: s.cfg.testClock,
	})
	if err != nil {
		return err
	}
	library.host = s.host
	if s.api, err = s.newAPI(policy, counts); err != nil {
		return err
	}
	s.http = s.newHTTP(s.api)
	if s.listen, err = (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.listen); err != nil {
		return err
	}
	if err := s.watch(ctx, s.watchers(s.api, counts.Handler())); err != nil {
		return errors.Join(err, s.listen.Close())
	}
	return nil
}

func (s *server) newHTTP(handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// workers are the job workers inside the server: scoring, HTTP and those of the example.
func (s *server) workers(library *models) (map[string]host.Worker, error) {
	web, err := worker.NewHTTP(worker.HTTPOptions{Allow: s.cfg.allowHTTP})
	if err != nil {
		return nil, &usageError{err}
	}
	workers := map[string]host.Worker{
		scoring.JobType:    scoring.New(library, time.Now),
		worker.HTTPJobType: web,
	}
	if s.cfg.example {
		for jobType, w := range returns.Workers() {
			workers[jobType] = w
		}
	}
	return workers, nil
}

// newAPI is the REST interface under the chosen authentication.
func (s *server) newAPI(policy *authz.Authorizer, counts *metrics.Metrics) (*api.Server, error) {
	passwords := authz.NewAuthenticator(policy)
	o := api.Options{
		Host: s.host, Reads: s.db, Authorizer: policy, Roles: authz.Roles(),
		Secrets: api.Secrets{HashPassword: passwords.HashPassword, NewToken: authz.NewToken},
		Origin:  s.db.Origin(), Build: build(), Log: s.log,
		Checks: s.checks(), Metrics: counts.Handler(), Meter: counts,
	}
	var err error
	if o.TrustedProxies, err = s.cfg.trusted(); err != nil {
		return nil, err
	}
	if s.cfg.auth == "none" {
		o.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}, Method: "none"}
	} else {
		o.Authenticator = passwords
	}
	return api.New(o)
}

// run serves until ctx ends, then drains: no new requests, batches in flight are carried out. Probes are
// answered to the last: the process lives, and is not ready.
func (s *server) run(ctx context.Context, started func(context.Context) error) error {
	hostCtx, stopHost := context.WithCancel(context.WithoutCancel(ctx))
	defer stopHost()
	hostDone := make(chan error, 1)
	go func() { hostDone <- s.host.Run(hostCtx) }()
	httpDone := make(chan error, 1)
	select {
	case err := <-hostDone:
		return err
	case <-s.host.Ready():
	}
	if err := started(ctx); err != nil {
		stopHost()
		return errors.Join(err, <-hostDone)
	}
	go func() { httpDone <- s.http.Serve(s.listen) }()
	retained := s.startRetention(ctx)
	s.serveWatchers()
	var err error
	select {
	case <-ctx.Done():
	case err = <-httpDone:
	case err = <-hostDone:
		hostDone <- nil
	}
	retained()
	s.drain(context.WithoutCancel(ctx))
	stopHost()
	err = errors.Join(err, <-hostDone)
	s.unwatch()
	return err
}

// drain answers what is in flight and ends the listener.
func (s *server) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.drainDelay+drainTimeout)
	defer cancel()
	err := s.api.Drain(ctx, s.cfg.drainDelay)
	if e := s.http.Shutdown(ctx); err == nil {
		err = e
	}
	if err != nil {
		s.log.WarnContext(ctx, "requests were cut off", slog.Any("err", err))
		_ = s.http.Close() // it is cut off either way
	}
}

// close gives the database and the port free.
func (s *server) close() error {
	s.unwatch()
	_ = s.listen.Close() // closed before when run served it
	return s.db.Close()
}
