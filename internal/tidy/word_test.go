package tidy

import (
	"os/exec"
	"testing"
)

func TestWords(t *testing.T) {
	t.Parallel()
	check(t, Words, nil, []violation{
		{"folder of a machine", "a.yaml", "x: 1\npath: /wo" + "rk/main/x\n", `a.yaml:2: "/wo` + `rk/main" names a folder`},
		{"beside the repository", "Makefile", "x = .." + "/shared\n", "reads beside the repository"},
		{"granted to the build", ".ci/run", "x=.." + "/shared\n", ""},
		{"registry", "package-lock.json", `"https://registry.npm` + `js.org/x"`, "names a package registry"},
		{"mark in code", "a.go", "package a\n\n// TO" + "DO(x): more.\n", "a.go:3:"},
		{"mark in prose", "a.md", "FIX" + "ME\n", "a.md:1:"},
		{"part of a word", "a.md", "TO" + "DOS and mas" + "todon\n", ""},
		{"unfinished", "a.go", "package a\n\n// Fine for " + "now.\n", "says that something is unfinished"},
		{"attribute in a page", "a.html", `<input place` + `holder="x">`, ""},
		{"data", "a.bin", "\x00 /wo" + "rk/main", ""},
	})
}

func TestWordsReadsOnlyWhatGitHas(t *testing.T) {
	t.Parallel()
	files := map[string]string{"in.md": "FIX" + "ME\n", "out.md": "FIX" + "ME\n"}
	root := plant(t, files).Root
	for _, args := range [][]string{{"init", "-q"}, {"add", "in.md"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	tree, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, Words(tree), "in.md:1:")
}

func TestSleeps(t *testing.T) {
	t.Parallel()
	sleep := "package p\n\nimport \"time\"\n\nfunc f() { time.Sleep(1) }\n"
	check(t, Sleeps, nil, []violation{
		{"in a test", "p/p_test.go", sleep, "p/p_test.go:5: tests do not sleep"},
		{"in production", "p/p.go", sleep, ""},
		{"in a comment", "p/p_test.go", "package p\n\n// Like time.Sleep.\n", ""},
	})
}
