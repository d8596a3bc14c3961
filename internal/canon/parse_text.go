package canon

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a quoted string and returns what it means.
func (p *parser) text() string {
	p.pos++
	start := p.pos
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case c == '"':
			s := string(p.src[start:p.pos])
			p.pos++
			p.bound(s)
			return s
		case c == '\\':
			return p.escaped(append([]byte(nil), p.src[start:p.pos]...))
		case c < 0x20:
			p.fail("control character in a string")
			return ""
		default:
			p.pos++
		}
	}
	p.fail("unterminated string")
	return ""
}

func (p *parser) bound(s string) {
	if len(s) > p.most.text {
		p.fail("string longer than " + strconv.Itoa(p.most.text) + " bytes")
	}
}

// escaped continues text behind the first backslash.
func (p *parser) escaped(s []byte) string {
	for p.err == nil && p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case c == '"':
			p.pos++
			p.bound(string(s))
			return string(s)
		case c == '\\':
			s = p.escape(s)
		case c < 0x20:
			p.fail("control character in a string")
		default:
			s = append(s, c)
			p.pos++
		}
	}
	p.fail("unterminated string")
	return ""
}

func (p *parser) escape(s []byte) []byte {
	p.pos++
	c := p.peek()
	if c == 'u' {
		return p.unicode(s)
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 || c == 0 {
		p.fail("unknown escape")
		return s
	}
	p.pos++
	return append(s, "\"\\/\b\f\n\r\t"[i])
}

func (p *parser) unicode(s []byte) []byte {
	r := p.unit()
	if utf16.IsSurrogate(r) {
		if p.peek() != '\\' || p.pos+1 >= len(p.src) || p.src[p.pos+1] != 'u' {
			p.fail("lone surrogate")
			return s
		}
		p.pos++
		if r = utf16.DecodeRune(r, p.unit()); r == utf8.RuneError {
			p.fail("lone surrogate")
		}
	}
	if r == 0 {
		p.fail("NUL character")
	}
	return utf8.AppendRune(s, r)
}

// unit reads the four digits behind the u at the current position.
func (p *parser) unit() rune {
	if p.pos+5 > len(p.src) {
		p.fail("incomplete escape")
		return -1
	}
	n, err := strconv.ParseUint(string(p.src[p.pos+1:p.pos+5]), 16, 16)
	if err != nil {
		p.fail("bad escape")
		return -1
	}
	p.pos += 5
	return rune(n)
}
