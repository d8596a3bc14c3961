package bpmn_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
	"tallystick/fault"
)

// FuzzParse wants that Parse never panics, says the same of the same bytes, and that a model
// without errors is linked as the machine relies on it.
func FuzzParse(f *testing.F) {
	for _, test := range diagnosticCases() {
		f.Add([]byte(test.src))
	}
	files, err := filepath.Glob("../testdata/models/*.bpmn")
	if err != nil || len(files) == 0 {
		f.Fatal("no models to start from", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		definitions, diagnostics, err := bpmn.Parse(src)
		if err != nil {
			if kind := fault.KindOf(err); kind != fault.Invalid || definitions != nil {
				t.Fatalf("refused with kind %d and %v: %v", kind, definitions, err)
			}
			return
		}
		again, repeated, _ := bpmn.Parse(src)
		if diff := cmp.Diff(diagnostics, repeated); diff != "" {
			t.Fatalf("two readings differ:\n%s", diff)
		}
		if diagnostics.HasErrors() {
			return
		}
		if diff := cmp.Diff(outline(definitions), outline(again)); diff != "" {
			t.Fatalf("two readings differ:\n%s", diff)
		}
		checkModel(t, definitions)
	})
}

func checkModel(t *testing.T, d *bpmn.Definitions) {
	executable := 0
	seen := map[string]bool{}
	for _, process := range d.Processes {
		if process.Executable {
			executable++
			checkScope(t, process.Body, seen)
		}
	}
	if executable == 0 {
		t.Fatal("nothing to execute")
	}
}

func checkScope(t *testing.T, s *bpmn.Scope, seen map[string]bool) {
	for _, n := range s.Nodes {
		if n.ID == "" || seen[n.ID] || n.Scope != s || n.Kind == bpmn.KindUnknown {
			t.Fatalf("node %q of kind %s is not unique or not in its scope", n.ID, n.Kind)
		}
		seen[n.ID] = true
		if problem := nodeProblem(n); problem != "" {
			t.Fatalf("node %q: %s", n.ID, problem)
		}
		if n.Body != nil {
			if n.Body.Owner != n {
				t.Fatalf("sub-process %q does not own its body", n.ID)
			}
			checkScope(t, n.Body, seen)
		}
	}
	if problem := scopeProblem(s); problem != "" {
		t.Fatal(problem)
	}
	for _, flow := range s.Flows {
		if flow.ID == "" || seen[flow.ID] || flow.Source.Scope != s || flow.Target.Scope != s ||
			!slices.Contains(flow.Source.Outgoing, flow) || !slices.Contains(flow.Target.Incoming, flow) {
			t.Fatalf("flow %q is not linked", flow.ID)
		}
		seen[flow.ID] = true
	}
}

// scopeProblem says what no token could enter, or could enter twice.
func scopeProblem(s *bpmn.Scope) string {
	starts, free := 0, 0
	for _, n := range s.Nodes {
		switch {
		case n.Kind == bpmn.KindStartEvent:
			starts++
		case len(n.Incoming) == 0 && !n.ForCompensation && n.Kind != bpmn.KindBoundaryEvent && n.Kind != bpmn.KindEventSubProcess:
			free++
		}
	}
	if s.Owner == nil || s.Owner.Kind == bpmn.KindSubProcess || s.Owner.Kind == bpmn.KindTransaction {
		if starts+free == 0 || s.Owner != nil && starts > 1 {
			return "a scope without a way to start, or with several"
		}
		return ""
	}
	if want := map[bpmn.Kind]int{bpmn.KindEventSubProcess: 1}[s.Owner.Kind]; starts != want {
		return "an event sub-process or ad-hoc sub-process with a wrong number of start events"
	}
	return ""
}

// nodeProblem says what the machine would stumble over.
func nodeProblem(n *bpmn.Node) string {
	switch {
	case n.Default != nil && !slices.Contains(n.Outgoing, n.Default):
		return "default flow of another node"
	case (n.Kind == bpmn.KindBoundaryEvent || n.Kind == bpmn.KindIntermediateCatchEvent) && n.Event == nil:
		return "catches nothing"
	case n.Kind == bpmn.KindBoundaryEvent && !slices.Contains(n.AttachedTo.Boundary, n):
		return "not attached"
	case n.Kind == bpmn.KindUserTask && n.UserTask == nil:
		return "user task without its part"
	case n.Kind == bpmn.KindServiceTask && n.Task == nil:
		return "job without its part"
	case (n.Kind == bpmn.KindReceiveTask || n.Kind == bpmn.KindSendTask) && n.Task == nil && n.Message == nil:
		return "message task without message"
	case n.Kind == bpmn.KindAdHocSubProcess && n.AdHoc == nil:
		return "ad-hoc sub-process without its part"
	case n.Kind == bpmn.KindBusinessRuleTask && (n.Task == nil) == (n.CalledDecision == nil):
		return "rule task that is not exactly one thing"
	case n.Kind == bpmn.KindScriptTask && (n.Task == nil) == (n.Script == nil):
		return "script task that is not exactly one thing"
	case n.Event != nil && len(n.Event.Parts) == 1:
		return "multiple event with one part"
	case n.Event != nil && len(n.Event.Parts) > 1:
		for _, part := range n.Event.Parts {
			if problem := eventProblem(n, part); problem != "" {
				return problem
			}
		}
	case n.Event != nil:
		return eventProblem(n, n.Event)
	}
	return ""
}

func eventProblem(n *bpmn.Node, e *bpmn.EventDefinition) string {
	throws := n.Kind == bpmn.KindEndEvent || n.Kind == bpmn.KindIntermediateThrowEvent
	switch {
	case e.Kind == bpmn.EventMessage && n.Task == nil && (e.Message == nil || e.Message.Name == ""):
		return "message without name"
	case e.Kind == bpmn.EventSignal && (e.Signal == nil || e.Signal.Name == ""):
		return "signal without name"
	case e.Kind == bpmn.EventConditional && (e.Condition == nil || e.Condition.Expression.Text == ""):
		return "condition without expression"
	case e.Kind == bpmn.EventLink && e.Link == "":
		return "link without name"
	case e.Kind == bpmn.EventTimer && (e.Timer == nil || e.Timer.Kind == 0 || e.Timer.Expression.Text == ""):
		return "timer without value"
	case e.Kind == bpmn.EventError && throws && (e.Error == nil || e.Error.Code == ""):
		return "error without code"
	case e.Kind == bpmn.EventEscalation && throws && (e.Escalation == nil || e.Escalation.Code == ""):
		return "escalation without code"
	case e.Kind == bpmn.EventCompensation && n.Kind == bpmn.KindBoundaryEvent &&
		(n.Compensates == nil || !n.Compensates.ForCompensation || n.Compensates.Scope != n.Scope):
		return fmt.Sprintf("compensation by %v", n.Compensates)
	}
	return ""
}
