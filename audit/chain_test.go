package audit_test

import (
	"errors"
	"testing"

	"tallystick/audit"
)

func TestCheckFollowsLink(t *testing.T) {
	rng := newRand(t)
	writer := audit.Genesis(origin, "acme", "pi/1")
	reader := writer
	for i := range int64(20) {
		var e audit.Entry
		e, writer = writer.Link(randomEntry(rng))
		var err error
		if reader, err = reader.Check(e); err != nil {
			t.Fatal(err)
		}
		if reader != writer || reader.Seq != i+1 || reader.Hash != e.Hash() {
			t.Fatalf("heads differ after entry %d: %v, %v", i+1, writer, reader)
		}
	}
}

func TestCheckNamesTheBreak(t *testing.T) {
	head := audit.Genesis(origin, "acme", "pi/1")
	first, second := vectorEntries()
	_, head = head.Link(first)
	good, _ := head.Link(second)
	for name, c := range map[string]struct {
		change func(*audit.Entry)
		want   error
	}{
		"other origin":   {func(e *audit.Entry) { e.Origin = "x" }, audit.ErrStreamForeign},
		"other tenant":   {func(e *audit.Entry) { e.Tenant = "x" }, audit.ErrStreamForeign},
		"other stream":   {func(e *audit.Entry) { e.Stream = "x" }, audit.ErrStreamForeign},
		"number skipped": {func(e *audit.Entry) { e.Seq = 3 }, audit.ErrStreamGap},
		"number again":   {func(e *audit.Entry) { e.Seq = 1 }, audit.ErrStreamGap},
		"other entry":    {func(e *audit.Entry) { e.Prev[31] ^= 1 }, audit.ErrStreamBroken},
	} {
		e := good
		c.change(&e)
		after, err := head.Check(e)
		b, ok := errors.AsType[*audit.Break](err)
		if !ok || !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
			continue
		}
		if after != head || b.Stream != e.Stream || b.Tenant != e.Tenant || b.Seq != e.Seq {
			t.Errorf("%s: head %v, break %+v", name, after, b)
		}
	}
}

func TestGenesisDependsOnEveryName(t *testing.T) {
	seen := map[audit.Hash]bool{}
	for _, h := range []audit.Head{
		audit.Genesis("a", "b", "c"), audit.Genesis("x", "b", "c"),
		audit.Genesis("a", "x", "c"), audit.Genesis("a", "b", "x"),
	} {
		if seen[h.Hash] {
			t.Errorf("%+v: the hash repeats", h)
		}
		seen[h.Hash] = true
	}
}
