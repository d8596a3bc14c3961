package audit

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"time"
)

// View is the readable form of an entry: one JSON object, keys in camelCase and in the order of
// the tags, absent facts left out. It is derived from the entry and never the other way round.
type View []byte

// MarshalJSON returns the view itself.
func (v View) MarshalJSON() ([]byte, error) {
	if v == nil {
		return []byte("null"), nil
	}
	return v, nil
}

// String returns the JSON text.
func (v View) String() string { return string(v) }

// View derives the readable form. It is written here byte by byte, because a verifier compares it
// and an encoder may choose other escapes in a later release.
func (e *Entry) View() View {
	b := append(make([]byte, 0, 512), '{')
	for i := range fields {
		f := &fields[i]
		if !f.present(e) {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = f.show(appendName(b, f.name), e)
	}
	return append(b, '}')
}

// timeLayout always shows six digits, so that a time has one spelling.
const timeLayout = "2006-01-02T15:04:05.000000Z07:00"

func appendName(b []byte, name string) []byte {
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

func appendInteger(b []byte, n int64) []byte { return strconv.AppendInt(b, n, 10) }

func appendKey(b []byte, n int64) []byte {
	return append(strconv.AppendInt(append(b, '"'), n, 10), '"')
}

func appendTime(b []byte, micros int64) []byte {
	b = time.UnixMicro(micros).UTC().AppendFormat(append(b, '"'), timeLayout)
	return append(b, '"')
}

func appendHash(b []byte, h Hash) []byte {
	return append(hex.AppendEncode(append(b, '"'), h[:]), '"')
}

func appendBase64(b, data []byte) []byte {
	return append(base64.StdEncoding.AppendEncode(append(b, '"'), data), '"')
}

func appendQuotedEventID(b []byte, id EventID) []byte {
	return append(appendEventID(append(b, '"'), id), '"')
}

func appendEventID(b []byte, id EventID) []byte {
	for i, part := range [][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, part)
	}
	return b
}

func appendAttempt(b []byte, a Attempt) []byte {
	b = strconv.AppendInt(append(b, `{"latencyMicros":`...), a.Latency, 10)
	b = strconv.AppendInt(append(b, `,"number":`...), a.Number, 10)
	return append(b, '}')
}

func appendList(b []byte, items []string) []byte {
	b = append(b, '[')
	for i, s := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, s)
	}
	return append(b, ']')
}

func appendMap[V any](b []byte, m map[string]V, show func([]byte, V) []byte) []byte {
	b = append(b, '{')
	for i, k := range sortedKeys(m) {
		if i > 0 {
			b = append(b, ',')
		}
		b = show(append(appendQuoted(b, k), ':'), m[k])
	}
	return append(b, '}')
}

// appendQuoted escapes the quote, the backslash and control characters, and nothing else.
func appendQuoted(b []byte, s string) []byte {
	s = clean(s)
	b = append(b, '"')
	plain := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[plain:i]...)
		plain = i + 1
		if short := shortEscape(c); short != 0 {
			b = append(b, '\\', short)
			continue
		}
		b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
	b = append(b, s[plain:]...)
	return append(b, '"')
}

const hexDigits = "0123456789abcdef"

// shortEscape returns the letter of the two-character escapes of RFC 8259 section 7, or 0.
func shortEscape(c byte) byte {
	switch c {
	case '"', '\\':
		return c
	case '\b':
		return 'b'
	case '\f':
		return 'f'
	case '\n':
		return 'n'
	case '\r':
		return 'r'
	case '\t':
		return 't'
	}
	return 0
}
