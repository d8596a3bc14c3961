package engine

import (
	"cmp"
	"slices"
)

// rowID orders the rows of a table: by key first, then by name. Tables whose rows have a key of their
// own leave the name empty; variables and tokens are named things of a scope.
type rowID struct {
	key  int64
	name string
}

func (a rowID) compare(b rowID) int {
	if c := cmp.Compare(a.key, b.key); c != 0 {
		return c
	}
	return cmp.Compare(a.name, b.name)
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
	// Keys are drawn in ascending order, so a new row is nearly always the last one.
	if n := len(t.rows); n == 0 || t.rows[n-1].id().compare(id) < 0 {
		return n, false
	}
	return slices.BinarySearchFunc(t.rows, id, func(r R, id rowID) int { return r.id().compare(id) })
}

func (t *table[R]) get(id rowID) (R, bool) {
	if i, ok := t.find(id); ok {
		return t.rows[i], true
	}
	var none R
	return none, false
}

// own makes the rows writable. The spare room is for the few rows that one step adds.
func (t *table[R]) own() {
	if !t.owned {
		t.rows = append(make([]R, 0, len(t.rows)+4), t.rows...)
		t.owned = true
	}
}

// put inserts the row or replaces the one with its id.
func (t *table[R]) put(r R) {
	t.own()
	i, found := t.find(r.id())
	if found {
		t.rows[i] = r
		return
	}
	t.rows = slices.Insert(t.rows, i, r)
}

// remove deletes the row with the id, if there is one.
func (t *table[R]) remove(id rowID) {
	if i, found := t.find(id); found {
		t.own()
		t.rows = slices.Delete(t.rows, i, i+1)
	}
}

// removeIf deletes the rows that match.
func (t *table[R]) removeIf(match func(R) bool) {
	if slices.ContainsFunc(t.rows, match) {
		t.own()
		t.rows = slices.DeleteFunc(t.rows, match)
	}
}

// youngest returns copies of the rows that match, the last one first. They may be removed meanwhile.
func (t *table[R]) youngest(match func(R) bool) []R {
	var found []R
	for i := len(t.rows) - 1; i >= 0; i-- {
		if match(t.rows[i]) {
			found = append(found, t.rows[i])
		}
	}
	return found
}

// of returns the rows with the key, which stand together.
func (t *table[R]) of(key int64) []R {
	from, _ := t.find(rowID{key: key})
	to := from
	for to < len(t.rows) && t.rows[to].id().key == key {
		to++
	}
	return t.rows[from:to]
}
