package tidy

import (
	"fmt"
	"go/ast"
)

// The limits on production code. Above the first a file is listed, above the second it fails.
const (
	fileLinesNoted = 400
	fileLinesMax   = 700
	funcLinesMax   = 70
)

// oversize lists what may be larger, with the reason. Keys are "path" or "path:function".
var oversize = map[string]string{}

// Sizes reports files and functions that have become a place where too much meets. A function that
// is one flat switch over records or commands may be long.
func Sizes(t *Tree) []Finding {
	var found []Finding
	for _, f := range production(t) {
		lines := t.fset.File(f.Syntax.Pos()).LineCount()
		if lines > fileLinesMax && oversize[f.Path] == "" {
			found = append(found, Finding{f.Path, 0, fmt.Sprintf("%d lines, at most %d", lines, fileLinesMax)})
		}
		for _, d := range f.Syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil || flatSwitch(fn.Body) || oversize[f.Path+":"+fn.Name.Name] != "" {
				continue
			}
			if n := t.line(fn.End()) - t.line(fn.Pos()) + 1; n > funcLinesMax {
				found = append(found, t.at(f, fn, "function %s has %d lines, at most %d", fn.Name.Name, n, funcLinesMax))
			}
		}
	}
	return sorted(found)
}

// LongFiles lists the files that deserve a look: allowed, but longer than files should be.
func LongFiles(t *Tree) []Finding {
	var found []Finding
	for _, f := range production(t) {
		if n := t.fset.File(f.Syntax.Pos()).LineCount(); n > fileLinesNoted {
			found = append(found, Finding{f.Path, 0, fmt.Sprintf("%d lines, better below %d", n, fileLinesNoted)})
		}
	}
	return sorted(found)
}

// production returns the files people write and ship.
func production(t *Tree) []*File {
	var out []*File
	for _, f := range t.Files {
		if !f.Test && !ast.IsGenerated(f.Syntax) {
			out = append(out, f)
		}
	}
	return out
}

// flatSwitch reports whether a body is one switch, at most with a return or a panic after it.
func flatSwitch(body *ast.BlockStmt) bool {
	list := body.List
	if len(list) == 2 && final(list[1]) {
		list = list[:1]
	}
	if len(list) != 1 {
		return false
	}
	switch list[0].(type) {
	case *ast.SwitchStmt, *ast.TypeSwitchStmt:
		return true
	}
	return false
}

func final(s ast.Stmt) bool {
	if _, ok := s.(*ast.ReturnStmt); ok {
		return true
	}
	e, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := e.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}
