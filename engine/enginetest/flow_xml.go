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
	d.WriteString(strings.Repeat("  ", d.depth) + "<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		d.WriteString(" " + attributes[i] + `="` + escaped(attributes[i+1]) + `"`)
	}
	d.WriteString(">" + escaped(text) + "</" + name + ">\n")
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
		"id", d.pools[0].id + "_definitions", "targetNamespace", "http://bpmn.io/schema/bpmn",
	}, func() {
		d.collaboration(out)
		for _, p := range d.pools {
			out.tag("process", []string{"id", p.id, "name", p.label, "isExecutable", "true"}, func() { d.process(out, p) })
		}
		d.rootElements(out)
	})
	return []byte(out.String())
}

// collaboration writes the message flows and the pools that they join.
func (d *drawing) collaboration(out *document) {
	if len(d.messages) == 0 {
		return
	}
	out.tag("collaboration", []string{"id", d.pools[0].id + "_collaboration"}, func() {
		for _, p := range d.pools {
			out.tag("participant", []string{"id", p.id + "_pool", "processRef", p.id}, nil)
		}
		for _, a := range d.messages {
			out.tag("messageFlow", []string{"id", a.id, "sourceRef", a.from, "targetRef", a.to}, nil)
		}
	})
}

func (d *drawing) process(out *document, p *pool) {
	out.extended(func(in *document) {
		in.some("zeebe:versionTag", "value", p.get("tag"))
		p.listeners(in)
	})
	d.frame(out, p.body)
}

// extended writes extension elements, none when write writes nothing.
func (d *document) extended(write func(*document)) {
	in := &document{depth: d.depth + 1}
	if write(in); in.Len() > 0 {
		d.tag("extensionElements", nil, func() { d.WriteString(in.String()) })
	}
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

// shape writes one flow node with its extensions, its event definitions and its contents.
func (d *drawing) shape(out *document, f *frame, s *shape) {
	attributes := append([]string{"id", s.id, "name", s.label, "attachedToRef", s.get("on")}, d.own(s)...)
	for _, a := range f.arrows {
		if a.from == s.id && a.condition == "else" {
			attributes = append(attributes, "default", a.id)
		}
	}
	out.tag(s.tag(), attributes, func() {
		out.extended(s.extensions)
		d.events(out, s)
		d.loop(out, s)
		if s.body != nil {
			d.frame(out, s.body)
		}
		if s.kind == "adhoc" && s.get("completion") != "" {
			out.text("completionCondition", expression(s.get("completion")), "xsi:type", "tFormalExpression")
		}
		if s.get("activation") != "" {
			out.text("activationCondition", expression(s.get("activation")), "xsi:type", "tFormalExpression")
		}
	})
}

// own returns the attributes that the standard gives the kind of the shape.
func (d *drawing) own(s *shape) []string {
	out := []string{
		"startQuantity", s.get("takes"), "completionQuantity", s.get("gives"),
		"isForCompensation", either(d.undoes(s), "true", ""), "instantiate", either(s.marked("instantiate"), "true", ""),
	}
	switch s.kind {
	case "send", "receive":
		out = append(out, "messageRef", d.refer(trigger{kind: "message", value: s.get("message"), key: s.get("key")}))
	case "esub":
		out = append(out, "triggeredByEvent", "true")
	case "events":
		out = append(out, "eventGatewayType", either(s.marked("parallel"), "Parallel", ""))
	case "adhoc":
		out = append(out, "ordering", ordering(s.get("ordering")), "cancelRemainingInstances", either(s.marked("keep"), "false", ""))
	case "start":
		out = append(out, "isInterrupting", either(s.marked("keep"), "false", ""), "parallelMultiple", either(s.marked("parallel"), "true", ""))
	case "catch":
		out = append(out, "parallelMultiple", either(s.marked("parallel"), "true", ""))
	}
	if s.get("on") != "" {
		out = append(out, "cancelActivity", either(s.marked("keep"), "false", ""))
	}
	return out
}

// ordering is the standard's spelling: Parallel, Sequential.
func ordering(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// undoes reports whether a compensation event names the shape as its handler.
func (d *drawing) undoes(handler *shape) bool {
	for _, s := range d.everything() {
		if s.get("by") == handler.id {
			return true
		}
	}
	return false
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
	s.called(out)
	out.some("zeebe:adHoc", "activeElementsCollection", expressionOrNone(get("active")))
	s.listeners(out)
	s.prefixed(out, "zeebe:taskHeaders", func(place, name, value string) {
		if place == "header" {
			out.tag("zeebe:header", []string{"key", name, "value", value}, nil)
		}
	})
	s.prefixed(out, "zeebe:ioMapping", func(place, name, value string) {
		if place == "in" || place == "out" {
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
		place, _, dotted := strings.Cut(a.name, ".")
		if dotted && place != "listener" && (place == "header") == headers {
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
