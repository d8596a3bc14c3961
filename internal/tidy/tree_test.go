package tidy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plant writes a module of the given files and loads it.
func plant(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	root := t.TempDir()
	if files["go.mod"] == "" {
		files["go.mod"] = "module tallystick\n\ngo 1.26\n"
	}
	for name, text := range files {
		p := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// violation is a planted file and what a rule must say about it; want is empty when it is allowed.
type violation struct {
	name string
	file string
	text string
	want string // part of the only finding
}

// check plants each violation alone beside the files of base and runs the rule.
func check(t *testing.T, rule func(*Tree) []Finding, base map[string]string, cases []violation) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{c.file: c.text}
			for name, text := range base {
				files[name] = text
			}
			expect(t, rule(plant(t, files)), c.want)
		})
	}
}

func expect(t *testing.T, found []Finding, want string) {
	t.Helper()
	switch {
	case want == "" && len(found) == 0:
	case want == "":
		t.Errorf("found %v, want nothing", found)
	case len(found) != 1 || !strings.Contains(found[0].String(), want):
		t.Errorf("found %v, want only %q", found, want)
	}
}

func TestLoadSkipsFixturesAndForeignFolders(t *testing.T) {
	t.Parallel()
	tree := plant(t, map[string]string{
		"a/a.go":                "package a\n",
		"a/testdata/broken.go":  "this is no Go",
		"web/node_modules/x.go": "neither is this",
		"data/x.go":             "nor this",
	})
	if len(tree.Files) != 1 || tree.Files[0].Path != "a/a.go" {
		t.Errorf("parsed %d files, want a/a.go alone", len(tree.Files))
	}
}

func TestLoadRefusesBrokenCode(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if _, err := Load(root); err == nil {
		t.Error("a folder without go.mod was loaded")
	}
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module m\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "m.go"), []byte("package"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(root); err == nil || !strings.Contains(err.Error(), "m.go") {
		t.Errorf("error %v does not name the broken file", err)
	}
}
