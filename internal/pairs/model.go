package pairs

import (
	"slices"
)

// model is a process on its way to become a file.
type model struct {
	body *graph
	next int // the number of the next id
}

// graph is the inside of the process or of a sub-process.
type graph struct {
	nodes []*vertex
	edges []*edge
}

// vertex is a flow node. kind is the name of its XML element.
type vertex struct {
	id, kind  string
	attribute string  // further attributes as XML
	inside    string  // further content as XML
	events    []event // several are a multiple event
	all       bool    // … a parallel one
	refers    event   // the message of a receive task
	body      *graph
	on        string // the activity of a boundary event
	keep      bool   // does not interrupt
	undo      bool   // isForCompensation
	handler   string // of a compensation boundary event
	script    string
	in, out   []mapping
	fallback  string // the default flow
	loop      string // loop characteristics as XML
}

// event is an event definition: its kind and what it refers to.
type event struct{ kind, value string }

type mapping struct{ target, source string }

type edge struct{ id, from, to, condition string }

func (m *model) clone() *model { return &model{body: m.body.clone(), next: m.next} }

func (g *graph) clone() *graph {
	if g == nil {
		return nil
	}
	c := &graph{}
	for _, v := range g.nodes {
		w := *v
		w.events, w.in, w.out, w.body = slices.Clone(v.events), slices.Clone(v.in), slices.Clone(v.out), v.body.clone()
		c.nodes = append(c.nodes, &w)
	}
	for _, e := range g.edges {
		w := *e
		c.edges = append(c.edges, &w)
	}
	return c
}

// all visits the graph and those inside it.
func (g *graph) all(visit func(*graph)) {
	visit(g)
	for _, v := range slices.Clone(g.nodes) {
		if v.body != nil {
			v.body.all(visit)
		}
	}
}

func (g *graph) find(id string) *vertex {
	for _, v := range g.nodes {
		if v.id == id {
			return v
		}
	}
	return nil
}

// drop removes a node with its flows, its boundary events and the handlers that only it had.
func (g *graph) drop(id string) {
	g.nodes = slices.DeleteFunc(g.nodes, func(v *vertex) bool { return v.id == id })
	g.edges = slices.DeleteFunc(g.edges, func(e *edge) bool { return e.from == id || e.to == id })
	for _, v := range slices.Clone(g.nodes) {
		if v.on == id {
			if v.handler != "" {
				g.drop(v.handler)
			}
			g.drop(v.id)
		}
	}
}

// size counts nodes and flows.
func (m *model) size() int {
	n := 0
	m.body.all(func(g *graph) { n += len(g.nodes) + len(g.edges) })
	return n
}
