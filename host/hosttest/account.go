package hosttest

import (
	"slices"

	"tallystick/host"
)

// checkAccounts refuses to create a user or group that is there.
func (s *Store) checkAccounts(changes []host.AccountChange) error {
	if len(changes) == 0 {
		return nil
	}
	users, groups := map[string]bool{}, map[string]bool{}
	for _, c := range slices.Concat(s.accounts, changes) {
		switch {
		case c.CreateUser != nil:
			if users[c.CreateUser.Username] {
				return host.ErrUserExists
			}
			users[c.CreateUser.Username] = true
			for _, g := range c.CreateUser.Groups {
				groups[g] = true
			}
		case c.DeleteUser != "":
			delete(users, c.DeleteUser)
		case c.AddGroup != nil:
			groups[c.AddGroup.To] = true
		case c.CreateGroup != "":
			if groups[c.CreateGroup] {
				return host.ErrGroupExists
			}
			groups[c.CreateGroup] = true
		}
	}
	return nil
}
