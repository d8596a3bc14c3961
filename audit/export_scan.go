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

func (s *scanner) parse(it *item, raw []byte) {
	var p parsed
	if err := json.Unmarshal(raw, &p); err != nil {
		it.problem = breakOf(nil, ErrExportMalformed.With("not a line of an export: %v", err))
		return
	}
	canonical := s.fill(it, &p)
	if canonical == nil {
		it.problem = breakOf(nil, ErrExportMalformed.With("the line is of no known kind"))
		return
	}
	it.problem = s.judge(it, &p, raw, canonical)
}

// fill sets the part of it that the line holds and returns the line as Writer would write it.
func (s *scanner) fill(it *item, p *parsed) []byte {
	switch {
	case p.Manifest != nil:
		it.manifest = p.Manifest
		return appendManifestLine(nil, p.Line, *p.Manifest)
	case p.AR1 != nil:
		x := &entryItem{Line: Line{AR1: *p.AR1, Hash: p.Hash, Private: p.Private}}
		it.entry = x
		e, err := Decode(x.AR1)
		if err != nil {
			x.refused = err
		} else {
			x.decoded, x.View = &e, e.View()
		}
		return appendEntryLine(nil, p.Line, x.Line)
	case p.Head != nil:
		it.head = p.Head
		return appendHeadLine(nil, p.Line, *p.Head)
	case p.Closing != nil:
		it.closing, it.before = p.Closing, Hash(s.digest.Sum(nil))
		return appendClosingLine(nil, p.Line, *p.Closing)
	}
	return nil
}

func (s *scanner) judge(it *item, p *parsed, raw, canonical []byte) *Break {
	if expected := s.line + s.offset; p.Line != expected {
		s.offset = p.Line - s.line
		return breakOf(it.decoded(), ErrExportAltered.With("the line says it is line %d, expected %d", p.Line, expected))
	}
	if bytes.Equal(raw, canonical) {
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
