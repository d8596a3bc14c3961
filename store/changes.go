package store

// changes collects what a batch does to one table: rows that are new, and at most one change for each
// row that exists. Rows and changes keep the order of their first event.
type changes[R, C any] struct {
	fresh   []R
	changed []C
	freshAt map[int64]int
	at      map[int64]int
	begin   func(key int64) C // an empty change
	onto    func(*R, C)       // carries a change out on a row that is not written yet
}

func collect[R, C any](begin func(int64) C, onto func(*R, C)) *changes[R, C] {
	return &changes[R, C]{freshAt: map[int64]int{}, at: map[int64]int{}, begin: begin, onto: onto}
}

// insert adds a new row.
func (c *changes[R, C]) insert(key int64, row R) {
	c.freshAt[key] = len(c.fresh)
	c.fresh = append(c.fresh, row)
}

// change returns the change of a row, to be added to.
func (c *changes[R, C]) change(key int64) *C {
	i, ok := c.at[key]
	if !ok {
		i = len(c.changed)
		c.at[key] = i
		c.changed = append(c.changed, c.begin(key))
	}
	return &c.changed[i]
}

// settle moves the changes of new rows into the rows: a thing that begins and ends in one batch is one
// INSERT.
func (c *changes[R, C]) settle() {
	kept := make([]C, 0, len(c.changed))
	into := make([]int, len(c.changed))
	for key, i := range c.at {
		at, isFresh := c.freshAt[key]
		if !isFresh {
			at = -1
		}
		into[i] = at
	}
	for i, change := range c.changed {
		if into[i] < 0 {
			kept = append(kept, change)
			continue
		}
		c.onto(&c.fresh[into[i]], change)
	}
	c.changed = kept
}
