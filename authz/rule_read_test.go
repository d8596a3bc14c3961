package authz_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tallystick/authz"
)

// A malformed row is refused when it is loaded: inside Casbin it would fail every check.
func TestMalformedRowsAreRefused(t *testing.T) {
	for _, row := range [][]string{
		{},
		{"p"},
		{"p", "role:a", "def:x", "task.read"},
		{"p", "role:a", "def:x", "task.read", "allow", "more"},
		{"p2", "role:a", "def:x", "task.read", "allow"},
		{"p", "a", "def:x", "task.read", "allow"},
		{"p", "role:", "def:x", "task.read", "allow"},
		{"p", "role:a:b", "def:x", "task.read", "allow"},
		{"p", "role:a b", "def:x", "task.read", "allow"},
		{"p", "role:*", "def:x", "task.read", "allow"},
		{"p", "system:timer", "*", "task.read", "allow"},
		{"p", "all:everybody", "*", "task.read", "allow"},
		{"p", "role:a", "", "task.read", "allow"},
		{"p", "role:a", "loan", "task.read", "allow"},
		{"p", "role:a", "def:", "task.read", "allow"},
		{"p", "role:a", "def:lo*", "task.read", "allow"},
		{"p", "role:a", "*:*", "task.read", "allow"},
		{"p", "role:a", "task:1", "task.read", "allow"},
		{"p", "role:a", "def:x\" || true || \"", "task.read", "allow"},
		{"p", "role:a", "def:x", "task.steal", "allow"},
		{"p", "role:a", "def:x", "*", "allow"},
		{"p", "role:a", "def:x", "task.read", ""},
		{"p", "role:a", "def:x", "task.read", "Allow"},
		{"p", "role:a", "*", "timer.fire", "allow"},
		{"p", "role:a", "*", "model.invoke", "allow"},
		{"g", "role:a"},
		{"g", "role:a", "role:b", "tenant"},
		{"g", "role:a", "group:b"},
		{"g", "ann", "role:a"},
	} {
		_, err := authz.New(authz.Options{Extra: [][]string{{"p", "role:ok", "*", "task.read", "allow"}, row}})
		if !errors.Is(err, authz.ErrRule) {
			t.Errorf("%q was loaded: %v", row, err)
		} else if !strings.Contains(err.Error(), "policy row 2") {
			t.Errorf("the message does not name the row: %v", err)
		}
	}
}

// Casbin follows ten levels of roles and is silent about the eleventh; the loader is not.
func TestLevelsOfRoles(t *testing.T) {
	chain := func(levels int) [][]string {
		list := [][]string{{"p", fmt.Sprintf("role:r%d", levels), "*", "job.read", "allow"}}
		for i := range levels {
			list = append(list, []string{"g", fmt.Sprintf("role:r%d", i), fmt.Sprintf("role:r%d", i+1)})
		}
		return list
	}
	for levels := range 11 {
		a := newAuthorizer(t, authz.Options{Extra: chain(levels)})
		if v := a.Allow(user("ann", "r0"), "job.read", on("def:x")); !v.Allowed {
			t.Errorf("%d levels: %s", levels, v.Reason)
		}
	}
	for _, refused := range [][][]string{
		chain(11),
		{{"g", "role:a", "role:a"}},
		{{"g", "role:a", "role:b"}, {"g", "role:b", "role:c"}, {"g", "role:c", "role:a"}},
	} {
		if _, err := authz.New(authz.Options{Extra: refused}); !errors.Is(err, authz.ErrRule) {
			t.Errorf("%q was loaded: %v", refused, err)
		}
	}
}
