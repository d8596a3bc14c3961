package authz_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/authz"
	"tallystick/fault"
	"tallystick/host"
)

const (
	right = "correct horse"
	wrong = "wrong horse"
)

// hashOf computes each hash once: that is what costs time here.
var hashOf = func() func(t testing.TB, password string) string {
	var known sync.Map
	return func(t testing.TB, password string) string {
		t.Helper()
		if h, ok := known.Load(password); ok {
			return h.(string)
		}
		h, err := authz.HashPassword(rand.Reader, password)
		if err != nil {
			t.Fatal(err)
		}
		known.Store(password, h)
		return h
	}
}()

func TestBasic(t *testing.T) {
	store := &accounts{}
	store.put("ann", hashOf(t, right), "clerk", "auditor")
	store.put("robot", "")      // tokens only
	store.put("odd", "rubbish") // no hash at all
	a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: store}))
	got, err := a.Basic(t.Context(), "ann", right)
	want := host.Actor{Kind: "user", Name: "ann", Roles: []string{"clerk", "auditor"}, Method: "basic"}
	if err != nil || !cmp.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range [][2]string{
		{"ann", wrong},
		{"ann", ""},
		{"Ann", right},
		{"ann ", right},
		{"eve", right},
		{"", right},
		{"", ""},
		{"robot", ""},
		{"robot", right},
		{"odd", "rubbish"},
		{"a:b", right},
		{strings.Repeat("x", 10_000), right},
	} {
		got, err := a.BasicFrom(t.Context(), c[0]+c[1], c[0], c[1])
		if !errors.Is(err, authz.ErrFailed) || fault.KindOf(err) != fault.Unauthenticated || !cmp.Equal(got, host.Actor{}) {
			t.Errorf("%.20q %q: %+v, %v", c[0], c[1], got, err)
		}
	}
}

// What is handed out is the caller's: changing it changes nobody's rights.
func TestActorIsACopy(t *testing.T) {
	store := &accounts{}
	store.put("ann", hashOf(t, right), "clerk")
	a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: store}))
	first, err := a.Basic(t.Context(), "ann", right)
	if err != nil {
		t.Fatal(err)
	}
	first.Roles[0] = "admin"
	second, err := a.Basic(t.Context(), "ann", right)
	if err != nil || second.Roles[0] != "clerk" {
		t.Errorf("%+v, %v", second, err)
	}
}

// A changed password ends the old one with the policy version, although it is remembered as proven.
func TestPasswordChange(t *testing.T) {
	store := &accounts{}
	store.put("ann", hashOf(t, right), "clerk")
	policy := newAuthorizer(t, authz.Options{Accounts: store})
	a := authz.NewAuthenticator(policy)
	login := func(password string) error {
		_, err := a.Basic(t.Context(), "ann", password)
		return err
	}
	if err := login(right); err != nil {
		t.Fatal(err)
	}
	store.put("ann", hashOf(t, "another horse"), "clerk")
	refresh(t, policy, 1)
	if err := login(right); !errors.Is(err, authz.ErrFailed) {
		t.Errorf("the old password: %v", err)
	}
	if err := login("another horse"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	store.remove("ann")
	refresh(t, policy, 2)
	if err := login("another horse"); !errors.Is(err, authz.ErrFailed) {
		t.Errorf("the password of a deleted user: %v", err)
	}
}

func TestThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &accounts{}
		store.put("ann", hashOf(t, right), "clerk")
		a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: store}))
		login := func(address, user, password string) error {
			_, err := a.BasicFrom(t.Context(), address, user, password)
			return err
		}
		for i := range 5 {
			if err := login("10.0.0.1", "ann", wrong); !errors.Is(err, authz.ErrFailed) {
				t.Fatalf("failure %d: %v", i+1, err)
			}
		}
		for _, password := range []string{wrong, right} {
			err := login("10.0.0.1", "ann", password)
			if !errors.Is(err, authz.ErrThrottled) || fault.KindOf(err) != fault.Overloaded ||
				!strings.Contains(err.Error(), "in 60 seconds") {
				t.Errorf("%s: %v", password, err)
			}
		}
		if err := login("10.0.0.2", "ann", right); err != nil {
			t.Errorf("a stranger's failures lock ann out at her own address: %v", err)
		}
		// Now the password is proven; that must not let it be guessed where the brake is on.
		if err := login("10.0.0.1", "ann", right); !errors.Is(err, authz.ErrThrottled) {
			t.Errorf("the proven password answers a guess: %v", err)
		}
		// Unknown users are braked like known ones.
		for range 5 {
			if err := login("10.0.0.1", "eve", wrong); !errors.Is(err, authz.ErrFailed) {
				t.Fatal(err)
			}
		}
		if err := login("10.0.0.1", "eve", wrong); !errors.Is(err, authz.ErrThrottled) {
			t.Errorf("an unknown user: %v", err)
		}
		<-time.After(time.Minute)
		if err := login("10.0.0.1", "ann", right); err != nil {
			t.Errorf("after a minute: %v", err)
		}
	})
}

// A password that is asked for once more counts each time, known or not, and answers by which hash it was right.
func TestProve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &accounts{}
		hash := hashOf(t, right)
		store.put("ann", hash, "clerk")
		store.put("bot", "", "worker")
		a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: store}))
		prove := func(user, password string) (string, error) { return a.Prove(t.Context(), "10.0.0.1", user, password) }
		for _, c := range []struct{ user, password string }{{"ann", wrong}, {"nobody", right}, {"bot", ""}, {"bot", right}} {
			if got, err := prove(c.user, c.password); !errors.Is(err, authz.ErrFailed) || got != "" {
				t.Errorf("%s with %q: %q, %v", c.user, c.password, got, err)
			}
		}
		for range 4 {
			if got, err := prove("ann", right); err != nil || got != hash {
				t.Errorf("%q, %v", got, err)
			}
		}
		if _, err := prove("ann", right); !errors.Is(err, authz.ErrThrottled) {
			t.Errorf("the sixth attempt of a minute: %v", err)
		}
		<-time.After(time.Minute)
		if _, err := prove("ann", right); err != nil {
			t.Errorf("after a minute: %v", err)
		}
	})
}

func TestHashPassword(t *testing.T) {
	a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: &accounts{}}))
	if _, err := a.HashPassword(t.Context(), rand.Reader, "short"); !errors.Is(err, authz.ErrPassword) {
		t.Error(err)
	}
	if hash, err := a.HashPassword(t.Context(), rand.Reader, right); err != nil || !strings.HasPrefix(hash, "$argon2id$") {
		t.Errorf("%q, %v", hash, err)
	}
}

// Many clients that start at once with one right password are one attempt, not many failures in waiting.
func TestLoginsSideBySide(t *testing.T) {
	store := &accounts{}
	store.put("ann", hashOf(t, right), "worker")
	a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: store}))
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := a.Basic(t.Context(), "ann", right); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()

	var failed, throttled atomic.Int32
	for range 50 {
		group.Go(func() {
			switch _, err := a.Basic(t.Context(), "ann", wrong); {
			case errors.Is(err, authz.ErrFailed):
				failed.Add(1)
			case errors.Is(err, authz.ErrThrottled):
				throttled.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if failed.Load() != 5 || throttled.Load() != 45 {
		t.Errorf("%d failed, %d throttled; want 5 and 45", failed.Load(), throttled.Load())
	}
}

// A store that is away is no failed login.
func TestStoreGone(t *testing.T) {
	store := &accounts{}
	store.put("ann", hashOf(t, right))
	a := authz.NewAuthenticator(newAuthorizer(t, authz.Options{Accounts: store}))
	secret, _ := authz.NewToken(rand.Reader)
	store.fail(true)
	for range 10 {
		if _, err := a.Basic(t.Context(), "ann", right); !errors.Is(err, errBroken) {
			t.Errorf("basic: %v", err)
		}
		if _, err := a.Bearer(t.Context(), secret); !errors.Is(err, errBroken) {
			t.Errorf("bearer: %v", err)
		}
	}
	store.fail(false)
	if _, err := a.Basic(t.Context(), "ann", right); err != nil {
		t.Error(err)
	}
	empty := authz.NewAuthenticator(newAuthorizer(t, authz.Options{}))
	if _, err := empty.Basic(t.Context(), "ann", right); !errors.Is(err, authz.ErrNoAccounts) {
		t.Errorf("without accounts: %v", err)
	}
	if _, err := empty.Bearer(t.Context(), secret); !errors.Is(err, authz.ErrNoAccounts) {
		t.Errorf("without accounts: %v", err)
	}
}

func TestBearer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &accounts{}
		store.put("ann", "", "worker")
		policy := newAuthorizer(t, authz.Options{Accounts: store})
		a := authz.NewAuthenticator(policy)
		secret, hash := authz.NewToken(rand.Reader)
		endless, endlessHash := authz.NewToken(rand.Reader)
		store.putToken(host.Token{ID: "1", Username: "ann", Hash: hash, Expires: time.Now().Add(time.Hour)})
		store.putToken(host.Token{ID: "2", Username: "ann", Hash: endlessHash})
		login := func(secret string) error {
			_, err := a.Bearer(t.Context(), secret)
			return err
		}
		got, err := a.Bearer(t.Context(), secret)
		want := host.Actor{Kind: "user", Name: "ann", Roles: []string{"worker"}, Method: "token"}
		if err != nil || !cmp.Equal(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
		other, _ := authz.NewToken(rand.Reader)
		for _, s := range []string{
			endless, other, "", "tsk_", secret[4:], secret + "0", secret[:len(secret)-1],
			strings.ToUpper(secret), " " + secret, strings.Replace(secret, "tsk_", "tsk-", 1), secret[:67] + "g",
		} {
			if err := login(s); !errors.Is(err, authz.ErrFailed) {
				t.Errorf("%q: %v", s, err)
			}
		}
		<-time.After(time.Hour - time.Nanosecond)
		if err := login(secret); err != nil {
			t.Errorf("before it expires: %v", err)
		}
		<-time.After(time.Nanosecond)
		if err := login(secret); !errors.Is(err, authz.ErrFailed) {
			t.Errorf("expired, although remembered: %v", err)
		}
	})
}

func TestRevokedToken(t *testing.T) {
	store := &accounts{}
	store.put("ann", "", "worker")
	policy := newAuthorizer(t, authz.Options{Accounts: store})
	a := authz.NewAuthenticator(policy)
	secret, hash := authz.NewToken(rand.Reader)
	store.putToken(host.Token{ID: "1", Username: "ann", Hash: hash, Expires: time.Now().Add(time.Hour)})
	for range 3 {
		if _, err := a.Bearer(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
	}
	if n := store.count(); n != 1 {
		t.Errorf("the token was read %d times in one policy version", n)
	}
	store.removeToken(hash)
	refresh(t, policy, 1)
	if _, err := a.Bearer(t.Context(), secret); !errors.Is(err, authz.ErrFailed) {
		t.Errorf("a revoked token: %v", err)
	}
}

func TestNewToken(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		secret, _ := authz.NewToken(rand.Reader)
		if !strings.HasPrefix(secret, "tsk_") || len(secret) != 68 || seen[secret] {
			t.Errorf("%q", secret)
		}
		seen[secret] = true
	}
	defer func() {
		if recover() == nil {
			t.Error("a token without random bytes")
		}
	}()
	authz.NewToken(bytes.NewReader(nil))
}

func TestCheckUsername(t *testing.T) {
	for name, ok := range map[string]bool{
		"ann": true, "Ann.Lee-2_x@example.com": true, strings.Repeat("x", 64): true,
		"": false, "a:b": false, "a b": false, "a\n": false, "ännchen": false, "a/b": false, "*": false, strings.Repeat("x", 65): false,
	} {
		if err := authz.CheckUsername(name); (err == nil) != ok || err != nil && !errors.Is(err, authz.ErrUsername) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
