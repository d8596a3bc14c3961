package engine

import (
	"fmt"
	"strings"
	"testing"

	"tallystick/bpmn"
)

// model builds a process from lines, because a test should show its model at a glance:
//
//	start s                          a node: kind, id, key=value or flag; values with blanks are quoted
//	sub box (  …  )                  a sub-process with its content
//	boundary b on=a duration=PT1H    interrupting; with the flag keep it does not interrupt
//	in a x "=y"                      an input mapping, out for an output mapping
//	a -> b -> c                      flows; "a -> b if =x > 1" and "a -> b default" end a line
//
// The id of a flow is its source and target: a>b.
type model struct {
	process *bpmn.Process
	scope   *bpmn.Scope
	outer   []*bpmn.Scope
	nodes   map[string]*bpmn.Node
	late    []func()
}

func parseModel(text string) (p *bpmn.Process, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	p = &bpmn.Process{ID: "p", Name: "Process", Executable: true, Body: &bpmn.Scope{}, Forms: map[string]string{"f1": "{}"}}
	m := &model{process: p, scope: p.Body, nodes: map[string]*bpmn.Node{}}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			m.line(line)
		}
	}
	for _, f := range m.late {
		f()
	}
	return p, nil
}

func compileModel(t testing.TB, text string) *Definition {
	t.Helper()
	p, err := parseModel(text)
	if err != nil {
		t.Fatal(err)
	}
	def, found := Compile(p, Identity{Key: 77, Version: 1, Deployment: 7})
	if found.HasErrors() {
		t.Fatal(found)
	}
	return def
}

func (m *model) line(line string) {
	words := fields(line)
	switch {
	case line == ")":
		m.scope, m.outer = m.outer[len(m.outer)-1], m.outer[:len(m.outer)-1]
	case len(words) > 1 && words[1] == "->":
		scope := m.scope
		m.late = append(m.late, func() { m.flows(scope, line) })
	case words[0] == "in" || words[0] == "out":
		n := m.nodes[words[1]]
		list := map[string]*[]bpmn.Mapping{"in": &n.Inputs, "out": &n.Outputs}[words[0]]
		*list = append(*list, bpmn.Mapping{Target: words[2], Source: bpmn.Expression{Text: words[3]}})
	default:
		m.node(words[0], words[1], words[2:])
	}
}

// fields splits at blanks outside quotes.
func fields(line string) []string {
	var words []string
	quoted := false
	for part := range strings.SplitSeq(line, `"`) {
		switch {
		case quoted && len(words) > 0 && strings.HasSuffix(words[len(words)-1], "="):
			words[len(words)-1] += part
		case quoted:
			words = append(words, part)
		default:
			words = append(words, strings.Fields(part)...)
		}
		quoted = !quoted
	}
	return words
}

func (m *model) flows(scope *bpmn.Scope, line string) {
	path, condition, conditional := strings.Cut(line, " if ")
	path, isDefault := strings.CutSuffix(path, " default")
	ids := strings.Split(path, "->")
	for i := range ids[1:] {
		source, target := m.nodes[strings.TrimSpace(ids[i])], m.nodes[strings.TrimSpace(ids[i+1])]
		f := &bpmn.Flow{ID: source.ID + ">" + target.ID, Source: source, Target: target}
		if conditional {
			f.Condition = &bpmn.Expression{Text: condition}
		}
		if isDefault {
			source.Default = f
		}
		source.Outgoing, target.Incoming = append(source.Outgoing, f), append(target.Incoming, f)
		scope.Flows = append(scope.Flows, f)
	}
}

var modelKinds = map[string]bpmn.Kind{
	"start": bpmn.KindStartEvent, "end": bpmn.KindEndEvent, "throw": bpmn.KindIntermediateThrowEvent,
	"catch": bpmn.KindIntermediateCatchEvent, "boundary": bpmn.KindBoundaryEvent,
	"task": bpmn.KindTask, "manual": bpmn.KindManualTask, "user": bpmn.KindUserTask,
	"service": bpmn.KindServiceTask, "send": bpmn.KindSendTask, "script": bpmn.KindScriptTask,
	"rule": bpmn.KindBusinessRuleTask, "sub": bpmn.KindSubProcess, "call": bpmn.KindCallActivity,
	"xor": bpmn.KindExclusiveGateway, "and": bpmn.KindParallelGateway,
	"or": bpmn.KindInclusiveGateway, "complex": bpmn.KindComplexGateway,
}

func (m *model) node(kind, id string, words []string) {
	n := &bpmn.Node{ID: id, Name: "N " + id, Kind: modelKinds[kind], Scope: m.scope, Interrupting: true}
	m.nodes[id] = n
	m.scope.Nodes = append(m.scope.Nodes, n)
	if kind == "user" {
		n.UserTask = &bpmn.UserTask{}
	}
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		m.attribute(n, key, value)
	}
	if len(words) > 0 && words[len(words)-1] == "(" {
		n.Body = &bpmn.Scope{Owner: n}
		m.outer, m.scope = append(m.outer, m.scope), n.Body
	}
}

func (m *model) attribute(n *bpmn.Node, key, value string) {
	text := bpmn.Expression{Text: value}
	switch key {
	case "(":
	case "keep":
		n.Interrupting = false
	case "undo":
		n.ForCompensation = true
	case "on":
		n.AttachedTo = m.nodes[value]
		n.AttachedTo.Boundary = append(n.AttachedTo.Boundary, n)
	case "type":
		n.Task = &bpmn.TaskDefinition{Type: text}
	case "retries":
		n.Task.Retries = text
	case "header":
		n.Headers = map[string]string{"h": value}
	case "assignee":
		n.UserTask.Assignee = text
	case "groups":
		n.UserTask.CandidateGroups = text
	case "users":
		n.UserTask.CandidateUsers = text
	case "due":
		n.UserTask.DueDate = text
	case "followup":
		n.UserTask.FollowUpDate = text
	case "priority":
		n.UserTask.Priority = text
	case "form":
		n.UserTask.FormID = value
	case "formkey":
		n.UserTask.FormKey = value
	case "expr":
		n.Script = &bpmn.Script{Expression: text}
	case "decision":
		n.CalledDecision = &bpmn.CalledDecision{DecisionID: text}
	case "result":
		if n.Script != nil {
			n.Script.ResultVariable = value
		} else {
			n.CalledDecision.ResultVariable = value
		}
	default:
		if !m.repeats(n, key, value) {
			m.trigger(n, key, value)
		}
	}
}

func (m *model) trigger(n *bpmn.Node, key, value string) {
	switch key {
	case "nowait":
		n.Event.NoWait = true
		return
	case "every":
		n.Event.Kind = bpmn.EventParallelMultiple
		return
	}
	e := &bpmn.EventDefinition{}
	before := n.Event
	n.Event = e
	defer also(n, before)
	timers := map[string]bpmn.TimerKind{"date": bpmn.TimerDate, "duration": bpmn.TimerDuration, "cycle": bpmn.TimerCycle}
	switch key {
	case "date", "duration", "cycle":
		e.Kind, e.Timer = bpmn.EventTimer, &bpmn.Timer{Kind: timers[key], Expression: bpmn.Expression{Text: value}}
	case "error":
		e.Kind = bpmn.EventError
		if value != "" {
			e.Error = &bpmn.Error{ID: value, Code: value}
		}
	case "escalation":
		e.Kind = bpmn.EventEscalation
		if value != "" {
			e.Escalation = &bpmn.Escalation{ID: value, Code: value}
		}
	case "terminate":
		e.Kind = bpmn.EventTerminate
	case "cancel":
		e.Kind = bpmn.EventCancel
	case "compensate":
		e.Kind = bpmn.EventCompensation
		m.late = append(m.late, func() {
			if e.Activity = m.nodes[value]; n.Kind == bpmn.KindBoundaryEvent {
				e.Activity, n.Compensates = nil, m.nodes[value]
			}
		})
	default:
		if !m.awaits(n, e, key, value) {
			panic("unknown attribute " + key)
		}
	}
}
