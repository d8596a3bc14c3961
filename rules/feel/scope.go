package feel

// frame lays out the slots of one function body, or of the whole expression.
type frame struct {
	parent   *frame
	bindings []binding
	slots    int
	captures []capture
}

// binding gives a name a slot. A filter has a nameless binding: the names of the entries of its
// item are visible, and hide what lies outside.
type binding struct {
	name   string
	slot   int
	filter bool
}

func (f *frame) slot() int {
	f.slots++
	return f.slots - 1
}

// bind introduces a name and returns its slot.
func (f *frame) bind(name string) int {
	slot := f.slot()
	f.bindings = append(f.bindings, binding{name: name, slot: slot})
	return slot
}

// resolved is what a name means at a place: the items of the filters around that may have an entry
// of that name, innermost first, and the slot of the variable (-1 when there is none).
type resolved struct {
	items []int
	slot  int
}

func (f *frame) resolve(name string) resolved {
	r := resolved{slot: -1}
	for i := len(f.bindings) - 1; i >= 0; i-- {
		switch b := f.bindings[i]; {
		case b.filter:
			r.items = append(r.items, b.slot)
		case b.name == name:
			r.slot = b.slot
			return r
		}
	}
	if f.parent == nil {
		return r
	}
	outer := f.parent.resolve(name)
	for _, item := range outer.items {
		r.items = append(r.items, f.capture(item))
	}
	if outer.slot >= 0 {
		r.slot = f.capture(outer.slot)
	}
	return r
}

func (f *frame) capture(from int) int {
	for _, c := range f.captures {
		if c.from == from {
			return c.to
		}
	}
	to := f.slot()
	f.captures = append(f.captures, capture{from: from, to: to})
	return to
}
