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

// Whoever comes when all slots are taken and the queue is full is refused at once; that is no failed login, and leaves
// nothing behind. Neither do those who leave the queue.
func TestBusyLogins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy, err := New(Options{Accounts: &oneUser{}})
		if err != nil {
			t.Fatal(err)
		}
		a := NewAuthenticator(policy)
		login := func(ctx context.Context, i int) error {
			_, err := a.BasicFrom(ctx, fmt.Sprintf("10.0.%d.%d", i>>8, i&255), fmt.Sprint("u", i), "a wrong horse")
			return err
		}
		release := make(chan struct{})
		for range cap(a.vault.slots) {
			go func() {
				if err := a.vault.work(t.Context(), func() { <-release }); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		waiting, leave := context.WithCancel(t.Context())
		queue := cap(a.vault.slots) * passwordQueue
		left := make(chan error, queue)
		for i := range queue {
			go func() { left <- login(waiting, i) }()
		}
		synctest.Wait()
		for range 3 * brakePair {
			if err := login(t.Context(), queue); !errors.Is(err, ErrBusy) {
				t.Fatalf("with a full queue: %v", err)
			}
		}
		// Neither do those who change passwords.
		if _, err := a.Prove(t.Context(), "10.9.9.9", "ann", "a wrong horse"); !errors.Is(err, ErrBusy) {
			t.Errorf("Prove with a full queue: %v", err)
		}
		if _, err := a.HashPassword(t.Context(), rand.Reader, "a new horse"); !errors.Is(err, ErrBusy) {
			t.Errorf("HashPassword with a full queue: %v", err)
		}
		leave()
		for range queue {
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Errorf("in the queue: %v", err)
			}
		}
		if n := len(a.brake.counts); n != 0 {
			t.Errorf("%d counts are left by logins that were not looked at", n)
		}
		close(release)
		synctest.Wait()
		if err := login(t.Context(), queue); !errors.Is(err, ErrFailed) {
			t.Errorf("with a slot free: %v", err)
		}
	})
}

// An address that has failed too often is not heard, whatever the name and however right the password, even proven.
func TestThrottledAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const password = "correct horse"
		hash, err := HashPassword(rand.Reader, password)
		if err != nil {
			t.Fatal(err)
		}
		policy, err := New(Options{Accounts: &oneUser{host.Account{User: query.User{Username: "ann"}, PasswordHash: hash}}})
		if err != nil {
			t.Fatal(err)
		}
		a := NewAuthenticator(policy)
		login := func(address string) error {
			_, err := a.BasicFrom(t.Context(), address, "ann", password)
			return err
		}
		for i := range brakeAddress {
			if err := a.brake.take(brakeKey{fmt.Sprint("u", i), brakeOrigin("2001:db8::1")}, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		if err := login("2001:db8:0:1::1"); err != nil {
			t.Errorf("another network: %v", err)
		}
		if err := login("2001:db8::2"); !errors.Is(err, ErrAddressThrottled) {
			t.Errorf("the same network: %v", err)
		}
		<-time.After(brakeWindow)
		if err := login("2001:db8::2"); err != nil {
			t.Errorf("after a minute: %v", err)
		}
	})
}

func TestPasswordSlots(t *testing.T) {
	for cores, want := range map[int]int{1: 1, 2: 1, 3: 1, 4: 2, 64: 32} {
		if got := passwordSlots(cores); got != want {
			t.Errorf("%d cores: %d slots, want %d", cores, got, want)
		}
	}
}
