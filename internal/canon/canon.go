// Package canon holds canonical JSON text: the one form in which process variables travel.
//
// It owns the strict reader (one value, no duplicate keys, bounded depth and sizes) and the
// canonical writer (no insignificant white space, keys sorted by bytes, minimal escapes, numbers
// kept as their text), so that equal documents are equal strings and a digest means something. It
// must not know what the values are for: no expressions, no variables, no storage.
package canon

import (
	"crypto/sha256"
	"math"
	"slices"
	"strconv"
	"strings"

	"tallystick/fault"
)

// The limits of a document; Parse refuses what exceeds them.
const (
	MaxBytes       = 4 << 20
	MaxDepth       = 64
	MaxStringBytes = 1 << 20
	MaxNumberChars = 41 // a sign, 34 digits and e-6176: the longest number of FEEL
)

// storedDepth is the nesting that encoding/json reads at most.
const storedDepth = 10_000

// within are the limits of a reader.
type within struct{ bytes, depth, text, number int }

// ErrInvalid is the refusal of a text that is not acceptable JSON.
var ErrInvalid = fault.New(fault.Invalid, "json.invalid", "the text is not acceptable JSON")

// JSON is canonical JSON text. Values come from Parse or from the constructors of this package;
// the zero value is no document.
type JSON string

// Null is the JSON null.
const Null JSON = "null"

// String returns the JSON string for text; invalid UTF-8 and NUL become U+FFFD.
func String(text string) JSON {
	return JSON(appendString(make([]byte, 0, len(text)+2), clean(text)))
}

// Int returns the JSON number for n.
func Int(n int64) JSON { return JSON(strconv.FormatInt(n, 10)) }

// Bool returns true or false.
func Bool(b bool) JSON { return JSON(strconv.FormatBool(b)) }

// Object returns the JSON object with the given fields; an empty field value is written as null.
func Object(fields map[string]JSON) JSON {
	keys := make([]string, 0, len(fields))
	size := 2
	for key, value := range fields {
		keys = append(keys, key)
		size += len(key) + len(value) + 4
	}
	slices.Sort(keys)
	out := append(make([]byte, 0, size), '{')
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendString(out, clean(key))
		out = append(append(out, ':'), fields[key].text()...)
	}
	return JSON(append(out, '}'))
}

// List returns the JSON array of items; an empty item is written as null.
func List(items []JSON) JSON {
	var b strings.Builder
	b.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(item.text())
	}
	b.WriteByte(']')
	return JSON(b.String())
}

// Digest returns the SHA-256 of the canonical text.
func Digest(j JSON) [32]byte { return sha256.Sum256([]byte(j)) }

// MarshalJSON embeds the document as it is; the zero value becomes null.
func (j JSON) MarshalJSON() ([]byte, error) { return []byte(j.text()), nil }

// UnmarshalJSON reads a document that is a part of another one, which this program wrote: strictly, but for the
// limits, so that whatever was written once can be read again. Parse is for what comes from outside.
func (j *JSON) UnmarshalJSON(b []byte) error {
	parsed, err := parse(b, within{bytes: math.MaxInt, depth: storedDepth, text: math.MaxInt, number: math.MaxInt})
	if err != nil {
		return err
	}
	*j = parsed
	return nil
}

func (j JSON) text() string {
	if j == "" {
		return string(Null)
	}
	return string(j)
}

func clean(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

const hexDigits = "0123456789abcdef"

// appendString writes s quoted, with the shortest escape of each character that needs one.
func appendString(out []byte, s string) []byte {
	out = append(out, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		out = append(out, s[start:i]...)
		out = appendEscape(out, c)
		start = i + 1
	}
	out = append(out, s[start:]...)
	return append(out, '"')
}

func appendEscape(out []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(out, '\\', c)
	case '\b':
		return append(out, `\b`...)
	case '\f':
		return append(out, `\f`...)
	case '\n':
		return append(out, `\n`...)
	case '\r':
		return append(out, `\r`...)
	case '\t':
		return append(out, `\t`...)
	default:
		return append(out, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
}
