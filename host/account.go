package host

import (
	"context"

	"tallystick/audit"
	"tallystick/internal/canon"
)

// Change changes users, groups, roles and tokens, all or nothing. The new rights hold on this node when it
// returns, and for every write of every node: each compares the policy version in its transaction. What is to be
// created and is there already is refused with ErrUserExists or ErrGroupExists: of two who create it at the same
// moment, on whichever nodes, one does.
func (h *Host) Change(ctx context.Context, by Actor, action string, on Target, changes []AccountChange, text string) error {
	if err := h.require(ctx, by, action, on); err != nil {
		return err
	}
	err := h.write(ctx, func(_ context.Context, now moment) (Batch, []note, bool, error) {
		v := h.authorizer.Allow(by, action, on)
		if !v.Allowed {
			return Batch{}, nil, false, denied(v, action, on.Scope)
		}
		e := h.entry(now, by, "admin", action)
		judged(&e, v)
		e.Resource = audit.Given(on.Scope)
		n := note{stream: streamAdmin, draft: draft{entry: e, private: changesPayload(changes, text)}}
		return Batch{Policy: v.Policy, Accounts: changes}, []note{n}, false, nil
	})
	if err != nil {
		return err
	}
	loaded, err := h.load(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	_, err = h.catchUp(context.WithoutCancel(ctx), loaded)
	return err
}

// changesPayload says what changed, without secrets: hashes of passwords and tokens stay out of the log.
func changesPayload(changes []AccountChange, text string) []byte {
	list := make([]canon.JSON, len(changes))
	for i, c := range changes {
		list[i] = c.describe()
	}
	fields := map[string]canon.JSON{"changes": canon.List(list)}
	if text != "" {
		fields["note"] = canon.String(text)
	}
	return []byte(canon.Object(fields))
}

func (c AccountChange) describe() canon.JSON {
	member := func(change, to string, m *Membership) canon.JSON {
		return texts("change", change, "username", m.Username, to, m.To)
	}
	switch {
	case c.CreateUser != nil:
		secret := "none"
		if c.CreateUser.PasswordHash != "" {
			secret = "set"
		}
		return texts("change", "createUser", "username", c.CreateUser.Username, "name", c.CreateUser.Name,
			"email", c.CreateUser.Email, "password", secret)
	case c.UpdateUser != nil:
		return c.UpdateUser.describe()
	case c.DeleteUser != "":
		return texts("change", "deleteUser", "username", c.DeleteUser)
	case c.AddRole != nil:
		return member("addRole", "role", c.AddRole)
	case c.RemoveRole != nil:
		return member("removeRole", "role", c.RemoveRole)
	case c.AddGroup != nil:
		return member("addGroup", "group", c.AddGroup)
	case c.RemoveGroup != nil:
		return member("removeGroup", "group", c.RemoveGroup)
	case c.CreateGroup != "":
		return texts("change", "createGroup", "group", c.CreateGroup)
	case c.PutToken != nil:
		return texts("change", "putToken", "token", c.PutToken.ID, "username", c.PutToken.Username,
			"expires", c.PutToken.Expires.UTC().Format("2006-01-02T15:04:05Z"))
	case c.DeleteToken != "":
		return texts("change", "deleteToken", "token", c.DeleteToken)
	}
	return texts("change", "none")
}

// describe names what is changed and nothing else.
func (u *UserUpdate) describe() canon.JSON {
	pairs := []string{"change", "updateUser", "username", u.Username}
	if u.Name != nil {
		pairs = append(pairs, "name", *u.Name)
	}
	if u.Email != nil {
		pairs = append(pairs, "email", *u.Email)
	}
	if u.PasswordHash != "" {
		pairs = append(pairs, "password", "set")
	}
	return texts(pairs...)
}

// texts is an object of texts from names and values in turn.
func texts(pairs ...string) canon.JSON {
	fields := make(map[string]canon.JSON, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = canon.String(pairs[i+1])
	}
	return canon.Object(fields)
}
