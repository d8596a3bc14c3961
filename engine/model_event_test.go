package engine

import (
	"strings"

	"tallystick/bpmn"
)

func init() {
	modelKinds["esub"], modelKinds["transaction"] = bpmn.KindEventSubProcess, bpmn.KindTransaction
}

// awaits reads what events wait for or send: message=NAME or message=NAME:KEY, signal=NAME, condition=EXPR, link=NAME,
// nowait. A second trigger of a node makes it a multiple event, with the flag every a parallel multiple one.
func (m *model) awaits(n *bpmn.Node, e *bpmn.EventDefinition, key, value string) bool {
	switch key {
	case "message":
		name, correlation, _ := strings.Cut(value, ":")
		e.Kind, e.Message = bpmn.EventMessage, &bpmn.Message{ID: name, Name: name, CorrelationKey: bpmn.Expression{Text: correlation}}
	case "signal":
		e.Kind, e.Signal = bpmn.EventSignal, &bpmn.Signal{ID: value, Name: value}
	case "condition":
		e.Kind, e.Condition = bpmn.EventConditional, &bpmn.Condition{Expression: bpmn.Expression{Text: value}}
	case "link":
		e.Kind, e.Link = bpmn.EventLink, value
	default:
		return false
	}
	return true
}

// also makes a node with a trigger before the given one a multiple event.
func also(n *bpmn.Node, before *bpmn.EventDefinition) {
	switch {
	case before == nil || before.Kind == 0:
	case before.Kind == bpmn.EventMultiple || before.Kind == bpmn.EventParallelMultiple:
		before.Parts = append(before.Parts, n.Event)
		n.Event = before
	default:
		n.Event = &bpmn.EventDefinition{Kind: bpmn.EventMultiple, Parts: []*bpmn.EventDefinition{before, n.Event}}
	}
}
