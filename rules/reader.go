package rules

import (
	"strings"

	"github.com/beevik/etree"

	"tallystick/fault"
	"tallystick/internal/xmlread"
)

// ErrInvalid says that a source is XML, but no decision model.
var ErrInvalid = fault.New(fault.Invalid, "rules.invalid", "the document is not a DMN model")

// Namespaces of vendors whose attributes carry the version tag of a decision.
const (
	spaceZeebe   = "http://camunda.org/schema/zeebe/1.0"
	spaceCamunda = "http://camunda.org/schema/1.0/dmn"
)

// dmnSpaces are the model namespaces of DMN 1.1 to 1.5; 1.1 has been published under two names.
var dmnSpaces = map[string]bool{
	"http://www.omg.org/spec/DMN/20151101/dmn.xsd":   true,
	"http://www.omg.org/spec/DMN/20151101/dmn11.xsd": true,
	"http://www.omg.org/spec/DMN/20180521/MODEL/":    true,
	"https://www.omg.org/spec/DMN/20191111/MODEL/":   true,
	"https://www.omg.org/spec/DMN/20211108/MODEL/":   true,
	"https://www.omg.org/spec/DMN/20230324/MODEL/":   true,
}

// node is an element of the document with its namespace and its place in the source.
type node struct {
	el       *etree.Element
	at       xmlread.Element
	parent   *node
	children []*node
}

// read checks src and returns the definitions element.
func read(src []byte) (*node, error) {
	positions, err := xmlread.Check(src, xmlread.Limits{})
	if err != nil {
		return nil, err
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(xmlread.Body(src)); err != nil {
		return nil, ErrInvalid.With("the document cannot be read: %v", err)
	}
	b := builder{positions: positions}
	root := b.node(doc.Root(), nil)
	if root.tag() != "definitions" {
		return nil, ErrInvalid.With("the root element is <%s> in namespace %q, not <definitions> of DMN 1.1 to 1.5",
			root.el.Tag, root.at.Space)
	}
	return root, nil
}

// builder walks the tree in document order, which is the order of the positions.
type builder struct {
	positions xmlread.Positions
	next      int
}

func (b *builder) node(el *etree.Element, parent *node) *node {
	n := &node{el: el, at: b.positions[b.next], parent: parent}
	b.next++
	for child := range el.ChildElementsSeq() {
		n.children = append(n.children, b.node(child, n))
	}
	return n
}

// tag is the local name of a DMN element, "" for elements of other namespaces.
func (n *node) tag() string {
	if dmnSpaces[n.at.Space] {
		return n.el.Tag
	}
	return ""
}

// attr is the value of an attribute without prefix.
func (n *node) attr(key string) string {
	return n.attrIn("", key)
}

// attrIn is the value of an attribute in a namespace.
func (n *node) attrIn(space, key string) string {
	for i, a := range n.el.Attr {
		if a.Key == key && n.at.AttrSpace(i) == space && a.Space != "xmlns" {
			return a.Value
		}
	}
	return ""
}

// id is the id of the element, or of the nearest element around it that has one.
func (n *node) id() string {
	for ; n != nil; n = n.parent {
		if id := n.attr("id"); id != "" {
			return id
		}
	}
	return ""
}

// first is the first DMN child with one of the tags, or nil.
func (n *node) first(tags ...string) *node {
	for _, c := range n.children {
		for _, tag := range tags {
			if c.tag() == tag {
				return c
			}
		}
	}
	return nil
}

// all lists the DMN children with the tag.
func (n *node) all(tag string) []*node {
	var found []*node
	for _, c := range n.children {
		if c.tag() == tag {
			found = append(found, c)
		}
	}
	return found
}

// text is the character data of the element, without surrounding white space.
func (n *node) text() string {
	var b strings.Builder
	for _, token := range n.el.Child {
		if data, ok := token.(*etree.CharData); ok {
			b.WriteString(data.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// childText is the text of the first child with the tag, "" when there is none.
func (n *node) childText(tag string) string {
	if c := n.first(tag); c != nil {
		return c.text()
	}
	return ""
}
