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
	"end": 14, "end error": 2, "end escalation": 2, "end compensate": 2,
	// attributes
	"inputs": 1, "outputs": 1,
}

// Families are the elements beyond the basic ones, family by family.
var Families = map[string]Weights{
	"terminate":  {"end terminate": 1},
	"loops":      {"multi": 3, "repeat": 2, "waver": 2},
	"gateways":   {"or": 4, "complex": 2},
	"messages":   {"catch message": 2, "receive": 2, "throw message": 1, "end message": 1, "boundary message": 3},
	"signals":    {"catch signal": 2, "throw signal": 1, "end signal": 1, "boundary signal": 2},
	"conditions": {"catch condition": 2, "boundary condition": 3},
	"links":      {"link": 2},
	"multiple":   {"catch multiple": 2, "catch all": 2, "boundary multiple": 2, "boundary all": 2, "throw multiple": 1, "end multiple": 1},
	"choices":    {"event gateway": 3},
	"handlers": {
		"handler": 3, "handler error": 3, "handler escalation": 3, "handler timer": 2, "handler message": 2,
		"handler condition": 2, "handler compensate": 3, "handler all": 1, "repent": 3,
	},
	"transactions": {"transaction": 3, "end cancel": 4, "revoke": 2},
	"quantities":   {"quantity": 1},
	"unawaited":    {"unawaited": 2},
}

// Everything returns the basic families with the named others, all when none is named.
func Everything(names ...string) Weights {
	sum := maps.Clone(Basic)
	for name, family := range Families {
		if len(names) == 0 || slices.Contains(names, name) {
			maps.Copy(sum, family)
		}
	}
	return sum
}

// levelMax is how deep event sub-processes and handlers with an inside may stand.
const levelMax = 3

// inventor writes random models.
type inventor struct {
	*rand.Rand
	*model
	weights Weights
	drawn   map[string]int
	within  int // transactions around
	level   int // scopes around
}

// invent returns a random model: blocks with one entry and one exit, and for half of the models a few flows that
// are bent, cut or added.
func invent(r *rand.Rand, weights Weights) (*model, map[string]int) {
	v := &inventor{Rand: r, model: &model{}, weights: swarm(r, weights), drawn: map[string]int{}}
	v.body = v.scope(2 + r.IntN(2))
	v.refer()
	if r.IntN(2) == 0 {
		v.mutate()
	}
	return v.model, v.drawn
}

// swarm leaves out a third of the families and draws some much more often, so that models differ in what they are
// full of.
func swarm(r *rand.Rand, weights Weights) Weights {
	mood := Weights{}
	for _, name := range slices.Sorted(maps.Keys(weights)) {
		switch draw := r.IntN(6); {
		case name == "task" || name == "end" || name == "user" || name == "boundary error" || name == "handler error":
			mood[name] = 1
		case draw < 2:
		case draw == 2:
			mood[name] = 6 * weights[name]
		default:
			mood[name] = weights[name]
		}
	}
	return mood
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
func (v *inventor) scope(depth int) *graph {
	g := &graph{}
	v.level++
	defer func() { v.level-- }()
	s := v.add(g, "s", "startEvent")
	first, last := v.sequence(g, depth)
	v.join(g, s.id, first)
	v.join(g, last, v.end(g))
	for range 2 {
		if v.level <= levelMax && v.may("handler", 12) {
			v.handler(g, depth)
		}
	}
	return g
}

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
	names := []string{
		"task", "user", "service", "script", "catch timer", "throw", "throw escalation", "throw compensate", "catch message", "receive",
		"throw message", "catch signal", "throw signal", "catch condition", "link", "catch multiple", "catch all", "throw multiple",
	}
	if depth > 0 {
		names = append(names, "and", "xor", "or", "complex", "event gateway", "loop", "sub", "transaction", "conditional flows")
	}
	switch family := v.draw(names...); family {
	case "and", "xor", "or":
		return v.fork(g, family, depth)
	case "complex":
		return v.discriminator(g, depth)
	case "event gateway":
		return v.race(g, depth)
	case "conditional flows":
		return v.spread(g, depth)
	case "loop":
		return v.cycle(g, depth)
	case "sub":
		n := v.add(g, "n", "subProcess")
		n.body = v.scope(depth - 1)
		if v.level <= levelMax && v.may("repent", 4) {
			v.repent(n.body)
		}
		if v.level <= levelMax && v.may("waver", 12) {
			v.waver(n.body)
		}
		v.dress(g, n)
		return n.id, n.id
	case "transaction":
		return v.transaction(g, depth)
	case "link":
		throw, catch := v.add(g, "n", "intermediateThrowEvent"), v.add(g, "n", "intermediateCatchEvent")
		throw.events = []event{{"link", catch.id}}
		catch.events = throw.events
		return throw.id, catch.id
	default:
		return v.single(g, family)
	}
}
