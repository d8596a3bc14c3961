package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// errorList is the list of error codes for the people who get them.
const errorList = "docs/errors.md"

var (
	codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)
	codeRow   = regexp.MustCompile("(?m)^\\|\\s*`([^`]+)`\\s*\\|")
)

// Codes reports error codes that docs/errors.md does not list, rows for codes that nobody returns,
// and codes the check cannot read. Each row of the list's table starts with the code in backticks:
//
//	| code | status | meaning |
func Codes(t *Tree) []Finding {
	used, found := codesUsed(t)
	list, err := t.read(errorList)
	if err != nil {
		return sorted(append(found, Finding{
			errorList, 0,
			fmt.Sprintf("is missing; it must list these codes: %q", slices.Sorted(maps.Keys(used))),
		}))
	}
	listed := map[string]bool{}
	for _, m := range codeRow.FindAllStringSubmatchIndex(list, -1) {
		code := list[m[2]:m[3]]
		line := 1 + strings.Count(list[:m[2]], "\n")
		if listed[code] {
			found = append(found, Finding{errorList, line, "lists " + code + " twice"})
		}
		listed[code] = true
		if _, ok := used[code]; !ok {
			found = append(found, Finding{errorList, line, "nobody returns " + code})
		}
	}
	for code, at := range used {
		if !listed[code] {
			at.Message = fmt.Sprintf("%s has no row in %s: | `%s` | %s |", code, errorList, code, at.Message)
			found = append(found, at)
		}
	}
	return sorted(found)
}

// codesUsed collects the codes of all errors made outside tests; a finding's message is the name
// of the kind where that is known.
func codesUsed(t *Tree) (map[string]Finding, []Finding) {
	c := collector{tree: t, used: map[string]Finding{}}
	packages := map[string][]*File{}
	for _, f := range t.Files {
		if !f.Test && f.Dir != "fault" {
			packages[f.Dir] = append(packages[f.Dir], f)
		}
	}
	for _, files := range packages {
		c.collect(files)
	}
	return c.used, c.found
}

// collector follows codes through one package after the other. A code may be a literal, a constant
// of the package, or a parameter of a function whose calls are then followed.
type collector struct {
	tree     *Tree
	used     map[string]Finding
	found    []Finding
	consts   map[string]string
	carriers map[string]int // function or method that takes a code → position of that argument
}

func (c *collector) collect(files []*File) {
	c.consts, c.carriers = constants(files), map[string]int{}
	for before := -1; before != len(c.carriers); {
		before = len(c.carriers)
		for _, f := range files {
			c.file(f)
		}
	}
}

func (c *collector) file(f *File) {
	pkg := importedAs(f, c.tree.Module+"/fault")
	for _, d := range f.Syntax.Decls {
		fn, _ := d.(*ast.FuncDecl)
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				c.call(f, fn, pkg, n)
			case *ast.CompositeLit:
				c.literal(f, fn, pkg, n)
			}
			return true
		})
	}
}

func (c *collector) call(f *File, fn *ast.FuncDecl, pkg string, call *ast.CallExpr) {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		x, ok := fun.X.(*ast.Ident)
		if ok && x.Name == pkg && pkg != "" {
			if (fun.Sel.Name == "New" || fun.Sel.Name == "Wrap") && len(call.Args) > 1 {
				c.code(f, fn, call.Args[1], kindOf(fun.Sel.Name, call.Args[0]))
			}
			return
		}
		if !ok || !imports(f, x.Name) {
			c.carried(f, fn, fun.Sel.Name, call)
		}
	case *ast.Ident:
		c.carried(f, fn, fun.Name, call)
	}
}

func (c *collector) carried(f *File, fn *ast.FuncDecl, name string, call *ast.CallExpr) {
	if i, ok := c.carriers[name]; ok && i < len(call.Args) {
		c.code(f, fn, call.Args[i], "")
	}
}

// literal reads the code out of fault.Error{Code: …}.
func (c *collector) literal(f *File, fn *ast.FuncDecl, pkg string, lit *ast.CompositeLit) {
	s, ok := lit.Type.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != "Error" {
		return
	}
	if x, ok := s.X.(*ast.Ident); !ok || x.Name != pkg {
		return
	}
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "Code" {
				c.code(f, fn, kv.Value, "")
			}
		}
	}
}

// code notes one place where a code is given.
func (c *collector) code(f *File, fn *ast.FuncDecl, e ast.Expr, kind string) {
	value, ok := "", false
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			value, ok = s, true
		}
	case *ast.Ident:
		if i := parameter(fn, e.Name); i >= 0 {
			c.carriers[fn.Name.Name] = i
			return
		}
		value, ok = c.consts[e.Name]
	case *ast.SelectorExpr:
		if e.Sel.Name == "Code" {
			return // the code of an error made elsewhere, where it was noted
		}
	}
	switch {
	case !ok:
		c.found = append(c.found, c.tree.at(f, e, "an error code must be a literal, a constant or a parameter"))
	case !codeShape.MatchString(value):
		c.found = append(c.found, c.tree.at(f, e, "error code %q is not of the form noun.state", value))
	default:
		if _, seen := c.used[value]; !seen {
			c.used[value] = c.tree.at(f, e, "%s", kind)
		}
	}
}

// constants returns the string constants declared at the top of a package's files.
func constants(files []*File) map[string]string {
	out := map[string]string{}
	for _, f := range files {
		for _, d := range f.Syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i := range min(len(v.Names), len(v.Values)) {
					if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						out[v.Names[i].Name], _ = strconv.Unquote(lit.Value)
					}
				}
			}
		}
	}
	return out
}

// parameter returns the position of a named parameter of fn, -1 when it has none of that name.
func parameter(fn *ast.FuncDecl, name string) int {
	if fn == nil {
		return -1
	}
	i := 0
	for _, field := range fn.Type.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}

// kindOf names the kind in fault.New(fault.Kind, …); what is wrapped is Internal.
func kindOf(function string, first ast.Expr) string {
	if function == "Wrap" {
		return "Internal"
	}
	if s, ok := first.(*ast.SelectorExpr); ok {
		return s.Sel.Name
	}
	return ""
}
