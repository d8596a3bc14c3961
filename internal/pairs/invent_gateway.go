package pairs

import (
	"fmt"
)

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

func (v *inventor) gateways() []string {
	kinds := []string{"exclusiveGateway", "parallelGateway"}
	if v.weights["or"] > 0 {
		kinds = append(kinds, "inclusiveGateway")
	}
	return kinds
}
