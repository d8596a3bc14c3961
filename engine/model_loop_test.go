package engine

import "tallystick/bpmn"

// repeats reads the attributes of loops: each=LIST as=NAME times=N seq done=COND into=NAME value=EXPR make an
// activity multi-instance, while=COND max=N before a standard loop, takes=N and gives=N are its quantities;
// process=ID all callin=EXPR callout=EXPR say what a call activity calls.
func (m *model) repeats(n *bpmn.Node, key, value string) bool {
	text := bpmn.Expression{Text: value}
	switch key {
	case "each", "times":
		n.MultiInstance = &bpmn.MultiInstance{}
		if key == "each" {
			n.MultiInstance.Collection = text
		} else {
			n.MultiInstance.Cardinality = text
		}
	case "as":
		n.MultiInstance.InputElement = value
	case "seq":
		n.MultiInstance.Sequential = true
	case "into":
		n.MultiInstance.OutputCollection = value
	case "value":
		n.MultiInstance.OutputElement = text
	case "done":
		n.MultiInstance.Completion = &text
	case "while", "max":
		if n.Loop == nil {
			n.Loop = &bpmn.Loop{}
		}
		if key == "max" {
			n.Loop.Maximum = text
		} else {
			n.Loop.Condition = &text
		}
	case "before":
		n.Loop.TestBefore = true
	case "process":
		n.Call = &bpmn.Call{ProcessID: text}
	case "all":
		n.Call.AllIn, n.Call.AllOut = true, true
	case "callin":
		n.Call.In = append(n.Call.In, bpmn.Mapping{Source: text, Target: "passed"})
	case "callout":
		n.Call.Out = append(n.Call.Out, bpmn.Mapping{Source: text, Target: "back"})
	case "takes":
		n.StartQuantity = number(value)
	case "gives":
		n.CompletionQuantity = number(value)
	default:
		return false
	}
	return true
}

func number(text string) int { return int(text[0] - '0') }
