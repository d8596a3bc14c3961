package rules_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tallystick/internal/canon"
	"tallystick/rules"
)

// FuzzParse holds Parse to three promises: it never panics, what it accepts can be evaluated, and
// every trace is canonical JSON through and through.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../testdata/rules/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		_, model, _ := strings.Cut(string(source), "-- model.dmn --\n")
		model, _, _ = strings.Cut(model, "-- ask ")
		f.Add([]byte(model))
	}
	f.Add([]byte(tableWith(`hitPolicy="OUTPUT ORDER"`, column+result+row("&gt; 1", "a"))))
	f.Add([]byte(definitions(`<itemDefinition name="x"><typeRef>x</typeRef></itemDefinition><inputData id="a" name="a"><variable typeRef="x"/></inputData>`)))
	f.Add([]byte(using(`both(one(100, 0.5), net)`)))
	f.Fuzz(func(t *testing.T, source []byte) {
		model, _, err := rules.Parse(source)
		if err != nil {
			return
		}
		env := rules.Env{Now: moment, Lookup: func(string) (canon.JSON, bool) { return `{"a":[1,"2026-01-01"]}`, true }}
		model.Analyze()
		for _, s := range model.Services {
			if _, _, err := model.Invoke(s.ID, env); err != nil {
				t.Fatal(err)
			}
		}
		for _, d := range model.Decisions {
			trace, err := model.Evaluate(d.ID, env)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(trace)
			if err != nil {
				t.Fatalf("%+v: %v", trace, err)
			}
			if _, err := canon.Parse([]byte(trace.Output)); err != nil {
				t.Fatalf("output %s: %v", text, err)
			}
		}
	})
}
