package feel

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestSupportTable: docs/dmn-support.md names every built-in function, and no test that does not exist.
func TestSupportTable(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/dmn-support.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Builtins() {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("the page does not name %q", name)
		}
	}
	tests := ""
	for _, pattern := range []string{"*_test.go", "../*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tests += string(source)
		}
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(string(page), -1)
	if len(named) == 0 {
		t.Fatal("the page names no test")
	}
	for _, match := range named {
		if !strings.Contains(tests, "func "+match[1]+"(") {
			t.Errorf("the page names %s, which does not exist", match[1])
		}
	}
}
