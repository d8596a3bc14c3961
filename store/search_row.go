package store

import (
	"fmt"
	"slices"

	"tallystick/query"
)

// row is one row of another table of which all conditions of a filter group speak together.
type row struct {
	any string // the condition that there is one, with %s for what it is like
	of  *row   // the row that it belongs to, when the group speaks of such a one as well
	its string // then the condition that the other has one, with %s for what it is like
}

// said is what one condition says of a row; not tells that the row is unlike it.
type said struct {
	like pred
	not  bool
}

func (s said) pred() pred {
	if s.not {
		s.like.sql = "NOT (" + s.like.sql + ")"
	}
	return s.like
}

// group is what a filter group says of one row.
type group struct {
	of    *row
	saids []said
}

// denies reports whether nothing is said but what the row is unlike.
func (g *group) denies() bool {
	return !slices.ContainsFunc(g.saids, func(s said) bool { return !s.not })
}

// exists says what g does of the row that has it: that there is one of which all holds. What only denies says for each
// condition that no row is like it, as conditions on other tables do.
func (g *group) exists(form string) []said {
	if !g.denies() {
		var parts []pred
		for _, s := range g.saids {
			parts = append(parts, s.pred())
		}
		p := all(parts...)
		return []said{{like: pred{sql: fmt.Sprintf(form, p.sql), args: p.args}}}
	}
	none := slices.Clone(g.saids)
	for i := range none {
		none[i].like.sql = fmt.Sprintf(form, none[i].like.sql)
	}
	return none
}

// groups are the rows of which a filter group speaks.
type groups []*group

// say adds a condition on a field of a row.
func (g *groups) say(d dialect, f field, c query.Cond) error {
	like, not, err := f.compared(d, c.Op, c.Value)
	if err != nil {
		return err
	}
	of := g.find(f.of)
	if of == nil {
		of = &group{of: f.of}
		*g = append(*g, of)
	}
	of.saids = append(of.saids, said{like, not})
	return nil
}

func (g *groups) find(of *row) *group {
	for _, one := range *g {
		if one.of == of {
			return one
		}
	}
	return nil
}

// preds are the conditions that such rows exist. What is said of a row joins what is said of the one that it belongs to.
func (g *groups) preds() (parts []pred) {
	for _, one := range *g {
		if owner := g.find(one.of.of); owner != nil && !(one.denies() && owner.denies()) {
			owner.saids = append(owner.saids, one.exists(one.of.its)...)
			one.saids = nil
		}
	}
	for _, one := range *g {
		if len(one.saids) == 0 {
			continue
		}
		for _, s := range one.exists(one.of.any) {
			parts = append(parts, s.pred())
		}
	}
	return parts
}
