package store

import (
	"strings"
	"testing"

	"tallystick/query"
)

func TestPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ wild, like, glob string }{
		{"a*b?c", "a%b_c", "a*b?c"},
		{`100%_\*\?\\`, `100\%\_*?\\`, `100%_[*][?]\`},
		{`[x]\`, `[x]\\`, `[[]x]\`},
		{`\a`, "a", "a"},
	} {
		if got := likePattern(c.wild); got != c.like {
			t.Errorf("LIKE of %s: %s, want %s", c.wild, got, c.like)
		}
		if got := globPattern(c.wild); got != c.glob {
			t.Errorf("GLOB of %s: %s, want %s", c.wild, got, c.glob)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		n    int
		want string
	}{{"äöü", 2, "äö"}, {"abc", 3, "abc"}, {"abc", 5, "abc"}, {"", 1, ""}} {
		if got := head(c.s, c.n); got != c.want {
			t.Errorf("head(%q, %d) = %q", c.s, c.n, got)
		}
	}
}

// TestFieldsOnce finds names that a resource has twice; the second could never be asked for.
func TestFieldsOnce(t *testing.T) {
	t.Parallel()
	check(t, processDefinitions)
	check(t, decisionDefinitions)
	check(t, processInstances)
	check(t, elementInstances)
	check(t, variables)
	check(t, jobs)
	check(t, userTasks)
	check(t, incidents)
	check(t, auditEntries)
	check(t, users)
}

func check[T any](t *testing.T, r *resource[T]) {
	t.Helper()
	seen := map[string]bool{}
	for _, a := range r.attributes {
		if a.kind == opaque {
			continue
		}
		if a.name == "" || seen[a.name] {
			t.Errorf("%s: the field %q is there twice or has no name", r.from, a.name)
		}
		seen[a.name] = true
		for _, form := range a.forms() {
			if strings.Count(form, "%s") != 1 || a.to != nil {
				t.Errorf("%s: %q is in another table and cannot be shown", r.from, a.name)
			}
		}
	}
	if !seen[r.key] {
		t.Errorf("%s: no key %q", r.from, r.key)
	}
}

// forms are what wraps conditions on a field of another table.
func (f field) forms() (all []string) {
	switch {
	case f.through != "":
		all = append(all, f.through)
	case f.of != nil:
		all = append(all, f.of.any)
	}
	if f.of != nil && f.of.of != nil {
		all = append(all, f.of.its)
	}
	return all
}

// FuzzCursor reads any text as a cursor: it is refused, or it is a position of this sort.
func FuzzCursor(f *testing.F) {
	p := page{}
	if err := userTasks.sort(&p, []query.Sort{{Field: "dueDate"}, {Field: "name", Desc: true}}); err != nil {
		f.Fatal(err)
	}
	f.Add(p.cursor([]any{int64(5), "x", int64(1)}))
	f.Add(p.cursor([]any{nil, nil, int64(1)}))
	f.Add("")
	f.Add("e30=")
	f.Fuzz(func(t *testing.T, cursor string) {
		values, err := p.position(cursor)
		if err != nil {
			return
		}
		if again, err := p.position(p.cursor(plain(values))); err != nil || len(again) != len(values) {
			t.Errorf("%q is read once and not twice: %v", cursor, err)
		}
		behind(p.keys, values)
	})
}

// plain turns values for a statement into values as a row brings them.
func plain(values []any) []any {
	rows := make([]any, len(values))
	for i, v := range values {
		if s, ok := v.(text); ok {
			v = string(s)
		}
		rows[i] = v
	}
	return rows
}
