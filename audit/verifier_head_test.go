package audit

import (
	"errors"
	"testing"
)

func TestVerifierEnds(t *testing.T) {
	head := Genesis("o", "t", "s")
	var entries []Entry
	var heads []Head
	for range 3 {
		var e Entry
		e, head = head.Link(Entry{Category: "process", Action: "instance.start", Outcome: OutcomeOK})
		entries, heads = append(entries, e), append(heads, head)
	}
	other := heads[2]
	other.Hash[0]++
	cases := []struct {
		name        string
		seen        int
		least, most Head
		want        error
		seq         int64
	}{
		{"whole", 3, heads[2], heads[2], nil, 0},
		{"grown while it was read", 2, heads[0], heads[2], nil, 0},
		{"end cut off", 2, heads[2], heads[2], ErrStreamTruncated, 3},
		{"stream gone", 0, heads[2], heads[2], ErrStreamTruncated, 1},
		{"entry behind the head", 3, heads[1], heads[1], ErrStreamSurplus, 3},
		{"another end", 3, other, other, ErrStreamBroken, 3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := Verifier{}
			v.AtLeast(c.least)
			v.AtMost(c.most)
			for _, e := range entries[:c.seen] {
				if err := v.Add(e.Bytes(), e.Hash(), nil); err != nil {
					t.Fatal(err)
				}
			}
			r := v.Finish()
			if c.want == nil {
				if !r.OK() {
					t.Fatal(r.String())
				}
				return
			}
			if r.BreakCount != 1 || !errors.Is(&r.Breaks[0], c.want) || r.Breaks[0].Seq != c.seq || r.Breaks[0].Stream != "s" {
				t.Fatalf("got %v, want %v at entry %d", r.Breaks, c.want, c.seq)
			}
		})
	}
}
