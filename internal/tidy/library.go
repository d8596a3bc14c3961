package tidy

import (
	"slices"
	"strconv"
	"strings"
)

// home says which packages may import a library. Code outside _test.go files and test support
// may not import one whose testOnly is set; tests is for libraries any test may import besides.
type home struct {
	library  string   // import path or the prefix of it
	packages []string // folders; a library has one home, or one for each half of a pair
	testOnly bool     // in its packages (all when there are none), only tests import it
	tests    bool     // any test may import it, besides its home
}

// homes lists every library the module may use (DESIGN section 2).
var homes = []home{
	{library: "github.com/beevik/etree", packages: []string{"bpmn", "rules"}},
	{library: "github.com/expr-lang/expr", packages: []string{"internal/lang"}},
	{library: "github.com/cockroachdb/apd", packages: []string{"rules/feel"}},
	{library: "github.com/netresearch/go-cron", packages: []string{"engine"}},
	{library: "golang.org/x/mod/sumdb", packages: []string{"audit", "host"}},
	{library: "golang.org/x/tools/txtar", packages: []string{"engine/enginetest"}, tests: true},
	{library: "github.com/google/uuid", packages: []string{"host"}},
	{library: "github.com/uptrace/bun", packages: []string{"store"}},
	{library: "github.com/klauspost/compress", packages: []string{"store"}},
	{library: "github.com/lib/pq", packages: []string{"store", "internal/pgtest"}},
	{library: "modernc.org/sqlite", packages: []string{"store"}},
	{library: "github.com/casbin/casbin", packages: []string{"authz"}},
	{library: "golang.org/x/crypto", packages: []string{"authz"}},
	{library: "github.com/labstack/echo", packages: []string{"api"}},
	{library: "golang.org/x/time", packages: []string{"api"}},
	{library: "gopkg.in/yaml.v3", packages: []string{"api"}, testOnly: true},
	{library: "github.com/anishathalye/porcupine", packages: []string{"internal/ordeal"}},
	{library: "github.com/spf13/cobra", packages: []string{"cmd/tallystick"}},
	{library: "github.com/xuri/excelize", packages: []string{"cmd/tallystick"}},
	{library: "github.com/prometheus/client_golang", packages: []string{"metrics"}},
	{library: "github.com/prometheus/common", testOnly: true}, // reads what a scrape answers
	{library: "github.com/prometheus/client_model", testOnly: true},
	{library: "github.com/google/go-cmp", testOnly: true},
	{library: "pgregory.net/rapid", testOnly: true},
	{library: "go.uber.org/goleak", testOnly: true},
}

// Libraries reports imports of a library outside its home and of libraries that have none.
func Libraries(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Files {
		for _, spec := range f.Syntax.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil || !thirdParty(t, name) {
				continue
			}
			if reason := misplaced(f, name); reason != "" {
				found = append(found, t.at(f, spec, "%s", reason))
			}
		}
	}
	return sorted(found)
}

// thirdParty reports whether an import is neither ours nor of the standard library, whose paths
// have no dot in the first element.
func thirdParty(t *Tree, importPath string) bool {
	if _, own := t.local(importPath); own {
		return false
	}
	first, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(first, ".")
}

// misplaced returns why f may not import the library, "" when it may.
func misplaced(f *File, importPath string) string {
	i := slices.IndexFunc(homes, func(h home) bool {
		return importPath == h.library || strings.HasPrefix(importPath, h.library+"/")
	})
	if i < 0 {
		return importPath + " has no home; give its reason in docs/architecture.md and its home in " +
			"internal/tidy/library.go"
	}
	h, test := homes[i], f.Test || onlyTests(f.Dir)
	switch {
	case h.testOnly && !test:
		return h.library + " is for tests only"
	case len(h.packages) == 0 || h.tests && test || slices.ContainsFunc(h.packages, f.under):
		return ""
	}
	return h.library + " lives in " + strings.Join(h.packages, " and ") + " only"
}

// onlyTests reports whether a folder is test support that never reaches a binary. The scenario
// runner is the one that does: `tallystick test` runs it.
func onlyTests(dir string) bool { return testSupport(dir) && dir != "engine/enginetest" }

// under reports whether f belongs to a home. Of the folders below one, only those of the command
// belong to it: all others are packages with a floor of their own.
func (f *File) under(dir string) bool {
	return f.Dir == dir || dir == "cmd/tallystick" && strings.HasPrefix(f.Dir, dir+"/")
}
