package bench

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

func TestSummarizeTakesTheMedian(t *testing.T) {
	t.Parallel()
	odd, even := summarize("x", "ms", 5, 1, 9, 2, 3), summarize("x", "ms", 4, 1, 2, 100)
	if odd.Median != 3 || odd.Low != 1 || odd.High != 9 || odd.Runs != 5 || even.Median != 3 {
		t.Errorf("got %+v and %+v", odd, even)
	}
}

func TestSelected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		patterns, name string
		want           bool
	}{
		{"", "W1/sqlite/1/inside", true},
		{"W2/postgres/64", "W2/postgres/64/http", true},
		{"W2/postgres/64", "W2/postgres", true},
		{"W2/postgres/64", "W2/postgres/256/http", false},
		{"W2/postgres/64", "W2/sqlite/64/http", false},
		{"*/sqlite", "W3/sqlite/1/inside", true},
		{"core,W1", "W1/postgres/16/http", true},
		{"core,W1", "W1-calc/postgres/16/http", false},
	} {
		if got := selected(c.patterns, c.name); got != c.want {
			t.Errorf("selected(%q, %q) = %v", c.patterns, c.name, got)
		}
	}
}

func TestCompareShowsRatios(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "base.json")
	base := &table{Commit: "old", out: new(bytes.Buffer)}
	base.add(summarize("W2/sqlite/64/inside/commands/s", "/s", 200))
	if err := base.save(file); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	now := &table{Commit: "new", out: &out}
	now.add(summarize("W2/sqlite/64/inside/commands/s", "/s", 500), summarize("unknown before", "/s", 1))
	out.Reset()
	if err := now.compare(file); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "×2.50") || strings.Contains(got, "unknown before") {
		t.Errorf("got %s", got)
	}
}
