package bpmn_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
)

// head opens a file; the content of its executable process p starts in line 3.
const head = `<definitions id="d" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:x="urn:x">`

// process puts content into an executable process: s leads to a, a leads to z.
func process(content string, roots ...string) string {
	return head + "\n<process id=\"p\" isExecutable=\"true\">\n" + content + "\n</process>\n" +
		strings.Join(roots, "\n") + "\n</definitions>"
}

// around gives a node "a" its start, its end and its flows, all behind it.
func around(content string, roots ...string) string {
	return process(content+`
<startEvent id="s"/><endEvent id="z"/>
<sequenceFlow id="in" sourceRef="s" targetRef="a"/><sequenceFlow id="out" sourceRef="a" targetRef="z"/>`, roots...)
}

// diagnose lists the diagnostics as "line severity code element".
func diagnose(t *testing.T, src string) []string {
	t.Helper()
	_, diagnostics, err := bpmn.Parse([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, d := range diagnostics {
		got = append(got, fmt.Sprintf("%d %s %s %s", d.Position.Line, d.Severity, d.Code, d.Element))
	}
	return got
}

type diagnosticCase struct {
	name, src string
	want      []string
}

func diagnosticCases() []diagnosticCase {
	var all []diagnosticCase
	for _, family := range [][]diagnosticCase{
		scopeCases, flowCases, gatewayCases, activityCases, eventCases, compensationCases,
		extensionCases, elementCases, identityCases, vendorCases, choiceCases, triggerCases, linkCases, handlerCases, loopCases, dataCases, peopleCases, globalCases, partyCases,
	} {
		all = append(all, family...)
	}
	return append(all, diagnosticCase{
		"truncated", around(`<task id="a"/>` + strings.Repeat("<quux/>", 600)),
		append(repeat("3 error element.unknown p", 500), "3 error diagnostics.truncated "),
	})
}

func repeat(s string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}

func TestDiagnostics(t *testing.T) {
	for _, test := range diagnosticCases() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, diagnose(t, test.src)); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
}

// TestEveryCodeIsProvoked holds the table and the list of codes together.
func TestEveryCodeIsProvoked(t *testing.T) {
	src, err := os.ReadFile("code.go")
	if err != nil {
		t.Fatal(err)
	}
	provoked := map[string]bool{}
	for _, test := range diagnosticCases() {
		for _, want := range test.want {
			provoked[strings.Fields(want)[2]] = true
		}
	}
	codes := regexp.MustCompile(`Code\w+\s+= "([a-z._]+)"`).FindAllStringSubmatch(string(src), -1)
	if len(codes) < 50 {
		t.Fatalf("only %d codes found in code.go", len(codes))
	}
	for _, code := range codes {
		if !provoked[code[1]] {
			t.Errorf("no case expects %s", code[1])
		}
	}
}

func TestDiagnosticString(t *testing.T) {
	d := bpmn.Diagnostic{
		Severity: bpmn.SeverityError, Code: "flow.dangling", Element: "f", Message: "m", Position: bpmn.Position{Line: 2, Column: 3},
	}
	if got := d.String(); got != "2:3 error flow.dangling f: m" {
		t.Error(got)
	}
	if !(bpmn.Diagnostics{{}, d}).HasErrors() || (bpmn.Diagnostics{{}}).HasErrors() {
		t.Error("HasErrors must be about severity error only")
	}
}
