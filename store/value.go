package store

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun/schema"

	"tallystick/query"
)

// text is a string on its way into a TEXT column. PostgreSQL refuses NUL and broken UTF-8, which would
// spoil a whole batch, so both become U+FFFD here.
type text string

// AppendQuery implements schema.QueryAppender.
func (t text) AppendQuery(gen schema.QueryGen, b []byte) ([]byte, error) {
	return gen.Dialect().AppendString(b, clean(string(t))), nil
}

func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// textOrNull is nil for the empty string.
func textOrNull(s string) *text {
	if s == "" {
		return nil
	}
	t := text(s)
	return &t
}

// orNull is an argument that is NULL without a text.
func orNull(s *string) any {
	if s == nil {
		return nil
	}
	return text(*s)
}

// keyOrNull is nil for 0, which is no key.
func keyOrNull(k int64) *int64 {
	if k == 0 {
		return nil
	}
	return &k
}

// micros is how a time is stored.
func micros(t time.Time) int64 { return t.UnixMicro() }

// microsOrNull is nil for the zero time.
func microsOrNull(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := micros(t)
	return &n
}

// microsUp rounds up, so that a timer read back is never due too early.
func microsUp(t time.Time) int64 { return micros(t.Add(time.Microsecond - time.Nanosecond)) }

// instant reads a stored time.
func instant(n int64) time.Time { return time.UnixMicro(n).UTC() }

// document is JSON text for a column. The values are lists and maps of strings, which always marshal.
func document(v any) text {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: %T does not marshal: %v", v, err))
	}
	return text(b)
}

func list(items []string) text {
	if items == nil {
		items = []string{}
	}
	return document(items)
}

func dictionary(m map[string]string) text {
	if m == nil {
		m = map[string]string{}
	}
	return document(m)
}

// indexed is how many characters of free text an index holds.
const indexed = 128

// head is the part of s that is in an index, as substr(s, 1, 128) is in SQL.
func head(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// span is the distance from the key of an instance to the last key inside it (design, section 3).
const span = 1<<24 - 1

// inside is the condition that a key lies inside the instance whose key is given: a range of the primary key.
func inside(key, instance string) string {
	return key + " BETWEEN " + instance + " AND " + instance + " + " + strconv.Itoa(span)
}

// into reads a stored time into a time.Time; NULL is the zero time.
type into struct{ t *time.Time }

// Scan implements sql.Scanner.
func (d into) Scan(src any) error {
	n, ok := src.(int64)
	switch {
	case ok:
		*d.t = instant(n)
	case src == nil:
		*d.t = time.Time{}
	default:
		return fmt.Errorf("a stored time is %T", src)
	}
	return nil
}

// intoMaybe reads a stored time that may be NULL.
type intoMaybe struct{ t **time.Time }

// Scan implements sql.Scanner.
func (d intoMaybe) Scan(src any) error {
	if src == nil {
		*d.t = nil
		return nil
	}
	*d.t = new(time.Time)
	return into{*d.t}.Scan(src)
}

// maybeKey reads a key that may be NULL.
type maybeKey struct{ k **query.Key }

// Scan implements sql.Scanner.
func (d maybeKey) Scan(src any) error {
	n, ok := src.(int64)
	switch {
	case ok:
		k := query.Key(n)
		*d.k = &k
	case src == nil:
		*d.k = nil
	default:
		return fmt.Errorf("a stored key is %T", src)
	}
	return nil
}

// orZero reads a column whose NULL is the zero value of the view.
type orZero[T ~string | ~int64] struct{ v *T }

// Scan implements sql.Scanner.
func (d orZero[T]) Scan(src any) error {
	var zero T
	if src == nil {
		*d.v = zero
		return nil
	}
	switch p := any(d.v).(type) {
	case *string:
		s, ok := src.(string)
		*p = s
		return scanned(ok, src)
	case *query.Key:
		n, ok := src.(int64)
		*p = query.Key(n)
		return scanned(ok, src)
	}
	return scanned(false, src)
}

// fromJSON reads a JSON column.
type fromJSON struct {
	v    any
	size int // of the text
}

// Scan implements sql.Scanner.
func (d *fromJSON) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return scanned(ok, src)
	}
	d.size = len(s)
	return json.Unmarshal([]byte(s), d.v)
}

func scanned(ok bool, src any) error {
	if !ok {
		return fmt.Errorf("the column holds an unexpected %T", src)
	}
	return nil
}
