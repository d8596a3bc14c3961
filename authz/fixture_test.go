package authz_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"sync"
	"testing"

	"tallystick/authz"
	"tallystick/host"
	"tallystick/query"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random policies; 0 draws one")

// newRand returns a source whose seed is in the test's output.
func newRand(t *testing.T) *rand.Rand {
	t.Helper()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("repeat with -seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

func newAuthorizer(t testing.TB, o authz.Options) *authz.Authorizer {
	t.Helper()
	a, err := authz.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// user is an actor that the program itself vouches for.
func user(name string, roles ...string) host.Actor {
	return host.Actor{Kind: "user", Name: name, Roles: roles}
}

func on(scope string) host.Target { return host.Target{Scope: scope} }

// accounts is a store of users in memory; it counts what it is asked.
type accounts struct {
	mu     sync.Mutex
	users  map[string]host.Account
	tokens map[[32]byte]host.Token
	asked  int
	broken bool
}

var errBroken = errors.New("the store is away")

func (s *accounts) put(name, hash string, roles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users == nil {
		s.users = map[string]host.Account{}
	}
	s.users[name] = host.Account{User: query.User{Username: name, Roles: roles}, PasswordHash: hash}
}

func (s *accounts) remove(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.users, name)
}

func (s *accounts) fail(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

func (s *accounts) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *accounts) Account(_ context.Context, name string) (host.Account, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.broken {
		return host.Account{}, false, errBroken
	}
	a, ok := s.users[name]
	return a, ok, nil
}

func (s *accounts) TokenByHash(_ context.Context, hash [32]byte) (host.Token, host.Account, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.broken {
		return host.Token{}, host.Account{}, false, errBroken
	}
	k, ok := s.tokens[hash]
	return k, s.users[k.Username], ok, nil
}

func (s *accounts) putToken(k host.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens == nil {
		s.tokens = map[[32]byte]host.Token{}
	}
	s.tokens[k.Hash] = k
}

func (s *accounts) removeToken(hash [32]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, hash)
}
