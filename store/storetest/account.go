package storetest

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
	"tallystick/fault"
	"tallystick/host"
	"tallystick/query"
)

var accountCases = []testCase{
	{"users, roles and groups", usersKept},
	{"a user is changed", userChanged},
	{"tokens", tokensKept},
	{"nobody is changed, joins or gets a token", changeOfNobody},
	{"users and groups are created once", createdOnce},
	{"of several who create a user one does", createdByOne},
}

// administer commits account changes and insists that the policy version rises.
func (w *world) administer(changes ...host.AccountChange) {
	w.Helper()
	before, err := w.db.PolicyVersion(w.Context())
	w.must(err)
	b := w.batch()
	b.Accounts = changes
	w.commit(b)
	after, err := w.db.PolicyVersion(w.Context())
	w.must(err)
	if after <= before || w.load().Policy != after {
		w.Errorf("the policy version went from %d to %d", before, after)
	}
}

func usersKept(w *world) {
	ctx := w.Context()
	if has, err := w.db.HasAccounts(ctx); has || err != nil {
		w.Fatalf("accounts at first: %v %v", has, err)
	}
	ann := host.Account{User: query.User{Username: "ann", Name: "Ann", Email: "a@x", Roles: []string{"worker"}}, PasswordHash: "h1"}
	bob := host.Account{User: query.User{Username: "bob", Groups: []string{"managers"}}, PasswordHash: "h2"}
	w.administer(host.AccountChange{CreateUser: &ann}, host.AccountChange{CreateUser: &bob}, host.AccountChange{CreateGroup: "clerks"})
	w.administer(
		host.AccountChange{AddRole: &host.Membership{Username: "ann", To: "admin"}},
		host.AccountChange{AddRole: &host.Membership{Username: "ann", To: "admin"}},
		host.AccountChange{AddGroup: &host.Membership{Username: "ann", To: "clerks"}},
		host.AccountChange{RemoveRole: &host.Membership{Username: "ann", To: "worker"}},
		host.AccountChange{RemoveGroup: &host.Membership{Username: "bob", To: "managers"}},
	)
	ann.Roles, ann.Groups = []string{"admin"}, []string{"clerks"}
	got, ok, err := w.db.Account(ctx, "ann")
	w.must(err)
	if diff := cmp.Diff(ann, got); !ok || diff != "" {
		w.Error(diff)
	}
	groups, err := w.db.Groups(ctx)
	w.must(err)
	if !slices.Equal(groups, []string{"clerks", "managers"}) {
		w.Errorf("groups %v", groups)
	}
	checkUsers(w)
	w.administer(host.AccountChange{DeleteUser: "ann"})
	if _, ok, err := w.db.User(ctx, "ann"); ok || err != nil {
		w.Errorf("a deleted user is there: %v", err)
	}
}

func checkUsers(w *world) {
	w.Helper()
	for field, value := range map[string]string{"username": "ann", "role": "admin", "group": "clerks", "email": "a@x"} {
		r, err := w.db.SearchUsers(w.Context(), query.Request{
			Access: all, Conds: []query.Cond{{Field: field, Op: query.Eq, Value: value}},
		})
		w.must(err)
		if len(r.Items) == 0 || r.Items[0].Username != "ann" || !slices.Equal(r.Items[0].Groups, []string{"clerks"}) {
			w.Errorf("%s = %q: %+v", field, value, r.Items)
		}
	}
	hidden, err := w.db.SearchUsers(w.Context(), query.Request{Access: query.Access{Definitions: []string{"order"}}})
	w.must(err)
	page, err := w.db.SearchUsers(w.Context(), query.Request{Access: all, Page: query.Page{Limit: 1}})
	w.must(err)
	next, err := w.db.SearchUsers(w.Context(), query.Request{Access: all, Page: query.Page{Limit: 1, After: page.End}})
	w.must(err)
	if len(hidden.Items) != 0 || len(next.Items) != 1 || next.Items[0].Username != "bob" || next.Total != 2 {
		w.Errorf("hidden %+v, second page %+v", hidden.Items, next)
	}
}

func userChanged(w *world) {
	ann := host.Account{User: query.User{Username: "ann", Name: "Ann", Email: "a@x", Roles: []string{"worker"}, Groups: []string{}}, PasswordHash: "h1"}
	bob := host.Account{User: query.User{Username: "bob", Name: "Bob", Roles: []string{}, Groups: []string{}}, PasswordHash: "h2"}
	w.administer(host.AccountChange{CreateUser: &ann}, host.AccountChange{CreateUser: &bob})
	for _, u := range []host.UserUpdate{
		{Name: ptr("Ann Ash")},
		{Email: ptr(""), PasswordHash: "h3"},
		{PasswordHash: "h4", Verified: "h3"},
		{},
	} {
		u.Username = "ann"
		if u.Name != nil {
			ann.Name = *u.Name
		}
		if u.Email != nil {
			ann.Email = *u.Email
		}
		if u.PasswordHash != "" {
			ann.PasswordHash = u.PasswordHash
		}
		w.administer(host.AccountChange{UpdateUser: &u})
		w.accountsAre(ann, bob)
	}
	b := w.batch()
	b.Accounts = []host.AccountChange{{UpdateUser: &host.UserUpdate{Username: "ann", PasswordHash: "h5", Verified: "h3"}}}
	if err := w.db.Commit(w.Context(), b.Batch); !errors.Is(err, host.ErrPasswordChanged) {
		w.Errorf("a password was replaced on the word of an old one: %v", err)
	}
	w.accountsAre(ann, bob)
}

func (w *world) accountsAre(want ...host.Account) {
	w.Helper()
	for _, a := range want {
		got, _, err := w.db.Account(w.Context(), a.Username)
		w.must(err)
		w.same(a.Username, a, got)
	}
}

func tokensKept(w *world) {
	ctx := w.Context()
	ann := host.Account{User: query.User{Username: "ann", Roles: []string{"worker"}, Groups: []string{}}}
	first := host.Token{ID: "t1", Username: "ann", Hash: sha256.Sum256([]byte("one")), Expires: noon.Add(time.Hour)}
	second := host.Token{ID: "t2", Username: "ann", Hash: sha256.Sum256([]byte("two"))}
	w.administer(host.AccountChange{CreateUser: &ann}, host.AccountChange{PutToken: &first}, host.AccountChange{PutToken: &second})
	token, account, ok, err := w.db.TokenByHash(ctx, first.Hash)
	w.must(err)
	if !ok || token != first || !cmp.Equal(account, ann) {
		w.Errorf("token %+v of %+v", token, account)
	}
	list, err := w.db.Tokens(ctx, "ann")
	w.must(err)
	if !slices.Equal(list, []host.Token{first, second}) {
		w.Errorf("tokens %+v", list)
	}
	w.administer(host.AccountChange{DeleteToken: "t1"})
	if _, _, ok, err := w.db.TokenByHash(ctx, first.Hash); ok || err != nil {
		w.Errorf("a revoked token is found: %v", err)
	}
	w.administer(host.AccountChange{DeleteUser: "ann"})
	if _, _, ok, err := w.db.TokenByHash(ctx, second.Hash); ok || err != nil {
		w.Errorf("a token outlived its user: %v", err)
	}
}

func changeOfNobody(w *world) {
	for _, c := range []host.AccountChange{
		{UpdateUser: &host.UserUpdate{Username: "nobody"}},
		{AddRole: &host.Membership{Username: "nobody", To: "admin"}},
		{AddGroup: &host.Membership{Username: "nobody", To: "clerks"}},
		{PutToken: &host.Token{ID: "t", Username: "nobody"}},
	} {
		b := w.batch()
		b.Accounts = []host.AccountChange{c}
		if err := w.db.Commit(w.Context(), b.Batch); fault.CodeOf(err) != "user.not_found" {
			w.Errorf("%+v: %v", c, err)
		}
	}
}

// createdOnce finds what was there untouched by who wanted to create it again, and nothing else of that batch.
func createdOnce(w *world) {
	ann := host.Account{User: query.User{Username: "ann", Name: "Ann", Roles: []string{"worker"}, Groups: []string{"clerks"}}, PasswordHash: "h1"}
	w.administer(host.AccountChange{CreateUser: &ann})
	before := w.load().Policy
	for code, c := range map[string]host.AccountChange{
		"user.exists":  {CreateUser: &host.Account{User: query.User{Username: "ann", Roles: []string{"admin"}}, PasswordHash: "h2"}},
		"group.exists": {CreateGroup: "clerks"},
	} {
		b := w.batch()
		b.stream(w.genesis("admin/default"), audit.Entry{})
		b.Accounts = []host.AccountChange{{CreateGroup: "night"}, c}
		if err := w.db.Commit(w.Context(), b.Batch); fault.CodeOf(err) != code || fault.KindOf(err) != fault.Conflict {
			w.Errorf("%s: %v", code, err)
		}
	}
	got, _, err := w.db.Account(w.Context(), "ann")
	w.must(err)
	if diff := cmp.Diff(ann, got); diff != "" {
		w.Error(diff)
	}
	groups, err := w.db.Groups(w.Context())
	w.must(err)
	heads, err := w.db.Heads(w.Context(), []string{"admin/default"})
	w.must(err)
	if after := w.load().Policy; after != before || len(heads) != 0 || !slices.Equal(groups, []string{"clerks"}) {
		w.Errorf("policy %d, before %d; groups %v; heads %v", after, before, groups, heads)
	}
	w.administer(host.AccountChange{DeleteUser: "ann"})
	w.administer(host.AccountChange{CreateUser: &ann}) // the name is free again
}

// createdByOne lets several create the same user at once, each with the next policy version after a lost race.
func createdByOne(w *world) {
	const rivals = 6
	var wg sync.WaitGroup
	errs := make([]error, rivals)
	for i := range rivals {
		wg.Go(func() { errs[i] = createUntilDecided(w, fmt.Sprint("h", i)) })
	}
	wg.Wait()
	got, ok, err := w.db.Account(w.Context(), "ann")
	w.must(err)
	won := 0
	for i, err := range errs {
		if err == nil {
			won++
			if want := fmt.Sprint("h", i); !ok || got.PasswordHash != want {
				w.Errorf("the hash is %q, want %q of the one who created the user", got.PasswordHash, want)
			}
			continue
		}
		if fault.CodeOf(err) != "user.exists" {
			w.Error(err)
		}
	}
	if won != 1 {
		w.Errorf("%d created the user", won)
	}
}

func createUntilDecided(w *world, hash string) error {
	for {
		b := w.batch()
		b.Accounts = []host.AccountChange{{CreateUser: &host.Account{User: query.User{Username: "ann"}, PasswordHash: hash}}}
		var moved *host.Moved
		if err := w.db.Commit(w.Context(), b.Batch); !errors.As(err, &moved) {
			return err
		}
	}
}
