package ordeal

import (
	"bytes"
	"encoding/binary"
)

// frames follows the messages that a client of PostgreSQL sends, across the borders of reads. It knows as much of
// the protocol as it takes to find a COMMIT.
type frames struct {
	begun bool   // the start-up message, which has no type, is over
	held  []byte // an incomplete message
}

const (
	lengthBytes = 4
	simpleQuery = 'Q'
	parse       = 'P'
	// sslRequest is the code of a message that comes before the start-up message.
	sslRequest = 80877103
)

// commits reports whether one of the messages that these bytes complete carries a COMMIT.
func (f *frames) commits(b []byte) bool {
	f.held = append(f.held, b...)
	found := false
	for {
		kind, body, ok := f.next()
		if !ok {
			return found
		}
		found = found || carriesCommit(kind, body)
	}
}

// next takes one complete message off what is held.
func (f *frames) next() (kind byte, body []byte, ok bool) {
	head := lengthBytes
	if f.begun {
		head++
	}
	if len(f.held) < head {
		return 0, nil, false
	}
	size := int(binary.BigEndian.Uint32(f.held[head-lengthBytes:head])) - lengthBytes
	if size < 0 || len(f.held) < head+size {
		return 0, nil, false
	}
	kind, body = f.held[0], f.held[head:head+size]
	f.held = f.held[head+size:]
	if !f.begun {
		f.begun = size < lengthBytes || binary.BigEndian.Uint32(body) != sslRequest
		kind = 0
	}
	return kind, body, true
}

// carriesCommit reads the statement of a query or of the message that prepares one.
func carriesCommit(kind byte, body []byte) bool {
	switch kind {
	case simpleQuery:
	case parse:
		_, body, _ = bytes.Cut(body, []byte{0}) // the name of the prepared statement
	default:
		return false
	}
	text, _, _ := bytes.Cut(body, []byte{0})
	return bytes.HasPrefix(bytes.ToUpper(bytes.TrimSpace(text)), []byte("COMMIT"))
}
