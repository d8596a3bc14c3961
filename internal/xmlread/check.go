package xmlread

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"unicode/utf8"

	"tallystick/fault"
)

// Element is what Check learned of one start tag: where it stands (from 1, columns in
// characters) and the URI of its namespace, "" when it has none.
type Element struct {
	Line, Column int
	Space        string
	attrSpaces   []string
}

// AttrSpace returns the namespace URI of the i-th attribute in document order, namespace
// declarations counted; "" when it has none.
func (e Element) AttrSpace(i int) string {
	if i < 0 || i >= len(e.attrSpaces) {
		return ""
	}
	return e.attrSpaces[i]
}

// Positions lists the elements of a document by the order of their start tags.
type Positions []Element

// Check reads src once and returns its elements in document order, or the first refusal: a
// *fault.Error with one of the codes xml.* and the line and column in its details.
func Check(src []byte, limits Limits) (Positions, error) {
	limits = limits.withDefaults()
	if len(src) > limits.Bytes {
		err := refuse(ErrLimit, 1, 1, "%d bytes, at most %d are accepted", len(src), limits.Bytes)
		err.Kind = fault.TooLarge
		return nil, err
	}
	body := Body(src)
	if err := checkCharacters(body); err != nil {
		return nil, err
	}
	c := newChecker(body, limits)
	if err := c.run(); err != nil {
		return nil, err
	}
	return c.elements, nil
}

// Body returns src without a leading UTF-8 byte order mark: the bytes to hand to a tree parser.
func Body(src []byte) []byte {
	return bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
}

// checker is one pass over a document.
type checker struct {
	limits   Limits
	body     []byte
	decoder  *xml.Decoder
	place    place
	elements Positions
	stack    []frame
	spaces   spaces
	rooted   bool
	seen     map[xml.Name]struct{}
}

// frame is an open element.
type frame struct {
	name     xml.Name
	prefixes []string
	text     int
}

func newChecker(body []byte, limits Limits) *checker {
	c := &checker{limits: limits, body: body, spaces: newSpaces(), seen: map[xml.Name]struct{}{}}
	c.place = place{line: 1, column: 1}
	c.decoder = xml.NewDecoder(bytes.NewReader(body))
	c.decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) { return nil, ErrEncoding }
	return c
}

func (c *checker) run() error {
	for {
		start := int(c.decoder.InputOffset())
		token, err := c.decoder.RawToken()
		if err != nil && !errors.Is(err, io.EOF) {
			return c.syntax(start, err)
		}
		c.place.advance(c.body, start)
		if err != nil {
			return c.end()
		}
		if refusal := c.token(start, token); refusal != nil {
			return refusal
		}
	}
}

// syntax translates an error of the decoder, which stopped somewhere behind start.
func (c *checker) syntax(start int, err error) error {
	if errors.Is(err, ErrEncoding) {
		c.place.advance(c.body, start)
		return c.refuse(ErrEncoding, "the declared encoding is not UTF-8")
	}
	c.place.advance(c.body, int(c.decoder.InputOffset()))
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return c.refuse(ErrMalformed, "%s", syntax.Msg)
	}
	return c.refuse(ErrMalformed, "%s", err)
}

func (c *checker) token(start int, token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return c.open(t)
	case xml.EndElement:
		return c.close(t)
	case xml.CharData:
		return c.text(start, t)
	case xml.ProcInst:
		if t.Target == "xml" && start == 0 {
			return nil
		}
		return c.refuse(ErrDirective, "processing instruction %q", t.Target)
	case xml.Directive:
		return c.refuse(ErrDirective, "directive (DOCTYPE or similar)")
	}
	return nil
}

func (c *checker) text(start int, text []byte) error {
	if len(c.stack) == 0 {
		cdata := bytes.HasPrefix(c.body[start:], []byte("<![CDATA["))
		if cdata || len(bytes.Trim(text, " \t\r\n")) > 0 {
			return c.refuse(ErrMalformed, "text outside the root element")
		}
		return nil
	}
	top := &c.stack[len(c.stack)-1]
	top.text += len(text)
	if top.text > c.limits.TextBytes {
		return c.refuse(ErrLimit, "text of more than %d bytes in one element", c.limits.TextBytes)
	}
	return nil
}

func (c *checker) end() error {
	if len(c.stack) > 0 {
		return c.refuse(ErrMalformed, "element <%s> is not closed", written(c.stack[len(c.stack)-1].name))
	}
	if !c.rooted {
		return c.refuse(ErrMalformed, "there is no root element")
	}
	return nil
}

func (c *checker) refuse(sentinel *fault.Error, format string, args ...any) error {
	return refuse(sentinel, c.place.line, c.place.column, format, args...)
}

// place is a cursor that turns growing byte offsets into lines and columns.
type place struct{ offset, line, column int }

func (p *place) advance(body []byte, offset int) {
	offset = min(offset, len(body))
	if offset <= p.offset {
		return
	}
	part := body[p.offset:offset]
	p.offset = offset
	if n := bytes.Count(part, []byte{'\n'}); n > 0 {
		p.line += n
		p.column = 1
		part = part[bytes.LastIndexByte(part, '\n')+1:]
	}
	p.column += utf8.RuneCount(part)
}
