package pairs

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
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
	"loops":      {"multi": 3, "repeat": 2},
	"gateways":   {"or": 4, "complex": 2},
	"messages":   {"catch message": 2, "receive": 2, "throw message": 1, "end message": 1, "boundary message": 3},
	"signals":    {"catch signal": 2, "throw signal": 1, "end signal": 1, "boundary signal": 2},
	"conditions": {"catch condition": 2, "boundary condition": 3},
	"links":      {"link": 2},
	"multiple":   {"catch multiple": 2, "catch all": 2, "boundary multiple": 2, "boundary all": 2, "throw multiple": 1, "end multiple": 1},
	"choices":    {"event gateway": 3},
	"handlers": {
		"handler": 3, "handler error": 3, "handler escalation": 3, "handler timer": 2, "handler message": 2,
		"handler condition": 2, "handler compensate": 3, "handler all": 1,
	},
	"transactions": {"transaction": 3, "end cancel": 4},
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

func (v *inventor) end(g *graph) string {
	names := []string{"end", "end terminate", "end error", "end escalation", "end compensate", "end message", "end signal", "end multiple"}
	if v.within > 0 {
		names = append(names, "end cancel")
	}
	family := v.draw(names...)
	e := v.add(g, "e", "endEvent")
	switch family {
	case "end":
	case "end multiple":
		e.events = v.several("escalation", "signal", "message", "compensate")
	case "end error":
		e.events = []event{{"error", v.code("E")}}
	default:
		_, kind, _ := strings.Cut(family, " ")
		e.events = []event{v.thrown(kind)}
	}
	return e.id
}

// thrown is a definition of a throwing event.
func (v *inventor) thrown(kind string) event {
	switch kind {
	case "escalation":
		return event{kind, v.code("X")}
	case "message":
		return event{kind, v.code("M")}
	case "signal":
		return event{kind, v.code("S")}
	case "compensate":
		if v.may("unawaited", 5) {
			return event{"compensate and go on", ""}
		}
	}
	return event{kind, ""}
}

// caught is a definition of a catching event.
func (v *inventor) caught(kind string) event {
	switch kind {
	case "timer":
		return v.duration()
	case "condition":
		return event{"conditional", v.condition()}
	}
	return v.thrown(kind)
}

// several draws two or three different definitions.
func (v *inventor) several(kinds ...string) []event {
	var list []event
	for _, at := range v.Perm(len(kinds))[:2+v.IntN(2)] {
		if kinds[at] == "condition" || kinds[at] == "timer" {
			list = append(list, v.caught(kinds[at]))
			continue
		}
		list = append(list, v.thrown(kinds[at]))
	}
	return list
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

func (v *inventor) transaction(g *graph, depth int) (string, string) {
	n := v.add(g, "n", "transaction")
	v.within++
	n.body = v.scope(depth - 1)
	v.within--
	if v.IntN(4) > 0 {
		b := v.add(g, "b", "boundaryEvent")
		b.on, b.events = n.id, []event{{"cancel", ""}}
		v.follow(g, b.id)
	}
	v.dress(g, n)
	return n.id, n.id
}

func (v *inventor) single(g *graph, family string) (string, string) {
	n := v.add(g, "n", "")
	place, kind, _ := strings.Cut(family, " ")
	switch place {
	case "task":
		n.kind = "task"
	case "user":
		n.kind = "userTask"
	case "service":
		n.kind = "serviceTask"
	case "receive":
		n.kind, n.refers = "receiveTask", event{"message", v.code("M")}
	case "script":
		n.kind, n.script = "scriptTask", fmt.Sprintf("=x + %d", v.IntN(3))
	case "catch":
		n.kind = "intermediateCatchEvent"
		v.trigger(n, kind)
		return n.id, n.id
	case "throw":
		n.kind = "intermediateThrowEvent"
		if kind == "multiple" {
			n.events = v.several("escalation", "signal", "message", "compensate")
		} else if kind != "" {
			n.events = []event{v.thrown(kind)}
		}
		return n.id, n.id
	}
	v.dress(g, n)
	return n.id, n.id
}

// trigger gives a catching event what it waits for.
func (v *inventor) trigger(n *vertex, kind string) {
	switch kind {
	case "multiple":
		n.events = v.several("timer", "message", "signal", "condition")
	case "all":
		n.events, n.all = v.several("timer", "message", "signal"), true
	default:
		n.events = []event{v.caught(kind)}
	}
}

// handler draws an event sub-process.
func (v *inventor) handler(g *graph, depth int) {
	family := v.draw("handler error", "handler escalation", "handler timer", "handler message", "handler condition", "handler compensate",
		"handler all")
	n := v.add(g, "n", "subProcess")
	n.attribute = ` triggeredByEvent="true"`
	n.body = v.scope(max(0, depth-1))
	start := n.body.nodes[0]
	start.keep = v.IntN(2) == 0
	switch _, kind, _ := strings.Cut(family, " "); kind {
	case "error":
		start.events, start.keep = []event{{"error", v.codeOrAll("E")}}, false
	case "escalation":
		start.events = []event{{"escalation", v.codeOrAll("X")}}
	case "compensate":
		start.events, start.keep = []event{{"compensate", ""}}, false
	default:
		v.trigger(start, kind)
	}
}

// discriminator draws parallel branches that meet at a complex gateway.
func (v *inventor) discriminator(g *graph, depth int) (string, string) {
	split, join, after := v.add(g, "g", "parallelGateway"), v.add(g, "g", "complexGateway"), v.add(g, "n", "task")
	branches := 2 + v.IntN(2)
	for range branches {
		first, last := v.sequence(g, depth-1)
		v.join(g, split.id, first)
		v.join(g, last, join.id)
	}
	join.inside = fmt.Sprintf(`<activationCondition>=activationCount &gt;= %d</activationCondition>`, 1+v.IntN(branches))
	out := v.join(g, join.id, after.id)
	if v.IntN(2) == 0 {
		out.condition = "=waitingForStart"
		late := v.join(g, join.id, "")
		late.condition, late.to = "=waitingForStart = false", v.add(g, "n", "userTask").id
		v.join(g, late.to, v.end(g))
	}
	return split.id, after.id
}

// race draws an event-based gateway with its events, whose branches meet again.
func (v *inventor) race(g *graph, depth int) (string, string) {
	split, join := v.add(g, "g", "eventBasedGateway"), v.add(g, "g", "exclusiveGateway")
	messages := []string{"message", "receive"}[v.IntN(2)]
	kinds := []string{messages, "timer", "signal", "condition"}
	for _, at := range v.Perm(len(kinds))[:2+v.IntN(2)] {
		n := v.add(g, "n", "intermediateCatchEvent")
		if kinds[at] == "receive" {
			n.kind, n.refers = "receiveTask", event{"message", v.code("M")}
		} else {
			n.events = []event{v.caught(kinds[at])}
		}
		v.join(g, split.id, n.id)
		first, last := v.sequence(g, depth-1)
		v.join(g, n.id, first)
		v.join(g, last, join.id)
	}
	return split.id, join.id
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
	v.repeat(n)
	if v.may("quantity", 40) {
		n.attribute += fmt.Sprintf(` %s="2"`, []string{"startQuantity", "completionQuantity"}[v.IntN(2)])
	}
	for range v.IntN(3) {
		v.attach(g, n)
	}
}

// repeat gives an activity a loop or several instances.
func (v *inventor) repeat(n *vertex) {
	switch {
	case v.may("multi", 20):
		n.loop = v.multi()
	case v.may("repeat", 20):
		attributes, inside := "", ""
		if v.IntN(2) == 0 {
			attributes = ` testBefore="true"`
		}
		bounded := v.IntN(3) > 0
		if bounded {
			attributes += fmt.Sprintf(` loopMaximum="%d"`, 1+v.IntN(3))
		}
		if !bounded || v.IntN(2) == 0 {
			inside = `<loopCondition>` + escape(fmt.Sprintf("=loopCounter < %d and x < 9", 1+v.IntN(3))) + `</loopCondition>`
		}
		n.loop = `<standardLoopCharacteristics` + attributes + `>` + inside + `</standardLoopCharacteristics>`
	}
}

func (v *inventor) multi() string {
	attributes, extension, inside := "", "", ""
	if v.IntN(2) == 0 {
		attributes = ` isSequential="true"`
	}
	if v.IntN(2) == 0 {
		extension = `inputCollection="` + []string{"=[1,2,3]", "=[x,y]", "=[]", "=z"}[v.IntN(4)] + `" inputElement="item"`
	} else {
		inside = `<loopCardinality>` + []string{"1", "2", "3", "=x", "=y - 1", "0"}[v.IntN(6)] + `</loopCardinality>`
	}
	if v.IntN(2) == 0 {
		extension += ` outputCollection="results" outputElement="` + []string{"=x + loopCounter", "=item", "=y"}[v.IntN(3)] + `"`
	}
	if extension != "" {
		extension = `<extensionElements><zeebe:loopCharacteristics ` + extension + `/></extensionElements>`
	}
	if v.IntN(2) == 0 {
		done := []string{"=numberOfCompletedInstances >= 2", "=x > 4", "=numberOfActiveInstances <= 1", "=item > 1"}[v.IntN(4)]
		inside += `<completionCondition>` + escape(done) + `</completionCondition>`
	}
	return `<multiInstanceLoopCharacteristics` + attributes + `>` + extension + inside + `</multiInstanceLoopCharacteristics>`
}

// attach draws a boundary event with what follows it.
func (v *inventor) attach(g *graph, n *vertex) {
	family := v.draw("boundary timer", "boundary cycle", "boundary error", "boundary escalation", "boundary compensate", "boundary message",
		"boundary signal", "boundary condition", "boundary multiple", "boundary all")
	b := &vertex{id: v.id("b"), kind: "boundaryEvent", on: n.id, keep: v.IntN(2) == 0}
	switch _, kind, _ := strings.Cut(family, " "); kind {
	case "cycle":
		b.events, b.keep = []event{{"cycle", "R3/PT20M"}}, true
	case "error":
		b.events, b.keep = []event{{"error", v.codeOrAll("E")}}, false
	case "escalation":
		b.events = []event{{"escalation", v.codeOrAll("X")}}
	case "compensate":
		v.undoing(g, b)
		return
	default:
		v.trigger(b, kind)
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
		return o.on == b.on && o.events[0] == b.events[0] && slices.Contains([]string{"error", "escalation", "compensate"}, o.events[0].kind)
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
	kinds := []string{"serviceTask", "task", "userTask", "scriptTask", "subProcess"}
	if v.level > levelMax {
		kinds = kinds[:4]
	}
	h := v.add(g, "h", kinds[v.IntN(len(kinds))])
	h.undo, b.handler = true, h.id
	switch h.kind {
	case "subProcess":
		h.body = v.scope(0)
	case "scriptTask":
		h.script = "=x + 10"
	}
}

func (v *inventor) fork(g *graph, family string, depth int) (string, string) {
	kind := map[string]string{"and": "parallelGateway", "xor": "exclusiveGateway", "or": "inclusiveGateway"}[family]
	split, join := v.add(g, "g", kind), v.add(g, "g", kind)
	branches := 2 + v.IntN(2)
	for i := range branches {
		in := v.join(g, split.id, join.id)
		if i == 0 || v.IntN(5) > 0 {
			first, last := v.sequence(g, depth-1)
			in.to = first
			v.join(g, last, join.id)
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
		if n.body != nil && !n.undo && n.attribute == "" {
			candidates = append(candidates, n.id)
		}
	}
	for _, n := range g.nodes {
		throws := n.kind == "intermediateThrowEvent" || n.kind == "endEvent"
		for i, e := range n.events {
			if throws && strings.HasPrefix(e.kind, "compensate") && len(candidates) > 0 && v.IntN(2) == 0 {
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

func (v *inventor) gateways() []string {
	kinds := []string{"exclusiveGateway", "parallelGateway"}
	if v.weights["or"] > 0 {
		kinds = append(kinds, "inclusiveGateway")
	}
	return kinds
}
