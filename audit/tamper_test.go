package audit_test

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"tallystick/audit"
)

// attack changes the records of a one-stream log at place i (never the last) as someone with
// write access to the database could, and returns them with the line where it must show.
type attack struct {
	name string
	want error
	do   func(rng *rand.Rand, log []record, i int) ([]record, int)
}

var attacks = []attack{
	{"edit a field", audit.ErrEntryAltered, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i].ar1 = edited(log[i].ar1, func(e *audit.Entry) { e.Actor += "x" })
		return log, i
	}},
	{"edit a field and its hash", audit.ErrStreamBroken, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i] = rehashed(log[i], func(e *audit.Entry) { e.NodeTime -= 1_000_000 })
		return log, i + 1
	}},
	{"change a stored hash", audit.ErrEntryAltered, func(rng *rand.Rand, log []record, i int) ([]record, int) {
		log[i].hash[rng.IntN(32)] ^= 1 << rng.IntN(8)
		return log, i
	}},
	{"delete", audit.ErrStreamGap, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		return slices.Delete(log, i, i+1), i
	}},
	{"delete and renumber", audit.ErrStreamBroken, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log = slices.Delete(log, i, i+1)
		for j := i; j < len(log); j++ {
			log[j] = rehashed(log[j], func(e *audit.Entry) { e.Seq-- })
		}
		return log, i
	}},
	{"swap neighbours", audit.ErrStreamGap, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i], log[i+1] = log[i+1], log[i]
		return log, i
	}},
	{"repeat", audit.ErrStreamGap, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		return slices.Insert(log, i, log[i]), i + 1
	}},
	{"insert a forged entry", audit.ErrStreamGap, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		before, _ := audit.Decode(log[i].ar1)
		head := audit.Head{Origin: before.Origin, Tenant: before.Tenant, Stream: before.Stream, Seq: before.Seq, Hash: log[i].hash}
		forged, _ := head.Link(before)
		return slices.Insert(log, i+1, record{forged.Bytes(), forged.Hash(), log[i].private}), i + 2
	}},
	{"move to another tenant", audit.ErrStreamGap, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i] = rehashed(log[i], func(e *audit.Entry) { e.Tenant = "other"; e.Seq = 2 })
		return log, i
	}},
	{"change a private part", audit.ErrPrivateAltered, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		p := maps.Clone(log[i].private)
		p["records"] = audit.Part{Salt: p["records"].Salt, Data: []byte("forged")}
		log[i].private = p
		return log, i
	}},
	{"swap private parts", audit.ErrPrivateAltered, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i].private, log[i+1].private = log[i+1].private, log[i].private
		return log, i
	}},
	{"add a private part", audit.ErrPrivateAltered, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i].private = maps.Clone(log[i].private)
		log[i].private["forged"] = audit.Part{}
		return log, i
	}},
	{"remove a private part", audit.ErrPrivateMissing, func(_ *rand.Rand, log []record, i int) ([]record, int) {
		log[i].private = nil
		return log, i
	}},
	{"cut the bytes", audit.ErrEntryMalformed, func(rng *rand.Rand, log []record, i int) ([]record, int) {
		log[i].ar1 = log[i].ar1[:rng.IntN(100)]
		return log, i
	}},
}

func edited(ar1 []byte, change func(*audit.Entry)) []byte {
	e, err := audit.Decode(ar1)
	if err != nil {
		panic(err)
	}
	change(&e)
	return e.Bytes()
}

func rehashed(r record, change func(*audit.Entry)) record {
	r.ar1 = edited(r.ar1, change)
	e, _ := audit.Decode(r.ar1)
	r.hash = e.Hash()
	return r
}

// TestTamperTrials tries every attack at random places, through the incremental verifier and
// through an export.
func TestTamperTrials(t *testing.T) {
	rng := newRand(t)
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			for range 25 {
				b := newBook(rng)
				for range 12 {
					data := randomBytes(rng)
					b.add("pi/1", randomUncommitted(rng), audit.Private{"records": {Salt: audit.Salt{byte(rng.Uint32()), 1}, Data: append(data, byte(len(b.made)))}})
				}
				log, at := a.do(rng, cloned(b.made), rng.IntN(11))
				tried(t, a, log, at)
			}
		})
	}
}

func randomUncommitted(rng *rand.Rand) audit.Entry {
	e := randomEntry(rng)
	e.BusinessKey, e.DecisionInput, e.DecisionOutput, e.ModelInput, e.SignerName = nil, nil, nil, nil, nil
	e.Private = nil
	return e
}

func cloned(log []record) []record {
	c := slices.Clone(log)
	for i := range c {
		c[i].ar1 = bytes.Clone(c[i].ar1)
	}
	return c
}

func tried(t *testing.T, a attack, log []record, at int) {
	t.Helper()
	v := audit.Verifier{Origin: origin}
	for i, r := range log {
		err := v.Add(r.ar1, r.hash, r.private)
		// A missing part is no break before all erasures were seen.
		if a.want != audit.ErrPrivateMissing && (i < at && err != nil || i == at && !errors.Is(err, a.want)) {
			t.Fatalf("entry %d of %d, attack at %d: %v", i+1, len(log), at+1, err)
		}
	}
	fed := v.Finish()
	filed := verify(t, export(t, fullManifest, log))
	for name, r := range map[string]audit.Report{"verifier": fed, "export": filed} {
		want := int64(at + 1)
		if name == "export" {
			want++ // the manifest is line 1
		}
		if r.OK() || r.Breaks[0].Line != want || !errors.Is(&r.Breaks[0], a.want) {
			t.Fatalf("%s: want %v at line %d: %s", name, a.want, want, r)
		}
	}
}
