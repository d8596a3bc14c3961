package pairs

import (
	"fmt"
	"slices"
	"strings"
)

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
