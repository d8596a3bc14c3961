package feel

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/cockroachdb/apd/v3"

	"tallystick/fault"
)

// ErrJSON is the refusal of a text that DecodeJSON can not read.
var ErrJSON = fault.New(fault.Invalid, "feel.json", "the text is no JSON value")

// DecodeJSON reads JSON text, which is expected to be canonical; the order of fields is kept.
// Numbers are rounded to 34 digits; one out of range is an error.
func DecodeJSON(text string) (Value, error) {
	var v Value
	if !v.decode(text) {
		return Null, ErrJSON
	}
	return v, nil
}

// read reads a variable; its text is to blame when that fails.
func (v *Value) read(name, text string) {
	if !v.decode(text) {
		panic(tripped{ErrJSON.With("the variable %q can not be read", name)})
	}
}

// decode is DecodeJSON where the value lies: conditions spend much of their time on their variables.
func (v *Value) decode(text string) bool {
	if v.decodeScalar(text) {
		return true
	}
	d := &jsonReader{text: text}
	*v = d.value(0)
	d.space()
	return !d.bad && d.pos == len(text)
}

// decodeScalar reads what most variables are: short numbers, and strings without escapes.
func (v *Value) decodeScalar(text string) bool {
	last := len(text) - 1
	if last < 1 || text[0] != '"' {
		n, scale, ok := parseSmall(text)
		*v = small(n, scale)
		return ok && text[0] != '.'
	}
	if text[last] != '"' {
		return false
	}
	inner := text[1:last]
	*v = Text(inner)
	return isPlain(inner)
}

// isPlain tells whether a string stands in JSON as it is.
func isPlain(text string) bool {
	if len(text) > 16 {
		return strings.IndexByte(text, '"') < 0 && strings.IndexByte(text, '\\') < 0
	}
	for i := range len(text) {
		if text[i] == '"' || text[i] == '\\' {
			return false
		}
	}
	return true
}

type jsonReader struct {
	text string
	pos  int
	bad  bool
}

func (d *jsonReader) space() {
	for d.pos < len(d.text) && strings.IndexByte(" \t\r\n", d.text[d.pos]) >= 0 {
		d.pos++
	}
}

// accept consumes c, white space before it included.
func (d *jsonReader) accept(c byte) bool {
	d.space()
	if d.pos < len(d.text) && d.text[d.pos] == c {
		d.pos++
		return true
	}
	return false
}

func (d *jsonReader) value(depth int) Value {
	if d.space(); d.pos == len(d.text) || d.bad || depth > 2*NestingMax {
		d.bad = true
		return Null
	}
	switch c := d.text[d.pos]; c {
	case '{':
		return d.object(depth)
	case '[':
		return d.array(depth)
	case '"':
		return Text(d.string())
	default:
		return d.scalar()
	}
}

func (d *jsonReader) scalar() Value {
	start := d.pos
	for d.pos < len(d.text) && strings.IndexByte(",]} \t\r\n", d.text[d.pos]) < 0 {
		d.pos++
	}
	switch word := d.text[start:d.pos]; word {
	case "null":
		return Null
	case "true":
		return yes
	case "false":
		return no
	default:
		v, ok := parseNumber(word)
		if !ok || strings.IndexByte("-0123456789", word[0]) < 0 {
			d.bad = true
		}
		return v
	}
}

func (d *jsonReader) array(depth int) Value {
	d.pos++
	items := []Value{}
	if d.accept(']') {
		return ListOf(items...)
	}
	for !d.bad {
		items = append(items, d.value(depth+1))
		if d.accept(']') {
			return ListOf(items...)
		}
		d.bad = d.bad || !d.accept(',')
	}
	return Null
}

func (d *jsonReader) object(depth int) Value {
	d.pos++
	c := newContext(4)
	if d.accept('}') {
		return c.value()
	}
	for !d.bad {
		if d.space(); d.pos == len(d.text) || d.text[d.pos] != '"' {
			break
		}
		key := d.string()
		if !d.accept(':') {
			break
		}
		c.put(key, d.value(depth+1))
		if d.accept('}') {
			return c.value()
		}
		d.bad = d.bad || !d.accept(',')
	}
	d.bad = true
	return Null
}

func (d *jsonReader) string() string {
	d.pos++
	start := d.pos
	end := strings.IndexAny(d.text[start:], `"\`)
	if end >= 0 && d.text[start+end] == '"' {
		d.pos = start + end + 1
		return d.text[start : start+end]
	}
	var b strings.Builder
	for d.pos < len(d.text) {
		switch c := d.text[d.pos]; c {
		case '"':
			d.pos++
			return b.String()
		case '\\':
			d.escape(&b)
		default:
			b.WriteByte(c)
			d.pos++
		}
	}
	d.bad = true
	return ""
}

func (d *jsonReader) escape(b *strings.Builder) {
	if d.pos+1 >= len(d.text) {
		d.bad, d.pos = true, len(d.text)
		return
	}
	c := d.text[d.pos+1]
	if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
		d.pos += 2
		return
	}
	r := d.unit()
	if utf16.IsSurrogate(r) {
		r = utf16.DecodeRune(r, d.unit())
		d.bad = d.bad || r == utf8.RuneError
	}
	b.WriteRune(r)
}

func (d *jsonReader) unit() rune {
	rest := d.text[d.pos:]
	if len(rest) >= 6 && rest[:2] == `\u` {
		if n, err := strconv.ParseUint(rest[2:6], 16, 16); err == nil {
			d.pos += 6
			return rune(n)
		}
	}
	d.bad, d.pos = true, len(d.text)
	return 0
}

// JSON returns canonical JSON text; dates, times, durations and ranges become their strings,
// functions null.
func (v Value) JSON() string {
	switch v.kind {
	case KindNull:
		return "null"
	case KindBoolean:
		return strconv.FormatBool(v.n != 0)
	case KindNumber:
		return v.numberJSON()
	}
	return string(v.appendJSON(nil))
}

// numberTextMax is the longest number in canonical JSON; longer ones are written with an exponent.
const numberTextMax = 40 // the form with an exponent has at most 41

func (v Value) numberJSON() string {
	text := v.numberText()
	if len(text) <= numberTextMax {
		return text
	}
	d := v.ref.(*apd.Decimal)
	sign := ""
	if d.Negative {
		sign = "-"
	}
	return sign + d.Coeff.String() + "e" + strconv.Itoa(int(d.Exponent))
}

func (v Value) appendJSON(out []byte) []byte {
	switch v.kind {
	case KindNull, KindFunction:
		return append(out, "null"...)
	case KindBoolean:
		return strconv.AppendBool(out, v.n != 0)
	case KindNumber:
		return append(out, v.numberJSON()...)
	case KindString:
		return appendJSONText(out, v.text())
	case KindList:
		return v.appendJSONList(out)
	case KindContext:
		return v.appendJSONContext(out)
	default:
		return appendJSONText(out, v.String())
	}
}

func (v Value) appendJSONList(out []byte) []byte {
	out = append(out, '[')
	for i, item := range v.list() {
		if i > 0 {
			out = append(out, ',')
		}
		out = item.appendJSON(out)
	}
	return append(out, ']')
}

func (v Value) appendJSONContext(out []byte) []byte {
	keys, values, _ := v.Entries()
	order := make([]int, len(keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(keys[a], keys[b]) })
	out = append(out, '{')
	for place, i := range order {
		if place > 0 {
			out = append(out, ',')
		}
		out = append(appendJSONText(out, keys[i]), ':')
		out = values[i].appendJSON(out)
	}
	return append(out, '}')
}

// appendJSONText writes the shortest escapes; NUL, which canonical JSON refuses, becomes U+FFFD.
func appendJSONText(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	out = append(out, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == 0:
			out = append(out, "\uFFFD"...)
		case c >= 0x20:
			out = append(out, c)
		default:
			if short := strings.IndexByte("\b\f\n\r\t", c); short >= 0 {
				out = append(out, '\\', "bfnrt"[short])
			} else {
				out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
			}
		}
	}
	return append(out, '"')
}
