package pairs

import (
	"slices"
)

// mutate bends, cuts and adds a few flows, and turns gateways into others.
func (v *inventor) mutate() {
	var graphs []*graph
	v.body.all(func(g *graph) { graphs = append(graphs, g) })
	for range 1 + v.IntN(4) {
		g := graphs[v.IntN(len(graphs))]
		if len(g.edges) == 0 {
			continue
		}
		e := g.edges[v.IntN(len(g.edges))]
		target := g.nodes[v.IntN(len(g.nodes))]
		enters := target.kind != "startEvent" && target.kind != "boundaryEvent" && !target.undo && target.attribute == ""
		switch v.IntN(4) {
		case 0:
			if enters {
				e.to = target.id
			}
		case 1:
			if enters {
				added := v.join(g, e.from, target.id)
				if e.condition != "" || g.find(e.from).kind == "exclusiveGateway" {
					added.condition = v.condition()
				}
			}
		case 2:
			g.edges = slices.DeleteFunc(g.edges, func(o *edge) bool { return o == e })
		case 3:
			v.turn(g)
		}
	}
	v.drawn["mutated"]++
}

// turn makes another gateway of one.
func (v *inventor) turn(g *graph) {
	for _, at := range v.Perm(len(g.nodes)) {
		n := g.nodes[at]
		kinds := v.gateways()
		if !slices.Contains(kinds, n.kind) {
			continue
		}
		if n.kind = kinds[v.IntN(len(kinds))]; n.kind == "parallelGateway" {
			n.fallback = ""
			for _, e := range g.edges {
				if e.from == n.id {
					e.condition = ""
				}
			}
		}
		return
	}
}
