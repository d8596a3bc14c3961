package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"tallystick/api"
	"tallystick/host"
	"tallystick/metrics"
	"tallystick/store"
)

// newMetrics counts what the node does. The host is asked for its gauges when there is one.
func (s *server) newMetrics() *metrics.Metrics {
	counted := struct {
		*store.DB
		*store.Gauges
	}{s.db, store.NewGauges(s.db)}
	return metrics.New(metrics.Options{
		Store: counted, Build: build(),
		Host: func() host.Gauges { return s.host.Gauges() },
		Now:  func() time.Time { return s.host.Now() },
	})
}

// checks are what must be right before the node is given work. Whoever asks gets an answer that is a few
// seconds old at most, except of the writer's own words, which cost nothing.
func (s *server) checks() []api.ReadyCheck {
	const young, costly = time.Second, 5 * time.Second
	return []api.ReadyCheck{
		{Name: "host", Run: s.checkHost},
		{Name: "database", Every: young, Run: s.db.Ping},
		{Name: "migrations", Every: costly, Run: s.db.Migrated},
		{Name: "writer", Every: young, Run: s.checkWriter},
		{Name: "audit", Every: costly, Run: s.db.Sealed},
	}
}

func (s *server) checkHost(context.Context) error {
	if !s.host.Gauges().Running {
		return errors.New("the host does not take calls")
	}
	return nil
}

// checkWriter believes the last batch when it failed, until a lasting change goes through: a node that is not
// ready gets no calls, so no batch would tell that the disk has room again. Without a failure a change that is
// rolled back is enough.
func (s *server) checkWriter(ctx context.Context) error {
	return s.db.Writable(ctx, s.host.Gauges().Failure != nil)
}

// watchers is the listener of --metrics-addr: metrics and probes, nothing else. On a loopback address it asks
// for no credentials, because whoever reaches it is on the machine, and has named it; elsewhere the API decides.
func (s *server) watchers(rest *api.Server, exposition http.Handler) http.Handler {
	mux := http.NewServeMux()
	if api.Loopback(s.cfg.watched()) {
		mux.Handle("GET /metrics", rest.Local(exposition))
	} else {
		mux.Handle("GET /metrics", rest)
	}
	mux.Handle("GET /livez", rest)
	mux.Handle("GET /readyz", rest)
	return mux
}

// watch opens the listener of --metrics-addr, if there is one.
func (s *server) watch(ctx context.Context, handler http.Handler) error {
	if s.cfg.metricsAddr == "" {
		return nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.metricsAddr)
	if err != nil {
		return fmt.Errorf("--metrics-addr: %w", err)
	}
	s.watchListen, s.watchHTTP = l, s.newHTTP(handler)
	return nil
}

// serveWatchers serves until unwatch.
func (s *server) serveWatchers() {
	if s.watchHTTP != nil {
		go func() { _ = s.watchHTTP.Serve(s.watchListen) }() // ends with ErrServerClosed; a node without watchers works on
	}
}

// unwatch ends the listener at once: who watches comes again.
func (s *server) unwatch() {
	if s.watchHTTP != nil {
		_ = s.watchHTTP.Close()   // nothing is lost
		_ = s.watchListen.Close() // closed before when it was served
	}
}
