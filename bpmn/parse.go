package bpmn

import (
	"fmt"
	"slices"
	"strings"
)

// Parse reads a BPMN 2.0 file. The model is complete and linked when the diagnostics have no
// errors; the error is an xml.* or bpmn.invalid refusal of what is no BPMN at all. The definitions keep
// src, so it must not change any more.
func Parse(src []byte) (*Definitions, Diagnostics, error) {
	root, err := readDocument(src)
	if err != nil {
		return nil, nil, err
	}
	if !root.is("definitions") {
		return nil, nil, ErrInvalid.With("the root element is <%s> of namespace %q, not definitions of %q",
			shorten(root.name), shorten(root.space), spaceBPMN)
	}
	p := newParser()
	p.definitions.source = src
	p.indexIDs(root)
	p.adopt(root)
	p.readDefinitions(root)
	p.link()
	p.adoptLinked()
	p.validate()
	return p.definitions, p.findings.sorted(), nil
}

// parser holds what one file has so far. Reading fills the model, linking resolves references
// between nodes, which may point forwards.
type parser struct {
	findings
	adoption    adoption
	definitions *Definitions
	language    string // expressionLanguage of the definitions
	ids         map[string]*element
	nodes       map[string]*Node
	flows       []pendingFlow
	links       []pendingLink
	handlers    map[*Node][]*Node // compensation boundary event → associated activities
	throws      []pendingThrow    // compensation triggers, whose activity comes with the links
	repeats     []pendingRepeat   // multi-instances, whose data comes with the links
	outlines    []*element        // associations
	started     map[*Scope]bool   // whether a scope has a start event
	conditions  map[*element]*Condition
	bodies      map[*element]*Scope // of the processes
	data        dataParser
	correlation correlation
	messages    []*element // message flows
}

// pendingRepeat is a multi-instance activity and its characteristics.
type pendingRepeat struct {
	node    *Node
	element *element
}

// pendingThrow is a compensation event definition and where it is written.
type pendingThrow struct {
	node       *Node
	definition *EventDefinition
	element    *element
}

type pendingFlow struct {
	scope   *Scope
	element *element
}

// pendingLink is a node whose references are resolved when all nodes are known.
type pendingLink struct {
	node    *Node
	element *element
}

func newParser() *parser {
	return &parser{
		ids: map[string]*element{}, nodes: map[string]*Node{}, handlers: map[*Node][]*Node{},
		started: map[*Scope]bool{}, conditions: map[*element]*Condition{},
		bodies: map[*element]*Scope{}, data: dataParser{items: map[string]*DataItem{}},
		definitions: &Definitions{
			Messages: map[string]*Message{}, Errors: map[string]*Error{},
			Escalations: map[string]*Escalation{}, Signals: map[string]*Signal{},
		},
	}
}

// indexIDs enters all ids of the standard's elements; an id is unique in its file (XML ID).
func (p *parser) indexIDs(e *element) {
	if e.space != spaceBPMN {
		return
	}
	if id := e.id(); id != "" {
		if first, twice := p.ids[id]; twice {
			p.fail(e, CodeIDDuplicate, "the id is already used in line %d", first.position.Line)
		} else {
			p.ids[id] = e
		}
	}
	for _, c := range e.children {
		p.indexIDs(c)
	}
}

// identify returns the id of an element that needs one.
func (p *parser) identify(e *element) string {
	id := e.id()
	if id == "" {
		p.fail(e, CodeIDMissing, "<%s> has no id", e.name)
	} else if !isName(id) {
		p.fail(e, CodeIDInvalid, "the id %q is not an XML name of at most 255 bytes", shorten(id))
	}
	return id
}

// isName reports whether s is an NCName (Namespaces in XML 1.0) of bounded length; beyond Latin
// letters every character passes.
func isName(s string) bool {
	if len(s) > 255 {
		return false
	}
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0
		if !letter && (i == 0 || r != '-' && r != '.' && r != 0xB7 && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// findings collects diagnostics.
type findings struct{ list Diagnostics }

func (f *findings) add(severity Severity, code, id string, at Position, format string, args ...any) {
	f.list = append(f.list, Diagnostic{
		Severity: severity, Code: code, Element: shorten(id), Position: at, Message: fmt.Sprintf(format, args...),
	})
}

func (f *findings) fail(e *element, code, format string, args ...any) {
	f.add(SeverityError, code, e.subject(), e.position, format, args...)
}

func (f *findings) warn(e *element, code, format string, args ...any) {
	f.add(SeverityWarning, code, e.subject(), e.position, format, args...)
}

// failAt reports a part of a node, which may stand elsewhere when it is shared.
func (f *findings) failAt(n *Node, e *element, code, format string, args ...any) {
	f.add(SeverityError, code, n.ID, e.position, format, args...)
}

func (f *findings) warnAt(n *Node, e *element, code, format string, args ...any) {
	f.add(SeverityWarning, code, n.ID, e.position, format, args...)
}

func (f *findings) failNode(n *Node, code, format string, args ...any) {
	f.add(SeverityError, code, n.ID, n.Position, format, args...)
}

func (f *findings) warnNode(n *Node, code, format string, args ...any) {
	f.add(SeverityWarning, code, n.ID, n.Position, format, args...)
}

func (f *findings) failFlow(flow *Flow, code, format string, args ...any) {
	f.add(SeverityError, code, flow.ID, flow.Position, format, args...)
}

// diagnosticsMax bounds what one hostile file can make the server list.
const diagnosticsMax = 500

// sorted returns the findings in document order, the same for the same file.
func (f *findings) sorted() Diagnostics {
	list := f.list
	slices.SortStableFunc(list, func(a, b Diagnostic) int {
		if a.Position.Line != b.Position.Line {
			return a.Position.Line - b.Position.Line
		}
		return a.Position.Column - b.Position.Column
	})
	if len(list) <= diagnosticsMax {
		return list
	}
	rest := list[diagnosticsMax:]
	severity := SeverityWarning
	if rest.HasErrors() {
		severity = SeverityError
	}
	return append(list[:diagnosticsMax:diagnosticsMax], Diagnostic{
		Severity: severity, Code: CodeDiagnosticsTruncated, Position: rest[0].Position,
		Message: fmt.Sprintf("%d more findings", len(rest)),
	})
}

// shorten cuts text of the file for a message.
func shorten(s string) string {
	const lengthMax = 255
	if len(s) <= lengthMax {
		return s
	}
	return strings.ToValidUTF8(s[:lengthMax], "") + "…"
}
