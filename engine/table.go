package engine

import (
	"slices"
	"strings"
)

// rowID orders the rows of a table: by key first, then by name, then by sub. Tables whose rows have a key
// of their own leave the rest empty; variables and tokens are named things of a scope.
type rowID struct {
	key  int64
	name string
	sub  int64
}

// named is the id of a thing that a scope has under a name.
func named(scope int64, name string) rowID { return rowID{key: scope, name: name} }

func (a rowID) compare(b rowID) int {
	switch {
	case a.key < b.key:
		return -1
	case a.key > b.key:
		return 1
	case a.name == b.name:
		return int(min(1, max(-1, a.sub-b.sub)))
	}
	return strings.Compare(a.name, b.name)
}

// row is what a table holds. Its owners, 0 for none, are what else than its id it is looked up by; rows of
// one owner are told apart by a place, which may be "".
type row interface {
	id() rowID
	owners() (owners [3]int64, place string)
}

// table is a sorted list of rows that is shared between states until one of them writes. Rows are
// values; a row is changed by putting a changed copy, so a state that was handed out never moves.
//
// A small table is one list, and what an owner has is found by looking through it. What a list cannot hold
// goes to older: there a change copies only the part where it happens, and owners have an index.
type table[R row] struct {
	young      []R // the rows with the greatest ids; not empty unless the table is
	older      *older[R]
	owned      bool // young may be written
	olderOwned bool // older may be written, except for the parts that are still shared
}

// position is where a row stands: in the part of older, or in young when part is their number.
type position struct{ part, i int }

// youngMax is the number of rows that are one list. Half of a step on a list of that length is copying.
const youngMax = 32

// tableOf returns a table of sorted rows.
func tableOf[R row](rows []R) table[R] {
	if len(rows) <= youngMax {
		return table[R]{young: rows}
	}
	var t table[R]
	for _, r := range rows {
		t.insert(position{t.parts(), len(t.young)}, r)
	}
	return t
}

// share returns the table for a state that is about to be changed.
func (t table[R]) share() table[R] { return table[R]{young: t.young, older: t.older} }

func (t *table[R]) len() int {
	if t.older == nil {
		return len(t.young)
	}
	return len(t.young) + t.older.count
}

func (t *table[R]) parts() int {
	if t.older == nil {
		return 0
	}
	return len(t.older.parts)
}

// search looks for an id in sorted rows and returns where it stands or belongs.
func search[R row](rows []R, id rowID) (int, bool) {
	// Keys are drawn in ascending order, so a new row is nearly always the last one, and what a step
	// looks for is often among the last.
	const near = 4
	for i := len(rows) - 1; i >= 0 && i >= len(rows)-near; i-- {
		if c := rows[i].id().compare(id); c <= 0 {
			if c < 0 {
				i++
			}
			return i, c == 0
		}
	}
	low, high := 0, max(0, len(rows)-near)
	for low < high {
		if middle := (low + high) / 2; rows[middle].id().compare(id) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < len(rows) && rows[low].id() == id
}

func (t *table[R]) find(id rowID) (position, bool) {
	if t.older != nil && id.compare(t.young[0].id()) < 0 {
		return t.older.find(id)
	}
	i, ok := search(t.young, id)
	return position{t.parts(), i}, ok
}

// at returns the row at a position that find returned with true.
func (t *table[R]) at(p position) R {
	if p.part < t.parts() {
		return t.older.parts[p.part].list[p.i]
	}
	return t.young[p.i]
}

func (t *table[R]) get(id rowID) (R, bool) {
	if p, ok := t.find(id); ok {
		return t.at(p), true
	}
	var none R
	return none, false
}

// reserve makes the young rows writable, with room for n more.
func (t *table[R]) reserve(n int) {
	if !t.owned {
		t.young = append(make([]R, 0, len(t.young)+n), t.young...)
		t.owned = true
		return
	}
	t.young = slices.Grow(t.young, n)
}

// put inserts the row or replaces the one with its id.
func (t *table[R]) put(r R) {
	if p, found := t.find(r.id()); found {
		t.set(p, r)
	} else {
		t.insert(p, r)
	}
}

// set replaces the row at p.
func (t *table[R]) set(p position, r R) {
	if p.part < t.parts() {
		t.setOlder(p, r)
		return
	}
	if !t.owned {
		t.reserve(0)
	}
	t.young[p.i] = r
}

// insert adds a row before the one at p, where find says that it belongs.
func (t *table[R]) insert(p position, r R) {
	if p.part < t.parts() {
		t.insertOlder(p, r)
		return
	}
	if !t.owned {
		t.reserve(1)
	}
	t.young = slices.Insert(t.young, p.i, r)
	if len(t.young) > youngMax {
		t.age()
	}
}

// remove deletes the row with the id, if there is one.
func (t *table[R]) remove(id rowID) {
	if p, found := t.find(id); found {
		t.removeAt(p)
	}
}

// removeAt deletes the row at p. Rows that are shared are not copied when it is the first or the last:
// the table then shows a part of them.
func (t *table[R]) removeAt(p position) {
	if p.part < t.parts() {
		t.removeOlder(p)
		return
	}
	if t.young, t.owned = without(t.young, t.owned, p.i); len(t.young) == 0 && t.older != nil {
		t.rejuvenate()
	}
}

// without returns rows without the one at i, and whether they may be written.
func without[R row](rows []R, owned bool, i int) ([]R, bool) {
	switch {
	case owned:
		return slices.Delete(rows, i, i+1), true
	case len(rows) == 1:
		return nil, false
	case i == 0:
		return rows[1:], false
	case i == len(rows)-1:
		return rows[:i], false
	}
	rest := make([]R, 0, len(rows))
	return append(append(rest, rows[:i]...), rows[i+1:]...), true
}

// removeOf deletes the rows with the key, which stand together.
func (t *table[R]) removeOf(key int64) {
	for {
		p, ok := t.firstOf(key)
		if !ok {
			return
		}
		t.removeAt(p)
	}
}

// firstOf returns the first row with the key.
func (t *table[R]) firstOf(key int64) (position, bool) {
	p, ok := t.from(rowID{key: key})
	return p, ok && t.at(p).id().key == key
}

// from returns where the first row with the id or a greater one stands.
func (t *table[R]) from(id rowID) (position, bool) {
	if len(t.young) == 0 {
		return position{}, false
	}
	p, _ := t.find(id)
	return t.settle(p)
}

// settle returns the position itself or, when it is the end of a part, the beginning of the next one.
func (t *table[R]) settle(p position) (position, bool) {
	parts := t.parts()
	if p.part < parts && p.i == t.older.parts[p.part].n {
		p = position{part: p.part + 1}
	}
	return p, p.part < parts || p.i < len(t.young)
}

// before returns the position before one that find or before returned.
func (t *table[R]) before(p position) (position, bool) {
	if p.i == 0 && p.part > 0 {
		p = position{p.part - 1, t.older.parts[p.part-1].n}
	}
	p.i--
	return p, p.i >= 0
}

// hasOf reports whether there is a row with the key.
func (t *table[R]) hasOf(key int64) bool {
	_, ok := t.firstOf(key)
	return ok
}
