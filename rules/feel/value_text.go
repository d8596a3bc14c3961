package feel

import (
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// String returns what the FEEL function string() gives; null gives "null".
func (v Value) String() string {
	if v.kind == KindString {
		return v.text()
	}
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v Value) write(b *strings.Builder) {
	switch v.kind {
	case KindNull:
		b.WriteString("null")
	case KindBoolean:
		b.WriteString(strconv.FormatBool(v.n != 0))
	case KindNumber:
		b.WriteString(v.numberText())
	case KindString:
		writeQuoted(b, v.text())
	case KindDate, KindTime, KindDateTime:
		b.WriteString(v.temporalText())
	case KindDaysDuration, KindYearsDuration:
		b.WriteString(v.durationText())
	case KindList:
		v.writeList(b)
	case KindContext:
		v.writeContext(b)
	case KindRange:
		v.interval().write(b)
	case KindFunction:
		v.function().write(b)
	}
}

// numberText is plain notation without an exponent and without trailing zeros.
func (v Value) numberText() string {
	if v.ref != nil {
		return v.ref.(*apd.Decimal).Text('f')
	}
	if v.scale == 0 {
		return strconv.FormatInt(v.n, 10)
	}
	n, scale := v.n, v.scale
	for scale > 0 && n%10 == 0 {
		n, scale = n/10, scale-1
	}
	digits := strconv.FormatUint(magnitude(n), 10)
	if missing := int(scale) + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	if scale > 0 {
		point := len(digits) - int(scale)
		digits = digits[:point] + "." + digits[point:]
	}
	if n < 0 {
		return "-" + digits
	}
	return digits
}

// numberSize bounds the length of numberText.
func (v Value) numberSize() int {
	if v.ref == nil {
		return 20
	}
	d := v.ref.(*apd.Decimal)
	return digitsMax + 3 + int(max(d.Exponent, -d.Exponent))
}

func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		if i := strings.IndexRune("\"\\\n\r\t", r); i >= 0 {
			b.WriteByte('\\')
			r = rune(`"\nrt`[i])
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
}

func (v Value) writeList(b *strings.Builder) {
	b.WriteByte('[')
	for i, item := range v.list() {
		if i > 0 {
			b.WriteString(", ")
		}
		item.write(b)
	}
	b.WriteByte(']')
}

func (v Value) writeContext(b *strings.Builder) {
	keys, values, _ := v.Entries()
	b.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			b.WriteString(", ")
		}
		if isName(key) {
			b.WriteString(key)
		} else {
			writeQuoted(b, key)
		}
		b.WriteString(": ")
		values[i].write(b)
	}
	b.WriteByte('}')
}

// isName tells whether a key can be written without quotes.
func isName(key string) bool {
	tokens, err := lex(key)
	if err != nil || tokens[0].kind != tokenName || isReserved(tokens[0].text) {
		return false
	}
	for _, t := range tokens[1 : len(tokens)-1] {
		if t.kind != tokenName && t.kind != tokenNumber && !isNameSymbol(t) {
			return false
		}
	}
	return spell(tokens[:len(tokens)-1]) == key
}

func (r *interval) write(b *strings.Builder) {
	switch {
	case r.op != "":
		b.WriteString("(" + r.op + " ")
		r.start.write(b)
		b.WriteByte(')')
		return
	case r.start.kind == KindNull:
		b.WriteByte('(')
	case r.startIncluded:
		b.WriteByte('[')
		r.start.write(b)
	default:
		b.WriteByte('(')
		r.start.write(b)
	}
	b.WriteString("..")
	if r.end.kind != KindNull {
		r.end.write(b)
	}
	if r.endIncluded {
		b.WriteByte(']')
	} else {
		b.WriteByte(')')
	}
}

func (f *function) write(b *strings.Builder) {
	if f.builtin != nil {
		b.WriteString(f.builtin.name)
		return
	}
	b.WriteString("function(")
	for i, p := range f.parameters {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Name)
	}
	b.WriteByte(')')
}

// Equal reports whether the values are equal in the sense of FEEL; different kinds are not.
func (v Value) Equal(w Value) bool {
	m := &machine{}
	m.budget = &m.own
	// The values are bounded by the limits of the evaluations that made them.
	m.own.steps = int(^uint(0) >> 1)
	return m.same(v, w)
}
