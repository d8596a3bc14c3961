package tidy

import (
	"go/ast"
	"path"
	"slices"
	"strconv"
)

// impure reports what would let the world into a pure file: imports and the wall clock.
func impure(t *Tree, f *File, floor int) []Finding {
	var found []Finding
	for _, spec := range f.Syntax.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err == nil && slices.Contains(worldly, name) {
			found = append(found, t.at(f, spec, "floor %d is pure and may not import %s", floor, name))
		}
	}
	for call := range selections(f, "time", "Now") {
		found = append(found, t.at(f, call, "floor %d is pure and may not call time.Now; time is an argument", floor))
	}
	return found
}

// selections yields every use of a name from an imported package, whatever the import is called.
func selections(f *File, pkg, name string) func(yield func(*ast.SelectorExpr) bool) {
	local := importedAs(f, pkg)
	return func(yield func(*ast.SelectorExpr) bool) {
		more := local != ""
		ast.Inspect(f.Syntax, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if more && ok && s.Sel.Name == name {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == local {
					more = yield(s)
				}
			}
			return more
		})
	}
}

// importedAs returns the name by which f calls an imported package, "" when it does not import it.
func importedAs(f *File, importPath string) string {
	for _, spec := range f.Syntax.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != importPath {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(importPath)
	}
	return ""
}

// imports reports whether name stands for a package in f.
func imports(f *File, name string) bool {
	return slices.ContainsFunc(f.Syntax.Imports, func(spec *ast.ImportSpec) bool {
		p, err := strconv.Unquote(spec.Path.Value)
		return err == nil && importedAs(f, p) == name
	})
}
