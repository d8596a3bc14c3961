package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const lintHead = `<definitions id="d" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
<process id="p" isExecutable="true"><startEvent id="s" name="S"/><endEvent id="z" name="Z"/>
<sequenceFlow id="f" sourceRef="s" targetRef="a"/><sequenceFlow id="g" sourceRef="a" targetRef="z"/>
`

// lintModels are files to look at.
var lintModels = map[string]string{
	"call.bpmn":       lintHead + `<callActivity id="a" name="A"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity></process></definitions>`,
	"dynamic.bpmn":    lintHead + `<callActivity id="a" name="A"><extensionElements><zeebe:calledElement processId="=x"/></extensionElements></callActivity></process></definitions>`,
	"called.bpmn":     strings.Replace(lintHead, `id="p"`, `id="q"`, 1) + `<task id="a" name="A"/></process></definitions>`,
	"decide.bpmn":     lintHead + `<businessRuleTask id="a" name="A"><extensionElements><zeebe:calledDecision decisionId="risk-band" resultVariable="r"/></extensionElements></businessRuleTask></process></definitions>`,
	"expression.bpmn": lintHead + `<scriptTask id="a" name="A"><extensionElements><zeebe:script expression="=1 +" resultVariable="r"/></extensionElements></scriptTask></process></definitions>`,
	"dangling.bpmn":   lintHead + `</process></definitions>`,
	"broken.bpmn":     "<definitions>\n</process>",
	"broken.dmn":      "<definitions>\n</decision>",
	"text.txt":        "text",
}

// lintFolder writes the files and goes there.
func lintFolder(t *testing.T) {
	t.Helper()
	decisions, err := os.ReadFile(exampleDecisions)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for name, text := range lintModels {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile("risk.dmn", decisions, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLint(t *testing.T) {
	lintFolder(t)
	const drawn = "--rule=no-bpmndi=off"
	tests := map[string]struct {
		args string
		want string // all of standard output, or in front of ! a part of standard error
		code int
	}{
		"a good model":        {"called.bpmn", "", 0},
		"unknown process":     {"call.bpmn", "call.bpmn:4:1 warning unknown-call-target a: none of the given files has the process \"q\"\n", 0},
		"known process":       {"call.bpmn called.bpmn", "", 0},
		"process at run time": {"dynamic.bpmn", "", 0},
		"unknown decision":    {"decide.bpmn", "decide.bpmn:4:1 warning unknown-decision a: none of the given files has the decision \"risk-band\"\n", 0},
		"known decision":      {"decide.bpmn risk.dmn", "", 0},
		"as an error":         {"call.bpmn --rule unknown-call-target=error", "call.bpmn:4:1 error unknown-call-target a: none of the given files has the process \"q\"\n", 1},
		"switched off":        {"call.bpmn --rule unknown-call-target=off", "", 0},
		"less than an error":  {"dangling.bpmn --rule flow.dangling=warn --rule no-disconnected=off --rule no-implicit-end=off --rule no-implicit-start=off --rule node.unreachable=off", "dangling.bpmn:3:1 warning flow.dangling f: targetRef=\"a\" is no flow node of an executable process\ndangling.bpmn:3:51 warning flow.dangling g: sourceRef=\"a\" is no flow node of an executable process\n", 0},
		"unreadable":          {"broken.bpmn", "broken.bpmn:2:1 error xml.malformed : line 2, column 1: element <definitions> is closed by </process>\n", 1},
		"unreadable table":    {"broken.dmn", "broken.dmn:2:1 error xml.malformed : line 2, column 1: element <definitions> is closed by </decision>\n", 1},
		"no model":            {"text.txt", "!neither *.bpmn nor *.dmn", 2},
		"no file":             {"none.bpmn", "!none.bpmn", 1},
		"no such severity":    {"call.bpmn --rule x=loud", "!is not id=off", 2},
		"no such format":      {"call.bpmn --format pdf", "!text, json or sarif", 2},
		"nothing":             {"", "!requires at least 1 arg", 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			out, errors, code := say(t, "", append([]string{"lint", drawn}, strings.Fields(test.args)...)...)
			if part, onError := strings.CutPrefix(test.want, "!"); onError {
				if !strings.Contains(errors, part) {
					t.Errorf("standard error %q", errors)
				}
			} else if diff := cmp.Diff(test.want, out); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
		})
	}
}

// TestLintCompiles: an expression that the engine cannot compile is an error with its place.
func TestLintCompiles(t *testing.T) {
	lintFolder(t)
	out, _, code := say(t, "", "lint", "expression.bpmn", "-o", "json")
	var found []finding
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatal(err, out)
	}
	if code != 1 || len(found) != 2 || found[0].Rule != "no-bpmndi" || found[0].Severity != "info" {
		t.Fatalf("exit %d, %+v", code, found)
	}
	if f := found[1]; f.Rule != "expression.invalid" || f.Element != "a" || f.Line != 4 || f.File != "expression.bpmn" || f.Message == "" {
		t.Errorf("%+v", f)
	}
	if out, _, code := say(t, "", "lint", "called.bpmn", "--format", "json", "--rule", "no-bpmndi=off"); out != "[]\n" || code != 0 {
		t.Errorf("nothing found: %q, exit %d", out, code)
	}
}

// TestLintSARIF looks at the members that readers of SARIF 2.1.0 need (3.13, 3.14, 3.19, 3.27).
func TestLintSARIF(t *testing.T) {
	lintFolder(t)
	out, _, code := say(t, "", "lint", "call.bpmn", "expression.bpmn", "--format", "sarif")
	var log sarifLog
	decoder := json.NewDecoder(strings.NewReader(out))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&log); err != nil || code != 1 || log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("%v, exit %d\n%s", err, code, out)
	}
	levels := map[string]string{}
	run := log.Runs[0]
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" {
			t.Errorf("%+v", r)
		}
		place := r.Locations[0].Physical
		if filepath.Ext(place.Artifact.URI) != ".bpmn" || place.Region == nil || place.Region.Line < 1 || place.Region.Column < 1 {
			t.Errorf("%+v", place)
		}
		levels[r.RuleID] = r.Level
	}
	want := map[string]string{"no-bpmndi": "note", "unknown-call-target": "warning", "expression.invalid": "error"}
	if diff := cmp.Diff(want, levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}

// TestLintModelsFromElsewhere: models of three engines have no errors, so they deploy.
func TestLintModelsFromElsewhere(t *testing.T) {
	for _, name := range []string{"modeler8", "modeler7", "flowable"} {
		file := "../../bpmn/testdata/styles/" + name + ".bpmn"
		out, errors, code := say(t, "", "lint", file)
		if code != 0 || errors != "" || (out == "") != (name == "modeler8") {
			t.Errorf("%s: exit %d\n%s%s", name, code, out, errors)
		}
	}
}
