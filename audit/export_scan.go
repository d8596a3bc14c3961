package audit

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"hash"
	"io"
)

// maxLine bounds what one line of an export may take of the reader's memory.
const maxLine = 64 << 20

// item is one line of an export, read and compared with what Writer makes of its content. Exactly
// one of its parts is set, or none when the line could not be read. problem is the first thing
// wrong with the line by itself.
type item struct {
	line     int64
	manifest *Manifest
	entry    *entryItem
	head     *Span
	closing  *closing
	before   Hash // digest of all lines before a closing line
	problem  *Break
}

type entryItem struct {
	Line
	decoded *Entry // nil when refused is set
	refused error
}

// scanner splits an export into its lines. It checks each line by itself and its number.
type scanner struct {
	r      *bufio.Reader
	digest hash.Hash
	line   int64
	offset int64 // how far the numbers in the lines are off, so that one lost line is one break
	buf    []byte
}

func newScanner(r io.Reader) *scanner {
	return &scanner{r: bufio.NewReaderSize(r, 64<<10), digest: sha256.New()}
}

// next returns the next line, io.EOF after the last, or the reader's error.
func (s *scanner) next() (item, error) {
	raw, err := s.read()
	if err != nil && !errors.Is(err, errLongLine) {
		return item{}, err
	}
	s.line++
	it := item{line: s.line}
	if err != nil {
		it.problem = breakOf(nil, ErrExportMalformed.With("the line is longer than %d bytes", maxLine))
	} else {
		s.parse(&it, raw)
	}
	if it.problem != nil {
		it.problem.Line = s.line
	}
	s.digest.Write(raw)
	return it, nil
}

var errLongLine = errors.New("line too long")

// read returns a line with its end. What is longer than maxLine is skipped.
func (s *scanner) read() ([]byte, error) {
	var long []byte
	for size := 0; ; {
		chunk, err := s.r.ReadSlice('\n')
		size += len(chunk)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			if size <= maxLine {
				long = append(long, chunk...)
			}
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case size == 0:
			return nil, io.EOF
		case size > maxLine:
			return nil, errLongLine
		case long == nil:
			return chunk, nil
		}
		return append(long, chunk...), nil
	}
}

// parsed is every kind of line at once.
type parsed struct {
	Line     int64           `json:"line"`
	Manifest *Manifest       `json:"manifest"`
	AR1      *[]byte         `json:"ar1"`
	Hash     Hash            `json:"hash"`
	View     json.RawMessage `json:"view"`
	Private  Private         `json:"private"`
	Head     *Span           `json:"head"`
	Closing  *closing        `json:"closing"`
}

// parse reads a line and compares it with what Writer makes of its content; so the reading itself
// may be lenient.
func (s *scanner) parse(it *item, raw []byte) {
	var p parsed
	rest, found := cutEntryLine(raw, &p)
	if !found {
		p = parsed{}
		if err := json.Unmarshal(raw, &p); err != nil {
			it.problem = breakOf(nil, ErrExportMalformed.With("not a line of an export: %v", err))
			return
		}
	}
	it.fill(&p, s.digest)
	if found && !cutDerived(rest, &p, it.entry) {
		// The hurried reading is for good lines only; what is wrong with this one JSON has to tell.
		if err := json.Unmarshal(raw, &p); err != nil {
			it.problem = breakOf(it.decoded(), ErrExportMalformed.With("not a line of an export: %v", err))
			return
		}
		it.entry.Private = p.Private
	}
	s.buf = it.append(s.buf[:0], p.Line)
	if len(s.buf) == 0 {
		it.problem = breakOf(nil, ErrExportMalformed.With("the line is of no known kind"))
		return
	}
	it.problem = s.judge(it, &p, raw)
}

// fill sets the part of it that the line holds.
func (it *item) fill(p *parsed, before hash.Hash) {
	switch {
	case p.Manifest != nil:
		it.manifest = p.Manifest
	case p.AR1 != nil:
		it.entry = &entryItem{Line: Line{AR1: *p.AR1, Hash: p.Hash, Private: p.Private}}
		if e, err := Decode(*p.AR1); err != nil {
			it.entry.refused = err
		} else {
			it.entry.decoded, it.entry.View = &e, e.View()
		}
	case p.Head != nil:
		it.head = p.Head
	case p.Closing != nil:
		it.closing, it.before = p.Closing, Hash(before.Sum(nil))
	}
}

// append writes the line as Writer would, or nothing when it is of no kind.
func (it *item) append(b []byte, line int64) []byte {
	switch {
	case it.manifest != nil:
		return appendManifestLine(b, line, *it.manifest)
	case it.entry != nil:
		return appendEntryLine(b, line, it.entry.Line)
	case it.head != nil:
		return appendHeadLine(b, line, *it.head)
	case it.closing != nil:
		return appendClosingLine(b, line, *it.closing)
	}
	return b
}

func (s *scanner) judge(it *item, p *parsed, raw []byte) *Break {
	if expected := s.line + s.offset; p.Line != expected {
		s.offset = p.Line - s.line
		return breakOf(it.decoded(), ErrExportAltered.With("the line says it is line %d, expected %d", p.Line, expected))
	}
	if bytes.Equal(raw, s.buf) {
		return nil
	}
	if it.entry != nil && it.entry.View != nil && !bytes.Equal(p.View, it.entry.View) {
		return breakOf(it.decoded(), ErrExportAltered.With("the view is not the one derived from the entry"))
	}
	if it.manifest != nil {
		return breakOf(nil, ErrExportAltered.With("the manifest does not match its digest"))
	}
	return breakOf(it.decoded(), ErrExportMalformed.With("the line is not written the one way it can be"))
}

func (it *item) decoded() *Entry {
	if it.entry == nil {
		return nil
	}
	return it.entry.decoded
}
