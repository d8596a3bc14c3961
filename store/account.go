package store

import (
	"context"

	"github.com/uptrace/bun"

	"tallystick/host"
	"tallystick/query"
)

// HasAccounts reports whether there is any account.
func (d *DB) HasAccounts(ctx context.Context) (bool, error) {
	var n int
	err := d.read.NewRaw("SELECT count(*) FROM (SELECT 1 FROM account LIMIT 1) AS one").Scan(ctx, &n)
	return n > 0, d.fault(err, "look for accounts")
}

// Account finds an account with its roles, groups and password hash; false when there is none.
func (d *DB) Account(ctx context.Context, username string) (host.Account, bool, error) {
	var rows []struct{ Username, Name, Email, PasswordHash string }
	err := d.read.NewRaw("SELECT username, name, email, password_hash FROM account WHERE username = ?",
		text(username)).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return host.Account{}, false, d.fault(err, "find an account")
	}
	r := rows[0]
	users := []query.User{{Username: r.Username, Name: r.Name, Email: r.Email}}
	if err := d.addMemberships(ctx, users); err != nil {
		return host.Account{}, false, err
	}
	return host.Account{User: users[0], PasswordHash: r.PasswordHash}, true, nil
}

// addMemberships fills in the roles and groups of users, in the order of their names.
func (d *DB) addMemberships(ctx context.Context, users []query.User) error {
	names := make([]string, len(users))
	at := make(map[string]*query.User, len(users))
	for i := range users {
		users[i].Roles, users[i].Groups = []string{}, []string{}
		names[i] = users[i].Username
		at[names[i]] = &users[i]
	}
	if len(users) == 0 {
		return nil
	}
	var rows []struct{ Username, Kind, Name string }
	err := d.read.NewRaw("SELECT username, kind, name FROM membership WHERE username IN (?) ORDER BY name",
		bun.List(names)).Scan(ctx, &rows)
	if err != nil {
		return d.fault(err, "list memberships")
	}
	for _, r := range rows {
		u := at[r.Username]
		if r.Kind == memberRole {
			u.Roles = append(u.Roles, r.Name)
		} else {
			u.Groups = append(u.Groups, r.Name)
		}
	}
	return nil
}

type tokenRow struct {
	ID, Username string
	Hash         []byte
	Expires      *int64
}

func (r tokenRow) token() host.Token {
	t := host.Token{ID: r.ID, Username: r.Username}
	copy(t.Hash[:], r.Hash)
	if r.Expires != nil {
		t.Expires = instant(*r.Expires)
	}
	return t
}

// TokenByHash finds a token by the SHA-256 of its secret, and its account. An expired token is found too;
// the caller compares the time.
func (d *DB) TokenByHash(ctx context.Context, hash [32]byte) (host.Token, host.Account, bool, error) {
	var rows []tokenRow
	err := d.read.NewRaw("SELECT id, username, hash, expires FROM token WHERE hash = ?", hash[:]).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return host.Token{}, host.Account{}, false, d.fault(err, "find a token")
	}
	account, ok, err := d.Account(ctx, rows[0].Username)
	return rows[0].token(), account, ok, err
}

// Tokens lists the tokens of a user by id.
func (d *DB) Tokens(ctx context.Context, username string) ([]host.Token, error) {
	var rows []tokenRow
	err := d.read.NewRaw("SELECT id, username, hash, expires FROM token WHERE username = ? ORDER BY id",
		text(username)).Scan(ctx, &rows)
	tokens := make([]host.Token, len(rows))
	for i, r := range rows {
		tokens[i] = r.token()
	}
	return tokens, d.fault(err, "list tokens")
}

// Groups lists the names of all groups in their order.
func (d *DB) Groups(ctx context.Context) ([]string, error) {
	names := []string{}
	err := d.read.NewRaw("SELECT name FROM account_group ORDER BY name").Scan(ctx, &names)
	return names, d.fault(err, "list groups")
}
