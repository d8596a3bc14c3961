package pairs

// revoke adds two branches to the scope of a transaction: one undoes what it has done, the other cancels, perhaps while
// that is being undone.
func (v *inventor) revoke(g *graph) {
	v.regret(g)
	from, inner := g.nodes[0].id, g
	if v.IntN(3) == 0 {
		box := v.box(g, from)
		inner, from = box.body, box.body.nodes[0].id
		v.attach(g, box)
		v.attach(g, box)
	}
	decide, no := v.add(inner, "n", "userTask"), v.add(inner, "e", "endEvent")
	no.events = []event{{"cancel", ""}}
	v.join(inner, from, decide.id)
	v.join(inner, decide.id, no.id)
}

// box adds a sub-process with a start event behind a node.
func (v *inventor) box(g *graph, from string) *vertex {
	box := v.add(g, "n", "subProcess")
	box.body = &graph{}
	v.join(g, from, box.id)
	v.add(box.body, "s", "startEvent")
	return box
}

// regret adds a branch to a scope that does something and undoes it, perhaps from a sub-process that may be interrupted
// meanwhile.
func (v *inventor) regret(g *graph) {
	from, inner := g.nodes[0].id, g
	if v.IntN(3) == 0 {
		inner = v.box(g, from).body
		from = inner.nodes[0].id
	}
	for range 1 + v.IntN(2) {
		from = v.regretted(inner, from)
	}
	activity := ""
	if v.IntN(3) == 0 {
		activity = from
		box := v.box(inner, from)
		v.attach(inner, box)
		v.attach(inner, box)
		inner, from = box.body, box.body.nodes[0].id
	}
	v.undo(inner, from, activity)
}

// undo adds an event that undoes an activity, all when none is named, and an end.
func (v *inventor) undo(g *graph, from, activity string) {
	undo := v.add(g, "n", "intermediateThrowEvent")
	undo.events = []event{v.thrown("compensate")}
	undo.events[0].value = activity
	v.join(g, from, undo.id)
	v.join(g, undo.id, v.add(g, "e", "endEvent").id)
}

// waver adds a branch to a scope in which the instances of an activity undo earlier ones, until some have completed and
// end the rest.
func (v *inventor) waver(g *graph) {
	box := v.box(g, g.nodes[0].id)
	box.loop = `<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>` +
		`<completionCondition>=numberOfCompletedInstances &gt;= 2</completionCondition></multiInstanceLoopCharacteristics>`
	work := v.add(box.body, "n", "serviceTask")
	v.join(box.body, box.body.nodes[0].id, work.id)
	v.undo(box.body, work.id, box.id)
	v.undoing(g, &vertex{id: v.id("b"), kind: "boundaryEvent", on: box.id})
	v.undo(g, box.id, "")
}

// regretted adds an activity that can be undone: by a handler, or by its contents.
func (v *inventor) regretted(g *graph, from string) string {
	inner, start := g, from
	if v.IntN(4) == 0 {
		box := v.box(g, from)
		v.repeat(box)
		inner, from, start = box.body, box.id, box.body.nodes[0].id
	}
	done := v.add(inner, "n", "serviceTask")
	v.repeat(done)
	v.undoing(inner, &vertex{id: v.id("b"), kind: "boundaryEvent", on: done.id})
	v.join(inner, start, done.id)
	if inner == g {
		return done.id
	}
	v.join(inner, done.id, v.add(inner, "e", "endEvent").id)
	return from
}

// repent adds to a scope what undoes something in it, and an event sub-process that interrupts it, perhaps meanwhile,
// and undoes what is left.
func (v *inventor) repent(g *graph) {
	v.regret(g)
	h := v.add(g, "n", "subProcess")
	h.attribute, h.body = ` triggeredByEvent="true"`, &graph{}
	start := v.add(h.body, "s", "startEvent")
	v.undo(h.body, start.id, "")
	switch v.IntN(4) {
	case 0:
		start.events = []event{{"message", v.code("M")}}
	case 1:
		start.events = []event{v.duration()}
	default:
		thrown := event{"error", v.code("E")}
		if v.IntN(3) == 0 {
			thrown = event{"escalation", v.code("X")}
		}
		start.events = []event{thrown}
		decide, no := v.add(g, "n", "userTask"), v.add(g, "e", "endEvent")
		no.events = []event{thrown}
		v.join(g, g.nodes[0].id, decide.id)
		v.join(g, decide.id, no.id)
	}
}
