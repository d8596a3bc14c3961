package authz_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"tallystick/authz"
	"tallystick/host"
)

var update = flag.Bool("update", false, "write the tables of docs/permissions.md")

const permissions = "../docs/permissions.md"

// The tables of docs/permissions.md are what the Authorizer answers, action by action.
func TestPermissionsDocument(t *testing.T) {
	raw, err := os.ReadFile(permissions)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	a := newAuthorizer(t, authz.Options{})
	for name, table := range map[string]string{"matrix": roleTable(a), "system": systemTable(a)} {
		begin, end := between(t, text, name)
		if text[begin:end] == table {
			continue
		}
		if !*update {
			t.Errorf("table %q of %s is not what the policy says; run go test ./authz -run Permissions -update\nwant\n%s",
				name, permissions, table)
		}
		text = text[:begin] + table + text[end:]
	}
	if *update {
		if err := os.WriteFile(permissions, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func between(t *testing.T, text, name string) (begin, end int) {
	t.Helper()
	begin = strings.Index(text, "<!-- begin: "+name+" ")
	end = strings.Index(text, "<!-- end: "+name+" -->")
	if begin < 0 || end < begin {
		t.Fatalf("%s has no table %q", permissions, name)
	}
	return begin + strings.Index(text[begin:], "\n") + 1, end
}

type column struct {
	title string
	actor host.Actor
}

func table(a *authz.Authorizer, columns []column, keep func(action string) bool) string {
	var b strings.Builder
	b.WriteString("| Action | Allows to |")
	for _, c := range columns {
		fmt.Fprintf(&b, " %s |", c.title)
	}
	b.WriteString("\n|---|---|" + strings.Repeat(":-:|", len(columns)) + "\n")
	for _, action := range authz.Actions() {
		if !keep(action) {
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %s |", action, authz.Meaning(action))
		for _, c := range columns {
			mark := " |"
			if a.Allow(c.actor, action, on("def:any")).Allowed {
				mark = " ✓ |"
			}
			b.WriteString(mark)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func roleTable(a *authz.Authorizer) string {
	var columns []column
	for _, r := range authz.Roles() {
		columns = append(columns, column{r, user("ann", r)})
	}
	columns = append(columns, column{"no role", user("ann")}, column{"stranger", host.Actor{}})
	return table(a, columns, func(string) bool { return true })
}

func systemTable(a *authz.Authorizer) string {
	columns := []column{
		{"timer", host.System("timer")}, {"message", host.System("message")}, {"signal", host.System("signal")}, {"call", host.System("call")}, {"worker", host.System("worker:scoring")}, {"batch", host.System("batch")}, {"retention", host.System("retention")}, {"bootstrap", host.System("bootstrap")},
	}
	return table(a, columns, func(action string) bool {
		for _, c := range columns {
			if a.Allow(c.actor, action, on("def:any")).Allowed && !a.Allow(user("ann"), action, on("def:any")).Allowed {
				return true
			}
		}
		return false
	})
}

// A right that slips into a role moves its count. task.read.all brings task.read along.
func TestRolesHoldNoMoreThanTheyNeed(t *testing.T) {
	a := newAuthorizer(t, authz.Options{})
	want := map[string]int{"admin": 53, "modeler": 11, "operator": 28, "clerk": 5, "worker": 5, "auditor": 12, "monitor": 1, "unheard-of": 0}
	const everybody = 4 // password.change, system.read, system.docs, authenticate
	for role, n := range want {
		held := 0
		for _, action := range authz.Actions() {
			if a.Allow(user("ann", role), action, on("def:any")).Allowed {
				held++
			}
		}
		if role != "admin" {
			n += everybody
		}
		if held != n {
			t.Errorf("%s holds %d actions, want %d", role, held, n)
		}
	}
	for _, role := range authz.Roles() {
		if held := a.Allow(user("ann", role), "system.profile", on("system:")).Allowed; held != (role == "admin") {
			t.Errorf("%s may take profiles: %v", role, held)
		}
	}
	for _, action := range []string{host.ActionModelInvoke, host.ActionTimerFire, host.ActionCallCarry} {
		if a.Allow(user("ann", authz.Roles()...), action, on("model:m")).Allowed {
			t.Errorf("somebody with every role may %s", action)
		}
	}
}
