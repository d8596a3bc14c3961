package audit

import (
	"cmp"
	"maps"
	"slices"

	"tallystick/fault"
)

// Where the ends of streams are kept beside the log, as they are in a database, they show what a chain
// cannot: an end that was cut off, and entries that were put behind it.
var (
	// ErrStreamTruncated: the log ends before the head that is kept of the stream.
	ErrStreamTruncated = fault.New(fault.Invalid, "stream.truncated", "the stream ends early")
	// ErrStreamSurplus: the log goes on behind the head that is kept of the stream.
	ErrStreamSurplus = fault.New(fault.Invalid, "stream.surplus", "the stream goes on behind its head")
)

// ends are the heads that streams must reach, and must not pass.
type ends struct {
	least, most map[streamID]Head
}

// AtLeast demands that the stream of h goes to h or further.
func (v *Verifier) AtLeast(h Head) { v.ends.least = keepHead(v.ends.least, h) }

// AtMost demands that the stream of h does not go further than h. Once it was called, a stream that has no
// such head is surplus as a whole.
func (v *Verifier) AtMost(h Head) { v.ends.most = keepHead(v.ends.most, h) }

func keepHead(m map[streamID]Head, h Head) map[streamID]Head {
	if m == nil {
		m = map[streamID]Head{}
	}
	m[streamID{h.Origin, h.Tenant, h.Stream}] = h
	return m
}

// checkEnds compares the last entries seen with the heads.
func (v *Verifier) checkEnds() {
	v.line = 0
	for _, id := range sortedIDs(v.ends.least) {
		h := v.ends.least[id]
		s := v.streams[id]
		if s == nil {
			s = &Span{}
		}
		if s.Last < h.Seq {
			_ = v.report(breakInStream(id, s.Last+1, ErrStreamTruncated.With("the head is entry %d", h.Seq)))
		} else if s.Last == h.Seq && s.Hash != h.Hash {
			_ = v.report(breakInStream(id, h.Seq, ErrStreamBroken.With("the entry is not the head that is kept of the stream")))
		}
	}
	if v.ends.most == nil {
		return
	}
	for _, id := range sortedIDs(v.streams) {
		if h, s := v.ends.most[id], v.streams[id]; s.Last > h.Seq {
			_ = v.report(breakInStream(id, h.Seq+1, ErrStreamSurplus.With("the head is entry %d", h.Seq)))
		}
	}
}

func sortedIDs[T any](m map[streamID]T) []streamID {
	return slices.SortedFunc(maps.Keys(m), func(a, b streamID) int {
		return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.stream, b.stream))
	})
}

func breakInStream(id streamID, seq int64, err error) *Break {
	b := breakOf(nil, err)
	b.Tenant, b.Stream, b.Seq = id.tenant, id.stream, seq
	return b
}
