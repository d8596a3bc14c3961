package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"tallystick/host"
)

// The kinds of memberships.
const (
	memberRole  = "role"
	memberGroup = "group"
)

// writeAccounts carries account changes out in their order. They are rare and few; each is a statement or two.
func writeAccounts(ctx context.Context, tx bun.Tx, changes []host.AccountChange) error {
	for _, c := range changes {
		if err := writeAccount(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

func writeAccount(ctx context.Context, tx bun.Tx, c host.AccountChange) error {
	switch {
	case c.CreateUser != nil:
		return createUser(ctx, tx, *c.CreateUser)
	case c.UpdateUser != nil:
		return updateUser(ctx, tx, *c.UpdateUser)
	case c.DeleteUser != "":
		return deleteUser(ctx, tx, c.DeleteUser)
	case c.AddRole != nil:
		return join(ctx, tx, *c.AddRole, memberRole)
	case c.RemoveRole != nil:
		return part(ctx, tx, *c.RemoveRole, memberRole)
	case c.AddGroup != nil:
		return joinGroup(ctx, tx, *c.AddGroup)
	case c.RemoveGroup != nil:
		return part(ctx, tx, *c.RemoveGroup, memberGroup)
	case c.CreateGroup != "":
		return createGroup(ctx, tx, c.CreateGroup)
	case c.PutToken != nil:
		return putToken(ctx, tx, *c.PutToken)
	case c.DeleteToken != "":
		return run(ctx, tx, "DELETE FROM token WHERE id = ?", text(c.DeleteToken))
	}
	return nil
}

// createUser adds an account with its roles and groups. That the name is free is decided here and nowhere else:
// whoever looked before may have been overtaken.
func createUser(ctx context.Context, tx bun.Tx, a host.Account) error {
	added, err := add(ctx, tx, "INSERT INTO account (username, name, email, password_hash) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		text(a.Username), text(a.Name), text(a.Email), text(a.PasswordHash))
	if err != nil {
		return err
	}
	if !added {
		return host.ErrUserExists.With("there is a user %q already", a.Username)
	}
	for _, r := range a.Roles {
		if err := join(ctx, tx, host.Membership{Username: a.Username, To: r}, memberRole); err != nil {
			return err
		}
	}
	for _, g := range a.Groups {
		if err := joinGroup(ctx, tx, host.Membership{Username: a.Username, To: g}); err != nil {
			return err
		}
	}
	return nil
}

// updateUser looks at the verified password in the statement that replaces it, so that nobody sets a password with one
// that was replaced meanwhile.
func updateUser(ctx context.Context, tx bun.Tx, u host.UserUpdate) error {
	if err := userExists(ctx, tx, u.Username); err != nil {
		return err
	}
	changed, err := add(ctx, tx, `UPDATE account SET name = coalesce(?, name), email = coalesce(?, email),
		password_hash = CASE WHEN ? = '' THEN password_hash ELSE ? END WHERE username = ? AND (? = '' OR password_hash = ?)`,
		orNull(u.Name), orNull(u.Email), text(u.PasswordHash), text(u.PasswordHash), text(u.Username), text(u.Verified), text(u.Verified))
	if err == nil && !changed {
		err = host.ErrPasswordChanged
	}
	return err
}

func deleteUser(ctx context.Context, tx bun.Tx, username string) error {
	for _, statement := range []string{
		"DELETE FROM token WHERE username = ?",
		"DELETE FROM membership WHERE username = ?",
		"DELETE FROM account WHERE username = ?",
	} {
		if err := run(ctx, tx, statement, text(username)); err != nil {
			return err
		}
	}
	return nil
}

// join adds a membership of an account that exists; twice is once.
func join(ctx context.Context, tx bun.Tx, m host.Membership, kind string) error {
	if err := userExists(ctx, tx, m.Username); err != nil {
		return err
	}
	return run(ctx, tx, "INSERT INTO membership (username, kind, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		text(m.Username), kind, text(m.To))
}

func part(ctx context.Context, tx bun.Tx, m host.Membership, kind string) error {
	return run(ctx, tx, "DELETE FROM membership WHERE username = ? AND kind = ? AND name = ?",
		text(m.Username), kind, text(m.To))
}

func createGroup(ctx context.Context, tx bun.Tx, name string) error {
	added, err := addGroup(ctx, tx, name)
	if err == nil && !added {
		err = host.ErrGroupExists.With("there is a group %q already", name)
	}
	return err
}

// joinGroup makes the group when there is none.
func joinGroup(ctx context.Context, tx bun.Tx, m host.Membership) error {
	if _, err := addGroup(ctx, tx, m.To); err != nil {
		return err
	}
	return join(ctx, tx, m, memberGroup)
}

func addGroup(ctx context.Context, tx bun.Tx, name string) (bool, error) {
	return add(ctx, tx, "INSERT INTO account_group (name) VALUES (?) ON CONFLICT DO NOTHING", text(name))
}

func putToken(ctx context.Context, tx bun.Tx, t host.Token) error {
	if err := userExists(ctx, tx, t.Username); err != nil {
		return err
	}
	return run(ctx, tx, `INSERT INTO token (id, username, hash, expires) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET username = EXCLUDED.username, hash = EXCLUDED.hash, expires = EXCLUDED.expires`,
		text(t.ID), text(t.Username), t.Hash[:], microsOrNull(t.Expires))
}

func userExists(ctx context.Context, tx bun.Tx, username string) error {
	var one int
	err := tx.NewRaw("SELECT 1 FROM account WHERE username = ?", text(username)).Scan(ctx, &one)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrUserNotFound.With("there is no user %q", username)
	}
	return err
}

func run(ctx context.Context, tx bun.Tx, statement string, args ...any) error {
	_, err := tx.NewRaw(statement, args...).Exec(ctx)
	return err
}

// add writes one row and reports whether it did.
func add(ctx context.Context, tx bun.Tx, statement string, args ...any) (bool, error) {
	r, err := tx.NewRaw(statement, args...).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}
