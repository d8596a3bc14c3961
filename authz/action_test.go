package authz_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/authz"
)

// Every action constant of the host is an action of the policy. Of others there are only those of routes that
// concern no command: watching a node.
func TestActionsAreTheHosts(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../host/action.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Action") {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		declared = append(declared, text)
		return true
	})
	if len(declared) == 0 {
		t.Fatal("no action found in the host")
	}
	listed := authz.Actions()
	slices.Sort(listed)
	slices.Sort(declared)
	if d := cmp.Diff(declared, listed); d != "" {
		t.Errorf("host and policy differ (-host +authz):\n%s", d)
	}
	a := newAuthorizer(t, authz.Options{})
	for _, action := range declared {
		if !a.Known(action) {
			t.Errorf("%s is not known", action)
		}
	}
	if a.Known("task.steal") || a.Known("") {
		t.Error("an action that does not exist is known")
	}
}
