package audit

import (
	"crypto/sha256"
	"hash"
	"io"
)

// Writer writes an export line by line. It neither judges nor repairs: what is stored goes out as
// it is, and Verify is the judge.
type Writer struct {
	w       io.Writer
	line    int64
	entries int64
	digest  hash.Hash
	streams spans
	buf     []byte
	err     error
}

// NewWriter begins an export with its manifest.
func NewWriter(w io.Writer, m Manifest) (*Writer, error) {
	x := &Writer{w: w, digest: sha256.New(), line: 1}
	return x, x.emit(appendManifestLine(nil, x.line, m))
}

// Write adds an entry: its stored bytes, the hash stored beside them and its private parts. The
// entries of a stream come in order and without gaps.
func (w *Writer) Write(ar1 []byte, hash Hash, private Private) error {
	l := Line{AR1: ar1, Hash: hash, Private: private}
	if e, err := Decode(ar1); err == nil {
		l.View = e.View()
		w.streams.advance(&e, hash)
	}
	w.entries++
	w.line++
	return w.emit(appendEntryLine(w.buf[:0], w.line, l))
}

// Close writes the last entry of each stream and the closing line, without which the export is
// incomplete. It does not close the writer below.
func (w *Writer) Close() error {
	for _, s := range w.streams.sorted() {
		w.line++
		if err := w.emit(appendHeadLine(w.buf[:0], w.line, s)); err != nil {
			return err
		}
	}
	w.line++
	return w.emit(appendClosingLine(w.buf[:0], w.line, closing{
		Entries: w.entries, Streams: len(w.streams), SHA256: Hash(w.digest.Sum(nil)),
	}))
}

// emit keeps the first error: lines after a lost one would only look complete.
func (w *Writer) emit(b []byte) error {
	if w.err != nil {
		return w.err
	}
	w.buf = b
	w.digest.Write(b)
	_, w.err = w.w.Write(b)
	return w.err
}
