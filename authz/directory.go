package authz

import (
	"context"
	"sync"

	"tallystick/fault"
	"tallystick/host"
)

// Accounts is the store's part that keeps users and tokens. Each change of an account must raise the policy
// version.
type Accounts interface {
	// Account finds a user with roles and groups; false when there is none.
	Account(ctx context.Context, username string) (host.Account, bool, error)
	// TokenByHash finds an API token and its user by the SHA-256 of the secret; false when there is none.
	TokenByHash(ctx context.Context, hash [32]byte) (host.Token, host.Account, bool, error)
}

// ErrNoAccounts is the answer of an Authorizer without Accounts to questions about them.
var ErrNoAccounts = fault.New(fault.Internal, "authn.no_accounts", "no accounts are configured")

// directory remembers accounts and tokens of one policy version. Only what exists is remembered, so that
// guesses cannot fill it.
type directory struct {
	accounts Accounts
	names    sync.Map // username → host.Account
	tokens   sync.Map // [32]byte → ticket
}

// ticket is a token with its user.
type ticket struct {
	token   host.Token
	account host.Account
}

func (d *directory) remembered(username string) (host.Account, bool) {
	a, ok := d.names.Load(username)
	if !ok {
		return host.Account{}, false
	}
	return a.(host.Account), true
}

func (d *directory) byName(ctx context.Context, username string) (host.Account, bool, error) {
	if a, ok := d.remembered(username); ok {
		return a, true, nil
	}
	if d.accounts == nil {
		return host.Account{}, false, ErrNoAccounts
	}
	a, ok, err := d.accounts.Account(ctx, username)
	if err != nil || !ok {
		return host.Account{}, false, err
	}
	d.names.Store(username, a)
	return a, true, nil
}

func (d *directory) byToken(ctx context.Context, hash [32]byte) (ticket, bool, error) {
	if t, ok := d.tokens.Load(hash); ok {
		return t.(ticket), true, nil
	}
	if d.accounts == nil {
		return ticket{}, false, ErrNoAccounts
	}
	token, account, ok, err := d.accounts.TokenByHash(ctx, hash)
	if err != nil || !ok {
		return ticket{}, false, err
	}
	t := ticket{token, account}
	d.tokens.Store(hash, t)
	return t, true, nil
}
