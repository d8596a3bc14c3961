package tidy

import "testing"

func TestLibraries(t *testing.T) {
	t.Parallel()
	imports := func(path string) string { return "package p\n\nimport _ \"" + path + "\"\n" }
	cases := []violation{
		{"unknown", "store/s.go", imports("example.com/left/pad"), "store/s.go:3: example.com/left/pad has no home"},
		{"similar name", "store/s.go", imports("github.com/lib/pqx"), "has no home"},
		{"standard library", "store/s.go", imports("encoding/json"), ""},
		{"own package", "store/s.go", imports("tallystick/engine"), ""},
		{"pq for the probe", "internal/pgtest/p.go", imports("github.com/lib/pq"), ""},
		{"below a home", "tasks/worker/w.go", imports("github.com/beevik/etree"), "lives in bpmn and rules only"},
		{"feel is no home of rules", "rules/feel/f.go", imports("github.com/beevik/etree"), "lives in bpmn and rules only"},
		{"yaml in production", "api/a.go", imports("gopkg.in/yaml.v3"), "gopkg.in/yaml.v3 is for tests only"},
		{"yaml in its tests", "api/a_test.go", imports("gopkg.in/yaml.v3"), ""},
		{"yaml in other tests", "store/s_test.go", imports("gopkg.in/yaml.v3"), "lives in api only"},
		{"cmp in a test", "store/s_test.go", imports("github.com/google/go-cmp/cmp"), ""},
		{"cmp in test support", "store/storetest/s.go", imports("github.com/google/go-cmp/cmp"), ""},
		{"cmp in production", "store/s.go", imports("github.com/google/go-cmp/cmp"), "is for tests only"},
		{"cmp in the scenario runner", "engine/enginetest/r.go", imports("github.com/google/go-cmp/cmp"), "is for tests only"},
		{"below the command", "cmd/tallystick/serve/s.go", imports("github.com/spf13/cobra"), ""},
	}
	for _, h := range homes {
		for _, p := range h.packages {
			file := p + "/x.go"
			if h.testOnly {
				file = p + "/x_test.go"
			}
			cases = append(cases, violation{h.library + " at home in " + p, file, imports(h.library), ""})
		}
		if len(h.packages) > 0 && !h.testOnly {
			cases = append(cases, violation{h.library + " elsewhere", "query/q.go", imports(h.library + "/sub"), "query/q.go:3: " + h.library + " lives in"})
		}
	}
	check(t, Libraries, nil, cases)
}
