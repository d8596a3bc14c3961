package authz_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/authz"
	"tallystick/host"
	"tallystick/query"
)

var extra = [][]string{
	{"p", "role:loan-desk", "def:loan", "instance.read", "allow"},
	{"p", "role:loan-desk", "def:card", "instance.read", "allow"},
	{"p", "user:bob", "def:loan", "instance.read", "deny"},
	{"p", "group:risk", "dec:*", "decision.evaluate", "allow"},
	{"p", "role:loan-desk", "def:loan", "task.read", "allow"},
	{"p", "role:loan-head", "def:loan", "task.read.all", "allow"},
	{"g", "role:loan-head", "role:loan-desk"},
	{"g", "group:heads", "role:loan-head"},
	{"p", "client:batch", "*", "instance.start", "allow"},
}

func TestAllow(t *testing.T) {
	a := newAuthorizer(t, authz.Options{Extra: extra})
	inGroup := func(name string, groups ...string) host.Actor {
		return host.Actor{Kind: "user", Name: name, Groups: groups}
	}
	mine := host.Target{Scope: "def:loan", Concerns: func(a host.Actor) bool { return a.Name == "ann" }}
	for _, c := range []struct {
		name, action string
		by           host.Actor
		on           host.Target
		rules        []string
		reason       string // "" allows
	}{
		{
			name: "built-in role", by: user("ann", "operator"), action: "instance.cancel", on: on("def:x"),
			rules: []string{"role:operator instance.cancel"},
		},
		{
			name: "role without the right", by: user("ann", "clerk"), action: "instance.cancel", on: on("def:x"),
			reason: "user:ann needs instance.cancel on def:x; the roles clerk do not hold it",
		},
		{name: "no role", by: user("ann"), action: "instance.cancel", on: on("def:x"), reason: "has no role"},
		{
			name: "scope of the rule", by: user("ann", "loan-desk"), action: "instance.read", on: on("def:loan"),
			rules: []string{"role:loan-desk instance.read def:loan"},
		},
		{
			name: "another scope", by: user("ann", "loan-desk"), action: "instance.read", on: on("def:salary"),
			reason: "do not hold it",
		},
		{
			name: "deny wins over a role", by: user("bob", "admin", "loan-desk"), action: "instance.read", on: on("def:loan"),
			rules:  []string{"deny user:bob instance.read def:loan"},
			reason: "a rule of the policy forbids it: deny user:bob instance.read def:loan",
		},
		{
			name: "deny holds on its scope only", by: user("bob", "admin"), action: "instance.read", on: on("def:card"),
			rules: []string{"role:admin instance.read"},
		},
		{
			name: "all of a kind", by: inGroup("ann", "risk"), action: "decision.evaluate", on: on("dec:any"),
			rules: []string{"group:risk decision.evaluate dec:*"},
		},
		{name: "all of another kind", by: inGroup("ann", "risk"), action: "decision.evaluate", on: on("def:any"), reason: "needs"},
		{
			name: "role above a group", by: inGroup("ann", "heads"), action: "instance.read", on: on("def:loan"),
			rules: []string{"role:loan-desk instance.read def:loan"},
		},
		{
			name: "client", by: host.Actor{Kind: "client", Name: "batch"}, action: "instance.start", on: on("def:x"),
			rules: []string{"client:batch instance.start"},
		},
		{name: "user named like the client", by: user("batch"), action: "instance.start", on: on("def:x"), reason: "needs"},
		{name: "user named like a role", by: user("admin"), action: "user.write", on: on("user:"), reason: "needs"},
		{name: "user with the name of a typed role", by: user("role:admin"), action: "user.write", on: on("user:"), reason: "needs"},
		{name: "group named like a role", by: inGroup("ann", "admin"), action: "user.write", on: on("user:"), reason: "needs"},
		{
			name: "role named like a user", by: user("ann", "batch", "user:bob", "all:everybody"), action: "instance.start",
			on: on("def:x"), reason: "needs",
		},
		{
			name: "task that concerns the actor", by: user("ann", "clerk"), action: "task.complete", on: mine,
			rules: []string{"role:clerk task.complete"},
		},
		{
			name: "task that does not", by: user("eve", "clerk"), action: "task.complete", on: mine,
			rules: []string{"role:clerk task.complete"}, reason: "the task does not concern user:eve",
		},
		{
			name: "reading a task that does not", by: user("eve", "clerk"), action: "task.read", on: mine,
			rules: []string{"role:clerk task.read"}, reason: "the task does not concern user:eve",
		},
		{
			name: "reading all tasks", by: user("eve", "auditor"), action: "task.read", on: mine,
			rules: []string{"role:auditor task.read.all"},
		},
		{
			name: "reading all tasks of a definition", by: user("eve", "loan-head"), action: "task.read", on: mine,
			rules: []string{"role:loan-head task.read.all def:loan"},
		},
		{
			name: "system part", by: host.System("timer"), action: "timer.fire", on: on("def:x"),
			rules: []string{"system:timer timer.fire"},
		},
		{
			name: "system part with a type", by: host.System("worker:scoring"), action: "model.invoke", on: on("model:m"),
			rules: []string{"system:worker model.invoke"},
		},
		{name: "system part beyond its table", by: host.System("timer"), action: "instance.cancel", on: on("def:x"), reason: "needs"},
		{name: "unknown system part", by: host.System("oracle"), action: "timer.fire", on: on("def:x"), reason: "needs"},
		{
			name: "system part with a role", by: host.Actor{Kind: "system", Name: "timer", Roles: []string{"admin"}},
			action: "user.write", on: on("user:"), reason: "needs",
		},
		{name: "user named like a system part", by: user("timer"), action: "timer.fire", on: on("def:x"), reason: "needs"},
		{
			name: "unknown kind of actor", by: host.Actor{Kind: "ghost", Name: "ann", Roles: []string{"admin"}},
			action: "user.write", on: on("user:"), reason: "needs",
		},
		{
			name: "nobody with a role", by: host.Actor{Kind: "user", Roles: []string{"admin"}}, action: "user.write",
			on: on("user:"), reason: "needs",
		},
		{
			name: "unknown action", by: user("ann", "admin"), action: "task.steal", on: on("def:x"),
			reason: `there is no action "task.steal"`,
		},
		{name: "no scope", by: user("ann", "loan-desk"), action: "instance.read", on: on(""), reason: "needs"},
		{name: "the scope of all, asked as one", by: user("ann", "loan-desk"), action: "instance.read", on: on("def:*"), reason: "needs"},
		{name: "stranger", by: host.Actor{}, action: "system.read", on: on("system:"), reason: "needs"},
		{
			name: "public for strangers", by: host.Actor{}, action: "system.docs", on: on("system:"),
			rules: []string{"all:everybody system.docs"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 2 { // the second answer is the remembered one
				v := a.Allow(c.by, c.action, c.on)
				if v.Allowed != (c.reason == "") || !strings.Contains(v.Reason, c.reason) {
					t.Errorf("allowed %v, reason %q; want reason %q", v.Allowed, v.Reason, c.reason)
				}
				if d := cmp.Diff(c.rules, v.Rules); d != "" {
					t.Errorf("rules (-want +got):\n%s", d)
				}
			}
		})
	}
}

func TestAccess(t *testing.T) {
	a := newAuthorizer(t, authz.Options{Extra: extra})
	sales := host.Actor{Kind: "user", Name: "ann", Roles: []string{"clerk"}, Groups: []string{"sales"}}
	for _, c := range []struct {
		name, action string
		by           host.Actor
		want         query.Access
	}{
		{"everything", "instance.read", user("ann", "operator"), query.Access{All: true}},
		{"nothing", "instance.read", user("ann", "clerk"), query.Access{}},
		{"some", "instance.read", user("ann", "loan-desk"), query.Access{Definitions: []string{"card", "loan"}}},
		{"some but one", "instance.read", user("bob", "loan-desk"), query.Access{Definitions: []string{"card"}}},
		{"all but one", "instance.read", user("bob", "admin"), query.Access{All: true, Denied: []string{"loan"}}},
		{"own tasks", "task.read", sales, query.Access{All: true, Own: true, User: "ann", Groups: []string{"sales"}}},
		{"all tasks", "task.read", user("ann", "auditor", "clerk"), query.Access{All: true}},
		{"all tasks of one", "task.read", user("ann", "loan-head"), query.Access{Definitions: []string{"loan"}}},
		{
			"own tasks everywhere rather than all of one", "task.read", user("ann", "loan-head", "clerk"),
			query.Access{All: true, Own: true, User: "ann"},
		},
		{"no tasks", "task.read", user("ann", "modeler"), query.Access{}},
		{"decisions", "decision.read", user("ann", "modeler"), query.Access{All: true}},
		{"unknown action", "task.steal", user("ann", "admin"), query.Access{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, a.Access(c.by, c.action)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// What the actor brought along may be older than the policy; the account of the policy version counts.
func TestRolesComeFromTheAccount(t *testing.T) {
	store := &accounts{}
	store.put("ann", "", "operator")
	a := newAuthorizer(t, authz.Options{Accounts: store})
	ann := host.Actor{Kind: "user", Name: "ann", Method: "basic", Roles: []string{"admin"}}
	check := func(action, want string) {
		t.Helper()
		if v := a.Allow(ann, action, on("def:x")); v.Reason != want {
			t.Errorf("%s: reason %q, want %q", action, v.Reason, want)
		}
	}
	check("instance.cancel", "")
	check("user.write", "user:ann needs user.write on def:x; the roles operator do not hold it")
	if n := store.count(); n != 1 {
		t.Errorf("the account was read %d times in one policy version", n)
	}

	store.put("ann", "", "clerk")
	refresh(t, a, 1)
	check("instance.cancel", "user:ann needs instance.cancel on def:x; the roles clerk do not hold it")
	if got := a.Access(ann, "instance.read"); !cmp.Equal(got, query.Access{}) {
		t.Errorf("a clerk lists %+v", got)
	}

	store.remove("ann")
	refresh(t, a, 2)
	check("task.read", "there is no account of user:ann")

	store.put("ann", "", "clerk")
	store.fail(true)
	check("task.read", "the account of user:ann cannot be read")
	if got := a.Access(ann, "task.read"); !cmp.Equal(got, query.Access{}) {
		t.Errorf("with the store away ann lists %+v", got)
	}
	store.fail(false)
	check("task.read", "")
}

func TestWithoutAccountsNobodyHasAny(t *testing.T) {
	a := newAuthorizer(t, authz.Options{})
	v := a.Allow(host.Actor{Kind: "user", Name: "ann", Method: "token", Roles: []string{"admin"}}, "user.write", on("user:"))
	if v.Allowed {
		t.Error("roles of an account were believed without accounts")
	}
	if v := a.Allow(host.Actor{Kind: "user", Name: "demo", Method: "none", Roles: []string{"admin"}}, "user.write", on("user:")); !v.Allowed {
		t.Errorf("the actor that the program itself made is denied: %s", v.Reason)
	}
}

func refresh(t *testing.T, a *authz.Authorizer, version int64) {
	t.Helper()
	if err := a.Refresh(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// rows is a policy that changes.
type rows struct {
	mu   sync.Mutex
	list [][]string
	err  error
}

func (r *rows) set(list ...[]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = list
}

func (r *rows) read(context.Context) ([][]string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.list), r.err
}

func TestRefresh(t *testing.T) {
	var policy rows
	policy.set([]string{"p", "role:desk", "def:loan", "instance.read", "allow"})
	a := newAuthorizer(t, authz.Options{Rows: policy.read})
	desk := user("ann", "desk")
	check := func(version int64, want bool) {
		t.Helper()
		v := a.Allow(desk, "instance.read", on("def:loan"))
		if v.Allowed != want || v.Policy != version || a.Version() != version {
			t.Errorf("allowed %v under version %d, want %v under %d", v.Allowed, v.Policy, want, version)
		}
	}
	check(0, true)

	policy.set()
	check(0, true) // the policy of a version does not change
	refresh(t, a, 4)
	check(4, false)

	policy.set([]string{"p", "role:desk", "def:loan", "instance.read", "allow"})
	refresh(t, a, 4)
	refresh(t, a, 3)
	check(4, false)
	refresh(t, a, 5)
	check(5, true)

	policy.set([]string{"p", "role:desk", "def:loan", "instance.read", "perhaps"})
	if err := a.Refresh(t.Context(), 6); !errors.Is(err, authz.ErrRule) {
		t.Errorf("a malformed row was loaded: %v", err)
	}
	check(5, true)

	policy.err = errBroken
	if err := a.Refresh(t.Context(), 7); !errors.Is(err, errBroken) {
		t.Errorf("the store's error was lost: %v", err)
	}
	check(5, true)
}

// Versions rise while many ask: an answer under a version in which the right is revoked never allows.
func TestRevokedIsNeverAllowed(t *testing.T) {
	var policy rows
	a := newAuthorizer(t, authz.Options{Rows: policy.read})
	desk := user("ann", "desk")
	const versions = 60
	var askers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		askers.Go(func() {
			for {
				v := a.Allow(desk, "instance.read", on("def:loan"))
				if v.Allowed != (v.Policy%2 == 1) { // odd versions grant
					t.Errorf("version %d answered %v", v.Policy, v.Allowed)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for version := int64(1); version <= versions; version++ {
		policy.set()
		if version%2 == 1 {
			policy.set([]string{"p", "role:desk", "*", "instance.read", "allow"})
		}
		refresh(t, a, version)
		if v := a.Allow(desk, "instance.read", on("def:loan")); v.Policy != version || v.Allowed != (version%2 == 1) {
			t.Errorf("after Refresh(%d): %+v", version, v)
		}
	}
	close(done)
	askers.Wait()
}
