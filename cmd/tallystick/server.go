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
	http   *http.Server
	listen net.Listener
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
	s.host, err = host.New(host.Options{
		Store: s.db, Jobs: s.db, Library: s.db, Authorizer: policy, Models: scoring.Reader{}, Workers: workers,
		Log: s.log, Node: s.cfg.node, Build: build(), Origin: s.db.Origin(), TestClock: s.cfg.testClock,
	})
	if err != nil {
		return err
	}
	library.host = s.host
	handler, err := s.handler(policy)
	if err != nil {
		return err
	}
	s.http = &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	s.listen, err = (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.listen)
	return err
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

// handler is the REST interface under the chosen authentication.
func (s *server) handler(policy *authz.Authorizer) (http.Handler, error) {
	o := api.Options{
		Host: s.host, Reads: s.db, Authorizer: policy, Roles: authz.Roles(),
		Secrets: api.Secrets{HashPassword: authz.HashPassword, NewToken: authz.NewToken},
		Origin:  s.db.Origin(), Build: build(), Ready: s.ready, Log: s.log,
	}
	if s.cfg.auth == "none" {
		o.Anonymous = &host.Actor{Kind: "user", Name: "anonymous", Roles: []string{"admin"}, Method: "none"}
	} else {
		o.Authenticator = authz.NewAuthenticator(policy)
	}
	return api.New(o)
}

// ready reports whether calls are carried out: the host runs and the database answers.
func (s *server) ready(ctx context.Context) error {
	select {
	case <-s.host.Ready():
		return s.db.Ping(ctx)
	default:
		return errors.New("the host is starting")
	}
}

// run serves until ctx ends, then drains: no new requests, batches in flight are carried out.
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
	var err error
	select {
	case <-ctx.Done():
	case err = <-httpDone:
	case err = <-hostDone:
		hostDone <- nil
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	if e := s.http.Shutdown(drain); e != nil {
		s.log.WarnContext(drain, "requests were cut off", slog.Any("err", e))
		_ = s.http.Close() // it is cut off either way
	}
	stopHost()
	return errors.Join(err, <-hostDone)
}

// close gives the database and the port free.
func (s *server) close() error {
	_ = s.listen.Close() // closed before when run served it
	return s.db.Close()
}
