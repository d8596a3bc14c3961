package authz

import (
	"context"
	"crypto/rand"
	"io"
	"runtime"
	"slices"
	"time"

	"tallystick/fault"
	"tallystick/host"
)

// Methods of authentication, as actors carry them.
const (
	methodBasic = "basic"
	methodToken = "token"
	methodNone  = "none"
)

// The refusals of logins. They do not say which part was wrong.
var (
	ErrFailed    = fault.New(fault.Unauthenticated, "authn.failed", "user name, password or token is not valid")
	ErrThrottled = fault.New(fault.Overloaded, "authn.throttled", "too many failed logins; try again")
	// ErrAddressThrottled concerns all names from an address.
	ErrAddressThrottled = fault.New(fault.Overloaded, "authn.address_throttled", "too many failed logins from this address; try again")
	// ErrBusy says nothing about the login: it was not looked at.
	ErrBusy = fault.New(fault.Overloaded, "authn.busy", "too many passwords are being checked; try again")
)

// Authenticator turns a password or a token into an actor. It is safe for concurrent use.
type Authenticator struct {
	authorizer *Authorizer
	now        func() time.Time
	vault      *vault
	brake      brake
	decoy      string // the hash that unknown users are measured against
}

// NewAuthenticator returns an Authenticator that sees the accounts of the Authorizer's policy version.
func NewAuthenticator(a *Authorizer) *Authenticator {
	return &Authenticator{
		authorizer: a, now: a.options.Now,
		vault: newVault(passwordSlots(runtime.GOMAXPROCS(0))), decoy: newDecoy(),
	}
}

// newDecoy is a hash that no password has, of the cost that real ones have.
func newDecoy() string {
	h := passwordHash{cost: costNew, salt: make([]byte, saltSize), key: make([]byte, keySize)}
	rand.Read(h.salt) // never fails (crypto/rand)
	rand.Read(h.key)
	return h.String()
}

// Basic is BasicFrom for callers that do not know an address: all of them count as one.
func (a *Authenticator) Basic(ctx context.Context, user, password string) (host.Actor, error) {
	return a.BasicFrom(ctx, "", user, password)
}

// BasicFrom checks a password. It refuses with ErrFailed, with ErrThrottled after too many failures of the user name
// within a minute, right or wrong, with ErrAddressThrottled after too many of any names from the address, and with
// ErrBusy when too many others wait for their passwords to be checked. An unknown user takes as long as a wrong
// password.
func (a *Authenticator) BasicFrom(ctx context.Context, address, user, password string) (host.Actor, error) {
	counted := brakeKey{user, brakeOrigin(address)}
	if CheckUsername(user) != nil {
		counted.name = "" // what cannot be a name is one name, of no length
	}
	// The brake comes before the memory of proven passwords, which would answer guesses otherwise.
	if err := a.brake.check(counted, a.now()); err != nil {
		return host.Actor{}, err
	}
	account, known, err := a.find(ctx, counted.name)
	if err != nil {
		return host.Actor{}, err
	}
	hash := a.decoy
	if known && account.PasswordHash != "" {
		hash = account.PasswordHash
	}
	ok, err := a.verify(ctx, attempt{counted, user, password, hash})
	switch {
	case err != nil:
		return host.Actor{}, err
	case !ok || !known:
		return host.Actor{}, ErrFailed
	}
	return actorOf(account, methodBasic), nil
}

// Prove checks a password that is asked for once more, before it is changed, and returns its hash. Each attempt counts
// like a failure of BasicFrom and is refused like one, also when it was right: changes are rare, and each makes every node
// forget what it remembers of accounts.
func (a *Authenticator) Prove(ctx context.Context, address, user, password string) (hash string, err error) {
	counted := brakeKey{user, brakeOrigin(address)}
	if err := a.brake.take(counted, a.now()); err != nil {
		return "", err
	}
	account, known, err := a.find(ctx, user)
	if err != nil {
		return "", err
	}
	t := attempt{counted, user, password, a.decoy}
	if known && account.PasswordHash != "" {
		t.hash = account.PasswordHash
	}
	matched := false
	switch err := a.vault.work(ctx, func() { matched = a.matches(t) }); {
	case err != nil:
		a.brake.giveBack(counted)
		return "", err
	case !matched || !known:
		return "", ErrFailed
	}
	return t.hash, nil
}

// HashPassword is the function HashPassword in the queue of the passwords that are checked; ErrBusy when that is full.
func (a *Authenticator) HashPassword(ctx context.Context, rand io.Reader, password string) (hash string, err error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	if busy := a.vault.work(ctx, func() { hash, err = HashPassword(rand, password) }); busy != nil {
		return "", busy
	}
	return hash, err
}

func (a *Authenticator) find(ctx context.Context, user string) (host.Account, bool, error) {
	if user == "" {
		return host.Account{}, false, nil
	}
	return a.authorizer.current.Load().accounts.byName(ctx, user)
}

// attempt is one login with the hash that its password must have.
type attempt struct {
	counted              brakeKey
	user, password, hash string
}

func (a *Authenticator) verify(ctx context.Context, t attempt) (bool, error) {
	c := a.vault.credential(t.user, t.password)
	proven, err := a.vault.enter(ctx, c, t.hash, a.now())
	if proven || err != nil {
		return proven, err
	}
	defer a.vault.leave(c)
	if err := a.brake.take(t.counted, a.now()); err != nil {
		return false, err
	}
	matched := false
	if err := a.vault.work(ctx, func() { matched = a.matches(t) }); err != nil {
		a.brake.giveBack(t.counted)
		return false, err
	}
	if matched {
		a.brake.giveBack(t.counted)
		a.vault.prove(c, t.hash, a.now())
	}
	return matched, nil
}

// matches treats a hash that cannot be read as one that no password has.
func (a *Authenticator) matches(t attempt) bool {
	h, ok := readPasswordHash(t.hash)
	if !ok {
		h, _ = readPasswordHash(a.decoy)
	}
	return h.matches(t.password) && ok
}

// Bearer checks an API token; ErrFailed when there is none such or it has expired.
func (a *Authenticator) Bearer(ctx context.Context, secret string) (host.Actor, error) {
	hash, ok := tokenHash(secret)
	if !ok {
		return host.Actor{}, ErrFailed
	}
	t, ok, err := a.authorizer.current.Load().accounts.byToken(ctx, hash)
	if err != nil {
		return host.Actor{}, err
	}
	// A token without an expiry has always expired.
	if !ok || !a.now().Before(t.token.Expires) {
		return host.Actor{}, ErrFailed
	}
	return actorOf(t.account, methodToken), nil
}

func actorOf(a host.Account, method string) host.Actor {
	return host.Actor{
		Kind: "user", Name: a.Username, Method: method,
		Roles: slices.Clone(a.Roles), Groups: slices.Clone(a.Groups),
	}
}
