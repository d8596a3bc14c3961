package authz

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tallystick/host"
	"tallystick/query"
)

// oneUser is a store with one user.
type oneUser struct{ account host.Account }

func (s *oneUser) Account(_ context.Context, name string) (host.Account, bool, error) {
	return s.account, name == s.account.Username, nil
}

func (s *oneUser) TokenByHash(context.Context, [32]byte) (host.Token, host.Account, bool, error) {
	return host.Token{}, host.Account{}, false, nil
}

// A proven password costs no argon2 for a minute, whatever else the policy version changes; afterwards and
// with another hash it does. All slots are taken, so that whoever needs one is stuck until it leaves.
func TestProvenPasswordsNeedNoWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const password = "correct horse"
		hash, err := HashPassword(rand.Reader, password)
		if err != nil {
			t.Fatal(err)
		}
		store := &oneUser{host.Account{User: query.User{Username: "ann", Roles: []string{"clerk"}}, PasswordHash: hash}}
		policy, err := New(Options{Accounts: store})
		if err != nil {
			t.Fatal(err)
		}
		a := NewAuthenticator(policy)
		if _, err := a.Basic(t.Context(), "ann", password); err != nil {
			t.Fatal(err)
		}
		for range cap(a.vault.slots) {
			a.vault.slots <- struct{}{}
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		login := func(password string) (host.Actor, error) { return a.Basic(gone, "ann", password) }

		if _, err := login(password); err != nil {
			t.Errorf("proven: %v", err)
		}
		store.account.Roles = []string{"operator"}
		if err := policy.Refresh(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if got, err := login(password); err != nil || got.Roles[0] != "operator" {
			t.Errorf("proven, in the next version: %+v, %v", got, err)
		}
		for range 3 * brakePair { // attempts that nobody waited for are no failures
			if _, err := login("another horse"); !errors.Is(err, context.Canceled) {
				t.Fatalf("not proven: %v", err)
			}
		}
		<-time.After(provenLife)
		if _, err := login(password); !errors.Is(err, context.Canceled) {
			t.Errorf("proven a minute ago: %v", err)
		}
		a.vault.prove(a.vault.credential("ann", password), hash, time.Now())
		store.account.PasswordHash = newDecoy()
		if err := policy.Refresh(t.Context(), 2); err != nil {
			t.Fatal(err)
		}
		if _, err := login(password); !errors.Is(err, context.Canceled) {
			t.Errorf("proven for another hash: %v", err)
		}
	})
}

func TestCredentials(t *testing.T) {
	v, w := newVault(1), newVault(1)
	if v.credential("ann", "x") != v.credential("ann", "x") {
		t.Error("one credential has two digests")
	}
	if v.credential("ann", "x") == v.credential("an", "nx") || v.credential("ann", "x") == w.credential("ann", "x") {
		t.Error("two credentials have one digest")
	}
	now := time.Now()
	for i := range 3 * provenMax {
		v.prove(v.credential("ann", fmt.Sprint(i)), "hash", now)
	}
	if n := len(v.proven); n > provenMax {
		t.Errorf("%d proofs are kept", n)
	}
}
