package authz_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/casbin/casbin/v2"
	"github.com/casbin/casbin/v2/model"

	"tallystick/authz"
	"tallystick/host"
	"tallystick/query"
)

// domainModel holds several tenants in one enforcer and the users' roles as rows: the other way to write
// the same policy, slower and kept as the oracle (reliability and security, 3.1).
const domainModel = `
[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act, eft
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && r.dom == p.dom && keyMatch(r.obj, p.obj) && g(r.sub, p.sub, r.dom)
`

var (
	randomActions = []string{"task.read.all", "instance.read", "instance.cancel", "job.update", "decision.read"}
	randomScopes  = []string{"def:a", "def:b", "def:c", "dec:a", "dec:b"}
	randomRoles   = []string{"clerk", "operator", "auditor", "modeler", "r1", "r2", "r3", "r4"}
	randomUsers   = []string{"ann", "bob", "eve"}
)

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// randomRows draws rules and links; links go from lower to higher roles, so there is no circle.
func randomRows(r *rand.Rand, actions []string) [][]string {
	var list [][]string
	for range r.IntN(14) {
		subject := "role:" + pick(r, randomRoles)
		if r.IntN(4) == 0 {
			subject = "user:" + pick(r, randomUsers)
		}
		scope := pick(r, append([]string{"*", "def:*", "dec:*"}, randomScopes...))
		effect := "allow"
		if r.IntN(3) == 0 {
			effect = "deny"
		}
		list = append(list, []string{"p", subject, scope, pick(r, actions), effect})
	}
	for range r.IntN(4) {
		i := r.IntN(len(randomRoles) - 1)
		j := i + 1 + r.IntN(len(randomRoles)-i-1)
		list = append(list, []string{"g", "role:" + randomRoles[i], "role:" + randomRoles[j]})
	}
	return list
}

// randomActors gives every user some roles.
func randomActors(r *rand.Rand) []host.Actor {
	var list []host.Actor
	for _, name := range randomUsers {
		a := user(name)
		for range r.IntN(3) {
			a.Roles = append(a.Roles, pick(r, randomRoles))
		}
		a.Groups = []string{"g1", "g2"}[:r.IntN(3)]
		list = append(list, a)
	}
	return list
}

type tenant struct {
	authorizer *authz.Authorizer
	actors     []host.Actor
	rows       [][]string
}

func newOracle(t *testing.T, tenants map[string]tenant) *casbin.Enforcer {
	t.Helper()
	m, err := model.NewModelFromString(domainModel)
	if err != nil {
		t.Fatal(err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		t.Fatal(err)
	}
	add := func(section string, row ...any) {
		t.Helper()
		var err error
		if section == "p" {
			_, err = e.AddPolicy(row...)
		} else {
			_, err = e.AddGroupingPolicy(row...)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for domain, n := range tenants {
		for _, row := range n.rows {
			if row[0] == "p" {
				add("p", row[1], domain, row[2], row[3], row[4])
			} else {
				add("g", row[1], row[2], domain)
			}
		}
		for _, a := range n.actors {
			for _, role := range a.Roles {
				add("g", a.Ref(), "role:"+role, domain)
			}
		}
		for role, actions := range builtInRights() {
			for _, action := range actions {
				add("p", "role:"+role, domain, "*", action, "allow")
			}
		}
	}
	return e
}

// builtInRights is what the random actions come to in the built-in roles, written down a second time.
func builtInRights() map[string][]string {
	return map[string][]string{
		"operator": {"task.read.all", "instance.read", "instance.cancel", "job.update", "decision.read"},
		"auditor":  {"task.read.all", "instance.read", "decision.read"},
		"modeler":  {"instance.read", "decision.read"},
	}
}

func TestDomainModelAgrees(t *testing.T) {
	r := newRand(t)
	checks := 0
	for round := range 40 {
		tenants := map[string]tenant{}
		for _, domain := range []string{"north", "south"} {
			list := randomRows(r, randomActions)
			tenants[domain] = tenant{newAuthorizer(t, authz.Options{Extra: list}), randomActors(r), list}
		}
		oracle := newOracle(t, tenants)
		for domain, n := range tenants {
			for _, a := range n.actors {
				for _, action := range randomActions {
					for _, scope := range append([]string{"def:other", "dec:other"}, randomScopes...) {
						want, err := oracle.Enforce(a.Ref(), domain, scope, action)
						if err != nil {
							t.Fatal(err)
						}
						got := n.authorizer.Allow(a, action, on(scope))
						if got.Allowed != want {
							t.Fatalf("round %d: %s %v %s %s: allowed %v, the oracle says %v\n%q",
								round, a.Ref(), a.Roles, action, scope, got.Allowed, want, n.rows)
						}
						checks++
					}
				}
			}
		}
	}
	t.Logf("%d decisions agree", checks)
}

// task is a row of the task list with whom it concerns.
type task struct {
	process  string
	assignee string
	group    string
}

func (k task) concerns(a host.Actor) bool {
	return k.assignee == a.Name || slices.Contains(a.Groups, k.group)
}

// listed is what the store makes of an Access.
func (k task) listed(see query.Access) bool {
	in := see.All || slices.Contains(see.Definitions, k.process)
	if slices.Contains(see.Denied, k.process) {
		in = false
	}
	return in && (!see.Own || k.assignee == see.User || slices.Contains(see.Groups, k.group))
}

// For random policies and data the list holds exactly what can be read one by one.
func TestListEqualsGet(t *testing.T) {
	r := newRand(t)
	var tasks []task
	for _, process := range []string{"a", "b", "c", "other"} {
		for _, assignee := range append([]string{""}, randomUsers...) {
			for _, group := range []string{"", "g1", "g2"} {
				tasks = append(tasks, task{process, assignee, group})
			}
		}
	}
	actions := append([]string{"task.read"}, randomActions...)
	seen := 0
	for range 400 {
		list := randomRows(r, actions)
		a := newAuthorizer(t, authz.Options{Extra: list})
		for _, by := range randomActors(r) {
			for _, action := range []string{"task.read", "instance.read"} {
				see := a.Access(by, action)
				for _, k := range tasks {
					target := on("def:" + k.process)
					if action == "task.read" {
						target.Concerns = k.concerns
					}
					get := a.Allow(by, action, target).Allowed
					if get != k.listed(see) {
						t.Fatalf("%s %v %s of %+v: get %v, listed %v by %+v\n%s",
							by.Ref(), by.Roles, action, k, get, k.listed(see), see, show(list))
					}
					if get {
						seen++
					}
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no actor saw anything: the test proves nothing")
	}
}

func show(rows [][]string) string {
	var b strings.Builder
	for _, row := range rows {
		fmt.Fprintln(&b, strings.Join(row, ", "))
	}
	return b.String()
}
