package canon

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads exactly one JSON value strictly and returns its canonical text. Whatever is refused
// is refused with ErrInvalid, naming the byte offset and the path.
func Parse(b []byte) (JSON, error) {
	return parse(b, within{MaxBytes, MaxDepth, MaxStringBytes, MaxNumberChars})
}

func parse(b []byte, most within) (JSON, error) {
	if len(b) > most.bytes {
		return "", ErrInvalid.With("the document has %d bytes, more than %d", len(b), most.bytes)
	}
	if !utf8.Valid(b) {
		return "", ErrInvalid.With("the document is not valid UTF-8")
	}
	p := parser{src: b, out: make([]byte, 0, len(b)), most: most}
	p.space()
	p.value()
	p.space()
	if p.err == nil && p.pos < len(p.src) {
		p.fail("unexpected text after the value")
	}
	if p.err == nil && len(p.out) > most.bytes {
		p.fail("the canonical text is longer than " + strconv.Itoa(most.bytes) + " bytes")
	}
	if p.err != nil {
		return "", p.err
	}
	return JSON(p.out), nil
}

// ParseObject reads a JSON object strictly and splits its top level.
func ParseObject(b []byte) (map[string]JSON, error) {
	j, err := Parse(b)
	if err != nil {
		return nil, err
	}
	if j[0] != '{' {
		return nil, ErrInvalid.With("the document is not a JSON object")
	}
	return j.Fields(), nil
}

type parser struct {
	src   []byte
	most  within
	pos   int
	out   []byte
	depth int
	path  []step
	err   error
}

// step is one part of the path to the value being read: a key, or an index when key is empty.
type step struct {
	key   string
	index int
	isKey bool
}

func (p *parser) fail(message string) {
	if p.err != nil {
		return
	}
	p.err = ErrInvalid.With("%s at byte %d of %s", message, p.pos, p.where())
}

func (p *parser) where() string {
	var b strings.Builder
	b.WriteByte('$')
	for _, s := range p.path {
		if s.isKey {
			b.WriteString("." + shorten(s.key))
		} else {
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		}
	}
	return b.String()
}

func shorten(key string) string {
	const keyMax = 40
	if len(key) <= keyMax {
		return key
	}
	return strings.ToValidUTF8(key[:keyMax], "") + "…"
}

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.pos < len(p.src) {
		return p.src[p.pos]
	}
	return 0
}

func (p *parser) value() {
	switch c := p.peek(); {
	case c == '{':
		p.nested(p.object)
	case c == '[':
		p.nested(p.array)
	case c == '"':
		p.out = appendString(p.out, p.text())
	case c == '-' || c >= '0' && c <= '9':
		p.number()
	default:
		p.word()
	}
}

func (p *parser) word() {
	for _, word := range []string{"true", "false", "null"} {
		if rest := p.src[p.pos:]; len(rest) >= len(word) && string(rest[:len(word)]) == word {
			p.pos += len(word)
			p.out = append(p.out, word...)
			return
		}
	}
	p.fail("expected a value")
}

func (p *parser) nested(read func()) {
	p.depth++
	if p.depth > p.most.depth {
		p.fail("nested deeper than " + strconv.Itoa(p.most.depth))
		return
	}
	p.pos++
	read()
	p.depth--
}

func (p *parser) array() {
	p.out = append(p.out, '[')
	p.space()
	if p.peek() == ']' {
		p.pos++
		p.out = append(p.out, ']')
		return
	}
	p.path = append(p.path, step{})
	for i := 0; ; i++ {
		p.path[len(p.path)-1].index = i
		p.space()
		p.value()
		if !p.more(']') {
			break
		}
		p.out = append(p.out, ',')
	}
	p.path = p.path[:len(p.path)-1]
	p.out = append(p.out, ']')
}

// more consumes a comma and returns true, or the closing byte and returns false.
func (p *parser) more(closing byte) bool {
	if p.err != nil {
		return false
	}
	p.space()
	switch p.peek() {
	case ',':
		p.pos++
		return true
	case closing:
		p.pos++
	default:
		p.fail("expected ',' or '" + string(closing) + "'")
	}
	return false
}

// member is one key of an object and the span of its `"key":value` text in the output.
type member struct {
	key        string
	start, end int
}

func (p *parser) object() {
	p.out = append(p.out, '{')
	p.space()
	if p.peek() == '}' {
		p.pos++
		p.out = append(p.out, '}')
		return
	}
	start := len(p.out)
	var members []member
	for {
		members = append(members, p.member())
		if !p.more('}') {
			break
		}
		p.out = append(p.out, ',')
	}
	if p.err == nil {
		p.sort(start, members)
	}
	p.out = append(p.out, '}')
}

func (p *parser) member() member {
	p.space()
	if p.peek() != '"' {
		p.fail("expected a key in quotes")
		return member{}
	}
	m := member{start: len(p.out), key: p.text()}
	p.space()
	if p.err == nil && p.peek() != ':' {
		p.fail("expected ':'")
	}
	if p.err != nil {
		return m
	}
	p.pos++
	p.out = append(appendString(p.out, m.key), ':')
	p.path = append(p.path, step{key: m.key, isKey: true})
	p.space()
	p.value()
	p.path = p.path[:len(p.path)-1]
	m.end = len(p.out)
	return m
}

// sort brings the members written since start into the order of their keys and refuses duplicates.
func (p *parser) sort(start int, members []member) {
	byKey := func(a, b member) int { return strings.Compare(a.key, b.key) }
	inOrder := slices.IsSortedFunc(members, byKey)
	if !inOrder {
		slices.SortFunc(members, byKey)
	}
	for i := 1; i < len(members); i++ {
		if members[i].key == members[i-1].key {
			p.fail("duplicate key " + strconv.Quote(shorten(members[i].key)))
			return
		}
	}
	if inOrder {
		return
	}
	written := slices.Clone(p.out[start:])
	p.out = p.out[:start]
	for i, m := range members {
		if i > 0 {
			p.out = append(p.out, ',')
		}
		p.out = append(p.out, written[m.start-start:m.end-start]...)
	}
}

func (p *parser) number() {
	start := p.pos
	if p.peek() == '-' {
		p.pos++
	}
	if p.peek() == '0' {
		p.pos++
	} else if !p.digits() {
		return
	}
	if p.peek() == '.' {
		p.pos++
		if !p.digits() {
			return
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.pos++
		if c := p.peek(); c == '+' || c == '-' {
			p.pos++
		}
		if !p.digits() {
			return
		}
	}
	if p.pos-start > p.most.number {
		p.fail("number text longer than " + strconv.Itoa(p.most.number) + " characters")
	}
	p.out = append(p.out, p.src[start:p.pos]...)
}

func (p *parser) digits() bool {
	start := p.pos
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.pos++
	}
	if p.pos == start {
		p.fail("expected a digit")
	}
	return p.pos > start
}
