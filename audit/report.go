package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Report is what a verification found. Breaks are ordered by line and hold the first thousand;
// BreakCount counts all.
type Report struct {
	Manifest   Manifest `json:"manifest,omitzero"`
	Entries    int64    `json:"entries"`
	Parts      int64    `json:"privateParts"`        // checked against their commitments
	Erased     int64    `json:"privatePartsErased"`  // missing, with an erasure that accounts for it
	Omitted    int64    `json:"privatePartsOmitted"` // left out of the export
	Streams    []Span   `json:"streams"`
	Breaks     []Break  `json:"breaks"`
	BreakCount int64    `json:"breakCount"`
}

// OK tells whether nothing was found.
func (r Report) OK() bool { return r.BreakCount == 0 }

// String returns the findings as a short text, one break per line.
func (r Report) String() string {
	var b strings.Builder
	if r.Manifest.Origin != "" {
		fmt.Fprintf(&b, "origin %s, exported %s by %s\n",
			r.Manifest.Origin, time.UnixMicro(r.Manifest.ExportedAt).UTC().Format(time.RFC3339), r.Manifest.Exporter)
	}
	for _, k := range slices.Sorted(maps.Keys(r.Manifest.Filter)) {
		fmt.Fprintf(&b, "filter %s = %s\n", k, r.Manifest.Filter[k])
	}
	fmt.Fprintf(&b, "%d entries in %d streams; private parts: %d checked, %d erased, %d left out\n",
		r.Entries, len(r.Streams), r.Parts, r.Erased, r.Omitted)
	for i := range r.Breaks {
		fmt.Fprintln(&b, r.Breaks[i].Error())
	}
	fmt.Fprintf(&b, "%d breaks\n", r.BreakCount)
	return b.String()
}

// Span is the part of a stream that was seen: the numbers of its first and last entry and the
// hash of the last.
type Span struct {
	Origin string `json:"origin"`
	Tenant string `json:"tenant"`
	Stream string `json:"stream"`
	First  int64  `json:"first"`
	Last   int64  `json:"last"`
	Hash   Hash   `json:"hash"`
}

// spans keeps one Span per stream. The writer and the verifier of an export share it, so that both
// mean the same by a stream's last entry.
type spans map[streamID]*Span

type streamID struct{ origin, tenant, stream string }

func (s spans) of(e *Entry) *Span { return s[streamID{e.Origin, e.Tenant, e.Stream}] }

// advance moves the stream of e to e. An entry that is not newer than the last one is a repetition
// and does not move it, so that one surplus entry makes one break.
func (s *spans) advance(e *Entry, hash Hash) {
	if *s == nil {
		*s = spans{}
	}
	if seen := s.of(e); seen == nil {
		(*s)[streamID{e.Origin, e.Tenant, e.Stream}] = &Span{
			Origin: e.Origin, Tenant: e.Tenant, Stream: e.Stream, First: e.Seq, Last: e.Seq, Hash: hash,
		}
	} else if e.Seq > seen.Last {
		seen.Last, seen.Hash = e.Seq, hash
	}
}

func (s spans) sorted() []Span {
	all := make([]Span, 0, len(s))
	for _, span := range s {
		all = append(all, *span)
	}
	slices.SortFunc(all, func(a, b Span) int { return a.compare(&b) })
	return all
}

// compare orders by origin, tenant and stream.
func (s *Span) compare(other *Span) int {
	return cmp.Or(
		strings.Compare(s.Origin, other.Origin),
		strings.Compare(s.Tenant, other.Tenant),
		strings.Compare(s.Stream, other.Stream),
	)
}

// maxBreaks bounds the memory that a hopeless log takes.
const maxBreaks = 1000

type breakList struct {
	kept  []Break
	count int64
}

func (l *breakList) add(b *Break) {
	l.count++
	if len(l.kept) < maxBreaks {
		l.kept = append(l.kept, *b)
	}
}

func (l *breakList) sorted() []Break {
	all := slices.Clone(l.kept)
	slices.SortStableFunc(all, func(a, b Break) int { return cmp.Compare(a.Line, b.Line) })
	return all
}
