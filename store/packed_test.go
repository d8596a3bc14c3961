package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/klauspost/compress/s2"
)

// Unpack is for tests that look into the tables.
var Unpack = unpack

func TestPackedComesBack(t *testing.T) {
	t.Parallel()
	records := `{"records":[` + strings.Repeat(`{"kind":"ElementCompleted","key":318767105,"element":"start"},`, 20) + `]}`
	for name, value := range map[string][]byte{
		"nil":                   nil,
		"empty":                 {},
		"one byte":              {'x'},
		"a form's number":       {packedS2},
		"another form's number": {verbatim, 1, 2},
		"JSON":                  []byte(records),
		"noise":                 noise(400),
		"noise like a form":     append([]byte{packedS2}, noise(400)...),
		"the most":              bytes.Repeat([]byte("x"), packedMost),
		"more than that":        bytes.Repeat([]byte("x"), packedMost+1),
		"the longest noise":     noise(packedMost),
		"the dictionary itself": packedWords,
	} {
		blob := pack(value)
		if got := unpack(blob); !bytes.Equal(got, value) || (got == nil) != (value == nil) {
			t.Errorf("%s: %d bytes came back as %d", name, len(value), len(got))
		}
		if len(blob) > len(value)+1 {
			t.Errorf("%s: %d bytes became %d", name, len(value), len(blob))
		}
	}
	if got := len(pack([]byte(records))); got > len(records)/4 {
		t.Errorf("%d bytes of records are still %d", len(records), got)
	}
}

// noise is text without repetitions.
func noise(n int) []byte {
	var all []byte
	for sum := sha256.Sum256(nil); len(all) < n; sum = sha256.Sum256(sum[:]) {
		all = append(all, sum[:]...)
	}
	return all[:n]
}

// What was packed with a dictionary can be read with that dictionary alone.
func TestDictionaryNeverChanges(t *testing.T) {
	t.Parallel()
	const want = "04934b20b834ccd06aa249db580c5c36883445819d8b7ba9c834ec0ec0ff8c77"
	if sum := sha256.Sum256(packedWords); hex.EncodeToString(sum[:]) != want {
		t.Errorf("dictionary 1 is %x", sum)
	}
	const blob = "016d66ff0a0c5461736b2632083a70121e761400641a271e26bd0a1ec2090e6b12150006045d7d"
	old, err := hex.DecodeString(blob)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(unpack(old)); got != packedOnce {
		t.Errorf("a blob of an older build says %q", got)
	}
}

const packedOnce = `{"command":{"arguments":{"Task":318767107,"Variables":{"approved":true}},"name":"CompleteTask"},"records":[]}`

func TestSpoiledBlobIsItsOwnValue(t *testing.T) {
	t.Parallel()
	whole := pack(bytes.Repeat([]byte(`{"kind":"FlowTaken"},`), 40))
	for name, blob := range map[string][]byte{
		"cut off":     whole[:len(whole)-2],
		"no header":   {packedS2},
		"a bomb":      append([]byte{packedS2}, s2.Encode(nil, make([]byte, 1<<20))...),
		"a long bomb": {packedS2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0},
	} {
		if got := unpack(blob); !bytes.Equal(got, blob) {
			t.Errorf("%s: became %d bytes", name, len(got))
		}
	}
}

func BenchmarkPack(b *testing.B) {
	value := []byte(packedOnce)
	for b.Loop() {
		pack(value)
	}
}
