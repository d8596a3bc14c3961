package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"tallystick/audit"
)

func TestCleanLogsHaveNoBreaks(t *testing.T) {
	rng := newRand(t)
	for range 40 {
		b := newBook(rng)
		n := rng.IntN(60)
		b.fill(n, 5)
		r := verify(t, b.export(t, fullManifest))
		if !r.OK() || r.Entries != int64(n) || len(r.Streams) != len(b.heads) {
			t.Fatalf("%d entries in %d streams:\n%s", n, len(b.heads), r)
		}
		parts := 0
		for _, rec := range b.made {
			parts += len(rec.private)
		}
		equal(t, "private parts checked", r.Parts, int64(parts))
		for _, s := range r.Streams {
			if head := b.heads[s.Stream]; s.First != 1 || s.Last != head.Seq || s.Hash != head.Hash {
				t.Fatalf("span %+v, head %+v", s, head)
			}
		}
	}
}

func TestReaderGivesBackTheRecords(t *testing.T) {
	b := newBook(newRand(t))
	b.fill(30, 3)
	m := fullManifest
	m.Filter = map[string]string{"tenant": "acme", "from": "2026-11-22"}
	r, err := audit.NewReader(bytes.NewReader(b.export(t, m)))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(m, r.Manifest()); d != "" {
		t.Error(d)
	}
	for i, want := range b.made {
		l, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		e, err := l.Entry()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(l.AR1, want.ar1) || l.Hash != want.hash || e.View().String() != l.View.String() {
			t.Fatalf("entry %d differs", i)
		}
		if len(want.private) > 0 && !cmp.Equal(l.Private, want.private) {
			t.Fatalf("private parts of entry %d: %s", i, cmp.Diff(want.private, l.Private))
		}
	}
	if _, err := r.Next(); err != io.EOF {
		t.Errorf("after the last entry: %v", err)
	}
}

// smallExport has every kind of line, two streams and private parts.
func smallExport(t testing.TB) []byte {
	rng := rand.New(rand.NewPCG(7, 7))
	b := newBook(rng)
	first, second := vectorEntries()
	b.add("pi/1", first, randomPrivate(rng))
	b.add("pi/2", first, audit.Private{"records": {Salt: audit.Salt{1}, Data: []byte("[{}]")}})
	second.Private = nil
	b.add("pi/1", second, audit.Private{"input": {Salt: audit.Salt{2}, Data: []byte("score 7")}})
	b.add("pi/2", second, nil)
	m := fullManifest
	return b.export(t, m)
}

// TestEveryFlippedByteIsFoundWhereItIs flips bits at every byte position of an export.
func TestEveryFlippedByteIsFoundWhereItIs(t *testing.T) {
	good := smallExport(t)
	if r := verify(t, good); !r.OK() {
		t.Fatalf("the unchanged export: %s", r)
	}
	line := int64(1)
	for i := range good {
		for _, mask := range []byte{0x01, 0x20} {
			bad := bytes.Clone(good)
			bad[i] ^= mask
			r := verify(t, bad)
			if r.OK() || r.Breaks[0].Line != line {
				t.Fatalf("byte %d %q of line %d, mask %x: %s", i, good[i], line, mask, r)
			}
		}
		if good[i] == '\n' {
			line++
		}
	}
}

func TestEveryTruncationIsFound(t *testing.T) {
	good := smallExport(t)
	for i := range good {
		whole := int64(bytes.Count(good[:i], []byte{'\n'}))
		r := verify(t, good[:i])
		if r.OK() || r.Breaks[0].Line != whole+1 {
			t.Fatalf("cut at %d, after %d lines: %s", i, whole, r)
		}
		if err := readAll(good[:i]); err == nil {
			t.Fatalf("the reader takes an export cut at %d for complete", i)
		}
	}
}

func readAll(b []byte) error {
	r, err := audit.NewReader(bytes.NewReader(b))
	for err == nil {
		_, err = r.Next()
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// TestEveryMovedLineIsFound deletes, repeats and swaps whole lines.
func TestEveryMovedLineIsFound(t *testing.T) {
	lines := bytes.SplitAfter(smallExport(t), []byte{'\n'})
	lines = lines[:len(lines)-1]
	for i := range lines {
		check := func(what string, want int, changed [][]byte) {
			t.Helper()
			r := verify(t, bytes.Join(changed, nil))
			if r.OK() || r.Breaks[0].Line != int64(want) {
				t.Errorf("line %d %s, want a break at line %d: %s", i+1, what, want, r)
			}
		}
		check("deleted", i+1, slices.Delete(slices.Clone(lines), i, i+1))
		check("repeated", i+2, slices.Insert(slices.Clone(lines), i, lines[i]))
		for j := range i {
			swapped := slices.Clone(lines)
			swapped[i], swapped[j] = swapped[j], swapped[i]
			check(fmt.Sprintf("swapped with %d", j+1), j+1, swapped)
		}
	}
}

func TestVerifyReturnsTheReadersError(t *testing.T) {
	broken := io.MultiReader(bytes.NewReader(smallExport(t)[:700]), iotest.ErrReader(io.ErrClosedPipe))
	if _, err := audit.Verify(broken); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

func TestWriterKeepsItsFirstError(t *testing.T) {
	w, err := audit.NewWriter(&failing{left: 1}, fullManifest)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Write(nil, audit.Hash{}, nil); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("write: %v", err)
		}
	}
	if err := w.Close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("close: %v", err)
	}
}

// failing accepts a number of writes and fails once; what comes later would succeed.
type failing struct{ left int }

func (f *failing) Write(b []byte) (int, error) {
	f.left--
	if f.left == -1 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// TestTamperedStoreShowsInItsExport: an honest export of a store that was changed.
func TestTamperedStoreShowsInItsExport(t *testing.T) {
	b := newBook(newRand(t))
	b.fill(9, 1)
	b.made[4].ar1 = b.made[4].ar1[:40]
	r := verify(t, b.export(t, fullManifest))
	if r.OK() || r.Breaks[0].Line != 6 || !errors.Is(&r.Breaks[0], audit.ErrEntryMalformed) {
		t.Errorf("cut bytes: %s", r)
	}
}

func TestFilteredExportMayBeginLate(t *testing.T) {
	b := newBook(newRand(t))
	b.fill(12, 1)
	m := fullManifest
	if r := verify(t, export(t, m, b.made[5:])); r.OK() || !errors.Is(&r.Breaks[0], audit.ErrStreamGap) {
		t.Errorf("a whole log that begins late: %s", r)
	}
	m.Filter = map[string]string{"from": "2026-11-22T00:00:00Z"}
	r := verify(t, export(t, m, b.made[5:]))
	if !r.OK() || r.Streams[0].First != 6 || r.Streams[0].Last != 12 {
		t.Errorf("a filtered log: %s %+v", r, r.Streams)
	}
	holed := slices.Delete(slices.Clone(b.made), 8, 9)[5:]
	if r := verify(t, export(t, m, holed)); r.OK() || r.Breaks[0].Seq != 10 {
		t.Errorf("a filtered log with a hole: %s", r)
	}
}

func TestForeignOriginIsFound(t *testing.T) {
	b := newBook(newRand(t))
	b.fill(3, 1)
	m := fullManifest
	m.Origin = "acme.example/bpm-audit/2"
	r := verify(t, b.export(t, m))
	if r.OK() || r.Breaks[0].Line != 2 || !errors.Is(&r.Breaks[0], audit.ErrStreamForeign) {
		t.Errorf("%s", r)
	}
}

func TestHopelessLogKeepsTheFirstBreaks(t *testing.T) {
	var v audit.Verifier
	for range 1500 {
		if err := v.Add([]byte("junk"), audit.Hash{}, nil); !errors.Is(err, audit.ErrEntryMalformed) {
			t.Fatal(err)
		}
	}
	r := v.Finish()
	if r.OK() || r.BreakCount != 1500 || len(r.Breaks) != 1000 || r.Breaks[0].Line != 1 {
		t.Errorf("%d breaks, %d kept", r.BreakCount, len(r.Breaks))
	}
}

func FuzzVerify(f *testing.F) {
	good := smallExport(f)
	f.Add(good)
	f.Add(good[:900])
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := verify(t, b)
		if !r.OK() {
			return
		}
		if err := readAll(b); err != nil {
			t.Fatalf("verified, but the reader says %v", err)
		}
	})
}
