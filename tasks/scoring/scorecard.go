package scoring

import (
	"fmt"

	"tallystick/internal/canon"
)

// scorecard adds the points of one bin per characteristic to a base.
type scorecard struct {
	base            float64
	characteristics []characteristic
}

type characteristic struct {
	input int
	bins  []bin
}

// bin matches what its test accepts.
type bin struct {
	matches func(value) bool
	contribution
}

func (s *scorecard) sum(row []value) (float64, []contribution) {
	z, parts := s.base, make([]contribution, 0, len(s.characteristics))
	for _, ch := range s.characteristics {
		// The check of the file has shown that the bins cover every value.
		for _, b := range ch.bins {
			if b.matches(row[ch.input]) {
				z += b.points
				parts = append(parts, b.contribution)
				break
			}
		}
	}
	return z, parts
}

func (c *checker) scorecard(f *fileCard) {
	c.scaled("scorecard", f.Scale)
	card := &scorecard{base: f.Base}
	if len(f.Characteristics) == 0 || len(f.Characteristics) > InputsMax {
		c.fail("model.field", "scorecard.characteristics", "must be 1 to %d characteristics", InputsMax)
		return
	}
	for i, ch := range f.Characteristics {
		at := fmt.Sprintf("scorecard.characteristics[%d]", i)
		position, known := c.inputs[ch.Input]
		if !known {
			c.fail("model.field", at+".input", "there is no input %q", ch.Input)
			continue
		}
		card.characteristics = append(card.characteristics, characteristic{position, c.bins(at, ch.Bins, &c.out.inputs[position])})
	}
	c.out.sum = card
}

// bins reads the bins of one characteristic and makes sure that one of them matches whatever the
// schema lets through.
func (c *checker) bins(at string, list []fileBin, in *input) []bin {
	if len(list) == 0 || len(list) > BinsMax {
		c.fail("model.field", at+".bins", "must be 1 to %d bins", BinsMax)
		return nil
	}
	cover := coverage{in: in, seen: map[value]bool{}}
	bins := make([]bin, len(list))
	for i, spec := range list {
		place := fmt.Sprintf("%s.bins[%d]", at, i)
		if cover.all {
			c.fail("model.coverage", place, "is never reached: the bin before matches everything")
		}
		bins[i].matches = c.test(place, spec, in, &cover)
		bins[i].reason = spec.Reason
		if spec.Points == nil {
			c.fail("model.field", place+".points", "is missing")
			continue
		}
		bins[i].points = *spec.Points
	}
	if gap := cover.gap(); gap != "" {
		c.fail("model.coverage", at+".bins", "no bin matches %s; end with a bin without a test", gap)
	}
	return bins
}

// test returns what a bin matches and notes it in cover.
func (c *checker) test(at string, spec fileBin, in *input, cover *coverage) func(value) bool {
	switch {
	case spec.Below != nil && spec.In == nil && !spec.Missing:
		if in.kind != number {
			c.fail("model.field", at+".below", "belongs to numbers")
		}
		bound := *spec.Below
		return func(v value) bool { return v.present && v.number < bound }
	case spec.In != nil && spec.Below == nil && !spec.Missing:
		return c.members(at, spec.In, in, cover)
	case spec.Missing && spec.Below == nil && spec.In == nil:
		cover.missing = true
		return func(v value) bool { return !v.present }
	case spec.Below == nil && spec.In == nil:
		cover.all = true
		return func(value) bool { return true }
	}
	c.fail("model.field", at, "has more than one test; give below, in, missing or none")
	return func(value) bool { return false }
}

func (c *checker) members(at string, list []canon.JSON, in *input, cover *coverage) func(value) bool {
	set := map[value]bool{}
	for _, j := range list {
		v, err := in.read(j)
		if err != nil {
			c.fail("model.field", at+".in", "%v", err)
		}
		set[v], cover.seen[v] = true, true
	}
	return func(v value) bool { return v.present && set[v] }
}

// coverage notes what the bins of a characteristic match.
type coverage struct {
	in           *input
	all, missing bool
	seen         map[value]bool
}

// gap names something that no bin matches, "" when there is nothing.
func (c *coverage) gap() string {
	switch {
	case c.all:
		return ""
	case c.in.optional && !c.missing:
		return "an absent value"
	case c.in.kind == boolean && len(c.seen) == 2, c.in.kind == text && len(c.in.position) > 0 && len(c.seen) == len(c.in.position):
		return ""
	}
	return "some values of " + c.in.name
}
