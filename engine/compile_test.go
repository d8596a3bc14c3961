package engine

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tallystick/bpmn"
)

// What cannot run is found when it is compiled, with the element.
func TestCompileFinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ model, code, element string }{
		{"start s\nservice a type=\"=1 +\"\ns -> a", "expression.invalid", "a"},
		{"start s\nuser a assignee=\"=1 +\"\ns -> a", "expression.invalid", "a"},
		{"start s\nxor g\nend e\ns -> g\ng -> e if =(", "expression.invalid", "g>e"},
		{"start s\nxor g\nend e\ns -> g\ng -> e if always", "expression.invalid", "g>e"},
		{"start s\nservice a type=x\nin a v \"=(\"\ns -> a", "expression.invalid", "a"},
		{"start s\nservice a type=x\nin a v..w \"=1\"\ns -> a", "mapping.invalid", "a"},
		{"start s\nservice a type=x\nboundary b on=a error==code\ns -> a", "expression.invalid", "b"},
		{"start s\ncatch c duration=soon\ns -> c", "timer.invalid", "c"},
		{"start s\ncatch c date=2028-13-01\ns -> c", "timer.invalid", "c"},
		{"start s\nuser a\nboundary b on=a cycle=\"0 99 * * *\" keep\ns -> a", "timer.invalid", "b"},
		{"start s\nuser a formkey=camunda-forms:bpmn:gone\ns -> a", "form.missing", "a"},
		{"start s\nservice a\ns -> a", "model.incomplete", "a"},
		{"start s\nservice a type=\ns -> a", "model.incomplete", "a"},
		{"start s\ntask a\nboundary b on=a compensate=gone\ns -> a", "compensation.no_handler", "b"},
		{"start s\nend e error\ns -> e", "model.incomplete", "e"},
		{"start s\ncatch c error=E\ns -> c", "element.unsupported", "c"},
		{"task a\na -> a", "scope.no_start", "p"},
		{"sub box (\nstart s\nstart t\n)", "scope.multiple_start", "box"},
		{"start s\nend e cancel", "model.incomplete", "e"},
		{"start s\nsub box (\n)\ns -> box", "scope.no_start", "box"},
	} {
		p, err := parseModel(c.model)
		if err != nil {
			t.Fatal(err)
		}
		def, found := Compile(p, Identity{Key: 1})
		if def != nil || !slices.ContainsFunc(found, func(d bpmn.Diagnostic) bool {
			return d.Code == c.code && d.Element == c.element && d.Severity == bpmn.SeverityError
		}) {
			t.Errorf("%s\nfound %v, want %s at %s", c.model, found, c.code, c.element)
		}
	}
}

// What is null whatever the variables are is a warning; it does not forbid running.
func TestCompileRemarks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ model, element, message string }{
		{"start s\nxor g\nend e\ns -> g\ng -> e if =substring(name)", "g>e", "at byte 9: substring does not take 1 arguments"},
		{"start s\nuser a due==now(1)\ns -> a", "a", "at byte 3: now does not take"},
		{"start s\nuser a due==now()\ns -> a", "", ""},
		{"start s\nxor g\nend e\ns -> g\ng -> e if =amount > limit", "", ""},
	} {
		p, err := parseModel(c.model)
		if err != nil {
			t.Fatal(err)
		}
		def, found := Compile(p, Identity{Key: 1})
		switch {
		case def == nil || found.HasErrors():
			t.Errorf("%s: refused, %v", c.model, found)
		case c.message == "" && len(found) > 0:
			t.Errorf("%s: found %v", c.model, found)
		case c.message == "":
		case len(found) != 1 || found[0].Severity != bpmn.SeverityWarning || found[0].Code != CodeExpressionNull ||
			found[0].Element != c.element || !strings.HasPrefix(found[0].Message, c.message):
			t.Errorf("%s: found %v, want %s: %s", c.model, found, c.element, c.message)
		}
	}
}

// A model with holes is refused, it does not panic.
func TestCompileHoles(t *testing.T) {
	t.Parallel()
	start := &bpmn.Node{ID: "s", Kind: bpmn.KindStartEvent}
	for name, p := range map[string]*bpmn.Process{
		"no body":     {ID: "p"},
		"no target":   {ID: "p", Body: &bpmn.Scope{Nodes: []*bpmn.Node{start}, Flows: []*bpmn.Flow{{ID: "f", Source: start}}}},
		"no kind":     {ID: "p", Body: &bpmn.Scope{Nodes: []*bpmn.Node{start, {ID: "x"}}}},
		"no contents": {ID: "p", Body: &bpmn.Scope{Nodes: []*bpmn.Node{start, {ID: "x", Kind: bpmn.KindSubProcess}}}},
		"no timer": {ID: "p", Body: &bpmn.Scope{Nodes: []*bpmn.Node{start, {
			ID: "x", Kind: bpmn.KindIntermediateCatchEvent, Event: &bpmn.EventDefinition{Kind: bpmn.EventTimer},
		}}}},
		"no trigger": {ID: "p", Body: &bpmn.Scope{Nodes: []*bpmn.Node{start, {
			ID: "x", Kind: bpmn.KindTask, Boundary: []*bpmn.Node{{ID: "b", Kind: bpmn.KindBoundaryEvent}},
		}}}},
		"catch without trigger": {ID: "p", Body: &bpmn.Scope{Nodes: []*bpmn.Node{start, {
			ID: "x", Kind: bpmn.KindIntermediateCatchEvent,
		}}}},
	} {
		if def, found := Compile(p, Identity{}); def != nil || !found.HasErrors() {
			t.Errorf("%s: compiled", name)
		}
	}
}

func TestDefinition(t *testing.T) {
	t.Parallel()
	def := compileModel(t, "start s\nsub box (\nstart s1\nuser a\ns1 -> a\n)\ns -> box")
	if def.Identity() != (Identity{Key: 77, Version: 1, Deployment: 7}) || def.ProcessID() != "p" ||
		def.Name() != "Process" || def.VersionTag() != "" {
		t.Errorf("%v %s %s %s", def.Identity(), def.ProcessID(), def.Name(), def.VersionTag())
	}
	want := []NodeInfo{
		{"s", "N s", "START_EVENT"}, {"box", "N box", "SUB_PROCESS"}, {"s1", "N s1", "START_EVENT"}, {"a", "N a", "USER_TASK"},
	}
	if diff := cmp.Diff(want, def.Nodes()); diff != "" {
		t.Error(diff)
	}
}

// What many elements refer to is compiled once, however many they are.
func TestCompileSharedOnce(t *testing.T) {
	t.Parallel()
	m := &bpmn.Message{ID: "m", Name: "=name", Properties: []bpmn.MessageValue{{Property: "k", Path: bpmn.Expression{Text: "=[x, y]"}}}}
	body := &bpmn.Scope{}
	start := &bpmn.Node{ID: "s", Kind: bpmn.KindStartEvent, Scope: body}
	send := func(id string) *bpmn.Node {
		return &bpmn.Node{
			ID: id, Kind: bpmn.KindIntermediateThrowEvent, Scope: body, Event: &bpmn.EventDefinition{Kind: bpmn.EventMessage, Message: m},
			Inputs: []bpmn.Mapping{{Target: "v", Source: bpmn.Expression{Text: "=[x, y]"}}},
		}
	}
	body.Nodes = []*bpmn.Node{start, send("a"), send("b")}
	def, found := Compile(&bpmn.Process{ID: "p", Body: body}, Identity{Key: 1})
	if def == nil {
		t.Fatal(found)
	}
	a, b := def.nodes["a"], def.nodes["b"]
	if a.triggers[0].message != b.triggers[0].message {
		t.Error("the message is compiled for each of its senders")
	}
	if shared := a.triggers[0].message.keys[0]; a.inputs[0].source != shared || b.inputs[0].source != shared {
		t.Error("the same expression is compiled again")
	}
}

// A quantity beyond the limit is refused before anything of that size is made.
func TestCompileQuantityTooLarge(t *testing.T) {
	t.Parallel()
	body := &bpmn.Scope{}
	start := &bpmn.Node{ID: "s", Kind: bpmn.KindStartEvent, Scope: body}
	task := &bpmn.Node{ID: "a", Kind: bpmn.KindTask, Scope: body, StartQuantity: 2_000_000_000}
	flow := &bpmn.Flow{ID: "f", Source: start, Target: task}
	start.Outgoing, task.Incoming, body.Nodes, body.Flows = []*bpmn.Flow{flow}, []*bpmn.Flow{flow}, []*bpmn.Node{start, task}, []*bpmn.Flow{flow}
	def, found := Compile(&bpmn.Process{ID: "p", Body: body}, Identity{Key: 1})
	if def != nil || len(found) != 1 || found[0].Code != CodeModelTooLarge || found[0].Element != "a" {
		t.Errorf("found %v, want %s at a", found, CodeModelTooLarge)
	}
}

// What inclusive gateways know of their scope is bounded.
func TestCompileJoinsTooLarge(t *testing.T) {
	t.Parallel()
	var model strings.Builder
	model.WriteString("start s\nor g0\ns -> g0\n")
	for i := range 1200 {
		fmt.Fprintf(&model, "task a%d\ntask b%d\nor g%d\ng%d -> a%d if =x\ng%d -> b%d if =x\na%d -> g%d\nb%d -> g%d\n", i, i, i+1, i, i, i, i, i, i+1, i, i+1)
	}
	p, err := parseModel(model.String())
	if err != nil {
		t.Fatal(err)
	}
	def, found := Compile(p, Identity{Key: 1})
	if def != nil || len(found) != 1 || found[0].Code != CodeModelTooLarge || found[0].Element != "g556" {
		t.Errorf("found %d, first %v, want %s at g556", len(found), found[0], CodeModelTooLarge)
	}
}
