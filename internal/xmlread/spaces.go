package xmlread

import (
	"encoding/xml"
	"strings"
)

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// spaces holds, for each prefix, the namespaces declared from the root inwards. A look-up costs
// the same at any depth, which a walk over the ancestors does not.
type spaces map[string][]string

func newSpaces() spaces { return spaces{"xml": {xmlSpace}} }

func (s spaces) push(prefix, uri string) { s[prefix] = append(s[prefix], uri) }

func (s spaces) pop(prefix string) { s[prefix] = s[prefix][:len(s[prefix])-1] }

// of returns the namespace of a raw name; only elements take the default namespace.
func (s spaces) of(name xml.Name, element bool) (uri string, ok bool) {
	if strings.Contains(name.Local, ":") {
		return "", false
	}
	if name.Space == "" && !element {
		return "", true
	}
	declared := s[name.Space]
	if len(declared) == 0 {
		return "", name.Space == ""
	}
	return declared[len(declared)-1], true
}

// declaredPrefix returns the prefix that an attribute declares, "" for the default namespace.
func declaredPrefix(name xml.Name) (prefix string, ok bool) {
	switch {
	case name.Space == "xmlns":
		return name.Local, true
	case name.Space == "" && name.Local == "xmlns":
		return "", true
	}
	return "", false
}

// declarable applies the reserved names (Namespaces in XML 1.0, sections 2.2 and 3): only the
// default namespace may be set back to none.
func declarable(prefix, uri string) bool {
	switch {
	case prefix == "xmlns" || uri == xmlnsSpace:
		return false
	case prefix == "xml" || uri == xmlSpace:
		return prefix == "xml" && uri == xmlSpace
	case prefix == "":
		return true
	}
	return uri != "" && !strings.Contains(prefix, ":")
}
