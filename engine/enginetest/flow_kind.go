package enginetest

import (
	"fmt"
	"slices"
	"strings"
)

// shapeKind says how a kind of the notation is drawn in BPMN. Event kinds are drawn as a boundary event
// when they stand on= an activity.
type shapeKind struct {
	tag        string   // the BPMN element
	alone      string   // for event kinds: the element when it is not on= an activity
	event      string   // the event definition
	attributes []string // besides those of every activity or event
}

// kinds are the words of the notation: BPMN's words, shortened once.
var kinds = map[string]shapeKind{
	"start":        {tag: "startEvent"},
	"end":          {tag: "endEvent"},
	"terminate":    {tag: "endEvent", event: "terminateEventDefinition"},
	"task":         {tag: "task"},
	"manual":       {tag: "manualTask"},
	"user":         {tag: "userTask", attributes: []string{"groups", "users", "assignee", "due", "followup", "priority", "form"}},
	"service":      {tag: "serviceTask", attributes: []string{"type", "retries"}},
	"send":         {tag: "sendTask", attributes: []string{"type", "retries"}},
	"rule":         {tag: "businessRuleTask", attributes: []string{"decision", "result", "type", "retries"}},
	"script":       {tag: "scriptTask", attributes: []string{"expression", "result", "type", "retries"}},
	"sub":          {tag: "subProcess"},
	"xor":          {tag: "exclusiveGateway"},
	"and":          {tag: "parallelGateway"},
	"timer":        {tag: "boundaryEvent", alone: "intermediateCatchEvent", event: "timerEventDefinition", attributes: []string{"after", "at", "every"}},
	"error":        {tag: "boundaryEvent", alone: "endEvent", event: "errorEventDefinition", attributes: []string{"code"}},
	"escalation":   {tag: "boundaryEvent", alone: "throw", event: "escalationEventDefinition", attributes: []string{"code"}},
	"compensation": {tag: "boundaryEvent", alone: "throw", event: "compensateEventDefinition", attributes: []string{"by", "of"}},
}

// check refuses attributes that the kind does not have.
func (s *shape) check() error {
	k, known := kinds[s.kind]
	if !known {
		return fmt.Errorf("there is no kind %q", s.kind)
	}
	for _, a := range s.attributes {
		prefix, _, _ := strings.Cut(a.name, ".")
		mapping := prefix != a.name && slices.Contains([]string{"in", "out", "header"}, prefix)
		if !mapping && !slices.Contains(k.attributes, a.name) && (a.name != "on" || k.alone == "") {
			return fmt.Errorf("%s has no attribute %s", s.kind, a.name)
		}
	}
	if s.keep && s.get("on") == "" {
		return fmt.Errorf("keep belongs to an event on an activity")
	}
	return nil
}

// tag returns the BPMN element of the shape. A throwing event without a flow out of it is an end event.
func (s *shape) tag() string {
	k := kinds[s.kind]
	switch {
	case k.alone == "" || s.get("on") != "":
		return k.tag
	case k.alone != "throw":
		return k.alone
	case s.out > 0:
		return "intermediateThrowEvent"
	}
	return "endEvent"
}

// isID reports whether a text can be the id of an element.
func isID(text string) bool {
	for i, c := range text {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return text != ""
}
