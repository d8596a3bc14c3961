package tidy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// directMax is the budget of libraries the module asks for by itself.
const directMax = 25

// Requirements reports what go.mod may not hold: replacements, and more direct requirements than
// the budget allows.
func Requirements(t *Tree) []Finding {
	cmd := exec.Command("go", "mod", "edit", "-json", "go.mod")
	cmd.Dir = t.Root
	out, err := cmd.Output()
	if err != nil {
		return []Finding{{"go.mod", 0, "cannot be read: " + explain(err)}}
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []struct{ Old struct{ Path string } }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		return []Finding{{"go.mod", 0, err.Error()}}
	}
	var found []Finding
	for _, r := range mod.Replace {
		found = append(found, Finding{"go.mod", 0, "replaces " + r.Old.Path + "; users of the module would not"})
	}
	direct := 0
	for _, r := range mod.Require {
		if !r.Indirect {
			direct++
		}
	}
	if direct > directMax {
		found = append(found, Finding{"go.mod", 0, fmt.Sprintf("%d direct requirements, at most %d", direct, directMax)})
	}
	return found
}

// Licences reports modules that reach a binary or a test without a licence text, or with one that
// binds those who pass the binary on (GPL, LGPL, AGPL).
func Licences(t *Tree) []Finding {
	modules, err := modulesUsed(t.Root)
	if err != nil {
		return []Finding{{"go.mod", 0, "cannot list modules: " + err.Error()}}
	}
	var found []Finding
	for path, dir := range modules {
		if reason := licence(dir); reason != "" {
			found = append(found, Finding{"go.mod", 0, path + " " + reason})
		}
	}
	return sorted(found)
}

// modulesUsed returns the folders of the modules that any package or test is built from. It asks
// for packages, not for the module graph: the graph holds modules that nothing imports and that
// are not on this machine.
func modulesUsed(root string) (map[string]string, error) {
	cmd := exec.Command("go", "list", "-e", "-deps", "-test",
		"-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %s", explain(err))
	}
	modules := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			modules[path] = dir
		}
	}
	return modules, nil
}

var (
	licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|unlicense)`)
	// Titles and grants only: other licences mention these by name.
	binding = regexp.MustCompile(`(?im)^\s*GNU (AFFERO |LESSER |LIBRARY )?GENERAL PUBLIC LICENSE\s*$|` +
		`under the terms of the GNU (Affero |Lesser |Library )?General Public|` +
		`SPDX-License-Identifier: (A|L)?GPL`)
)

// licence returns what is wrong with the licence of the module in dir, "" when nothing is.
func licence(dir string) string {
	if dir == "" {
		return "is not on this machine; run go mod download"
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "cannot be read: " + err.Error()
	}
	texts := slices.DeleteFunc(entries, func(e os.DirEntry) bool {
		return e.IsDir() || !licenceName.MatchString(e.Name())
	})
	if len(texts) == 0 {
		return "has no licence text"
	}
	for _, e := range texts {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "cannot be read: " + err.Error()
		}
		if m := binding.Find(text); m != nil {
			return "has a licence we cannot pass on: " + string(bytes.TrimSpace(m))
		}
	}
	return ""
}

// explain returns what a failed command wrote about it.
func explain(err error) string {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && len(exit.Stderr) > 0 {
		return strings.TrimSpace(string(exit.Stderr))
	}
	return err.Error()
}
