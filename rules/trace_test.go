package rules_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tallystick/internal/canon"
	"tallystick/rules"
)

// The archives under testdata/rules hold a model and, per "ask" section, the variables; the
// section behind it is the exact trace. -rewrite records what the engine does: read the diff.
var rewrite = flag.Bool("rewrite", false, "rewrite the traces in testdata/rules")

var moment = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

func TestTraces(t *testing.T) {
	files, err := filepath.Glob("../testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runArchive(t, file) })
	}
}

func runArchive(t *testing.T, file string) {
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := parseArchive(t, string(source))
	model := mustParse(t, a.sections[0].text)
	asked := 0
	for i, s := range a.sections {
		decision, isAsk := strings.CutPrefix(s.name, "ask ")
		if !isAsk {
			continue
		}
		asked++
		got := ask(t, model, decision, s.text)
		if *rewrite {
			a.sections[i+1].text = got
		} else if diff := cmp.Diff(a.sections[i+1].text, got); diff != "" {
			t.Errorf("%s with %s (-want +got):\n%s", decision, strings.TrimSpace(s.text), diff)
		}
	}
	if asked == 0 {
		t.Fatal("the archive asks nothing")
	}
	if *rewrite {
		if err := os.WriteFile(file, []byte(a.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// mustParse parses a model that has no error diagnostics.
func mustParse(t testing.TB, source string) *rules.Model {
	t.Helper()
	model, found, err := rules.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	if found.HasErrors() {
		t.Fatalf("diagnostics: %v", found)
	}
	return model
}

// ask evaluates a decision and prints the trace, every field of it.
func ask(t *testing.T, model *rules.Model, decision, variables string) string {
	t.Helper()
	trace, err := model.Evaluate(decision, variablesOf(t, variables))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range trace.Decisions {
		fmt.Fprintln(&b, strings.TrimSpace(fmt.Sprintf("decision %s %q %s %s", d.ID, d.Name, d.Type, d.HitPolicy)))
		for _, in := range d.Inputs {
			fmt.Fprintf(&b, "  input %s %q = %s\n", in.ID, in.Name, in.Value)
		}
		for _, m := range d.Matched {
			fmt.Fprintf(&b, "  rule %d %s\n", m.Index, m.RuleID)
			for _, out := range m.Outputs {
				fmt.Fprintf(&b, "    %s %q = %s\n", out.ID, out.Name, out.Value)
			}
		}
		fmt.Fprintf(&b, "  output %s\n", d.Output)
		for _, w := range d.Warnings {
			fmt.Fprintf(&b, "  warning %s\n", strings.ReplaceAll(w, "\n", " "))
		}
	}
	fmt.Fprintf(&b, "output %s\n", trace.Output)
	if trace.Failed != "" {
		fmt.Fprintf(&b, "failed %s: %s\n", trace.Failed, trace.Failure)
	}
	return b.String()
}

// TestTraceJSON pins the names that history and audit keep.
func TestTraceJSON(t *testing.T) {
	model := mustParse(t, tableWith(`hitPolicy="FIRST"`, column+result+row("&gt; 1", "a * 2")))
	trace, err := model.Evaluate("d", variablesOf(t, `{"a": 2}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(trace)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"decisions":[{"id":"d","name":"d","type":"DECISION_TABLE","hitPolicy":"FIRST",` +
		`"inputs":[{"id":"i","name":"a","value":2}],` +
		`"matched":[{"ruleId":"r","index":1,"outputs":[{"id":"o","name":"o","value":4}]}],` +
		`"output":4}],"output":4}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func variablesOf(t testing.TB, object string) rules.Env {
	t.Helper()
	fields, err := canon.ParseObject([]byte(object))
	if err != nil {
		t.Fatal(err)
	}
	return rules.Env{Now: moment, Lookup: func(name string) (canon.JSON, bool) {
		v, ok := fields[name]
		return v, ok
	}}
}
