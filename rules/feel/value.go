package feel

import (
	"math"
	"slices"
	"unsafe"

	"github.com/cockroachdb/apd/v3"
)

// Kind is the kind of a value.
type Kind uint8

// The kinds of FEEL values.
const (
	KindNull Kind = iota
	KindBoolean
	KindNumber
	KindString
	KindDate
	KindTime
	KindDateTime
	KindDaysDuration
	KindYearsDuration
	KindList
	KindContext
	KindRange
	KindFunction
)

var kindNames = [...]string{
	"null", "boolean", "number", "string", "date", "time", "date and time",
	"days and time duration", "years and months duration", "list", "context", "range", "function",
}

// String returns the name of the kind in the words of the standard.
func (k Kind) String() string { return kindNames[k] }

// Value is a FEEL value; the zero value is null. Values are immutable and may be shared.
//
// The fields mean: a boolean is n; a number is n·10^-scale, or a decimal in ref when that is too
// small a space; a date is n days since 1970; a time is n seconds of the day, nanos and a zone in
// ref; a date and time is n local seconds since 1970, nanos and a zone; a string is n bytes at
// the pointer in ref; a days and time duration is n seconds and nanos of the same sign; a years and months duration is n months; the others are in ref.
type Value struct {
	head
	n   int64
	ref any
}

// head is a struct of its own because the compiler keeps structs in registers only up to four fields.
type head struct {
	kind  Kind
	scale uint8
	nanos int32
}

// Null is the null value.
var Null = Value{}

var (
	yes = Value{head: head{kind: KindBoolean}, n: 1}
	no  = Value{head: head{kind: KindBoolean}}
)

// Boolean returns true or false.
func Boolean(b bool) Value {
	if b {
		return yes
	}
	return no
}

// Text returns a string.
func Text(s string) Value {
	// A pointer in an interface takes no allocation, a string would: most values are numbers and strings.
	return Value{head: head{kind: KindString}, n: int64(len(s)), ref: unsafe.StringData(s)}
}

// Int returns a number.
func Int(i int64) Value {
	if i == math.MinInt64 {
		return Value{head: head{kind: KindNumber}, ref: apd.New(i, 0)}
	}
	return Value{head: head{kind: KindNumber}, n: i}
}

// ListOf returns a list; the caller must not change items afterwards.
func ListOf(items ...Value) Value { return Value{head: head{kind: KindList}, ref: items} }

// ContextOf returns a context with the entries in the given order. A value missing at the end is
// null; the last of several equal keys wins.
func ContextOf(keys []string, values []Value) Value {
	c := newContext(len(keys))
	for i, key := range keys {
		value := Null
		if i < len(values) {
			value = values[i]
		}
		c.put(key, value)
	}
	return c.value()
}

// Kind returns the kind.
func (v Value) Kind() Kind { return v.kind }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.kind == KindNull }

// Bool returns the boolean; ok is false for every other kind.
func (v Value) Bool() (val, ok bool) { return v.n != 0 && v.kind == KindBoolean, v.kind == KindBoolean }

// Text returns the string; ok is false for every other kind.
func (v Value) Text() (string, bool) {
	if v.kind != KindString {
		return "", false
	}
	return v.text(), true
}

// List returns the items of a list; ok is false for every other kind. The caller must not change them.
func (v Value) List() ([]Value, bool) {
	if v.kind != KindList {
		return nil, false
	}
	return v.ref.([]Value), true
}

// Entries returns keys and values of a context in order; ok is false for every other kind. The
// caller must not change them.
func (v Value) Entries() (keys []string, values []Value, ok bool) {
	if v.kind != KindContext {
		return nil, nil, false
	}
	c := v.ref.(*context)
	return c.keys, c.values, true
}

// Entry returns the entry of a context; ok is false when there is none.
func (v Value) Entry(key string) (entry Value, ok bool) {
	if v.kind != KindContext {
		return Null, false
	}
	return v.ref.(*context).get(key)
}

// Decimal returns a number as coefficient / 10^scale; ok is false for other kinds and for numbers that need more
// room. Equal numbers may have different scales.
func (v Value) Decimal() (coefficient int64, scale int, ok bool) {
	return v.n, int(v.scale), v.kind == KindNumber && v.ref == nil
}

func (v Value) isTrue() bool { return v.kind == KindBoolean && v.n != 0 }

func (v Value) text() string { return unsafe.String(v.ref.(*byte), int(v.n)) }

func (v Value) list() []Value { return v.ref.([]Value) }

// context is an ordered set of entries; it is written only while it is being built.
type context struct {
	keys   []string
	values []Value
	index  map[string]int
}

// indexMin is the size from which a map beats looking through the keys.
const indexMin = 12

func newContext(size int) *context {
	return &context{keys: make([]string, 0, size), values: make([]Value, 0, size)}
}

func (c *context) value() Value { return Value{head: head{kind: KindContext}, ref: c} }

func (c *context) find(key string) int {
	if c.index == nil {
		return slices.Index(c.keys, key)
	}
	if i, ok := c.index[key]; ok {
		return i
	}
	return -1
}

func (c *context) get(key string) (Value, bool) {
	if i := c.find(key); i >= 0 {
		return c.values[i], true
	}
	return Null, false
}

// put sets an entry: a new key goes last, an existing one keeps its place.
func (c *context) put(key string, v Value) {
	if i := c.find(key); i >= 0 {
		c.values[i] = v
		return
	}
	c.keys = append(c.keys, key)
	c.values = append(c.values, v)
	if c.index != nil {
		c.index[key] = len(c.keys) - 1
	} else if len(c.keys) > indexMin {
		c.index = make(map[string]int, 2*len(c.keys))
		for i, k := range c.keys {
			c.index[k] = i
		}
	}
}

func (c *context) clone() *context {
	next := newContext(len(c.keys) + 1)
	for i, key := range c.keys {
		next.put(key, c.values[i])
	}
	return next
}

// interval is a range. An end point that is null is open, and then not included.
// op is = or != for the tests (= 10) and (!= 10) as values.
type interval struct {
	op                         string
	start, end                 Value
	startIncluded, endIncluded bool
}

func (r *interval) value() Value { return Value{head: head{kind: KindRange}, ref: r} }

func (v Value) interval() *interval { return v.ref.(*interval) }
