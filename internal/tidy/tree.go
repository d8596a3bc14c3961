package tidy

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Tree is a module as text and syntax: what all checks read.
type Tree struct {
	Root   string   // folder that holds go.mod
	Module string   // module path
	Paths  []string // all committed files, relative, with slashes, sorted
	Files  []*File  // the Go files among those on disk, committed or not
	fset   *token.FileSet
}

// File is one parsed Go file.
type File struct {
	Path   string // relative to the root, with slashes
	Dir    string // its folder, "." for the root
	Test   bool   // its name ends in _test.go
	Syntax *ast.File
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+(\S+)`)

// Load reads the module in root: every Go file outside testdata and vendored folders, and the list
// of committed files (all files when root is no git checkout).
func Load(root string) (*Tree, error) {
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	m := moduleLine.FindSubmatch(mod)
	if m == nil {
		return nil, errors.New("go.mod names no module")
	}
	t := &Tree{Root: root, Module: string(m[1]), fset: token.NewFileSet()}
	walked, err := t.walk()
	if err != nil {
		return nil, err
	}
	if t.Paths, err = committed(root); err != nil {
		t.Paths = walked // a source archive has no git; what is there is what was committed
	}
	return t, nil
}

// walk parses the Go files and returns the paths of all files.
func (t *Tree) walk() ([]string, error) {
	var paths []string
	err := filepath.WalkDir(t.Root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(t.Root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel != "." && outside(d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		paths = append(paths, rel)
		if strings.HasSuffix(rel, ".go") && !inTestdata(rel) {
			return t.parse(p, rel)
		}
		return nil
	})
	return paths, err
}

// outside names folders that hold no source of ours.
func outside(name string) bool {
	return slices.Contains([]string{".git", "bin", "data", "node_modules", "vendor"}, name)
}

// inTestdata reports whether rel is a fixture, which the go tool does not build.
func inTestdata(rel string) bool { return slices.Contains(strings.Split(rel, "/"), "testdata") }

func (t *Tree) parse(p, rel string) error {
	syntax, err := parser.ParseFile(t.fset, p, nil, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	t.Files = append(t.Files, &File{
		Path: rel, Dir: path.Dir(rel), Test: strings.HasSuffix(rel, "_test.go"), Syntax: syntax,
	})
	return nil
}

// committed lists what git has; an error says that there is no git or no checkout.
func committed(root string) ([]string, error) {
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		return nil, err
	}
	out, err := exec.Command("git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(string(out), "\x00"), func(p string) bool {
		_, err := os.Stat(filepath.Join(root, p))
		return p == "" || err != nil // deleted in the working copy, not yet in the index
	}), nil
}

// at returns a finding at a node of f.
func (t *Tree) at(f *File, n ast.Node, format string, args ...any) Finding {
	return Finding{File: f.Path, Line: t.line(n.Pos()), Message: fmt.Sprintf(format, args...)}
}

func (t *Tree) line(p token.Pos) int { return t.fset.Position(p).Line }

// read returns the text of a file named relative to the root.
func (t *Tree) read(rel string) (string, error) {
	b, err := os.ReadFile(filepath.Join(t.Root, filepath.FromSlash(rel)))
	return string(b), err
}

// local returns the folder of an import path of this module, and whether it is one.
func (t *Tree) local(importPath string) (string, bool) {
	if importPath == t.Module {
		return ".", true
	}
	return strings.CutPrefix(importPath, t.Module+"/")
}
