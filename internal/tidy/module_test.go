package tidy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRequirements(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range directMax + 1 {
		fmt.Fprintf(&many, "require example.com/m%d v1.0.0\n", i)
	}
	check(t, Requirements, nil, []violation{
		{"none", "go.mod", "module tallystick\n", ""},
		{"indirect are free", "go.mod", "module tallystick\n" + strings.ReplaceAll(many.String(), "0\n", "0 // indirect\n"), ""},
		{"too many", "go.mod", "module tallystick\n" + many.String(), "26 direct requirements, at most 25"},
		{"replaced", "go.mod", "module tallystick\nreplace example.com/a => ./a\n", "replaces example.com/a"},
		{"broken", "go.mod", "module tallystick\nrequire\n", "go.mod: cannot be read"},
	})
}

func TestLicence(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, file, text, want string }{
		{"free", "LICENSE", "Permission is hereby granted", ""},
		{"mentions the GPL", "LICENSE.txt", "\"Secondary License\" means the GNU General Public License, Version 2.0", ""},
		{"GPL", "COPYING", "                    GNU GENERAL PUBLIC LICENSE\n                       Version 3\n", "cannot pass on"},
		{"AGPL", "LICENCE.md", "GNU AFFERO GENERAL PUBLIC LICENSE\n", "cannot pass on"},
		{"LGPL grant", "LICENSE", "may redistribute it under the terms of the GNU Lesser General Public License", "cannot pass on"},
		{"tag", "LICENSE", "SPDX-License-Identifier: AGPL-3.0-only", "cannot pass on"},
		{"none", "README.md", "Free!", "has no licence text"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			if got := licence(dir); !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
				t.Errorf("licence says %q, want %q", got, c.want)
			}
		})
	}
	if licence("") == "" {
		t.Error("a module without a folder passes")
	}
}

func TestLicencesListsModules(t *testing.T) {
	t.Parallel()
	modules, err := modulesUsed("../..")
	if err != nil {
		t.Fatal(err)
	}
	if dir := modules["github.com/lib/pq"]; dir == "" {
		t.Errorf("github.com/lib/pq is not among %d modules in use", len(modules))
	}
}
