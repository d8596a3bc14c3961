package tidy

import (
	"testing"
)

func TestHouse(t *testing.T) {
	t.Parallel()
	tree, err := Load("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Files) < 10 || len(tree.Paths) < 10 {
		t.Fatalf("read %d Go files and %d committed files: this is not the repository",
			len(tree.Files), len(tree.Paths))
	}
	rules := map[string]func(*Tree) []Finding{
		"floors":       Floors,
		"libraries":    Libraries,
		"sizes":        Sizes,
		"comments":     Comments,
		"words":        Words,
		"sleeps":       Sleeps,
		"codes":        Codes,
		"links":        Links,
		"requirements": Requirements,
		"licences":     Licences,
		"support":      Support,
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range rule(tree) {
				t.Error(f)
			}
		})
	}
	for _, f := range LongFiles(tree) {
		t.Log("worth a look: ", f)
	}
}
