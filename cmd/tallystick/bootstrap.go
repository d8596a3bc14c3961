package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"tallystick/authz"
	returns "tallystick/examples/returns"
	"tallystick/host"
	"tallystick/query"
)

// adminName is the first administrator.
const adminName = "admin"

// exampleGroups are the groups that the tasks of the example are offered to.
var exampleGroups = []string{"inspectors", "supervisors"}

// bootstrap prepares the first start of an installation and returns what to tell the person who started it.
func (s *server) bootstrap(ctx context.Context) (string, error) {
	known, err := s.db.HasAccounts(ctx)
	if err != nil {
		return "", err
	}
	if known {
		return s.welcome(""), nil
	}
	secret, err := s.firstAdmin(ctx)
	if err != nil {
		return "", err
	}
	if s.cfg.example {
		if _, _, err := s.host.Deploy(ctx, host.System("bootstrap"), "bootstrap-returns", returns.Resources()); err != nil {
			return "", err
		}
	}
	return s.welcome(secret), nil
}

// firstAdmin creates the administrator and returns the password when it was generated. A node that starts at the same
// moment on the same database may be faster: then the password is the one that it has said.
func (s *server) firstAdmin(ctx context.Context) (string, error) {
	secret := ""
	if s.cfg.password == "" {
		secret = rand.Text()
	}
	err := s.createAdmin(ctx, secret)
	if errors.Is(err, host.ErrUserExists) {
		return "", nil
	}
	return secret, err
}

// createAdmin makes the first account and the groups of the example, with an audit entry.
func (s *server) createAdmin(ctx context.Context, secret string) error {
	if secret == "" {
		secret = s.cfg.password
	}
	hash, err := authz.HashPassword(rand.Reader, secret)
	if err != nil {
		return err
	}
	admin := &host.Account{User: query.User{Username: adminName, Name: "Administrator"}, PasswordHash: hash}
	changes := []host.AccountChange{
		{CreateUser: admin},
		{AddRole: &host.Membership{Username: adminName, To: "admin"}},
	}
	if s.cfg.example {
		for _, g := range exampleGroups {
			changes = append(changes, host.AccountChange{CreateGroup: g})
		}
	}
	return s.host.Change(ctx, host.System("bootstrap"), host.ActionUserWrite, host.Target{Scope: "user:" + adminName}, changes, "first start")
}

// welcome says where the server is and what to try; the generated password is in it once.
func (s *server) welcome(secret string) string {
	address := "http://" + s.listen.Addr().String()
	var b strings.Builder
	fmt.Fprintf(&b, "Tallystick %s serves %s\n", build(), address)
	if secret != "" {
		fmt.Fprintf(&b, "\nFirst start: user %q, password %s (shown this once)\n\n  export TALLYSTICK_USER=%s TALLYSTICK_PASSWORD=%s\n",
			adminName, secret, adminName, secret)
	}
	if address != defaultAddress {
		fmt.Fprintf(&b, "\n  export TALLYSTICK_ADDRESS=%s\n", address)
	}
	if s.cfg.example {
		fmt.Fprintf(&b, `
Try next, in another terminal:

  bin/tallystick start returns --wait 10s --var claim='%s'
  bin/tallystick instance list
  bin/tallystick audit verify

`, exampleClaim)
	}
	return b.String()
}

// exampleClaim is small and honest: it is refunded without a person.
const exampleClaim = `{"id":"C-1","customer":"ann","tier":"gold","amount":49,"reason":"too small","daysSincePurchase":3,"priorReturns":0,"item":{"sku":"SHIRT-M","quantity":1}}`
