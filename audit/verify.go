package audit

import (
	"errors"
	"io"
)

// Verify reads an export to its end and reports everything that is wrong with it: bytes, hashes,
// chains, views, private parts, and whether it is complete. An error means that r could not be
// read; a log that is not what it should be is a Report with breaks.
func Verify(r io.Reader) (Report, error) {
	x := exportCheck{scan: newScanner(r)}
	for {
		it, err := x.scan.next()
		if errors.Is(err, io.EOF) {
			return x.finish(), nil
		}
		if err != nil {
			return Report{}, err
		}
		x.check(&it)
	}
}

// exportCheck adds to the Verifier what only an export has: the order of its lines, the heads and
// the closing line.
type exportCheck struct {
	scan     *scanner
	verifier Verifier
	manifest Manifest
	stage    stage
	heads    []Span // not yet seen, once the first head or the closing line was reached
	streams  int
}

// stage is the part of the export that the next line belongs to; lines never go back.
type stage int

const (
	atManifest stage = iota
	atEntries
	atHeads
	afterClosing
)

func (x *exportCheck) check(it *item) {
	x.verifier.line = it.line
	if it.problem != nil {
		_ = x.verifier.report(it.problem)
	}
	switch {
	case it.manifest != nil:
		x.begin(it)
	case it.entry != nil:
		x.enter(atEntries)
		x.addEntry(it)
	case it.head != nil:
		x.enter(atHeads)
		x.checkHead(it)
	case it.closing != nil:
		x.enter(atHeads)
		x.checkClosing(it)
	case x.stage == atManifest:
		// The line could not be read; it stands where the manifest belongs, and was reported.
		x.stage = atEntries
	}
}

// enter moves to a later stage and reports a line of an earlier one.
func (x *exportCheck) enter(to stage) {
	switch {
	case x.stage == atManifest:
		x.report(ErrExportMalformed.With("the first line is not the manifest"))
	case x.stage > to:
		x.report(ErrExportMalformed.With("the line stands after those it belongs before"))
		return
	}
	if to == atHeads && x.stage < atHeads {
		x.heads = x.verifier.streams.sorted()
		x.streams = len(x.heads)
	}
	x.stage = to
}

func (x *exportCheck) begin(it *item) {
	if x.stage != atManifest {
		x.report(ErrExportMalformed.With("a second manifest"))
		return
	}
	x.stage, x.manifest = atEntries, *it.manifest
	x.verifier.Origin = it.manifest.Origin
	x.verifier.Partial = len(it.manifest.Filter) > 0
	x.verifier.PrivateOmitted = !it.manifest.Private
}

func (x *exportCheck) addEntry(it *item) {
	e := it.entry
	if e.refused != nil {
		_ = x.verifier.addUndecoded(it.line, breakOf(nil, e.refused))
		return
	}
	_ = x.verifier.add(it.line, e.decoded, e.AR1, e.Hash, e.Private)
}

// checkHead walks both ordered lists at once, so that a head that is missing is named and the ones
// behind it are not blamed.
func (x *exportCheck) checkHead(it *item) {
	for len(x.heads) > 0 && x.heads[0].compare(it.head) < 0 {
		x.reportHead(&x.heads[0], "the export lacks the head of this stream")
		x.heads = x.heads[1:]
	}
	if len(x.heads) == 0 || x.heads[0].compare(it.head) != 0 {
		x.reportHead(it.head, "the head is of a stream without entries")
		return
	}
	if x.heads[0] != *it.head {
		x.reportHead(it.head, "the head is not that of the stream's entries")
	}
	x.heads = x.heads[1:]
}

func (x *exportCheck) reportHead(s *Span, reason string) {
	b := breakOf(nil, ErrExportAltered.With("%s", reason))
	b.Tenant, b.Stream, b.Seq = s.Tenant, s.Stream, s.Last
	_ = x.verifier.report(b)
}

func (x *exportCheck) checkClosing(it *item) {
	for i := range x.heads {
		x.reportHead(&x.heads[i], "the export lacks the head of this stream")
	}
	if c := it.closing; c.Entries != x.verifier.entries || c.Streams != x.streams {
		x.report(ErrExportAltered.With("the closing line counts %d entries in %d streams, found %d in %d",
			c.Entries, c.Streams, x.verifier.entries, x.streams))
	}
	if it.closing.SHA256 != it.before {
		_ = x.verifier.report(alteredBefore(it.line))
	}
	x.stage = afterClosing
}

func (x *exportCheck) report(err error) { _ = x.verifier.report(breakOf(nil, err)) }

func (x *exportCheck) finish() Report {
	if x.stage != afterClosing {
		_ = x.verifier.report(truncated(x.scan.line + 1))
	}
	r := x.verifier.Finish()
	r.Manifest = x.manifest
	return r
}
