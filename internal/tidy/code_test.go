package tidy

import "testing"

func TestCodes(t *testing.T) {
	t.Parallel()
	list := map[string]string{"docs/errors.md": "| code | status | meaning |\n|---|---|---|\n| `a.b` | 404 | none |\n"}
	p := func(text string) string {
		return "package p\n\nimport (\n\t\"errors\"\n\t\"tallystick/fault\"\n)\n\nvar e = fault.New(fault.NotFound, \"a.b\", \"none\")\n\n" + text
	}
	check(t, Codes, list, []violation{
		{"listed", "p/p.go", p(""), ""},
		{"not listed", "p/p.go", p(`var f = fault.New(fault.Conflict, "a.c", "x")`), "p/p.go:10: a.c has no row in docs/errors.md: | `a.c` | Conflict |"},
		{"wrapped", "p/p.go", p(`var f = fault.Wrap(nil, "a.c", "x")`), "| `a.c` | Internal |"},
		{"literal", "p/p.go", p(`var f = &fault.Error{Code: "a.c"}`), "a.c has no row"},
		{"constant", "p/p.go", p("const c = \"a.c\"\n\nvar f = fault.Wrap(nil, c, \"x\")"), "a.c has no row"},
		{"shape", "p/p.go", p(`var f = fault.Wrap(nil, "AC", "x")`), `error code "AC" is not of the form`},
		{"computed", "p/p.go", p(`var f = fault.Wrap(nil, "a."+"c", "x")`), "p/p.go:10: an error code must be"},
		{"through a function", "p/p.go", p("var f = refuse(\"a.c\")\n\nfunc refuse(code string) error { return fault.New(fault.Denied, code, \"\") }"), "p/p.go:10: a.c has no row"},
		{
			"through a method of a method", "p/p.go",
			p("func (t) deep(n int, code string) error { return fault.New(fault.Denied, code, \"\") }\n" +
				"func (x t) less(code string) error { return x.deep(1, code) }\n" +
				"func (x t) use() error { return x.less(\"a.c\") }\n"), "p/p.go:12: a.c has no row",
		},
		{
			"another package's function of that name", "p/p.go",
			p("var f = errors.New(\"some text\")\n\nfunc New(code string) error { return fault.New(fault.Denied, code, \"\") }"), "",
		},
		{"passed on", "p/p.go", p("func f(x *fault.Error) error { return fault.Wrap(nil, x.Code, \"x\") }"), ""},
		{"in a test", "p/p_test.go", "package p\n\nimport \"tallystick/fault\"\n\nvar f = fault.Wrap(nil, \"a.c\", \"x\")\n", "nobody returns a.b"},
		{"renamed import", "p/p.go", "package p\n\nimport flt \"tallystick/fault\"\n\nvar f, g = flt.Wrap(nil, \"a.b\", \"x\"), flt.Wrap(nil, \"a.c\", \"x\")\n", "a.c has no row"},
		{"nobody returns it", "p/p.go", "package p\n", "docs/errors.md:3: nobody returns a.b"},
	})
}

func TestCodesNeedsTheList(t *testing.T) {
	t.Parallel()
	tree := plant(t, map[string]string{"p/p.go": "package p\n\nimport \"tallystick/fault\"\n\nvar f = fault.Wrap(nil, \"a.c\", \"x\")\n"})
	expect(t, Codes(tree), `docs/errors.md: is missing; it must list these codes: ["a.c"]`)
	tree = plant(t, map[string]string{
		"docs/errors.md": "| `a.b` | 1 | x |\n| `a.b` | 1 | x |\n",
		"p/p.go":         "package p\n\nimport \"tallystick/fault\"\n\nvar f = fault.Wrap(nil, \"a.b\", \"x\")\n",
	})
	expect(t, Codes(tree), "docs/errors.md:2: lists a.b twice")
}
