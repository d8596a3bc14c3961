package engine

import (
	"iter"
	"slices"
)

// all yields the rows in their order.
func (t *table[R]) all() iter.Seq[R] {
	return func(yield func(R) bool) {
		if t.older != nil {
			for _, p := range t.older.parts {
				for _, r := range p.rows() {
					if !yield(r) {
						return
					}
				}
			}
		}
		for _, r := range t.young {
			if !yield(r) {
				return
			}
		}
	}
}

// rows returns all rows in their order. They must not be changed.
func (t *table[R]) rows() []R {
	if t.older == nil {
		return t.young
	}
	return slices.AppendSeq(make([]R, 0, t.len()), t.all())
}

// of yields the rows with the key, which stand together.
func (t *table[R]) of(key int64) iter.Seq[R] {
	return func(yield func(R) bool) {
		for p, ok := t.firstOf(key); ok; p, ok = t.settle(position{p.part, p.i + 1}) {
			if r := t.at(p); r.id().key != key || !yield(r) {
				return
			}
		}
	}
}

// each calls do for every row of an owner until do returns false: in their order, except that those of older
// are ordered by place first. The table must not be changed meanwhile.
func (t *table[R]) each(owner int64, do func(*R) bool) {
	if t.older != nil && !t.older.each(owner, do) {
		return
	}
	for i := range t.young {
		if owners, _ := t.young[i].owners(); slices.Contains(owners[:], owner) && !do(&t.young[i]) {
			return
		}
	}
}

// has reports whether something belongs to an owner.
func (t *table[R]) has(owner int64) bool {
	found := false
	t.each(owner, func(*R) bool { found = true; return false })
	return found
}

// places calls do for each place where an owner has rows, some of them more than once, until do returns false.
func (t *table[R]) places(owner int64, do func(place string) bool) {
	if t.older != nil && !t.older.places(owner, do) {
		return
	}
	for i := range t.young {
		if owners, place := t.young[i].owners(); slices.Contains(owners[:], owner) && !do(place) {
			return
		}
	}
}

// choose returns copies of the rows of an owner that match.
func (t *table[R]) choose(owner int64, match func(*R) bool) []R {
	var found []R
	t.each(owner, func(r *R) bool {
		if match(r) {
			found = append(found, *r)
		}
		return true
	})
	return found
}

// latest returns the last row of an owner that matches; its table has no places.
func (t *table[R]) latest(owner int64, match func(*R) bool) (R, bool) {
	for i := len(t.young) - 1; i >= 0; i-- {
		if owners, _ := t.young[i].owners(); slices.Contains(owners[:], owner) && match(&t.young[i]) {
			return t.young[i], true
		}
	}
	if t.older != nil {
		return t.older.latest(owner, match)
	}
	var none R
	return none, false
}

// youngest returns copies of the rows of the owners, which are sorted, the last row first.
func (t *table[R]) youngest(owners []int64) []R {
	if len(t.young) == 0 {
		return nil
	}
	var found []R
	if t.older != nil {
		for _, owner := range owners {
			t.each(owner, func(r *R) bool { found = append(found, *r); return true })
		}
		slices.SortFunc(found, func(a, b R) int { return b.id().compare(a.id()) })
		return found
	}
	for i := len(t.young) - 1; i >= 0; i-- {
		if has, _ := t.young[i].owners(); contains(owners, has[0]) {
			found = append(found, t.young[i])
		}
	}
	return found
}

func contains(sorted []int64, key int64) bool {
	if len(sorted) == 1 {
		return sorted[0] == key
	}
	_, ok := slices.BinarySearch(sorted, key)
	return ok
}
