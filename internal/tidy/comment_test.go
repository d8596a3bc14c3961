package tidy

import "testing"

func TestComments(t *testing.T) {
	t.Parallel()
	p := func(text string) string { return "// Package p is a test.\npackage p\n\n" + text }
	check(t, Comments, nil, []violation{
		{"package", "p/p.go", "package p\n", "p/p.go:1: package p has no doc comment"},
		{"other words", "p/p.go", "// Some words.\npackage p\n", "has no doc comment"},
		{"command", "p/p.go", "// Command p runs.\npackage main\n", ""},
		{"tests need none", "p/p_test.go", "package p\n\nfunc F() {}\n", ""},
		{"function", "p/p.go", p("func F() {}\n"), "p/p.go:4: exported F has no doc comment"},
		{"directive is no comment", "p/p.go", p("//go:noinline\nfunc F() {}\n"), "exported F"},
		{"documented function", "p/p.go", p("// F does.\nfunc F() {}\n"), ""},
		{"method", "p/p.go", p("// T is.\ntype T struct{}\n\nfunc (t *T) M() {}\n"), "p/p.go:7: exported M"},
		{"generic method", "p/p.go", p("// T is.\ntype T[A any] struct{}\n\nfunc (t *T[A]) M() {}\n"), "exported M"},
		{"method of a hidden type", "p/p.go", p("type t struct{}\n\nfunc (t) M() {}\n"), ""},
		{"type", "p/p.go", p("type T int\n"), "p/p.go:4: exported T"},
		{"type in a commented group", "p/p.go", p("// Types.\ntype (\n\tT int\n)\n"), "p/p.go:6: exported T"},
		{"constants of a group", "p/p.go", p("// The kinds.\nconst (\n\tA = 1\n\tB = 2\n)\n"), ""},
		{"constant", "p/p.go", p("const (\n\tA = 1 // one\n\tB = 2\n)\n"), "p/p.go:6: exported B"},
		{"variable", "p/p.go", p("var V int\n"), "exported V"},
	})
}
