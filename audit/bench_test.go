package audit_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"tallystick/audit"
)

// benchBook has entries of the usual size: about 400 bytes and a private part.
func benchBook() *book {
	rng := rand.New(rand.NewPCG(1, 1))
	b := newBook(rng)
	first, second := vectorEntries()
	second.Private = nil
	part := audit.Private{"records": {Data: bytes.Repeat([]byte(`{"kind":"element.entered"}`), 10)}}
	for range 1000 {
		b.add("pi/1", first, part)
		b.add("pi/2", second, part)
	}
	return b
}

func reportRate(b *testing.B, records int) {
	b.ReportMetric(float64(b.N)*float64(records)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkVerify(b *testing.B) {
	book := benchBook()
	file := book.export(b, fullManifest)
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if r := verify(b, file); !r.OK() {
			b.Fatal(r)
		}
	}
	reportRate(b, len(book.made))
}

func BenchmarkVerifier(b *testing.B) {
	book := benchBook()
	for b.Loop() {
		var v audit.Verifier
		for _, r := range book.made {
			if err := v.Add(r.ar1, r.hash, r.private); err != nil {
				b.Fatal(err)
			}
		}
	}
	reportRate(b, len(book.made))
}

func BenchmarkLink(b *testing.B) {
	head := audit.Genesis(origin, "acme", "pi/1")
	_, e := vectorEntries()
	b.ReportAllocs()
	for b.Loop() {
		var linked audit.Entry
		linked, head = head.Link(e)
		_ = linked.Bytes()
	}
}
