package enginetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"tallystick/bpmn"
)

// drawn turns notation into the model that the real parser reads out of the XML.
func drawn(t *testing.T, src string) *bpmn.Process {
	t.Helper()
	text, err := FlowXML(src)
	if err != nil {
		t.Fatal(err)
	}
	file, found, err := bpmn.Parse(text)
	if err != nil || found.HasErrors() {
		t.Fatalf("%v %v\n%s", err, found, text)
	}
	return file.Processes[0]
}

func node(t *testing.T, s *bpmn.Scope, id string) *bpmn.Node {
	t.Helper()
	for _, n := range s.Nodes {
		if n.ID == id {
			return n
		}
	}
	t.Fatalf("there is no node %s", id)
	return nil
}

func TestFlowKinds(t *testing.T) {
	p := drawn(t, `
process all "All <kinds> & \"marks\""
start -> t -> m -> u -> sv -> sd -> r -> sc -> box -> g -> f -> c -> esc -> undo -> end
t: task "A task"
m: manual
u: user groups=a,b users=kim assignee="=boss" due="=now()" priority=70 form=ask
sv: service type=work retries=5 header.k="v w" in.a.b="x + 1" out.y=z
sd: send type=mail
r: rule decision=fee result=fee
sc: script expression="a \"b\" < 1" result=s
box: sub "Box" {
  inner: start
  inner -> stop
  stop: terminate
}
g: xor
f: and
g -> other [amount > 1]
other: error code=E-1
c: timer after=PT1M
esc: escalation code="N 2"
undo: compensation of=sv
late: timer on=u every=R/PT1H keep
late -> end
bad: error on=sv
bad -> end
svDone: compensation on=sv by=back
back: service type=back
g -> f2 [else]
f2: escalation code="N 2"
`)
	if p.ID != "all" || p.Name != `All <kinds> & "marks"` {
		t.Errorf("process %q %q", p.ID, p.Name)
	}
	for id, kind := range map[string]bpmn.Kind{
		"start": bpmn.KindStartEvent, "t": bpmn.KindTask, "m": bpmn.KindManualTask, "u": bpmn.KindUserTask,
		"sv": bpmn.KindServiceTask, "sd": bpmn.KindSendTask, "r": bpmn.KindBusinessRuleTask, "sc": bpmn.KindScriptTask,
		"box": bpmn.KindSubProcess, "g": bpmn.KindExclusiveGateway, "f": bpmn.KindParallelGateway,
		"other": bpmn.KindEndEvent, "c": bpmn.KindIntermediateCatchEvent, "esc": bpmn.KindIntermediateThrowEvent,
		"undo": bpmn.KindIntermediateThrowEvent, "late": bpmn.KindBoundaryEvent, "bad": bpmn.KindBoundaryEvent,
		"f2": bpmn.KindEndEvent, "end": bpmn.KindEndEvent,
	} {
		if n := node(t, p.Body, id); n.Kind != kind {
			t.Errorf("%s is a %v, not a %v", id, n.Kind, kind)
		}
	}
	checkFlowTasks(t, p.Body)
	checkFlowEvents(t, p.Body)
}

func checkFlowTasks(t *testing.T, s *bpmn.Scope) {
	t.Helper()
	u, sv := node(t, s, "u"), node(t, s, "sv")
	if w := u.UserTask; w.CandidateGroups.Text != "a,b" || w.CandidateUsers.Text != "kim" || w.Assignee.Text != "=boss" ||
		w.DueDate.Text != "=now()" || w.Priority.Text != "70" || w.FormID != "ask" {
		t.Errorf("user task %+v", w)
	}
	if sv.Task.Type.Text != "work" || sv.Task.Retries.Text != "5" || sv.Headers["k"] != "v w" {
		t.Errorf("service task %+v %v", sv.Task, sv.Headers)
	}
	if len(sv.Inputs) != 1 || sv.Inputs[0].Target != "a.b" || sv.Inputs[0].Source.Text != "=x + 1" ||
		len(sv.Outputs) != 1 || sv.Outputs[0].Target != "y" || sv.Outputs[0].Source.Text != "=z" {
		t.Errorf("mappings %+v %+v", sv.Inputs, sv.Outputs)
	}
	if r := node(t, s, "r").CalledDecision; r.DecisionID.Text != "fee" || r.ResultVariable != "fee" {
		t.Errorf("rule %+v", r)
	}
	if sc := node(t, s, "sc").Script; sc.Expression.Text != `=a "b" < 1` || sc.ResultVariable != "s" {
		t.Errorf("script %+v", sc)
	}
	if n := node(t, s, "back"); !n.ForCompensation || node(t, s, "svDone").Compensates != n {
		t.Errorf("handler %+v", n)
	}
}

func checkFlowEvents(t *testing.T, s *bpmn.Scope) {
	t.Helper()
	late, g := node(t, s, "late"), node(t, s, "g")
	if late.AttachedTo != node(t, s, "u") || late.Interrupting || late.Event.Timer.Kind != bpmn.TimerCycle {
		t.Errorf("late %+v", late)
	}
	if bad := node(t, s, "bad"); !bad.Interrupting || bad.Event.Error != nil {
		t.Errorf("bad %+v", bad)
	}
	if e := node(t, s, "other").Event; e.Error.Code != "E-1" {
		t.Errorf("error %+v", e.Error)
	}
	if e, f := node(t, s, "esc").Event.Escalation, node(t, s, "f2").Event.Escalation; e.Code != "N 2" || e != f {
		t.Errorf("escalations %+v %+v", e, f)
	}
	if a := node(t, s, "undo").Event.Activity; a != node(t, s, "sv") {
		t.Errorf("undo %+v", a)
	}
	if g.Default == nil || g.Default.Target.ID != "f2" {
		t.Errorf("default %+v", g.Default)
	}
	if stop := node(t, node(t, s, "box").Body, "stop"); stop.Event.Kind != bpmn.EventTerminate {
		t.Errorf("stop %+v", stop)
	}
}

func TestFlowRefuses(t *testing.T) {
	for src, want := range map[string]string{
		"":                                     "line 1: the first line",
		"start -> end":                         "line 1: the first line",
		"process p\nprocess p":                 "line 2: p is described twice",
		"process p\nprocess":                   "line 2: write `name: kind",
		"process p\nprocess a=b":               "line 2: write: process ID",
		"process p when=now":                   "line 1: process has no attribute when",
		"process p\nx: sub {\nprocess q":       "line 3: a sub-process is not closed",
		"process p\na => 1":                    "line 2: a message flow is written",
		"process p\na: task\na => b":           "the message flow a => b leads to",
		"process p\nx: task signal=a":          "line 2: task has no attribute signal",
		"process p\nx: catch shared=a":         "line 2: shared of catch is a mark",
		"process p\nx: task keep":              "line 2: keep belongs",
		"process p\nx":                         "line 2: write `name: kind",
		"process p\nx: what":                   `line 2: there is no kind "what"`,
		"process p\nx:":                        "line 2: x has no kind",
		"process p\nx: task\nx: task":          "line 3: x is described twice",
		"process p\nx: task type=a":            "line 2: task has no attribute type",
		"process p\nx: service type=a type=b":  "line 2: type= is given twice",
		"process p\nx: task on=y":              "line 2: task has no attribute on",
		"process p\nx: timer on=y after=PT1S":  "line 2: there is no element y",
		"process p\nx: timer keep after=PT1S":  "line 2: keep belongs",
		"process p\nx: task what":              `line 2: "what" is not understood`,
		"process p\nx: task \"open":            "line 2: a quote or bracket",
		"process p\nstart -> a":                "start -> a leads to an element",
		"process p\nstart -> end [x":           "line 2: a condition ends",
		"process p\nstart -> x -> end [true]":  "line 2: a condition belongs to one arrow",
		"process p\nstart -> 1a":               `line 2: "1a" is no name`,
		"process p\nstart ->":                  `line 2: "" is no name`,
		"process p\n}":                         "line 2: there is no sub-process",
		"process p\nx: sub {":                  "not closed",
		"process p\nx: task {":                 "line 2: a sub-process, and only it",
		"process p\nx: sub":                    "line 2: a sub-process, and only it",
		"process end\nstart -> end":            "line 2: end is the id of the process",
		"process p\nx: service out.a=1 odd.b=": "line 2: service has no attribute odd.b",
	} {
		if text, err := FlowXML(src); err == nil || !strings.HasPrefix(err.Error(), want) && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q\n%s", src, err, want, text)
		}
	}
}

// FuzzFlowXML holds that whatever the notation accepts is a file that the parser reads: findings are
// possible, broken XML is not.
func FuzzFlowXML(f *testing.F) {
	files, err := filepath.Glob("../../testdata/scenarios/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no scenarios", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range txtar.Parse(data).Files {
			f.Add(string(part.Data))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 4<<10 {
			return
		}
		text, err := FlowXML(src)
		if err != nil {
			return
		}
		if _, _, err := bpmn.Parse(text); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	})
}
