package engine

import (
	"math"
	"slices"
)

// older is what a table that outgrew one list holds beside its young rows: parts of at most partMax rows,
// none of them empty, and the index of the owners of all rows, young ones included.
type older[R row] struct {
	parts []part[R]
	count int
	index table[link]
}

type part[R row] struct {
	rows  []R
	owned bool // rows may be written
}

const partMax = 32

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
		if middle := (low + high + 1) / 2; o.parts[middle].rows[0].id().compare(id) <= 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	i, ok := search(o.parts[low].rows, id)
	return position{low, i}, ok
}

func (o *older[R]) each(t *table[R], owner int64, do func(*R) bool) {
	for p, ok := o.index.firstOf(owner); ok; p, ok = o.index.settle(position{p.part, p.i + 1}) {
		l := o.index.at(p)
		if l.owner != owner {
			return
		}
		if r, found := t.get(rowID{key: l.key}); found && !do(&r) {
			return
		}
	}
}

func (o *older[R]) latest(t *table[R], owner int64, match func(*R) bool) (R, bool) {
	p, _ := o.index.find(rowID{key: owner, sub: math.MaxInt64})
	for ok := true; ok; {
		if p, ok = o.index.before(p); !ok || o.index.at(p).owner != owner {
			break
		}
		if r, found := t.get(rowID{key: o.index.at(p).key}); found && match(&r) {
			return r, true
		}
	}
	var none R
	return none, false
}

// places calls do once for each place where an owner has rows, until do returns false. It goes from place to
// place without looking at all rows.
func (o *older[R]) places(owner int64, do func(place string) bool) {
	for id := (rowID{key: owner}); ; {
		p, ok := o.index.from(id)
		if !ok {
			return
		}
		l := o.index.at(p)
		if l.owner != owner || !do(l.place) {
			return
		}
		id = rowID{key: owner, name: l.place, sub: math.MaxInt64}
	}
}

// link enters a row into the index; unlink takes it out.
func (o *older[R]) link(r R) {
	if owners, place := r.owners(); owners[0] != 0 {
		for _, owner := range owners {
			if owner != 0 {
				o.index.put(link{owner, place, r.id().key})
			}
		}
	}
}

func (o *older[R]) unlink(r R) {
	if owners, place := r.owners(); owners[0] != 0 {
		for _, owner := range owners {
			if owner != 0 {
				o.index.remove(link{owner, place, r.id().key}.id())
			}
		}
	}
}

// write makes older writable, but none of the parts.
func (t *table[R]) write() *older[R] {
	if !t.olderOwned {
		o := &older[R]{parts: make([]part[R], len(t.older.parts), len(t.older.parts)+2), count: t.older.count, index: t.older.index.share()}
		for i, p := range t.older.parts {
			o.parts[i] = part[R]{rows: p.rows}
		}
		t.older, t.olderOwned = o, true
	}
	return t.older
}

// age makes a part of the first young rows. The rows after them stay young: most new ones come last.
func (t *table[R]) age() {
	if t.older == nil {
		t.older, t.olderOwned = &older[R]{}, true
		for _, r := range t.young {
			t.older.link(r)
		}
	}
	o := t.write()
	old := t.young[:partMax:partMax]
	o.parts = append(o.parts, part[R]{rows: old, owned: true})
	o.count += partMax
	t.young = append(make([]R, 0, youngMax+1), t.young[partMax:]...)
	t.owned = true
}

func (t *table[R]) setLarge(p position, r R) {
	o := t.write()
	before := t.at(p)
	wasOwners, wasPlace := before.owners()
	if owners, place := r.owners(); owners != wasOwners || place != wasPlace {
		o.unlink(before)
		o.link(r)
	}
	if p.part == len(o.parts) {
		if !t.owned {
			t.reserve(0)
		}
		t.young[p.i] = r
		return
	}
	o.own(p.part, 0)
	o.parts[p.part].rows[p.i] = r
}

// own makes the rows of a part writable, with room for n more.
func (o *older[R]) own(i, n int) {
	if q := &o.parts[i]; !q.owned {
		q.rows, q.owned = append(make([]R, 0, len(q.rows)+n), q.rows...), true
	}
}

// insertLarge enters a row into the index and, unless it belongs to the young ones, into its part.
func (t *table[R]) insertLarge(p position, r R) bool {
	o := t.write()
	o.link(r)
	if p.part == len(o.parts) {
		return false
	}
	o.own(p.part, 1)
	q := &o.parts[p.part]
	q.rows = slices.Insert(q.rows, p.i, r)
	o.count++
	if len(q.rows) > partMax {
		half := slices.Clone(q.rows[partMax/2:])
		q.rows = q.rows[:partMax/2]
		o.parts = slices.Insert(o.parts, p.part+1, part[R]{rows: half, owned: true})
	}
	return true
}

func (t *table[R]) removeLarge(p position) {
	o := t.write()
	o.unlink(t.at(p))
	if p.part < len(o.parts) {
		q := &o.parts[p.part]
		q.rows, q.owned = without(q.rows, q.owned, p.i)
		o.count--
		o.join(p.part)
	} else if t.young, t.owned = without(t.young, t.owned, p.i); len(t.young) == 0 {
		last := o.parts[len(o.parts)-1]
		t.young, t.owned = last.rows, last.owned
		o.parts = o.parts[:len(o.parts)-1]
		o.count -= len(last.rows)
	}
	if len(o.parts) == 0 {
		t.older, t.olderOwned = nil, false
	}
}

// join drops a part that became empty, or adds the next one to it when both are small.
func (o *older[R]) join(i int) {
	q := &o.parts[i]
	if len(q.rows) == 0 {
		o.parts = slices.Delete(o.parts, i, i+1)
		return
	}
	if i+1 < len(o.parts) && len(q.rows)+len(o.parts[i+1].rows) <= partMax/2 {
		o.own(i, partMax/2)
		o.parts[i].rows = append(o.parts[i].rows, o.parts[i+1].rows...)
		o.parts = slices.Delete(o.parts, i+1, i+2)
	}
}
