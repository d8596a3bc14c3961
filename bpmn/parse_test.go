package bpmn_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
	"tallystick/fault"
)

// TestParseRefuses holds what is no BPMN; what is no XML is the matter of xmlread.
func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, src, code string }{
		{"empty", "", "xml.malformed"},
		{"not XML", "process: order", "xml.malformed"},
		{"external entity", `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions>&x;</definitions>`, "xml.directive"},
		{"entity bomb", `<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><d>&b;</d>`, "xml.directive"},
		{"undeclared prefix", `<bpmn:definitions/>`, "xml.prefix"},
		{"second root", head + `</definitions><definitions/>`, "xml.malformed"},
		{"too deep", strings.Repeat("<d>", 300) + strings.Repeat("</d>", 300), "xml.limit"},
		{"latin 1", `<?xml version="1.0" encoding="latin1"?>` + head + `</definitions>`, "xml.encoding"},
		{"no namespace", `<definitions/>`, "bpmn.invalid"},
		{"BPMN 1.1", `<definitions xmlns="http://www.omg.org/bpmn/1.1"/>`, "bpmn.invalid"},
		{"DMN", `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>`, "bpmn.invalid"},
		{"other root", `<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>`, "bpmn.invalid"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			definitions, _, err := bpmn.Parse([]byte(test.src))
			if fault.CodeOf(err) != test.code || fault.KindOf(err) != fault.Invalid || definitions != nil {
				t.Errorf("got %v, want %s", err, test.code)
			}
		})
	}
	if _, _, err := bpmn.Parse([]byte("<a/>")); !errors.Is(err, bpmn.ErrInvalid) {
		t.Errorf("got %v, want the sentinel", err)
	}
}

// TestParseByNamespace reads the same model under another prefix, with a byte order mark and with
// references written as qualified names.
func TestParseByNamespace(t *testing.T) {
	src := "\ufeff" + `<?xml version="1.0" encoding="utf-8"?>
<m:definitions xmlns:m="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:own="urn:own" xmlns:q="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="urn:own" expressionLanguage="urn:expr">
<m:process id="p" isExecutable="1">
<m:startEvent id="s"/>
<serviceTask xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="a"><extensionElements><q:taskDefinition type="t"/></extensionElements></serviceTask>
<m:boundaryEvent id="b" attachedToRef="own:a"><m:errorEventDefinition errorRef="own:e"/></m:boundaryEvent>
<m:sequenceFlow id="f" sourceRef="s" targetRef="a"/>
<m:sequenceFlow id="g" sourceRef="a" targetRef="z"><m:conditionExpression> <![CDATA[a < b]]> </m:conditionExpression></m:sequenceFlow>
<m:sequenceFlow id="h" sourceRef="a" targetRef="z"><m:conditionExpression language="urn:feel">a</m:conditionExpression></m:sequenceFlow>
<m:endEvent id="z"/>
</m:process>
<m:error id="e" errorCode="E"/>
</m:definitions>`
	definitions, diagnostics, err := bpmn.Parse([]byte(src))
	if err != nil || len(diagnostics) > 0 {
		t.Fatal(err, diagnostics)
	}
	want := `process p "" executable
  startEvent s 5:1
    -> a by f
  serviceTask a 6:1
    job t
    boundary b
    -> z by g if "a < b" in "urn:expr"
    -> z by h if "a" in "urn:feel"
  boundaryEvent b 7:1
    interrupts a
    error E
  endEvent z 11:1
`
	if diff := cmp.Diff(want, outline(definitions)); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
}

func TestParseDrawnModel(t *testing.T) {
	src, err := os.ReadFile("../testdata/models/trip.bpmn")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/trip.outline")
	if err != nil {
		t.Fatal(err)
	}
	definitions, diagnostics, err := bpmn.Parse(src)
	if err != nil || len(diagnostics) > 0 {
		t.Fatal(err, diagnostics)
	}
	if diff := cmp.Diff(string(want), outline(definitions)); diff != "" {
		t.Errorf("model (-want +got):\n%s", diff)
	}
	if definitions.ID != "Definitions_trip" || definitions.Platform != "Camunda Cloud" || definitions.PlatformVersion != "8.8.0" {
		t.Errorf("definitions: %q of %q %q", definitions.ID, definitions.Platform, definitions.PlatformVersion)
	}
}

// outline writes a model as text, one fact a line.
func outline(d *bpmn.Definitions) string {
	var b strings.Builder
	for _, p := range d.Processes {
		fmt.Fprintf(&b, "process %s %q%s\n", p.ID, p.Name, map[bool]string{true: " executable"}[p.Executable])
		line(&b, "  tag ", p.VersionTag)
		lines(&b, "  form ", p.Forms)
		lines(&b, "  property ", p.Properties)
		outlineScope(&b, p.Body, "  ")
	}
	for _, id := range slices.Sorted(maps.Keys(d.Messages)) {
		m := d.Messages[id]
		fmt.Fprintf(&b, "message %s %q key %q %d:%d\n", m.ID, m.Name, m.CorrelationKey.Text, m.Position.Line, m.Position.Column)
	}
	for _, id := range slices.Sorted(maps.Keys(d.Signals)) {
		fmt.Fprintf(&b, "signal %s %q\n", id, d.Signals[id].Name)
	}
	return b.String()
}

func outlineScope(b *strings.Builder, s *bpmn.Scope, indent string) {
	for _, n := range s.Nodes {
		fmt.Fprintf(b, "%s%s %s %d:%d\n", indent, n.Kind, n.ID, n.Position.Line, n.Position.Column)
		outlineNode(b, n, indent+"  ")
		if n.Body != nil {
			outlineScope(b, n.Body, indent+"  ")
		}
	}
}

func outlineNode(b *strings.Builder, n *bpmn.Node, indent string) {
	line(b, indent+"documentation ", n.Documentation)
	lines(b, indent+"property ", n.Properties)
	lines(b, indent+"header ", n.Headers)
	if n.ForCompensation {
		line(b, indent, "for compensation")
	}
	if n.AttachedTo != nil {
		line(b, indent+map[bool]string{true: "interrupts ", false: "watches "}[n.Interrupting], n.AttachedTo.ID)
	}
	for _, m := range n.Inputs {
		line(b, indent+"input ", m.Source.Text+" to "+m.Target)
	}
	for _, m := range n.Outputs {
		line(b, indent+"output ", m.Source.Text+" to "+m.Target)
	}
	outlineWork(b, n, indent)
	if n.Event != nil {
		outlineEvent(b, n.Event, indent)
	}
	if n.Compensates != nil {
		line(b, indent+"undone by ", n.Compensates.ID)
	}
	for _, event := range n.Boundary {
		line(b, indent+"boundary ", event.ID)
	}
	for _, f := range n.Outgoing {
		outlineFlow(b, f, indent)
	}
}

func outlineFlow(b *strings.Builder, f *bpmn.Flow, indent string) {
	fmt.Fprintf(b, "%s-> %s by %s", indent, f.Target.ID, f.ID)
	if f.Condition != nil {
		fmt.Fprintf(b, " if %q in %q", f.Condition.Text, f.Condition.Language)
	}
	if f.Source.Default == f {
		b.WriteString(" else")
	}
	b.WriteString("\n")
}

func outlineWork(b *strings.Builder, n *bpmn.Node, indent string) {
	if n.Task != nil {
		line(b, indent+"job ", strings.TrimSpace(n.Task.Type.Text+" "+n.Task.Retries.Text))
	}
	if d := n.CalledDecision; d != nil {
		fmt.Fprintf(b, "%sdecides %s into %s by %s %s\n", indent, d.DecisionID.Text, d.ResultVariable, d.Binding, d.VersionTag)
	}
	if n.Script != nil {
		line(b, indent+"script ", n.Script.Expression.Text+" into "+n.Script.ResultVariable)
	}
	if u := n.UserTask; u != nil {
		for _, fact := range [][2]string{
			{"assignee ", u.Assignee.Text},
			{"groups ", u.CandidateGroups.Text},
			{"users ", u.CandidateUsers.Text},
			{"due ", u.DueDate.Text},
			{"follow up ", u.FollowUpDate.Text},
			{"priority ", u.Priority.Text},
			{"form id ", u.FormID},
			{"form key ", u.FormKey},
			{"form reference ", u.ExternalReference},
			{"form binding ", string(u.FormBinding) + u.FormVersionTag},
		} {
			line(b, indent+fact[0], fact[1])
		}
	}
}

func outlineEvent(b *strings.Builder, e *bpmn.EventDefinition, indent string) {
	switch e.Kind {
	case bpmn.EventTimer:
		name := map[bpmn.TimerKind]string{bpmn.TimerDate: "date ", bpmn.TimerDuration: "duration ", bpmn.TimerCycle: "cycle "}
		line(b, indent+name[e.Timer.Kind], e.Timer.Expression.Text)
	case bpmn.EventError:
		code := "any"
		if e.Error != nil {
			code = e.Error.Code
		}
		line(b, indent+"error ", code)
	case bpmn.EventEscalation:
		code := "any"
		if e.Escalation != nil {
			code = e.Escalation.Code
		}
		line(b, indent+"escalation ", code)
	case bpmn.EventCompensation:
		line(b, indent, "compensation")
		if e.Activity != nil {
			line(b, indent+"compensates ", e.Activity.ID)
		}
	case bpmn.EventTerminate:
		line(b, indent, "terminate")
	}
}

func line(b *strings.Builder, prefix, text string) {
	if text != "" {
		b.WriteString(prefix + text + "\n")
	}
}

func lines(b *strings.Builder, prefix string, texts map[string]string) {
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		line(b, prefix, key+" = "+texts[key])
	}
}
