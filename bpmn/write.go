package bpmn

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/beevik/etree"

	"tallystick/internal/xmlread"
)

// errNotRead says that definitions were built by hand: there is no file that could be written.
var errNotRead = errors.New("bpmn: the definitions were not read from a file")

// Write returns the file that the definitions were read from as Canonical XML 1.1 with comments, behind
// an XML declaration. Nothing is lost: extensions of any namespace, diagram interchange, comments and
// white space stay, so two files with the same content give the same bytes.
func Write(d *Definitions) ([]byte, error) {
	if d.source == nil {
		return nil, errNotRead
	}
	tree := etree.NewDocument()
	if err := tree.ReadFromBytes(xmlread.Body(d.source)); err != nil {
		return nil, xmlread.ErrMalformed.With("%s", err)
	}
	written := etree.NewDocument()
	written.WriteSettings = etree.WriteSettings{CanonicalEndTags: true, CanonicalText: true, CanonicalAttrVal: true}
	written.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	// Outside of the root only comments and the root itself count, each in its line.
	for _, token := range slices.Clone(tree.Child) {
		switch t := token.(type) {
		case *etree.Element:
			canonicalize(t, map[string]string{})
		case *etree.Comment:
		default:
			continue
		}
		written.CreateText("\n")
		written.AddChild(token)
	}
	written.CreateText("\n")
	return written.WriteToBytes()
}

// canonicalize orders the attributes of an element and of those inside, and drops declarations that
// repeat what is in scope; spaces are the namespaces in scope by prefix.
func canonicalize(e *etree.Element, spaces map[string]string) {
	outer := spaces
	e.Attr = slices.DeleteFunc(e.Attr, func(a etree.Attr) bool {
		prefix, declares := declared(a)
		return declares && outer[prefix] == a.Value
	})
	if slices.ContainsFunc(e.Attr, func(a etree.Attr) bool { return rank(a) < 2 }) {
		spaces = maps.Clone(outer)
		for _, a := range e.Attr {
			if prefix, declares := declared(a); declares {
				spaces[prefix] = a.Value
			}
		}
	}
	slices.SortStableFunc(e.Attr, func(a, b etree.Attr) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(spaceOf(a, spaces), spaceOf(b, spaces)), cmp.Compare(a.Key, b.Key))
	})
	for _, c := range e.ChildElements() {
		canonicalize(c, spaces)
	}
}

// declared returns the prefix that an attribute declares, "" for the default namespace.
func declared(a etree.Attr) (prefix string, ok bool) {
	switch {
	case a.Space == "xmlns":
		return a.Key, true
	case a.Space == "" && a.Key == "xmlns":
		return "", true
	}
	return "", false
}

// rank puts the default namespace first, then the other declarations, then attributes.
func rank(a etree.Attr) int {
	switch prefix, ok := declared(a); {
	case !ok:
		return 2
	case prefix != "":
		return 1
	}
	return 0
}

// spaceOf returns the namespace of an attribute; declarations and attributes without prefix have none.
func spaceOf(a etree.Attr, spaces map[string]string) string {
	if _, ok := declared(a); ok || a.Space == "" {
		return ""
	}
	if a.Space == "xml" {
		return "http://www.w3.org/XML/1998/namespace"
	}
	return spaces[a.Space]
}
