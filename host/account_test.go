package host_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"tallystick/host"
	"tallystick/query"
)

// TestCreatedByOne: of several who create a user, or a group, at the same moment one does. The others are told, and
// leave no entry that says they had.
func TestCreatedByOne(t *testing.T) {
	user := host.AccountChange{CreateUser: &host.Account{User: query.User{Username: "zoe"}, PasswordHash: "h"}}
	for c, want := range map[*host.AccountChange]error{
		&user:                   host.ErrUserExists,
		{CreateGroup: "clerks"}: host.ErrGroupExists,
	} {
		run(t, nil, nil, func(t *testing.T, x *house) {
			on := host.Target{Scope: "user:zoe"}
			before := len(x.in("admin/default"))
			errs := make([]error, 4)
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() {
					errs[i] = x.Change(t.Context(), admin, host.ActionUserWrite, on, []host.AccountChange{*c}, "")
				})
			}
			all.Wait()
			won := slices.Index(errs, nil)
			for i, err := range errs {
				if i != won && !errors.Is(err, want) {
					t.Errorf("%v, want %v", err, want)
				}
			}
			if n := len(x.in("admin/default")) - before; won < 0 || n != 1 || len(x.store.Accounts()) != 1 {
				t.Errorf("%d entries, %d changes, %v", n, len(x.store.Accounts()), errs)
			}
		})
	}
}
