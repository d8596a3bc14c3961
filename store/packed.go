package store

import (
	"bytes"
	_ "embed"
	"sync"

	"github.com/klauspost/compress/s2"
)

// Audit entries, their private parts and the states of instances are kept packed (ADR 9): they say the same words over
// and over. The first byte of a blob tells its form; a form is never changed, a better one gets the next number.
const (
	verbatim = 0 // the rest is the value
	packedS2 = 1 // the rest is S2 with dictionary 1
	// Every other first byte: the blob is the value. Entries begin with A, JSON with a brace.
)

// packedMost bounds what one packed blob may become, so that a chunk of an export stays small (see chunkEnd) and a
// forged blob cannot fill the memory. Larger values are kept verbatim.
const packedMost = 16 << 10

//go:embed packed.dict
var packedWords []byte

// dictionary1 holds every record kind with its fields, and entries of the returns example.
var dictionary1 = sync.OnceValue(func() *s2.Dict { return s2.MakeDict(packedWords, nil) })

var packing = sync.Pool{New: func() any { return new([s2Most]byte) }}

// s2Most is no less than s2.MaxEncodedLen(packedMost).
const s2Most = packedMost + packedMost/6 + 64

// pack gives the form in which a value is kept. Equal values need not give equal blobs in later builds.
func pack(value []byte) []byte {
	if len(value) == 0 {
		return value
	}
	if len(value) <= packedMost {
		room := packing.Get().(*[s2Most]byte)
		defer packing.Put(room)
		if small := dictionary1().Encode(room[:], value); len(small)+1 < len(value) {
			return append(append(make([]byte, 0, len(small)+1), packedS2), small...)
		}
	}
	if value[0] <= packedS2 {
		return append([]byte{verbatim}, value...)
	}
	return value
}

// unpack gives the value of a blob, in memory of its own. A blob that was tampered with so that it cannot be unpacked is
// its own value: verification then names the entry, where an error would hide all entries behind it.
func unpack(blob []byte) []byte {
	if len(blob) == 0 {
		return bytes.Clone(blob)
	}
	switch blob[0] {
	case verbatim:
		return bytes.Clone(blob[1:])
	case packedS2:
		if n, err := s2.DecodedLen(blob[1:]); err != nil || n > packedMost {
			break
		}
		if value, err := dictionary1().Decode(nil, blob[1:]); err == nil {
			return value
		}
	}
	return bytes.Clone(blob)
}

// unpacked reads a packed column; NULL is nil.
type unpacked struct{ value *[]byte }

// Scan implements sql.Scanner.
func (u unpacked) Scan(src any) error {
	blob, ok := src.([]byte)
	*u.value = unpack(blob)
	return scanned(ok || src == nil, src)
}
