package feel

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// SourceMax and NestingMax bound a source before it is parsed.
const (
	SourceMax  = 8 << 10
	NestingMax = 64
)

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenName
	tokenNumber
	tokenString
	tokenSymbol
)

// token is one lexical unit. Its text is that of the source, or the decoded text of a string.
type token struct {
	kind       tokenKind
	start, end int
	text       string
}

type lexer struct {
	src    string
	pos    int
	depth  int
	tokens []token
}

// lex cuts the source into tokens, the last one being tokenEnd.
func lex(src string) ([]token, error) {
	if len(src) > SourceMax {
		return nil, syntaxError(src, SourceMax, "the expression is longer than %d bytes", SourceMax)
	}
	if !utf8.ValidString(src) {
		return nil, syntaxError("", 0, "the expression is not valid UTF-8")
	}
	l := &lexer{src: src, tokens: make([]token, 0, len(src)/3+2)}
	for {
		if err := l.space(); err != nil {
			return nil, err
		}
		if l.pos == len(src) {
			l.add(tokenEnd, l.pos, "")
			return l.tokens, nil
		}
		if err := l.next(); err != nil {
			return nil, err
		}
	}
}

func (l *lexer) add(kind tokenKind, start int, text string) {
	l.tokens = append(l.tokens, token{kind: kind, start: start, end: l.pos, text: text})
}

func (l *lexer) rune() (rune, int) { return utf8.DecodeRuneInString(l.src[l.pos:]) }

// space skips white space and comments (DMN 1.5, 10.3.1.2, rules 61 to 63, and 10.3.1.5).
func (l *lexer) space() error {
	for l.pos < len(l.src) {
		rest := l.src[l.pos:]
		switch {
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexAny(rest, "\n\r")
			if end < 0 {
				end = len(rest)
			}
			l.pos += end
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return syntaxError(l.src, l.pos, "the comment does not end")
			}
			l.pos += end + 4
		default:
			r, size := l.rune()
			if !isSpace(r) {
				return nil
			}
			l.pos += size
		}
	}
	return nil
}

func (l *lexer) next() error {
	start := l.pos
	r, size := l.rune()
	switch {
	case isNameStart(r):
		for l.pos < len(l.src) && (isNamePart(r) || isNameStart(r)) {
			l.pos += size
			r, size = l.rune()
		}
		l.add(tokenName, start, l.src[start:l.pos])
	case isDigit(r), r == '.' && l.pos+1 < len(l.src) && isDigit(rune(l.src[l.pos+1])):
		l.number()
		l.add(tokenNumber, start, l.src[start:l.pos])
	case r == '"':
		text, err := l.text()
		if err != nil {
			return err
		}
		l.add(tokenString, start, text)
	default:
		return l.symbol(start)
	}
	return nil
}

func (l *lexer) number() {
	l.digits()
	if l.pos+1 < len(l.src) && l.src[l.pos] == '.' && isDigit(rune(l.src[l.pos+1])) {
		l.pos++
		l.digits()
	}
	mark := l.pos
	if l.pos < len(l.src) && (l.src[l.pos] == 'e' || l.src[l.pos] == 'E') {
		l.pos++
		if l.pos < len(l.src) && (l.src[l.pos] == '+' || l.src[l.pos] == '-') {
			l.pos++
		}
		if before := l.pos; !l.digits() || l.pos == before {
			l.pos = mark
		}
	}
}

func (l *lexer) digits() bool {
	start := l.pos
	for l.pos < len(l.src) && isDigit(rune(l.src[l.pos])) {
		l.pos++
	}
	return l.pos > start
}

var symbols = []string{
	"..", "**", "<=", ">=", "!=", "->",
	"(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "<", ">", "=", ",", ":", ".", "@", "'", "!",
}

func (l *lexer) symbol(start int) error {
	for _, symbol := range symbols {
		if !strings.HasPrefix(l.src[l.pos:], symbol) {
			continue
		}
		l.pos += len(symbol)
		l.add(tokenSymbol, start, symbol)
		return l.nest(symbol)
	}
	r, _ := l.rune()
	return syntaxError(l.src, l.pos, "unexpected character %q", r)
}

// nest counts open brackets. A range may turn its brackets around, so a count below zero is no error.
func (l *lexer) nest(symbol string) error {
	switch symbol {
	case "(", "[", "{":
		l.depth++
	case ")", "]", "}":
		l.depth--
	}
	if l.depth > NestingMax {
		return syntaxError(l.src, l.pos, "the expression is nested deeper than %d", NestingMax)
	}
	return nil
}

// text reads a string literal and returns what it means.
func (l *lexer) text() (string, error) {
	start := l.pos
	var b strings.Builder
	for l.pos++; l.pos < len(l.src); {
		r, size := l.rune()
		switch {
		case r == '"':
			l.pos++
			return b.String(), nil
		case r == '\n' || r == '\r':
			return "", syntaxError(l.src, l.pos, "a string can not contain a line break; write \\n")
		case r == '\\':
			if err := l.escape(&b); err != nil {
				return "", err
			}
		default:
			b.WriteString(l.src[l.pos : l.pos+size])
			l.pos += size
		}
	}
	return "", syntaxError(l.src, start, "the string does not end")
}

func (l *lexer) escape(b *strings.Builder) error {
	if l.pos+1 >= len(l.src) {
		return syntaxError(l.src, l.pos, "the string does not end")
	}
	c := l.src[l.pos+1]
	if i := strings.IndexByte(`'"\nrt`, c); i >= 0 {
		b.WriteByte("'\"\\\n\r\t"[i])
		l.pos += 2
		return nil
	}
	r, ok := l.hex()
	if !ok {
		// An unknown escape stands for itself, as patterns for matches() are often written so.
		b.WriteByte('\\')
		l.pos++
		return nil
	}
	if utf16.IsSurrogate(r) {
		low, ok := l.hex()
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return syntaxError(l.src, l.pos, "half of a surrogate pair")
		}
	}
	if !utf8.ValidRune(r) || r == 0 {
		return syntaxError(l.src, l.pos, "the escape names no character")
	}
	b.WriteRune(r)
	return nil
}

// hex reads \uXXXX or \UXXXXXX.
func (l *lexer) hex() (rune, bool) {
	rest := l.src[l.pos:]
	length := 0
	switch {
	case strings.HasPrefix(rest, `\u`):
		length = 4
	case strings.HasPrefix(rest, `\U`):
		length = 6
	}
	if length == 0 || len(rest) < 2+length {
		return 0, false
	}
	n, err := strconv.ParseUint(rest[2:2+length], 16, 32)
	if err != nil {
		return 0, false
	}
	l.pos += 2 + length
	return rune(n), true
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isSpace(r rune) bool {
	switch {
	case r >= 0x09 && r <= 0x0D, r == ' ', r == 0x85, r == 0xA0, r == 0x1680, r == 0x180E,
		r >= 0x2000 && r <= 0x200B, r == 0x2028, r == 0x2029, r == 0x202F, r == 0x205F,
		r == 0x3000, r == 0xFEFF:
		return true
	}
	return false
}

// isNameStart is rule 28 of the grammar.
func isNameStart(r rune) bool {
	switch {
	case r == '?' || r == '_' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z':
		return true
	case r < 0xC0 || r == 0xD7 || r == 0xF7 || isSpace(r):
		return false
	}
	return r <= 0x2FF || r >= 0x370 && r <= 0x1FFF && r != 0x37E || r == 0x200C || r == 0x200D ||
		r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF || r >= 0x3001 && r <= 0xD7FF ||
		r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

// isNamePart is what rule 29 adds to rule 28.
func isNamePart(r rune) bool {
	return isDigit(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
