package enginetest

import (
	"fmt"
	"slices"
	"strings"
)

// shapeKind says how a kind of the notation is drawn in BPMN.
type shapeKind struct {
	tag        string   // the BPMN element; of an event on= an activity boundaryEvent
	alone      string   // of an event that may stand on= an activity: the element when it does not
	event      string   // the trigger that the kind itself means
	activity   bool     // takes activityAttributes
	triggered  bool     // takes triggerAttributes
	scope      bool     // holds elements
	attributes []string // and marks
}

// kinds are the words of the notation: BPMN's words, shortened once.
var kinds = map[string]shapeKind{
	"process":      {tag: "process", attributes: []string{"tag"}},
	"start":        {tag: "startEvent", triggered: true, attributes: []string{"keep"}},
	"end":          {tag: "endEvent", triggered: true},
	"catch":        {tag: "boundaryEvent", alone: "intermediateCatchEvent", triggered: true, attributes: []string{"by"}},
	"throw":        {tag: "intermediateThrowEvent", triggered: true},
	"terminate":    {tag: "endEvent", event: "terminate"},
	"task":         {tag: "task", activity: true},
	"manual":       {tag: "manualTask", activity: true},
	"user":         {tag: "userTask", activity: true, attributes: []string{"groups", "users", "assignee", "due", "followup", "priority", "form"}},
	"service":      {tag: "serviceTask", activity: true, attributes: []string{"type", "retries"}},
	"send":         {tag: "sendTask", activity: true, attributes: []string{"type", "retries", "message", "key"}},
	"receive":      {tag: "receiveTask", activity: true, attributes: []string{"message", "key", "instantiate"}},
	"rule":         {tag: "businessRuleTask", activity: true, attributes: []string{"decision", "result", "type", "retries"}},
	"script":       {tag: "scriptTask", activity: true, attributes: []string{"expression", "result", "type", "retries"}},
	"call":         {tag: "callActivity", activity: true, attributes: []string{"process", "all", "binding", "version"}},
	"sub":          {tag: "subProcess", activity: true, scope: true},
	"esub":         {tag: "subProcess", scope: true},
	"transaction":  {tag: "transaction", activity: true, scope: true},
	"adhoc":        {tag: "adHocSubProcess", activity: true, scope: true, attributes: []string{"ordering", "completion", "keep", "active", "type", "retries"}},
	"xor":          {tag: "exclusiveGateway"},
	"and":          {tag: "parallelGateway"},
	"or":           {tag: "inclusiveGateway"},
	"complex":      {tag: "complexGateway", attributes: []string{"activation"}},
	"events":       {tag: "eventBasedGateway", attributes: []string{"instantiate", "parallel"}},
	"timer":        {tag: "boundaryEvent", alone: "intermediateCatchEvent", attributes: []string{"after", "at", "every"}},
	"error":        {tag: "boundaryEvent", alone: "endEvent", event: "error", attributes: []string{"code"}},
	"escalation":   {tag: "boundaryEvent", alone: "thrown", event: "escalation", attributes: []string{"code"}},
	"compensation": {tag: "boundaryEvent", alone: "thrown", event: "compensation", attributes: []string{"by", "of", "nowait"}},
}

// activityAttributes are what every activity takes: loops, multiple instances, quantities.
var activityAttributes = []string{
	"while", "max", "before", "each", "as", "times", "into", "value", "done", "sequential", "one", "none", "takes", "gives",
}

// triggerAttributes are the event definitions and what belongs to them.
var triggerAttributes = []string{
	"message", "key", "signal", "condition", "watch", "link", "error", "escalation", "after", "at", "every",
	"terminate", "cancel", "compensation", "of", "nowait", "parallel", "shared",
}

// marks are the words that stand alone.
var marks = []string{
	"keep", "instantiate", "parallel", "sequential", "before", "nowait", "shared",
	"terminate", "cancel", "compensation", "error", "escalation",
}

func isMark(text string) bool { return slices.Contains(marks, text) }

// repeats reports whether an attribute may be given more than once: the triggers of a multiple event, listeners.
func repeats(name string) bool {
	return name != "on" && name != "of" && slices.Contains(triggerAttributes, name) || strings.HasPrefix(name, "listener.")
}

// check refuses attributes that the kind does not have.
func (s *shape) check() error {
	k, known := kinds[s.kind]
	if !known {
		return fmt.Errorf("there is no kind %q", s.kind)
	}
	for _, a := range s.attributes {
		switch {
		case a.name == "keep" && (s.get("on") != "" || slices.Contains(k.attributes, "keep")):
		case a.name == "keep":
			return fmt.Errorf("keep belongs to an event on an activity, to the start of an event sub-process or to an ad-hoc sub-process")
		case !k.takes(a.name):
			return fmt.Errorf("%s has no attribute %s", s.kind, a.name)
		case a.mark != isMark(a.name) && a.name != "error" && a.name != "escalation":
			return fmt.Errorf("%s of %s is a mark without =, or lacks its value", a.name, s.kind)
		}
	}
	return nil
}

// takes reports whether shapes of the kind have the attribute or mark.
func (k shapeKind) takes(name string) bool {
	prefix, _, dotted := strings.Cut(name, ".")
	return dotted && slices.Contains([]string{"in", "out", "header", "listener"}, prefix) ||
		name == "on" && k.alone != "" ||
		k.activity && slices.Contains(activityAttributes, name) ||
		k.triggered && slices.Contains(triggerAttributes, name) ||
		slices.Contains(k.attributes, name)
}

// tag returns the BPMN element of the shape. A throwing event without a flow out of it is an end event, unless
// the word is throw.
func (s *shape) tag() string {
	k := kinds[s.kind]
	switch {
	case k.alone == "" || s.get("on") != "":
		return k.tag
	case k.alone != "thrown":
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
