package audit_test

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"tallystick/audit"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random logs; 0 draws one")

// newRand returns a source whose seed is in the test's output.
func newRand(t testing.TB) *rand.Rand {
	t.Helper()
	seed := *seedFlag
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

const origin = "acme.example/bpm-audit/1"

// record is an entry as a store keeps it.
type record struct {
	ar1     []byte
	hash    audit.Hash
	private audit.Private
}

// book is a log under construction.
type book struct {
	rng   *rand.Rand
	heads map[string]audit.Head
	made  []record
	clock int64
}

func newBook(rng *rand.Rand) *book {
	return &book{rng: rng, heads: map[string]audit.Head{}, clock: 1795305600000000}
}

// add links e to a stream and keeps it with its private parts.
func (b *book) add(stream string, e audit.Entry, private audit.Private) {
	head, ok := b.heads[stream]
	if !ok {
		head = audit.Genesis(origin, "acme", stream)
	}
	e.Bind(private)
	b.clock += 1000
	e.NodeTime = b.clock
	e, head = head.Link(e)
	b.heads[stream] = head
	b.made = append(b.made, record{e.Bytes(), head.Hash, private})
}

// fill adds n entries with random content to a few streams.
func (b *book) fill(n, streams int) {
	for range n {
		stream := fmt.Sprintf("pi/%d", b.rng.IntN(streams))
		e := randomEntry(b.rng)
		e.BusinessKey, e.DecisionInput, e.DecisionOutput, e.ModelInput, e.SignerName = nil, nil, nil, nil, nil
		e.Private = nil
		b.add(stream, e, randomPrivate(b.rng))
	}
}

func (b *book) export(t testing.TB, m audit.Manifest) []byte {
	t.Helper()
	return export(t, m, b.made)
}

func export(t testing.TB, m audit.Manifest, records []record) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := audit.NewWriter(&out, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := w.Write(r.ar1, r.hash, r.private); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var fullManifest = audit.Manifest{
	Origin: origin, ExportedAt: 1795305700000000, Exporter: "user:auditor", Private: true,
}

func verify(t testing.TB, b []byte) audit.Report {
	t.Helper()
	r, err := audit.Verify(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func randomPrivate(rng *rand.Rand) audit.Private {
	names := []string{"records", "variables", audit.PartBusinessKey, audit.PartDecisionInput}
	p := audit.Private{}
	for _, name := range names {
		if rng.IntN(3) == 0 {
			part := audit.Part{Data: randomBytes(rng)}
			for i := range part.Salt {
				part.Salt[i] = byte(rng.Uint32())
			}
			p[name] = part
		}
	}
	return p
}

func randomBytes(rng *rand.Rand) []byte {
	b := make([]byte, rng.IntN(60))
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	return b
}

// randomEntry fills every field of an Entry by its type, so that a field that is missing from the
// field table does not survive a round trip.
func randomEntry(rng *rand.Rand) audit.Entry {
	var e audit.Entry
	v := reflect.ValueOf(&e).Elem()
	for i := range v.NumField() {
		fillValue(rng, v.Field(i))
	}
	if e.Category == audit.CategoryAudit {
		e.Category = "process"
	}
	return e
}

func fillValue(rng *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(randomText(rng))
	case reflect.Int64:
		v.SetInt(rng.Int64() >> rng.IntN(64) * int64(1-2*rng.IntN(2)))
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(rng.Uint32() & 255))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(rng, v.Field(i))
		}
	case reflect.Pointer:
		if rng.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fillValue(rng, v.Elem())
		}
	case reflect.Slice:
		if rng.IntN(3) > 0 {
			v.Set(reflect.MakeSlice(v.Type(), rng.IntN(4), 4))
			for i := range v.Len() {
				fillValue(rng, v.Index(i))
			}
		}
	case reflect.Map:
		if rng.IntN(3) > 0 {
			fillMap(rng, v)
		}
	default:
		panic("an Entry holds no " + v.Kind().String())
	}
}

func fillMap(rng *rand.Rand, v reflect.Value) {
	v.Set(reflect.MakeMap(v.Type()))
	for range rng.IntN(4) {
		item := reflect.New(v.Type().Elem()).Elem()
		fillValue(rng, item)
		v.SetMapIndex(reflect.ValueOf(randomText(rng)), item)
	}
}

func randomText(rng *rand.Rand) string {
	const letters = "abcXYZ 019:/\"\\\n\t\b\u0001\u007fé€\u2028<&>😀\uFFFD"
	all := []rune(letters)
	s := make([]rune, rng.IntN(12))
	for i := range s {
		s[i] = all[rng.IntN(len(all))]
	}
	return string(s)
}
