package enginetest

import (
	"os"
	"strings"
	"testing"
)

func modeling(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/modeling.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestManualExample runs the scenario that the manual shows.
func TestManualExample(t *testing.T) {
	_, rest, found := strings.Cut(modeling(t), "```\ndeploy order.flow\n")
	example, _, closed := strings.Cut(rest, "```\n")
	if !found || !closed {
		t.Fatal("the manual shows no scenario")
	}
	if r := Run("docs/modeling.md", []byte("deploy order.flow\n"+example), Options{}); !r.OK() {
		t.Error(r)
	}
}

// TestManualIsComplete finds every command, kind and attribute in the manual.
func TestManualIsComplete(t *testing.T) {
	text := modeling(t)
	for name := range newRunner(Options{}, nil).commands() {
		if !strings.Contains(text, "| `"+name) {
			t.Errorf("the command %s is not described", name)
		}
	}
	for name, k := range kinds {
		if !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, "`"+name+" ") {
			t.Errorf("the kind %s is not described", name)
		}
		attributesDescribed(t, text, name, k.attributes)
	}
	attributesDescribed(t, text, "activity", activityAttributes)
	attributesDescribed(t, text, "trigger", triggerAttributes)
	attributesDescribed(t, text, "mark", marks)
}

func attributesDescribed(t *testing.T, text, of string, names []string) {
	t.Helper()
	for _, a := range names {
		if !strings.Contains(text, "`"+a+"`") && !strings.Contains(text, "`"+a+"=") && !strings.Contains(text, " "+a+"=") {
			t.Errorf("the attribute %s of %s is not described", a, of)
		}
	}
}
