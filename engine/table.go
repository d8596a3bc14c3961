package engine

import (
	"slices"
	"strings"
)

// rowID orders the rows of a table: by key first, then by name. Tables whose rows have a key of their
// own leave the name empty; variables and tokens are named things of a scope.
type rowID struct {
	key  int64
	name string
}

func (a rowID) compare(b rowID) int {
	switch {
	case a.key < b.key:
		return -1
	case a.key > b.key:
		return 1
	case a.name == b.name:
		return 0
	}
	return strings.Compare(a.name, b.name)
}

type row interface{ id() rowID }

// table is a sorted list of rows that is shared between states until one of them writes. Rows are
// values; a row is changed by putting a changed copy, so a state that was handed out never moves.
type table[R row] struct {
	rows  []R
	owned bool
}

// share returns the table for a state that is about to be changed.
func (t table[R]) share() table[R] { return table[R]{rows: t.rows} }

func (t *table[R]) find(id rowID) (int, bool) {
	// Keys are drawn in ascending order, so a new row is nearly always the last one, and what a step
	// looks for is often among the last.
	const near = 4
	for i := len(t.rows) - 1; i >= 0 && i >= len(t.rows)-near; i-- {
		if c := t.rows[i].id().compare(id); c <= 0 {
			if c < 0 {
				i++
			}
			return i, c == 0
		}
	}
	low, high := 0, max(0, len(t.rows)-near)
	for low < high {
		if middle := (low + high) / 2; t.rows[middle].id().compare(id) < 0 {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < len(t.rows) && t.rows[low].id() == id
}

func (t *table[R]) get(id rowID) (R, bool) {
	if i, ok := t.find(id); ok {
		return t.rows[i], true
	}
	var none R
	return none, false
}

// reserve makes the rows writable, with room for n more.
func (t *table[R]) reserve(n int) {
	if !t.owned {
		t.rows = append(make([]R, 0, len(t.rows)+n), t.rows...)
		t.owned = true
		return
	}
	t.rows = slices.Grow(t.rows, n)
}

// put inserts the row or replaces the one with its id.
func (t *table[R]) put(r R) {
	if i, found := t.find(r.id()); found {
		t.set(i, r)
	} else {
		t.insert(i, r)
	}
}

// set replaces the row at i.
func (t *table[R]) set(i int, r R) {
	if !t.owned {
		t.reserve(0)
	}
	t.rows[i] = r
}

// insert adds a row before the one at i, where find says that it belongs.
func (t *table[R]) insert(i int, r R) {
	if !t.owned {
		t.reserve(1)
	}
	t.rows = slices.Insert(t.rows, i, r)
}

// remove deletes the row with the id, if there is one.
func (t *table[R]) remove(id rowID) {
	if i, found := t.find(id); found {
		t.removeAt(i)
	}
}

// removeAt deletes the row at i. Rows that are shared are not copied when it is the first or the last:
// the table then shows a part of them.
func (t *table[R]) removeAt(i int) {
	switch {
	case t.owned:
		t.rows = slices.Delete(t.rows, i, i+1)
	case len(t.rows) == 1:
		t.rows = nil
	case i == 0:
		t.rows = t.rows[1:]
	case i == len(t.rows)-1:
		t.rows = t.rows[:i]
	default:
		rest := make([]R, 0, len(t.rows))
		t.rows, t.owned = append(append(rest, t.rows[:i]...), t.rows[i+1:]...), true
	}
}

// removeIf deletes the rows that match.
func (t *table[R]) removeIf(match func(*R) bool) {
	for i := range t.rows {
		if match(&t.rows[i]) {
			t.removeFrom(i, match)
			return
		}
	}
}

// removeFrom deletes the row at first, which matched, and those after it that match.
func (t *table[R]) removeFrom(first int, match func(*R) bool) {
	t.reserve(0)
	kept := t.rows[:first]
	for i := first + 1; i < len(t.rows); i++ {
		if !match(&t.rows[i]) {
			kept = append(kept, t.rows[i])
		}
	}
	clear(t.rows[len(kept):])
	t.rows = kept
}

// youngest returns copies of the rows that match, the last one first. They may be removed meanwhile.
func (t *table[R]) youngest(match func(*R) bool) []R {
	var found []R
	for i := len(t.rows) - 1; i >= 0; i-- {
		if match(&t.rows[i]) {
			found = append(found, t.rows[i])
		}
	}
	return found
}

// of returns the rows with the key, which stand together.
func (t *table[R]) of(key int64) []R {
	if len(t.rows) == 0 {
		return nil
	}
	from, _ := t.find(rowID{key: key})
	to := from
	for to < len(t.rows) && t.rows[to].id().key == key {
		to++
	}
	return t.rows[from:to]
}
