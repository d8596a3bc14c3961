package engine

import (
	"math"
	"slices"
)

// older is what a table that outgrew one list holds beside its young rows: parts of at most partMax rows,
// none of them empty, and an index of the owners of their rows.
//
// What leaves the parts stays in the index, and who reads the index looks whether the row is still there and
// still has that owner. So most changes do not touch the index, which is written anew when half of it is stale.
type older[R row] struct {
	parts []part[R]
	count int
	index table[link]
	stale int // at least as many as there are stale entries
}

// part is up to partMax sorted rows.
type part[R row] struct {
	*chunk[R]
	owned bool // the chunk may be written
}

type chunk[R row] struct {
	n    int
	list [partMax]R
}

func (c *chunk[R]) rows() []R { return c.list[:c.n] }

func chunkOf[R row](rows []R) *chunk[R] {
	c := &chunk[R]{n: len(rows)}
	copy(c.list[:], rows)
	return c
}

// partMax makes what a change copies small: the rows of a part and the list of parts.
const partMax = 16

// link is an entry of the index: owner has the row with the key at a place.
type link struct {
	owner int64
	place string
	key   int64
}

func (l link) id() rowID                { return rowID{key: l.owner, name: l.place, sub: l.key} }
func (link) owners() ([3]int64, string) { return [3]int64{}, "" }
func (o *older[R]) find(id rowID) (position, bool) {
	low, high := 0, len(o.parts)-1
	for low < high {
		if middle := (low + high + 1) / 2; o.parts[middle].rows()[0].id().compare(id) <= 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	i, ok := search(o.parts[low].rows(), id)
	return position{low, i}, ok
}

// linked returns the row of an entry of the index; false for one that is stale.
func (o *older[R]) linked(l link) (R, bool) {
	if p, ok := o.find(rowID{key: l.key}); ok {
		r := o.parts[p.part].rows()[p.i]
		if owners, place := r.owners(); place == l.place && slices.Contains(owners[:], l.owner) {
			return r, true
		}
	}
	var none R
	return none, false
}

func (o *older[R]) each(owner int64, do func(*R) bool) bool {
	for p, ok := o.index.firstOf(owner); ok; p, ok = o.index.settle(position{p.part, p.i + 1}) {
		l := o.index.at(p)
		if l.owner != owner {
			break
		}
		if r, live := o.linked(l); live && !do(&r) {
			return false
		}
	}
	return true
}

func (o *older[R]) latest(owner int64, match func(*R) bool) (R, bool) {
	p, _ := o.index.find(rowID{key: owner + 1})
	for ok := true; ok; {
		if p, ok = o.index.before(p); !ok || o.index.at(p).owner != owner {
			break
		}
		if r, live := o.linked(o.index.at(p)); live && match(&r) {
			return r, true
		}
	}
	var none R
	return none, false
}

// places calls do for each place where an owner has rows, until do returns false, and reports whether it did not.
// It goes from place to place without looking at all rows.
func (o *older[R]) places(owner int64, do func(place string) bool) bool {
	for p, ok := o.index.firstOf(owner); ok; {
		l := o.index.at(p)
		if l.owner != owner {
			break
		}
		if _, live := o.linked(l); !live {
			p, ok = o.index.settle(position{p.part, p.i + 1})
			continue
		}
		if !do(l.place) {
			return false
		}
		p, ok = o.index.from(rowID{key: owner, name: l.place, sub: math.MaxInt64})
	}
	return true
}

// link enters a row into the index.
func (o *older[R]) link(r R) {
	owners, place := r.owners()
	for _, owner := range owners {
		if owner != 0 {
			o.index.put(link{owner, place, r.id().key})
		}
	}
}

// left notes that rows have left the parts or the owner that they are indexed with.
func (o *older[R]) left(n int) {
	if o.stale += n; o.stale <= o.count+partMax || o.index.len() == 0 {
		return
	}
	var list []link
	for _, p := range o.parts {
		for _, r := range p.rows() {
			owners, place := r.owners()
			for _, owner := range owners {
				if owner != 0 {
					list = append(list, link{owner, place, r.id().key})
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b link) int { return a.id().compare(b.id()) })
	o.index, o.stale = tableOf(slices.Compact(list)), 0
}

// write makes older writable, but none of the parts.
func (t *table[R]) write() *older[R] {
	if !t.olderOwned {
		o := &older[R]{count: t.older.count, index: t.older.index.share(), stale: t.older.stale}
		o.parts = make([]part[R], len(t.older.parts), len(t.older.parts)+1)
		for i, p := range t.older.parts {
			o.parts[i].chunk = p.chunk
		}
		t.older, t.olderOwned = o, true
	}
	return t.older
}

// age makes a part of the first young rows. The rows after them stay young: most new ones come last.
func (t *table[R]) age() {
	if t.older == nil {
		t.older, t.olderOwned = &older[R]{}, true
	}
	o := t.write()
	old := t.young[:partMax]
	for _, r := range old {
		o.link(r)
	}
	o.parts = append(o.parts, part[R]{chunkOf(old), true})
	o.count += partMax
	t.young = append(make([]R, 0, youngMax+1), t.young[partMax:]...)
	t.owned = true
}

func (t *table[R]) setOlder(p position, r R) {
	o := t.write()
	wasOwners, wasPlace := o.parts[p.part].rows()[p.i].owners()
	o.own(p.part).list[p.i] = r
	if owners, place := r.owners(); owners != wasOwners || place != wasPlace {
		o.link(r)
		o.left(1)
	}
}

// own returns a part that may be written.
func (o *older[R]) own(i int) *chunk[R] {
	if !o.parts[i].owned {
		c := *o.parts[i].chunk
		o.parts[i] = part[R]{&c, true}
	}
	return o.parts[i].chunk
}

func (t *table[R]) insertOlder(p position, r R) {
	o := t.write()
	o.link(r)
	c := o.own(p.part)
	if c.n == partMax {
		const half = partMax / 2
		o.parts = slices.Insert(o.parts, p.part+1, part[R]{chunkOf(c.list[half:]), true})
		clear(c.list[half:])
		if c.n = half; p.i > half {
			c, p.i = o.parts[p.part+1].chunk, p.i-half
		}
	}
	copy(c.list[p.i+1:], c.list[p.i:c.n])
	c.list[p.i] = r
	c.n++
	o.count++
}

func (t *table[R]) removeOlder(p position) {
	o := t.write()
	c := o.own(p.part)
	c.n = len(slices.Delete(c.rows(), p.i, p.i+1))
	o.count--
	o.join(p.part)
	t.settleOlder(1)
}

// settleOlder drops older when nothing is left of it.
func (t *table[R]) settleOlder(left int) {
	if len(t.older.parts) == 0 {
		t.older, t.olderOwned = nil, false
		return
	}
	t.older.left(left)
}

// rejuvenate makes the last part young when no young row is left.
func (t *table[R]) rejuvenate() {
	o := t.write()
	last := o.parts[len(o.parts)-1]
	t.young, t.owned = append(make([]R, 0, youngMax+1), last.rows()...), true
	o.parts = o.parts[:len(o.parts)-1]
	o.count -= last.n
	t.settleOlder(last.n)
}

// join drops a part that became empty, or adds the next one to it when both are small.
func (o *older[R]) join(i int) {
	n := o.parts[i].n
	if n == 0 {
		o.parts = slices.Delete(o.parts, i, i+1)
		return
	}
	if i+1 < len(o.parts) && n+o.parts[i+1].n <= partMax/2 {
		c := o.own(i)
		copy(c.list[n:], o.parts[i+1].rows())
		c.n += o.parts[i+1].n
		o.parts = slices.Delete(o.parts, i+1, i+2)
	}
}
