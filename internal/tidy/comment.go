package tidy

import (
	"go/ast"
	"go/token"
	"strings"
)

// Comments reports packages without a doc comment and exported names without one.
func Comments(t *Tree) []Finding {
	var found []Finding
	documented, first := map[string]bool{}, map[string]*File{}
	for _, f := range t.Files {
		if f.Test {
			continue
		}
		if first[f.Dir] == nil {
			first[f.Dir] = f
		}
		if packageComment(f) {
			documented[f.Dir] = true
		}
		for _, d := range f.Syntax.Decls {
			found = append(found, undocumented(t, f, d)...)
		}
	}
	for dir, f := range first {
		if !documented[dir] {
			found = append(found, t.at(f, f.Syntax, "package %s has no doc comment: purpose, what it owns, "+
				"what it must not know", f.Syntax.Name.Name))
		}
	}
	return sorted(found)
}

func packageComment(f *File) bool {
	start := "Package " + f.Syntax.Name.Name + " "
	if f.Syntax.Name.Name == "main" {
		start = "Command "
	}
	return strings.HasPrefix(f.Syntax.Doc.Text(), start)
}

func undocumented(t *Tree, f *File, d ast.Decl) []Finding {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc.Text() == "" && d.Name.IsExported() && exportedReceiver(d) {
			return []Finding{t.at(f, d, "exported %s has no doc comment", d.Name.Name)}
		}
	case *ast.GenDecl:
		if d.Tok != token.IMPORT {
			return undocumentedSpecs(t, f, d)
		}
	}
	return nil
}

func undocumentedSpecs(t *Tree, f *File, d *ast.GenDecl) []Finding {
	var found []Finding
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			// The comment of a group of types says nothing about one of them.
			alone := !d.Lparen.IsValid() && d.Doc.Text() != ""
			if s.Name.IsExported() && !alone && s.Doc.Text() == "" {
				found = append(found, t.at(f, s, "exported %s has no doc comment", s.Name.Name))
			}
		case *ast.ValueSpec:
			if d.Doc.Text() != "" || s.Doc.Text() != "" || s.Comment.Text() != "" {
				continue
			}
			for _, n := range s.Names {
				if n.IsExported() {
					found = append(found, t.at(f, n, "exported %s has no doc comment", n.Name))
				}
			}
		}
	}
	return found
}

// exportedReceiver reports whether a function is none's method or the method of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return true
	}
	x := d.Recv.List[0].Type
	for {
		switch y := x.(type) {
		case *ast.StarExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.IndexListExpr:
			x = y.X
		case *ast.Ident:
			return y.IsExported()
		default:
			return false
		}
	}
}
