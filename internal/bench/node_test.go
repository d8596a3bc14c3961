package bench

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tallystick/api"
	"tallystick/authz"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/query"
	"tallystick/store"
)

//go:embed models/*.bpmn
var models embed.FS

var clerk = host.Actor{Kind: "user", Name: "bench", Method: "token"}

var databases = []string{"sqlite", "postgres"}

// scope ends things before the whole benchmark ends: databases of one measurement must not burden the next.
type scope struct {
	testing.TB
	cleanups []func()
}

// Cleanup hides the one of TB.
func (s *scope) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

func (s *scope) close() {
	for len(s.cleanups) > 0 {
		last := len(s.cleanups) - 1
		f := s.cleanups[last]
		s.cleanups = s.cleanups[:last]
		f()
	}
}

// within runs f with a scope of its own.
func within(tb testing.TB, f func(s *scope)) {
	s := &scope{TB: tb}
	defer s.close()
	f(s)
}

// must ends the benchmark on an error.
func (s *scope) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// database is the DSN of a fresh, empty database.
func (s *scope) database(name string) string {
	if name == "postgres" {
		return pgtest.Start(s)
	}
	dir, err := os.MkdirTemp("", "tally-bench-")
	s.must(err)
	s.Cleanup(func() { s.must(os.RemoveAll(dir)) })
	return "sqlite:" + filepath.Join(dir, "bench.db")
}

// setting is how a node is run.
type setting struct {
	store     store.Options
	name      string // of the node; "bench"
	around    func(*store.DB) host.Store
	testClock bool
}

// node is one running node: store and host, and the REST interface once serve was called.
type node struct {
	db     *store.DB
	host   *host.Host
	policy *authz.Authorizer
	traced *traced
	url    string
	token  string
	stop   func()
}

// traced counts what passes between host and store.
type traced struct {
	host.Store
	moved   atomic.Int64 // instances that another node had changed meanwhile
	commits atomic.Int64
}

// Commit implements host.Store.
func (t *traced) Commit(ctx context.Context, b host.Batch) error {
	err := t.Store.Commit(ctx, b)
	t.commits.Add(1)
	if m, ok := errors.AsType[*host.Moved](err); ok {
		t.moved.Add(int64(len(m.Instances)))
	}
	return err
}

// open starts a node on a database, as serve does. The first one on it makes the account and deploys.
func (s *scope) open(o setting) *node {
	s.Helper()
	if o.name == "" {
		o.name = "bench"
	}
	db, err := store.Open(s.Context(), o.store)
	s.must(err)
	n := &node{db: db}
	n.policy, err = authz.New(authz.Options{Accounts: db})
	s.must(err)
	n.traced = &traced{Store: db}
	if o.around != nil {
		n.traced.Store = o.around(db)
	}
	n.host, err = host.New(host.Options{
		Store: n.traced, Jobs: db, Library: db, Authorizer: n.policy, Node: o.name, Origin: db.Origin(),
		Workers: workers(), TestClock: o.testClock,
	})
	s.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- n.host.Run(ctx) }()
	running := true
	n.stop = func() {
		if !running {
			return
		}
		running = false
		cancel()
		s.must(<-stopped)
		s.must(db.Close())
	}
	s.Cleanup(n.stop)
	known, err := db.HasAccounts(s.Context())
	s.must(err)
	if !known {
		s.prepare(n)
	}
	return n
}

// prepare makes the account with its token and deploys the models.
func (s *scope) prepare(n *node) {
	secret, hash := authz.NewToken(rand.Reader)
	n.token = secret
	account := []host.AccountChange{
		{CreateUser: &host.Account{User: query.User{Username: clerk.Name}}},
		{AddRole: &host.Membership{Username: clerk.Name, To: "admin"}},
		{PutToken: &host.Token{ID: "bench", Username: clerk.Name, Hash: hash, Expires: time.Now().Add(24 * time.Hour)}},
	}
	err := n.host.Change(s.Context(), host.System("bootstrap"), host.ActionUserWrite, host.Target{Scope: "user:" + clerk.Name}, account, "bench")
	s.must(err)
	var files []host.Resource
	for _, name := range []string{"w1", "w2", "w3", "wait"} {
		data, err := models.ReadFile("models/" + name + ".bpmn")
		s.must(err)
		files = append(files, host.Resource{Name: name + ".bpmn", Data: data})
		if strings.Contains(string(data), workType) {
			files = append(files, host.Resource{Name: name + "-calc.bpmn", Data: asCalculation(data, name)})
		}
	}
	_, _, err = n.host.Deploy(s.Context(), clerk, "", files)
	s.must(err)
}

// serve lets the node answer HTTP on a port of the loopback.
func (s *scope) serve(n *node) {
	passwords := authz.NewAuthenticator(n.policy)
	handler, err := api.New(api.Options{
		Host: n.host, Reads: n.db, Authorizer: n.policy, Roles: authz.Roles(),
		Secrets:       api.Secrets{HashPassword: passwords.HashPassword, NewToken: authz.NewToken},
		Authenticator: passwords, Origin: n.db.Origin(),
	})
	s.must(err)
	l, err := (&net.ListenConfig{}).Listen(s.Context(), "tcp", "127.0.0.1:0")
	s.must(err)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // it ends with Close
	}()
	s.Cleanup(func() {
		s.must(server.Close())
		<-done
	})
	n.url = "http://" + l.Addr().String()
}
