package pairs

import (
	"fmt"
	"slices"
	"strings"
)

const head = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="invented" targetNamespace="urn:pairs">
`

// xml writes the model as a file.
func (m *model) xml() []byte {
	w := &writer{roots: map[string]bool{}}
	w.line(`<process id="p" isExecutable="true">`)
	w.graph(m.body)
	w.line(`</process>`)
	var roots []string
	for line := range w.roots {
		roots = append(roots, line)
	}
	slices.Sort(roots)
	return []byte(head + strings.Join(roots, "") + w.text.String() + "</definitions>\n")
}

type writer struct {
	text  strings.Builder
	depth int
	roots map[string]bool // root elements that events refer to
}

func (w *writer) line(format string, args ...any) {
	w.text.WriteString(strings.Repeat("  ", w.depth+1))
	fmt.Fprintf(&w.text, format+"\n", args...)
}

func (w *writer) graph(g *graph) {
	w.depth++
	for _, v := range g.nodes {
		w.vertex(v)
	}
	for _, e := range g.edges {
		if e.condition == "" {
			w.line(`<sequenceFlow id="%s" sourceRef="%s" targetRef="%s"/>`, e.id, e.from, e.to)
			continue
		}
		w.line(`<sequenceFlow id="%s" sourceRef="%s" targetRef="%s"><conditionExpression xsi:type="tFormalExpression">%s</conditionExpression></sequenceFlow>`,
			e.id, e.from, e.to, escape(e.condition))
	}
	for _, v := range g.nodes {
		if v.handler != "" {
			w.line(`<association id="to_%s" sourceRef="%s" targetRef="%s" associationDirection="One"/>`, v.id, v.id, v.handler)
		}
	}
	w.depth--
}

func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(text)
}

func (w *writer) vertex(v *vertex) {
	if v.refers.kind != "" {
		w.root(v.refers.kind, "name", v.refers.value)
	}
	w.line(`<%s id="%s"%s>`, v.kind, v.id, v.attributes())
	w.depth++
	w.extensions(v)
	for _, e := range v.events {
		w.event(e)
	}
	for _, part := range []string{v.loop, v.inside} {
		if part != "" {
			w.line("%s", part)
		}
	}
	w.depth--
	if v.body != nil {
		w.graph(v.body)
	}
	w.line(`</%s>`, v.kind)
}

func (v *vertex) attributes() string {
	text := v.attribute
	add := func(name, value string) { text += fmt.Sprintf(` %s="%s"`, name, value) }
	if v.on != "" {
		add("attachedToRef", v.on)
	}
	if v.refers.kind != "" {
		add(v.refers.kind+"Ref", v.refers.value)
	}
	if v.keep && v.kind == "boundaryEvent" {
		add("cancelActivity", "false")
	}
	if v.keep && v.kind == "startEvent" {
		add("isInterrupting", "false")
	}
	if v.undo {
		add("isForCompensation", "true")
	}
	if v.fallback != "" {
		add("default", v.fallback)
	}
	if v.all {
		add("parallelMultiple", "true")
	}
	return text
}

func (w *writer) extensions(v *vertex) {
	job := v.kind == "serviceTask"
	if !job && v.script == "" && len(v.in)+len(v.out) == 0 {
		return
	}
	w.line(`<extensionElements>`)
	if job {
		w.line(`  <zeebe:taskDefinition type="work"/>`)
	}
	if v.script != "" {
		w.line(`  <zeebe:script expression="%s" resultVariable="x"/>`, escape(v.script))
	}
	if len(v.in)+len(v.out) > 0 {
		w.line(`  <zeebe:ioMapping>`)
		for _, m := range v.in {
			w.line(`    <zeebe:input source="%s" target="%s"/>`, escape(m.source), m.target)
		}
		for _, m := range v.out {
			w.line(`    <zeebe:output source="%s" target="%s"/>`, escape(m.source), m.target)
		}
		w.line(`  </zeebe:ioMapping>`)
	}
	w.line(`</extensionElements>`)
}

// event writes an event definition and remembers the root element that it refers to.
func (w *writer) event(e event) {
	switch e.kind {
	case "duration":
		w.line(`<timerEventDefinition><timeDuration>%s</timeDuration></timerEventDefinition>`, e.value)
	case "cycle":
		w.line(`<timerEventDefinition><timeCycle>%s</timeCycle></timerEventDefinition>`, e.value)
	case "error":
		w.reference("error", "errorCode", e.value)
	case "escalation":
		w.reference("escalation", "escalationCode", e.value)
	case "message":
		w.reference("message", "name", e.value)
	case "signal":
		w.reference("signal", "name", e.value)
	case "compensate":
		if e.value == "" {
			w.line(`<compensateEventDefinition/>`)
			return
		}
		w.line(`<compensateEventDefinition activityRef="%s"/>`, e.value)
	case "compensate and go on":
		w.line(`<compensateEventDefinition waitForCompletion="false"/>`)
	case "conditional":
		w.line(`<conditionalEventDefinition><condition>%s</condition></conditionalEventDefinition>`, escape(e.value))
	case "link":
		w.line(`<linkEventDefinition name="%s"/>`, e.value)
	default:
		w.line(`<%sEventDefinition/>`, e.kind)
	}
}

func (w *writer) reference(kind, attribute, value string) {
	if value == "" {
		w.line(`<%sEventDefinition/>`, kind)
		return
	}
	w.line(`<%sEventDefinition %sRef="%s"/>`, kind, kind, value)
	w.root(kind, attribute, value)
}

// root remembers a root element that something refers to.
func (w *writer) root(kind, attribute, value string) {
	inside := ""
	if kind == "message" {
		inside = `<extensionElements><zeebe:subscription correlationKey="1"/></extensionElements>`
	}
	w.roots[fmt.Sprintf("  <%s id=\"%s\" %s=\"%s\">%s</%s>\n", kind, value, attribute, value, inside, kind)] = true
}
