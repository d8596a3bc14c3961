package pairs

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// Weights say how often each family of elements is drawn; what is not in it is left out.
type Weights map[string]int

// Basic are the families that every model may have.
var Basic = Weights{
	// blocks
	"task": 2, "user": 4, "service": 6, "script": 3, "catch timer": 2, "throw": 1, "and": 3, "xor": 3, "loop": 2, "sub": 5,
	"throw escalation": 2, "throw compensate": 3, "conditional flows": 2,
	// boundary events
	"boundary timer": 3, "boundary cycle": 1, "boundary error": 4, "boundary escalation": 3, "boundary compensate": 6,
	// ends
	"end": 14, "end terminate": 1, "end error": 2, "end escalation": 2, "end compensate": 2,
	// attributes
	"inputs": 1, "outputs": 1,
}

// inventor writes random models.
type inventor struct {
	*rand.Rand
	*model
	weights Weights
	drawn   map[string]int
}

// invent returns a random model: blocks with one entry and one exit, and for half of the models a few flows that
// are bent, cut or added.
func invent(r *rand.Rand, weights Weights) (*model, map[string]int) {
	v := &inventor{Rand: r, model: &model{}, weights: weights, drawn: map[string]int{}}
	v.body = v.scope(2+r.IntN(2), "startEvent")
	v.refer()
	if r.IntN(2) == 0 {
		v.mutate()
	}
	return v.model, v.drawn
}

func (v *inventor) id(prefix string) string {
	v.next++
	return fmt.Sprintf("%s%d", prefix, v.next)
}

// draw chooses one of the families by their weights.
func (v *inventor) draw(names ...string) string {
	sum := 0
	for _, n := range names {
		sum += v.weights[n]
	}
	at := v.IntN(sum)
	for _, n := range names {
		if at -= v.weights[n]; at < 0 {
			v.drawn[n]++
			return n
		}
	}
	panic("pairs: nothing drawn")
}

// may draws a family against not having it.
func (v *inventor) may(name string, against int) bool {
	if v.IntN(against+v.weights[name]) >= v.weights[name] {
		return false
	}
	v.drawn[name]++
	return true
}

func (v *inventor) add(g *graph, prefix, kind string) *vertex {
	n := &vertex{id: v.id(prefix), kind: kind}
	g.nodes = append(g.nodes, n)
	return n
}

func (v *inventor) join(g *graph, from, to string) *edge {
	e := &edge{id: v.id("f"), from: from, to: to}
	g.edges = append(g.edges, e)
	return e
}

// scope draws a start event, a sequence of blocks and an end event.
func (v *inventor) scope(depth int, start string) *graph {
	g := &graph{}
	s := v.add(g, "s", start)
	first, last := v.sequence(g, depth)
	v.join(g, s.id, first)
	v.join(g, last, v.end(g))
	return g
}

func (v *inventor) end(g *graph) string {
	family := v.draw("end", "end terminate", "end error", "end escalation", "end compensate")
	e := v.add(g, "e", "endEvent")
	switch family {
	case "end terminate":
		e.events = []event{{"terminate", ""}}
	case "end error":
		e.events = []event{{"error", v.code("E")}}
	case "end escalation":
		e.events = []event{{"escalation", v.code("X")}}
	case "end compensate":
		e.events = []event{{"compensate", ""}}
	}
	return e.id
}

func (v *inventor) code(prefix string) string { return fmt.Sprintf("%s%d", prefix, v.IntN(3)) }

func (v *inventor) sequence(g *graph, depth int) (first, last string) {
	first, last = v.block(g, depth)
	for range v.IntN(3) {
		entry, exit := v.block(g, depth)
		v.join(g, last, entry)
		last = exit
	}
	return first, last
}

// block draws one block; blocks with an inside only while depth lasts.
func (v *inventor) block(g *graph, depth int) (entry, exit string) {
	names := []string{"task", "user", "service", "script", "catch timer", "throw", "throw escalation", "throw compensate"}
	if depth > 0 {
		names = append(names, "and", "xor", "loop", "sub", "conditional flows")
	}
	switch family := v.draw(names...); family {
	case "and", "xor":
		return v.fork(g, family, depth)
	case "conditional flows":
		return v.spread(g, depth)
	case "loop":
		return v.cycle(g, depth)
	case "sub":
		n := v.add(g, "n", "subProcess")
		n.body = v.scope(depth-1, "startEvent")
		v.dress(g, n)
		return n.id, n.id
	default:
		return v.single(g, family)
	}
}

func (v *inventor) single(g *graph, family string) (string, string) {
	n := v.add(g, "n", "")
	switch family {
	case "task":
		n.kind = "task"
	case "user":
		n.kind = "userTask"
	case "service":
		n.kind = "serviceTask"
	case "script":
		n.kind, n.script = "scriptTask", fmt.Sprintf("=x + %d", v.IntN(3))
	case "catch timer":
		n.kind, n.events = "intermediateCatchEvent", []event{v.duration()}
	case "throw":
		n.kind = "intermediateThrowEvent"
	case "throw escalation":
		n.kind, n.events = "intermediateThrowEvent", []event{{"escalation", v.code("X")}}
	case "throw compensate":
		n.kind, n.events = "intermediateThrowEvent", []event{{"compensate", ""}}
	}
	if n.kind != "intermediateCatchEvent" && n.kind != "intermediateThrowEvent" {
		v.dress(g, n)
	}
	return n.id, n.id
}

func (v *inventor) duration() event { return event{"duration", fmt.Sprintf("PT%dM", v.IntN(90))} }

// dress gives an activity mappings and boundary events.
func (v *inventor) dress(g *graph, n *vertex) {
	if v.may("inputs", 9) {
		n.in = append(n.in, mapping{"l", fmt.Sprintf("=x + %d", v.IntN(3))})
	}
	if v.may("outputs", 9) {
		n.out = append(n.out, mapping{[]string{"x", "y"}[v.IntN(2)], fmt.Sprintf("=x + %d", v.IntN(2))})
	}
	for range v.IntN(3) {
		v.attach(g, n)
	}
}

// attach draws a boundary event with what follows it.
func (v *inventor) attach(g *graph, n *vertex) {
	family := v.draw("boundary timer", "boundary cycle", "boundary error", "boundary escalation", "boundary compensate")
	b := &vertex{id: v.id("b"), kind: "boundaryEvent", on: n.id, keep: v.IntN(2) == 0}
	switch family {
	case "boundary timer":
		b.events = []event{v.duration()}
	case "boundary cycle":
		b.events, b.keep = []event{{"cycle", "R3/PT20M"}}, true
	case "boundary error":
		b.events, b.keep = []event{{"error", v.codeOrAll("E")}}, false
	case "boundary escalation":
		b.events = []event{{"escalation", v.codeOrAll("X")}}
	case "boundary compensate":
		v.undoing(g, b)
		return
	}
	if g.catches(b) {
		return
	}
	g.nodes = append(g.nodes, b)
	v.follow(g, b.id)
}

func (v *inventor) codeOrAll(prefix string) string {
	if v.IntN(3) == 0 {
		return ""
	}
	return v.code(prefix)
}

// catches reports whether the activity has another boundary event for the same error, escalation or compensation.
func (g *graph) catches(b *vertex) bool {
	return slices.ContainsFunc(g.nodes, func(o *vertex) bool {
		return o.on == b.on && o.events[0] == b.events[0] && o.events[0].kind != "duration" && o.events[0].kind != "cycle"
	})
}

// follow draws what comes after an event: an end, a task and an end, or a way back into the flow.
func (v *inventor) follow(g *graph, id string) {
	if v.IntN(2) == 0 {
		u := v.add(g, "n", []string{"userTask", "task", "serviceTask"}[v.IntN(3)])
		v.join(g, id, u.id)
		id = u.id
	}
	v.join(g, id, v.end(g))
}

// undoing gives a compensation boundary event its handler.
func (v *inventor) undoing(g *graph, b *vertex) {
	b.events, b.keep = []event{{"compensate", ""}}, false
	if g.catches(b) {
		return
	}
	g.nodes = append(g.nodes, b)
	h := v.add(g, "h", []string{"serviceTask", "task", "userTask", "subProcess", "scriptTask"}[v.IntN(5)])
	h.undo, b.handler = true, h.id
	switch h.kind {
	case "subProcess":
		h.body = v.scope(0, "startEvent")
	case "scriptTask":
		h.script = "=x + 10"
	}
}

func (v *inventor) fork(g *graph, family string, depth int) (string, string) {
	kind := map[string]string{"and": "parallelGateway", "xor": "exclusiveGateway", "or": "inclusiveGateway"}[family]
	split, join := v.add(g, "g", kind), v.add(g, "g", kind)
	branches := 2 + v.IntN(2)
	for i := range branches {
		first, last := split.id, split.id
		in := v.join(g, split.id, "")
		if i == 0 || v.IntN(5) > 0 {
			first, last = v.sequence(g, depth-1)
			in.to = first
			v.join(g, last, join.id)
		} else {
			in.to = join.id
		}
		switch {
		case family == "and":
		case i == branches-1 && v.IntN(4) > 0:
			split.fallback = in.id
		default:
			in.condition = v.condition()
		}
	}
	return split.id, join.id
}

func (v *inventor) condition() string {
	name := []string{"x", "x", "x", "y"}[v.IntN(4)]
	return fmt.Sprintf("=%s %s %d", name, []string{">", "<", ">="}[v.IntN(3)], v.IntN(6))
}

// spread draws an activity with conditional flows, which meet again where each token goes on for itself.
func (v *inventor) spread(g *graph, depth int) (string, string) {
	from, to := v.add(g, "n", "userTask"), v.add(g, "n", "task")
	for i := range 2 + v.IntN(2) {
		first, last := v.sequence(g, depth-1)
		e := v.join(g, from.id, first)
		v.join(g, last, to.id)
		switch {
		case i == 0 && v.IntN(2) == 0:
			from.fallback = e.id
		case v.IntN(2) == 0:
			e.condition = v.condition()
		}
	}
	return from.id, to.id
}

// cycle repeats a sequence while x is small; x grows in it.
func (v *inventor) cycle(g *graph, depth int) (string, string) {
	entry, more, exit := v.add(g, "g", "exclusiveGateway"), v.add(g, "n", "scriptTask"), v.add(g, "g", "exclusiveGateway")
	after := v.add(g, "n", "task")
	more.script = "=x + 1"
	first, last := v.sequence(g, depth-1)
	v.join(g, entry.id, more.id)
	v.join(g, more.id, first)
	v.join(g, last, exit.id)
	v.join(g, exit.id, entry.id).condition = fmt.Sprintf("=x < %d", 1+v.IntN(6))
	exit.fallback = v.join(g, exit.id, after.id).id
	return entry.id, after.id
}

// refer lets half of the compensation events name an activity of their scope or of one around it.
func (v *inventor) refer() { v.referIn(v.body, nil) }

func (v *inventor) referIn(g *graph, outer []string) {
	candidates := slices.Clone(outer)
	for _, n := range g.nodes {
		if n.handler != "" {
			candidates = append(candidates, n.on)
		}
		if n.kind == "subProcess" && !n.undo {
			candidates = append(candidates, n.id)
		}
	}
	for _, n := range g.nodes {
		throws := n.kind == "intermediateThrowEvent" || n.kind == "endEvent"
		for i, e := range n.events {
			if throws && e.kind == "compensate" && len(candidates) > 0 && v.IntN(2) == 0 {
				n.events[i].value = candidates[v.IntN(len(candidates))]
			}
		}
		if n.body != nil {
			v.referIn(n.body, candidates)
		}
	}
}

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
		enters := target.kind != "startEvent" && target.kind != "boundaryEvent" && !target.undo
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

func (v *inventor) gateways() []string {
	kinds := []string{"exclusiveGateway", "parallelGateway"}
	if v.weights["or"] > 0 {
		kinds = append(kinds, "inclusiveGateway")
	}
	return kinds
}

// with returns the weights with others added.
func (w Weights) with(more Weights) Weights {
	sum := maps.Clone(w)
	maps.Copy(sum, more)
	return sum
}
