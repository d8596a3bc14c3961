package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const coveredScenario = `deploy a.flow

start n=1
----
started a v1
took start -> way
took way -> small
took small -> end
instance completed

-- a.flow --
process a "A & B"
start -> way
way: xor
way -> small [n < 5]
way -> big   [else]
small: task
big: task "Big <one>"
small -> end
big -> end
`

func reportText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestScenarioReports writes every report of a run with a failure in it.
func TestScenarioReports(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"good.txtar": coveredScenario, "wrong.txtar": strings.Replace(coveredScenario, "took small -> end\n", "took <nothing>\n", 1),
	} {
		if err := os.WriteFile(file(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _, code := say(t, "", "test", dir, "--coverage", "--coverage-html", file("c.html"), "--coverage-json", file("c.json"), "--junit", file("j.xml"))
	if code != exitFailure || !strings.Contains(out, "1 passed, 1 failed\na  elements 4/5  80%  flows 3/5  60%\nnot reached in a: big\n") {
		t.Errorf("exit %d\n%s", code, out)
	}
	checkCoverageFiles(t, reportText(t, file("c.json")), reportText(t, file("c.html")))
	var suites junitSuites
	if err := xml.Unmarshal([]byte(reportText(t, file("j.xml"))), &suites); err != nil {
		t.Fatal(err)
	}
	if suites.Tests != 2 || suites.Failures != 1 || len(suites.Suites) != 1 || len(suites.Suites[0].Cases) != 2 {
		t.Fatalf("%+v", suites)
	}
	good, wrong := suites.Suites[0].Cases[0], suites.Suites[0].Cases[1]
	if good.Name != "good" || good.Failure != nil || wrong.Name != "wrong" || wrong.Failure == nil ||
		!strings.Contains(wrong.Failure.Text, "- took <nothing>") {
		t.Errorf("%+v %+v", good, wrong)
	}
}

func checkCoverageFiles(t *testing.T, asJSON, page string) {
	t.Helper()
	var c coverageFile
	if err := json.Unmarshal([]byte(asJSON), &c); err != nil {
		t.Fatal(err)
	}
	if len(c.Processes) != 1 || c.Processes[0].ID != "a" || c.Processes[0].FlowCoverage.Reached != 3 || len(c.Processes[0].Flows) != 5 {
		t.Errorf("%+v", c)
	}
	for _, want := range []string{"A &amp; B", "Big &lt;one&gt;", `class="missed"><td><code>big</code>`, "4 of 5, 80%", "way_to_big"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s\n%s", want, page)
		}
	}
}

// TestScenarioReportsUnwritable: a report that cannot be written is a failure, not a silence.
func TestScenarioReportsUnwritable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "a.txtar")
	if err := os.WriteFile(name, []byte(coveredScenario), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"--junit", "--coverage-html", "--coverage-json"} {
		if _, errors, code := say(t, "", "test", name, flag, filepath.Join(dir, "none", "x")); code == 0 || !strings.Contains(errors, "none") {
			t.Errorf("%s: exit %d, %q", flag, code, errors)
		}
	}
}
