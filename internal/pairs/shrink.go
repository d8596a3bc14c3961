package pairs

import (
	"slices"
)

// shrink looks for a smaller model and a shorter walk that still differ. It tries one change after the other and
// keeps what differs, until no change is left that does.
func (t *trial) shrink() *trial {
	best := t.again(t.model, t.actions)
	if best.differs == "" {
		return t
	}
	for smaller := true; smaller; {
		smaller = false
		for i, changes := 0, best.changes(); i < len(changes); {
			c := changes[i]()
			if c.differs == "" || c.bulk() >= best.bulk() {
				i++
				continue
			}
			best, smaller = c, true
			changes = best.changes()
		}
	}
	return best
}

// bulk is what shrinking makes smaller.
func (t *trial) bulk() int { return len(t.model.xml()) + 100*len(t.actions) }

// changes are the ways to make a trial smaller by one step.
func (t *trial) changes() []func() *trial {
	var list []func() *trial
	for i := range t.actions {
		list = append(list, func() *trial {
			return t.again(t.model, slices.Delete(slices.Clone(t.actions), i, i+1))
		})
	}
	at := 0
	t.model.body.all(func(g *graph) {
		list = append(list, t.graphChanges(at, g)...)
		at++
	})
	return list
}

// graphChanges are the changes of the graph with the given number.
func (t *trial) graphChanges(at int, g *graph) []func() *trial {
	var list []func() *trial
	change := func(what func(*graph)) {
		list = append(list, func() *trial {
			m := t.model.clone()
			n := 0
			m.body.all(func(g *graph) {
				if n == at {
					what(g)
				}
				n++
			})
			return t.again(m, t.actions)
		})
	}
	for i, v := range g.nodes {
		change(func(g *graph) { g.bridge(g.nodes[i]) })
		change(func(g *graph) { g.drop(v.id) })
		if v.body != nil {
			change(func(g *graph) { g.inline(g.nodes[i]) })
		}
		for _, simpler := range simplify(v) {
			change(func(g *graph) { simpler(g.nodes[i]) })
		}
	}
	for i, e := range g.edges {
		change(func(g *graph) { g.edges = slices.Delete(g.edges, i, i+1) })
		if e.condition != "" {
			change(func(g *graph) { g.edges[i].condition = "" })
		}
	}
	return list
}

// simplify are the ways to make a node plainer.
func simplify(v *vertex) []func(*vertex) {
	var list []func(*vertex)
	if len(v.in)+len(v.out) > 0 {
		list = append(list, func(v *vertex) { v.in, v.out = nil, nil })
	}
	if v.loop != "" {
		list = append(list, func(v *vertex) { v.loop = "" })
	}
	if v.fallback != "" {
		list = append(list, func(v *vertex) { v.fallback = "" })
	}
	if v.kind == "endEvent" && len(v.events) > 0 {
		list = append(list, func(v *vertex) { v.events = nil })
	}
	if len(v.events) > 1 {
		list = append(list, func(v *vertex) { v.events = v.events[1:] }, func(v *vertex) { v.events = v.events[:1] })
	}
	return list
}

// bridge removes a node and lets the flows into it go on to where it went.
func (g *graph) bridge(v *vertex) {
	if v.kind == "startEvent" || v.on != "" {
		return
	}
	for _, e := range g.edges {
		if e.from == v.id && e.to != v.id {
			for _, in := range g.edges {
				if in.to == v.id {
					in.to = e.to
				}
			}
			break
		}
	}
	g.drop(v.id)
}

// inline puts the contents of a sub-process in its place.
func (g *graph) inline(v *vertex) {
	inner := v.body
	first := ""
	for _, e := range inner.edges {
		if s := inner.find(e.from); s != nil && s.kind == "startEvent" {
			first = e.to
		}
	}
	if first == "" || v.undo {
		return
	}
	for _, e := range g.edges {
		if e.to == v.id {
			e.to = first
		}
		if e.from == v.id {
			e.from = lastOf(inner, first)
		}
	}
	for _, s := range slices.Clone(inner.nodes) {
		if s.kind == "startEvent" {
			inner.drop(s.id)
		}
	}
	g.nodes, g.edges = append(g.nodes, inner.nodes...), append(g.edges, inner.edges...)
	g.drop(v.id)
}

// lastOf is a node before an end event, else the first.
func lastOf(g *graph, first string) string {
	for _, e := range g.edges {
		if t := g.find(e.to); t != nil && t.kind == "endEvent" && g.find(e.from).kind != "startEvent" {
			return e.from
		}
	}
	return first
}
