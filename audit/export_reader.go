package audit

import (
	"errors"
	"io"
)

// Reader reads an export entry by entry, for those who want its content. It checks the form of
// the lines and that the export is complete; only Verify checks the chains and private parts.
type Reader struct {
	s        *scanner
	manifest Manifest
}

// NewReader reads the manifest. The error is a *Break when the export does not begin with one.
func NewReader(r io.Reader) (*Reader, error) {
	x := &Reader{s: newScanner(r)}
	it, err := x.s.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, breakAt(1, ErrExportTruncated.With("the export is empty"))
	case err != nil:
		return nil, err
	case it.problem != nil:
		return nil, it.problem
	case it.manifest == nil:
		return nil, breakAt(1, ErrExportMalformed.With("the first line is not the manifest"))
	}
	x.manifest = *it.manifest
	return x, nil
}

// Manifest returns the first line.
func (r *Reader) Manifest() Manifest { return r.manifest }

// Next returns the next entry, and io.EOF once the closing line was reached. The error is a *Break
// when a line is malformed or the export ends without its closing line.
func (r *Reader) Next() (Line, error) {
	for {
		it, err := r.s.next()
		switch {
		case errors.Is(err, io.EOF):
			return Line{}, truncated(r.s.line + 1)
		case err != nil:
			return Line{}, err
		case it.problem != nil:
			return Line{}, it.problem
		case it.entry != nil:
			return it.entry.Line, nil
		case it.closing != nil && it.closing.SHA256 != it.before:
			return Line{}, alteredBefore(it.line)
		case it.closing != nil:
			return Line{}, io.EOF
		}
	}
}

func breakAt(line int64, err error) *Break {
	b := breakOf(nil, err)
	b.Line = line
	return b
}

func truncated(line int64) *Break {
	return breakAt(line, ErrExportTruncated.With("the closing line is missing"))
}

func alteredBefore(line int64) *Break {
	return breakAt(line, ErrExportAltered.With("the lines before do not have the digest in the closing line"))
}
