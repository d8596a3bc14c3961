package enginetest

import (
	"encoding/xml"
	"strings"
)

// document writes indented XML.
type document struct {
	strings.Builder
	depth int
}

// tag writes <name attributes> contents </name>; attributes are name, value, name, value…, and one
// without a value is left out.
func (d *document) tag(name string, attributes []string, contents func()) {
	indent := strings.Repeat("  ", d.depth)
	d.WriteString(indent + "<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			d.WriteString(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
		}
	}
	if contents == nil {
		d.WriteString("/>\n")
		return
	}
	d.WriteString(">\n")
	d.depth++
	contents()
	d.depth--
	d.WriteString(indent + "</" + name + ">\n")
}

// text writes an element with text in it.
func (d *document) text(name, text string, attributes ...string) {
	d.tag(name, attributes, func() { d.WriteString(escaped(text) + "\n") })
}

func escaped(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) //nolint:errcheck // a Builder takes everything
	return b.String()
}

// xml writes the BPMN file.
func (d *drawing) xml() []byte {
	out := &document{}
	out.WriteString(xml.Header)
	out.tag("definitions", []string{
		"xmlns", "http://www.omg.org/spec/BPMN/20100524/MODEL", "xmlns:zeebe", "http://camunda.org/schema/zeebe/1.0",
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"id", d.id + "_definitions", "targetNamespace", "http://bpmn.io/schema/bpmn",
	}, func() {
		out.tag("process", []string{"id", d.id, "name", d.name, "isExecutable", "true"}, func() { d.frame(out, d.body) })
		d.codes(out)
	})
	return []byte(out.String())
}

// codes writes the root elements that error and escalation events refer to.
func (d *drawing) codes(out *document) {
	seen := map[string]bool{}
	for _, s := range d.all(d.body) {
		id := s.codeID()
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		out.tag(s.kind, []string{"id", id, "name", s.get("code"), s.kind + "Code", s.get("code")}, nil)
	}
}

// codeID is the id of the root element of an error or escalation, "" when it has no code.
func (s *shape) codeID() string {
	code := s.get("code")
	if code == "" {
		return ""
	}
	return s.kind + "_" + strings.Map(func(r rune) rune {
		if isID("_" + string(r)) {
			return r
		}
		return '_'
	}, code)
}

func (d *drawing) frame(out *document, f *frame) {
	for _, s := range f.shapes {
		d.shape(out, f, s)
	}
	for _, a := range f.arrows {
		attributes := []string{"id", a.id, "sourceRef", a.from, "targetRef", a.to}
		if a.condition == "" || a.condition == "else" {
			out.tag("sequenceFlow", attributes, nil)
			continue
		}
		out.tag("sequenceFlow", attributes, func() {
			out.text("conditionExpression", expression(a.condition), "xsi:type", "tFormalExpression")
		})
	}
	for _, s := range f.shapes {
		if by := s.get("by"); by != "" {
			out.tag("association", []string{"id", s.id + "_by", "associationDirection", "One", "sourceRef", s.id, "targetRef", by}, nil)
		}
	}
}

// shape writes one flow node with its extensions, its event definition and its contents.
func (d *drawing) shape(out *document, f *frame, s *shape) {
	attributes := []string{"id", s.id, "name", s.label, "attachedToRef", s.get("on")}
	if s.keep {
		attributes = append(attributes, "cancelActivity", "false")
	}
	if d.undoes(s) {
		attributes = append(attributes, "isForCompensation", "true")
	}
	for _, a := range f.arrows {
		if a.from == s.id && a.condition == "else" {
			attributes = append(attributes, "default", a.id)
		}
	}
	out.tag(s.tag(), attributes, func() {
		if s.extended() {
			out.tag("extensionElements", nil, func() { s.extensions(out) })
		}
		if event := kinds[s.kind].event; event != "" {
			s.event(out, event)
		}
		if s.body != nil {
			d.frame(out, s.body)
		}
	})
}

// undoes reports whether a compensation event names the shape as its handler.
func (d *drawing) undoes(handler *shape) bool {
	for _, s := range d.shapes {
		if s.get("by") == handler.id {
			return true
		}
	}
	return false
}

// event writes an event definition.
func (s *shape) event(out *document, name string) {
	reference := ""
	if s.codeID() != "" {
		reference = s.kind + "Ref"
	}
	attributes := []string{"id", s.id + "_event", reference, s.codeID(), "activityRef", s.get("of")}
	if s.kind != "timer" {
		out.tag(name, attributes, nil)
		return
	}
	out.tag(name, attributes, func() {
		for _, form := range [][2]string{{"after", "timeDuration"}, {"at", "timeDate"}, {"every", "timeCycle"}} {
			if text := s.get(form[0]); text != "" {
				out.text(form[1], text, "xsi:type", "tFormalExpression")
			}
		}
	})
}

// extended reports whether the shape needs extension elements at all.
func (s *shape) extended() bool {
	for _, a := range s.attributes {
		if a.name != "on" && a.name != "by" && a.name != "of" && a.name != "code" && kinds[s.kind].event == "" || strings.Contains(a.name, ".") {
			return true
		}
	}
	return s.kind == "user"
}

// extensions writes what the engine needs to know besides the standard.
func (s *shape) extensions(out *document) {
	get := s.get
	if s.kind == "user" {
		out.tag("zeebe:userTask", nil, nil)
		out.some("zeebe:assignmentDefinition", "assignee", get("assignee"), "candidateGroups", get("groups"), "candidateUsers", get("users"))
		out.some("zeebe:taskSchedule", "dueDate", get("due"), "followUpDate", get("followup"))
		out.some("zeebe:priorityDefinition", "priority", get("priority"))
		out.some("zeebe:formDefinition", "formId", get("form"))
	}
	out.some("zeebe:taskDefinition", "type", get("type"), "retries", get("retries"))
	if get("decision") != "" {
		out.tag("zeebe:calledDecision", []string{"decisionId", get("decision"), "resultVariable", get("result")}, nil)
	}
	if get("expression") != "" {
		out.tag("zeebe:script", []string{"expression", expression(get("expression")), "resultVariable", get("result")}, nil)
	}
	s.prefixed(out, "zeebe:taskHeaders", func(place, name, value string) {
		if place == "header" {
			out.tag("zeebe:header", []string{"key", name, "value", value}, nil)
		}
	})
	s.prefixed(out, "zeebe:ioMapping", func(place, name, value string) {
		if place != "header" {
			out.tag("zeebe:"+place+"put", []string{"source", expression(value), "target", name}, nil)
		}
	})
}

// some writes an element that has at least one of its attributes.
func (d *document) some(name string, attributes ...string) {
	for i := 1; i < len(attributes); i += 2 {
		if attributes[i] != "" {
			d.tag(name, attributes, nil)
			return
		}
	}
}

// prefixed writes an element around the attributes in.NAME, out.NAME and header.NAME that write takes.
func (s *shape) prefixed(out *document, name string, write func(place, name, value string)) {
	headers := name == "zeebe:taskHeaders"
	for _, a := range s.attributes {
		if place, _, dotted := strings.Cut(a.name, "."); dotted && (place == "header") == headers {
			out.tag(name, nil, func() {
				for _, a := range s.attributes {
					if place, rest, dotted := strings.Cut(a.name, "."); dotted {
						write(place, rest, a.value)
					}
				}
			})
			return
		}
	}
}

// expression marks a text as FEEL unless it already says what it is.
func expression(text string) string {
	if strings.HasPrefix(text, "=") || strings.HasPrefix(text, "${") {
		return text
	}
	return "=" + text
}
