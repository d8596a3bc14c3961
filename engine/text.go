package engine

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"tallystick/internal/canon"
)

// text writes JSON, byte for byte as encoding/json does without its escapes for HTML: stored records and
// states are compared and digested, so both forms have to be one. The first failure is kept.
type text struct {
	out []byte
	err error
}

// key writes the name of the next field. Names are identifiers: nothing in them needs an escape.
func (t *text) key(name string) {
	if t.out[len(t.out)-1] != '{' {
		t.out = append(t.out, ',')
	}
	t.out = append(t.out, '"')
	t.out = append(t.out, name...)
	t.out = append(t.out, '"', ':')
}

func (t *text) open(name string) {
	t.key(name)
	t.out = append(t.out, '{')
}

func (t *text) close() { t.out = append(t.out, '}') }

func (t *text) number(name string, n int64) {
	t.key(name)
	t.out = strconv.AppendInt(t.out, n, 10)
}

func (t *text) numberIf(name string, n int64) {
	if n != 0 {
		t.number(name, n)
	}
}

func (t *text) string(name, s string) {
	t.key(name)
	t.quote(s)
}

func (t *text) stringIf(name, s string) {
	if s != "" {
		t.string(name, s)
	}
}

func (t *text) strings(name string, list []string) {
	t.key(name)
	t.out = append(t.out, '[')
	for i, s := range list {
		if i > 0 {
			t.out = append(t.out, ',')
		}
		t.quote(s)
	}
	t.out = append(t.out, ']')
}

func (t *text) stringsIf(name string, list []string) {
	if len(list) > 0 {
		t.strings(name, list)
	}
}

func (t *text) numbersIf(name string, list []int64) {
	if len(list) == 0 {
		return
	}
	t.key(name)
	for i, n := range list {
		sign := byte(',')
		if i == 0 {
			sign = '['
		}
		t.out = strconv.AppendInt(append(t.out, sign), n, 10)
	}
	t.out = append(t.out, ']')
}

func (t *text) mapIf(name string, fields map[string]string) {
	if len(fields) == 0 {
		return
	}
	t.key(name)
	for i, key := range slices.Sorted(maps.Keys(fields)) {
		sign := byte(',')
		if i == 0 {
			sign = '{'
		}
		t.out = append(t.out, sign)
		t.quote(key)
		t.out = append(t.out, ':')
		t.quote(fields[key])
	}
	t.close()
}

// time writes a moment. Only the years 0 to 9999 have a text.
func (t *text) time(name string, at time.Time) {
	t.key(name)
	moment, err := at.AppendText(append(t.out, '"'))
	if err != nil {
		t.fail(err)
		return
	}
	t.out = append(moment, '"')
}

func (t *text) timeIf(name string, at time.Time) {
	if !at.IsZero() {
		t.time(name, at)
	}
}

// value embeds a document, which is canonical unless the caller of a command broke the contract.
func (t *text) value(name string, value canon.JSON) {
	t.key(name)
	switch {
	case value == "":
		t.out = append(t.out, canon.Null...)
	case compact(string(value)):
		t.out = append(t.out, value...)
	default:
		buffer := bytes.NewBuffer(t.out)
		t.fail(json.Compact(buffer, []byte(value)))
		t.out = buffer.Bytes()
	}
}

func (t *text) variablesIf(vars canon.JSON) {
	if vars != "" {
		t.value("variables", vars)
	}
}

func (t *text) trueIf(name string, b bool) {
	if b {
		t.key(name)
		t.out = append(t.out, "true"...)
	}
}

// other writes what is too rare or too rich to have its own lines here.
func (t *text) other(name string, v any) {
	t.key(name)
	written, err := marshal(v)
	t.fail(err)
	t.out = append(t.out, written...)
}

func (t *text) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

const hexDigits = "0123456789abcdef"

// quote writes a string with the escapes that encoding/json chooses.
func (t *text) quote(s string) {
	t.out = append(t.out, '"')
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				t.out = append(t.out, s[start:i]...)
				t.escape(c)
				start = i + 1
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			t.out = append(append(t.out, s[start:i]...), `\ufffd`...)
			start = i + size
		case r == '\u2028' || r == '\u2029':
			t.out = append(append(t.out, s[start:i]...), `\u202`...)
			t.out = append(t.out, hexDigits[r&15])
			start = i + size
		}
		i += size
	}
	t.out = append(append(t.out, s[start:]...), '"')
}

func (t *text) escape(c byte) {
	t.out = append(t.out, '\\')
	switch c {
	case '"', '\\':
		t.out = append(t.out, c)
	case '\b':
		t.out = append(t.out, 'b')
	case '\f':
		t.out = append(t.out, 'f')
	case '\n':
		t.out = append(t.out, 'n')
	case '\r':
		t.out = append(t.out, 'r')
	case '\t':
		t.out = append(t.out, 't')
	default:
		t.out = append(t.out, 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
	}
}
