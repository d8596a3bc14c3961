package store

import (
	"context"

	"tallystick/query"
)

var users = &resource[query.User]{
	from:   "account u",
	key:    "username",
	access: onlyAll,
	complete: func(ctx context.Context, d *DB, found []query.User) error {
		return d.addMemberships(ctx, found)
	},
	attributes: []attribute[query.User]{
		{field{name: "username", kind: words, expr: "u.username"}, func(v *query.User) any { return &v.Username }},
		{field{name: "name", kind: words, expr: "u.name"}, func(v *query.User) any { return &v.Name }},
		{field{name: "email", kind: words, expr: "u.email"}, func(v *query.User) any { return &v.Email }},
		{field{name: "role", kind: words, expr: "m.name", through: "u.username IN (SELECT m.username FROM membership m WHERE m.kind = 'role' AND %s)"}, nil},
		{field{name: "group", kind: words, expr: "m.name", through: "u.username IN (SELECT m.username FROM membership m WHERE m.kind = 'group' AND %s)"}, nil},
	},
}

// SearchUsers answers a search for users.
func (d *DB) SearchUsers(ctx context.Context, q query.Request) (query.Result[query.User], error) {
	return search(ctx, d, users, q)
}

// User finds a user; false when there is none.
func (d *DB) User(ctx context.Context, username string) (query.User, bool, error) {
	return get(ctx, d, users, users.byKey(text(username)))
}
