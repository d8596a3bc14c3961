package audit

import (
	"crypto/sha256"
	"maps"
	"slices"
)

// Verifier checks entries as they come, from a file or from a database: encoding, hashes, chains
// and private parts. Entries of one stream come in order; streams may interleave. The zero value
// expects whole streams with all their private parts. It is not safe for concurrent use.
type Verifier struct {
	Origin         string // when set, entries of another origin are foreign
	Partial        bool   // a stream may begin after its first entry
	PrivateOmitted bool   // private parts that are not handed in are not missing

	line     int64 // where the entry at hand comes from
	entries  int64
	parts    int64
	streams  spans
	erasures erasures
	missing  []missingPart
	erased   int64
	omitted  int64
	breaks   breakList
	ends     ends
}

// Add checks the next entry: its stored bytes, the hash stored beside them and its private parts.
// The error is the first *Break of this entry; the verifier remembers it and goes on.
func (v *Verifier) Add(ar1 []byte, hash Hash, private Private) error {
	return v.AddStored("", 0, ar1, hash, private)
}

// AddStored is Add for an entry that somebody keeps as that of a stream and number. Bytes that are no entry cannot say
// where they belong; their break says where they are kept.
func (v *Verifier) AddStored(stream string, seq int64, ar1 []byte, hash Hash, private Private) error {
	e, err := Decode(ar1)
	if err != nil {
		b := breakOf(nil, err)
		b.Stream, b.Seq = stream, seq
		return v.result(v.addUndecoded(v.entries+1, b))
	}
	return v.result(v.add(v.entries+1, &e, ar1, hash, private))
}

// result avoids an error that holds a nil *Break.
func (v *Verifier) result(b *Break) error {
	if b == nil {
		return nil
	}
	return b
}

func (v *Verifier) addUndecoded(line int64, b *Break) *Break {
	v.line = line
	v.entries++
	return v.report(b)
}

func (v *Verifier) add(line int64, e *Entry, ar1 []byte, hash Hash, private Private) *Break {
	v.line = line
	v.entries++
	first := v.checkChain(e, ar1, hash)
	if b := v.checkPrivate(e, private); first == nil {
		first = b
	}
	v.erasures.note(e)
	return first
}

func (v *Verifier) checkChain(e *Entry, ar1 []byte, hash Hash) *Break {
	var first *Break
	keep := func(b *Break) {
		if first == nil {
			first = b
		}
	}
	if Hash(sha256.Sum256(ar1)) != hash {
		keep(v.report(breakOf(e, ErrEntryAltered)))
	}
	if v.Origin != "" && e.Origin != v.Origin {
		keep(v.report(breakOf(e, ErrStreamForeign.With("the origin is %q", v.Origin))))
	}
	if b := v.headBefore(e).follow(e); b != nil {
		keep(v.report(b))
	}
	v.streams.advance(e, hash)
	return first
}

// headBefore is the head that e has to follow on. In a part of a log the first entry seen of a
// stream is taken at its word, but entry 1 always follows on the genesis.
func (v *Verifier) headBefore(e *Entry) Head {
	h := Head{Origin: e.Origin, Tenant: e.Tenant, Stream: e.Stream}
	if s := v.streams.of(e); s != nil {
		h.Seq, h.Hash = s.Last, s.Hash
		return h
	}
	if v.Partial && e.Seq > 1 {
		h.Seq, h.Hash = e.Seq-1, e.Prev
		return h
	}
	return Genesis(e.Origin, e.Tenant, e.Stream)
}

func (v *Verifier) checkPrivate(e *Entry, private Private) *Break {
	var first *Break
	all := e.commitments()
	for _, c := range all {
		part, ok := private[c.name]
		switch {
		case !ok:
			v.noteMissing(e, c.name)
		case Commit(part.Salt, part.Data) == c.hash:
			v.parts++
		case first == nil:
			first = v.report(breakOf(e, ErrPrivateAltered.With("private part %q does not match its commitment", c.name)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(private)) {
		if first == nil && !slices.ContainsFunc(all, func(c commitment) bool { return c.name == name }) {
			first = v.report(breakOf(e, ErrPrivateAltered.With("private part %q has no commitment", name)))
		}
	}
	return first
}

func (v *Verifier) report(b *Break) *Break {
	if b.Line == 0 {
		b.Line = v.line
	}
	v.breaks.add(b)
	return b
}

// Finish looks for erasures that account for the missing private parts and returns the findings.
// Nothing may be added afterwards.
func (v *Verifier) Finish() Report {
	for _, m := range v.missing {
		if v.erasures.cover(m) {
			v.erased++
			continue
		}
		_ = v.report(m.broken())
	}
	v.missing = nil
	v.checkEnds()
	return Report{
		Entries: v.entries, Parts: v.parts, Erased: v.erased, Omitted: v.omitted,
		Streams: v.streams.sorted(), Breaks: v.breaks.sorted(), BreakCount: v.breaks.count,
	}
}
