package audit

import (
	"crypto/sha256"
	"strings"
)

// Head is the end of a stream: the number and the hash of its last entry. It is all that is
// needed to append to the stream or to check its next entry.
type Head struct {
	Origin, Tenant, Stream string
	Seq                    int64
	Hash                   Hash
}

// Genesis returns the head of a stream that has no entry yet.
func Genesis(origin, tenant, stream string) Head {
	seed := strings.Join([]string{"AR1 genesis", origin, tenant, stream}, "\n")
	return Head{Origin: origin, Tenant: tenant, Stream: stream, Hash: sha256.Sum256([]byte(seed))}
}

// Link puts e behind the head: it returns e with its place in the stream filled in, and the head
// after it, whose hash is the entry's. Store the Bytes of the entry returned.
func (h Head) Link(e Entry) (Entry, Head) {
	e.Origin, e.Tenant, e.Stream = h.Origin, h.Tenant, h.Stream
	e.Seq, e.Prev = h.Seq+1, h.Hash
	h.Seq, h.Hash = e.Seq, e.Hash()
	return e, h
}

// Check tells whether e follows on the head and returns the head after it; otherwise the error is
// a *Break and the head comes back as it was.
func (h Head) Check(e Entry) (Head, error) {
	if b := h.follow(&e); b != nil {
		return h, b
	}
	h.Seq, h.Hash = e.Seq, e.Hash()
	return h, nil
}

func (h Head) follow(e *Entry) *Break {
	switch {
	case e.Origin != h.Origin || e.Tenant != h.Tenant || e.Stream != h.Stream:
		return breakOf(e, ErrStreamForeign.With("the stream is %q of tenant %q at %q", h.Stream, h.Tenant, h.Origin))
	case e.Seq != h.Seq+1:
		return breakOf(e, ErrStreamGap.With("expected entry %d", h.Seq+1))
	case e.Prev != h.Hash:
		return breakOf(e, ErrStreamBroken.With("the entry follows on %.16s, the one before is %.16s", e.Prev, h.Hash))
	}
	return nil
}
