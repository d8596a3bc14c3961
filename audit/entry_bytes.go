package audit

import (
	"bytes"
	"encoding/binary"

	"tallystick/fault"
)

var magic = []byte("AR1\n")

// Bytes returns the entry's canonical AR1 bytes. Decode reads them back to an equal entry, except
// that text which is not UTF-8 comes back with replacement characters.
func (e *Entry) Bytes() []byte {
	b := append(make([]byte, 0, 512), magic...)
	for i := range fields {
		f := &fields[i]
		if !f.present(e) {
			continue
		}
		b = binary.BigEndian.AppendUint16(b, f.tag)
		at := len(b)
		b = f.put(append(b, 0, 0, 0, 0), e)
		binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	}
	return b
}

// Decode reads AR1 bytes. It refuses with ErrEntryMalformed everything that Bytes would not have
// written: unknown, repeated or unordered tags, missing ones, wrong lengths, trailing bytes.
func Decode(b []byte) (Entry, error) {
	var e Entry
	rest, ok := bytes.CutPrefix(b, magic)
	if !ok {
		return e, ErrEntryMalformed.With("the bytes do not begin with AR1")
	}
	next := 0
	for len(rest) > 0 {
		tag, value, tail, ok := cutField(rest)
		if !ok {
			return Entry{}, ErrEntryMalformed.With("byte %d: a field is cut off", len(b)-len(rest))
		}
		at, err := seek(next, tag)
		if err != nil {
			return Entry{}, err
		}
		if !fields[at].take(&e, value) {
			return Entry{}, ErrEntryMalformed.With("tag %d: not a canonical value", tag)
		}
		next, rest = at+1, tail
	}
	return e, missing(next, len(fields))
}

func cutField(b []byte) (tag uint16, value, rest []byte, ok bool) {
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	value, rest, ok = cutSized(b[2:])
	return binary.BigEndian.Uint16(b), value, rest, ok
}

// seek returns the table row of a tag at or after row from, so that order, repetition and absence
// of what is required show in one pass.
func seek(from int, tag uint16) (int, error) {
	at := from
	for at < len(fields) && fields[at].tag < tag {
		at++
	}
	if at == len(fields) || fields[at].tag != tag {
		return 0, ErrEntryMalformed.With("tag %d: unknown, repeated or out of order", tag)
	}
	return at, missing(from, at)
}

func missing(from, to int) error {
	for _, f := range fields[from:to] {
		if f.required {
			return ErrEntryMalformed.With("tag %d: missing", f.tag)
		}
	}
	return nil
}

// ErrEntryMalformed tells that the bytes are not the canonical encoding of an entry.
var ErrEntryMalformed = fault.New(fault.Invalid, "entry.malformed", "the bytes are no canonical AR1 entry")
