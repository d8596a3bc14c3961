package bpmn

import (
	"strings"

	"github.com/beevik/etree"

	"tallystick/internal/xmlread"
)

// The namespaces that mean something here.
const (
	spaceBPMN    = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	spaceDI      = "http://www.omg.org/spec/BPMN/20100524/DI"
	spaceZeebe   = "http://camunda.org/schema/zeebe/1.0"
	spaceModeler = "http://camunda.org/schema/modeler/1.0"
)

// element is an XML element with its namespaces resolved and its position kept.
type element struct {
	space, name string
	position    Position
	parent      *element
	attributes  []attribute
	children    []*element
	text        string
}

type attribute struct{ space, name, value string }

// readDocument reads strictly and returns the root element without diagram interchange.
func readDocument(src []byte) (*element, error) { return readElements(src, false) }

// readElements reads strictly, with or without diagram interchange.
func readElements(src []byte, drawn bool) (*element, error) {
	positions, err := xmlread.Check(src, xmlread.Limits{})
	if err != nil {
		return nil, err
	}
	tree := etree.NewDocument()
	if err := tree.ReadFromBytes(xmlread.Body(src)); err != nil {
		return nil, xmlread.ErrMalformed.With("%s", err)
	}
	b := builder{positions: positions, drawn: drawn}
	return b.build(tree.Root(), nil), nil
}

// builder matches the n-th element of the tree with the n-th position.
type builder struct {
	positions xmlread.Positions
	next      int
	drawn     bool // keep diagram interchange
}

func (b *builder) build(node *etree.Element, parent *element) *element {
	at := b.positions[b.next]
	b.next++
	e := &element{
		space: at.Space, name: node.Tag, parent: parent,
		position:   Position{Line: at.Line, Column: at.Column},
		attributes: make([]attribute, 0, len(node.Attr)),
	}
	for i, a := range node.Attr {
		if a.Space != "xmlns" && a.FullKey() != "xmlns" {
			e.attributes = append(e.attributes, attribute{at.AttrSpace(i), a.Key, a.Value})
		}
	}
	var text strings.Builder
	for _, token := range node.Child {
		switch t := token.(type) {
		case *etree.CharData:
			text.WriteString(t.Data)
		case *etree.Element:
			// Diagram interchange has to be walked too: its elements are counted.
			if child := b.build(t, e); b.drawn || child.space != spaceDI {
				e.children = append(e.children, child)
			}
		}
	}
	e.text = strings.TrimSpace(text.String())
	return e
}

// is reports whether the element is the named one of the BPMN namespace.
func (e *element) is(name string) bool { return e.space == spaceBPMN && e.name == name }

// attr returns an attribute without namespace, "" when absent.
func (e *element) attr(name string) string { return e.attrIn("", name) }

func (e *element) attrIn(space, name string) string {
	for _, a := range e.attributes {
		if a.space == space && a.name == name {
			return a.value
		}
	}
	return ""
}

func (e *element) id() string { return strings.TrimSpace(e.attr("id")) }

// ref returns the local part of a QName attribute: an id cannot contain a colon (XML ID).
func (e *element) ref(name string) string { return localPart(e.attr(name)) }

func localPart(qname string) string {
	qname = strings.TrimSpace(qname)
	return qname[strings.LastIndexByte(qname, ':')+1:]
}

// all returns the children of the BPMN namespace with the given name.
func (e *element) all(name string) []*element {
	var found []*element
	for _, c := range e.children {
		if c.is(name) {
			found = append(found, c)
		}
	}
	return found
}

// standard returns the children of the BPMN namespace.
func (e *element) standard() []*element {
	var found []*element
	for _, c := range e.children {
		if c.space == spaceBPMN {
			found = append(found, c)
		}
	}
	return found
}

// extensions returns the zeebe: children of the extension elements.
func (e *element) extensions() []*element {
	var found []*element
	for _, x := range e.all("extensionElements") {
		for _, c := range x.children {
			if c.space == spaceZeebe {
				found = append(found, c)
			}
		}
	}
	return found
}

// subject returns the id that a diagnostic about e names: that of the nearest element that a
// modeler can select, so neither an extension nor an event definition.
func (e *element) subject() string {
	for ; e != nil; e = e.parent {
		part := strings.HasSuffix(e.name, "EventDefinition") || strings.HasSuffix(e.name, "LoopCharacteristics") ||
			strings.HasSuffix(e.name, "Expression")
		if e.space == spaceBPMN && !part && e.id() != "" {
			return e.id()
		}
	}
	return ""
}

// documentation returns the texts of the documentation elements, one after the other.
func (e *element) documentation() string {
	var texts []string
	for _, d := range e.all("documentation") {
		if d.text != "" {
			texts = append(texts, d.text)
		}
	}
	return strings.Join(texts, "\n\n")
}
