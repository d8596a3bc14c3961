package xmlread

import (
	"encoding/xml"
	"strings"
)

// open checks a start tag and records its element.
func (c *checker) open(t xml.StartElement) error {
	if err := c.openLimits(t); err != nil {
		return err
	}
	c.rooted = true
	prefixes, err := c.declare(t.Attr)
	if err != nil {
		return err
	}
	space, ok := c.spaces.of(t.Name, true)
	if !ok {
		return c.refuse(ErrPrefix, "prefix of element <%s> is not declared", written(t.Name))
	}
	attrSpaces, err := c.attributes(t.Attr)
	if err != nil {
		return err
	}
	c.elements = append(c.elements, Element{
		Line: c.place.line, Column: c.place.column, Space: space, attrSpaces: attrSpaces,
	})
	c.stack = append(c.stack, frame{name: t.Name, prefixes: prefixes})
	return nil
}

func (c *checker) openLimits(t xml.StartElement) error {
	switch {
	case len(c.stack) == 0 && c.rooted:
		return c.refuse(ErrMalformed, "second root element <%s>", written(t.Name))
	case len(c.stack) >= c.limits.Depth:
		return c.refuse(ErrLimit, "elements nested deeper than %d", c.limits.Depth)
	case len(c.elements) >= c.limits.Elements:
		return c.refuse(ErrLimit, "more than %d elements", c.limits.Elements)
	case len(t.Attr) > c.limits.Attributes:
		return c.refuse(ErrLimit, "element <%s> has more than %d attributes", written(t.Name), c.limits.Attributes)
	}
	for _, a := range t.Attr {
		if len(a.Value) > c.limits.ValueBytes {
			return c.refuse(ErrLimit, "attribute %s is longer than %d bytes", written(a.Name), c.limits.ValueBytes)
		}
	}
	return nil
}

// declare enters the namespace declarations of a start tag and returns their prefixes.
func (c *checker) declare(attrs []xml.Attr) ([]string, error) {
	var prefixes []string
	clear(c.seen)
	for _, a := range attrs {
		if _, twice := c.seen[a.Name]; twice {
			return nil, c.refuse(ErrDuplicateAttribute, "attribute %s is given twice", written(a.Name))
		}
		c.seen[a.Name] = struct{}{}
		prefix, ok := declaredPrefix(a.Name)
		if !ok {
			continue
		}
		if !declarable(prefix, a.Value) {
			return nil, c.refuse(ErrPrefix, "%s=%q cannot be declared", written(a.Name), a.Value)
		}
		c.spaces.push(prefix, a.Value)
		prefixes = append(prefixes, prefix)
	}
	return prefixes, nil
}

// attributes resolves the namespaces of the attributes; two prefixes of one namespace must not
// give the same attribute (Namespaces in XML 1.0, section 6.3).
func (c *checker) attributes(attrs []xml.Attr) ([]string, error) {
	var uris []string
	clear(c.seen)
	for i, a := range attrs {
		if _, declaration := declaredPrefix(a.Name); declaration {
			continue
		}
		uri, ok := c.spaces.of(a.Name, false)
		if !ok {
			return nil, c.refuse(ErrPrefix, "prefix of attribute %s is not declared", written(a.Name))
		}
		if uri == "" {
			continue
		}
		name := xml.Name{Space: uri, Local: a.Name.Local}
		if _, twice := c.seen[name]; twice {
			return nil, c.refuse(ErrDuplicateAttribute, "attribute %s is given twice under two prefixes", written(a.Name))
		}
		c.seen[name] = struct{}{}
		if uris == nil {
			uris = make([]string, len(attrs))
		}
		uris[i] = uri
	}
	return uris, nil
}

// close checks an end tag: RawToken does not match it with its start tag.
func (c *checker) close(t xml.EndElement) error {
	if len(c.stack) == 0 {
		return c.refuse(ErrMalformed, "end tag </%s> without a start tag", written(t.Name))
	}
	top := c.stack[len(c.stack)-1]
	if top.name != t.Name {
		return c.refuse(ErrMalformed, "element <%s> is closed by </%s>", written(top.name), written(t.Name))
	}
	for _, prefix := range top.prefixes {
		c.spaces.pop(prefix)
	}
	c.stack = c.stack[:len(c.stack)-1]
	return nil
}

// written returns a raw name as it stands in the source, cut to a readable length.
func written(name xml.Name) string {
	s := name.Local
	if name.Space != "" {
		s = name.Space + ":" + name.Local
	}
	if len(s) > 80 {
		s = strings.ToValidUTF8(s[:80], "") + "…"
	}
	return s
}
