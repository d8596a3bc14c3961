package bpmn

func checkConditionalFlows(p *plan) {
	p.each(func(n *planNode) {
		conditional := n.e.attr("default") != ""
		for _, f := range n.out {
			conditional = conditional || f.condition != ""
		}
		for _, f := range n.out {
			if conditional && f.condition == "" && !f.otherwise {
				p.say(f.e, "the flow has no condition, others of %q have", n.e.id())
			}
		}
	})
}

func checkMissingDefault(p *plan) {
	p.each(func(n *planNode) {
		if !n.kind.hasDefault() || len(n.out) < 2 {
			return
		}
		for _, f := range n.out {
			if f.otherwise || f.condition == "" {
				return
			}
		}
		p.say(n.e, "when no condition holds there is no way on: an incident")
	})
}

func checkFakeJoin(p *plan) {
	p.each(func(n *planNode) {
		if len(n.in) > 1 && !n.kind.isGateway() {
			p.say(n.e, "%d flows meet here without a gateway: each token goes on by itself", len(n.in))
		}
	})
}

func checkImplicitSplit(p *plan) {
	p.each(func(n *planNode) {
		open := 0
		for _, f := range n.out {
			if f.condition == "" && !f.otherwise {
				open++
			}
		}
		if open > 1 && !n.kind.isGateway() {
			p.say(n.e, "%d flows leave without condition: all are taken at once", open)
		}
	})
}

func checkImplicitStart(p *plan) {
	p.each(func(n *planNode) {
		linkTarget := n.kind == KindIntermediateCatchEvent && n.is("linkEventDefinition")
		if len(n.in) == 0 && n.kind != KindStartEvent && n.kind != KindBoundaryEvent && !linkTarget && !n.apart() {
			p.say(n.e, "no flow leads here, so it starts with its process or sub-process")
		}
	})
}

func checkImplicitEnd(p *plan) {
	p.each(func(n *planNode) {
		linkSource := n.kind == KindIntermediateThrowEvent && n.is("linkEventDefinition")
		if len(n.out) == 0 && n.kind != KindEndEvent && !linkSource && !n.apart() {
			p.say(n.e, "no flow leads on, so the path ends here without an end event")
		}
	})
}

func checkDisconnected(p *plan) {
	p.each(func(n *planNode) {
		if len(n.in)+len(n.out) == 0 && !n.apart() {
			p.say(n.e, "the element is not connected")
		}
	})
}

func checkDuplicateFlows(p *plan) {
	type key struct {
		source, target *planNode
		condition      string
	}
	for _, s := range p.scopes {
		seen := map[key]*planFlow{}
		for _, f := range s.flows {
			k := key{f.source, f.target, f.condition}
			if first := seen[k]; first != nil {
				p.say(f.e, "%q says the same", first.e.id())
			} else {
				seen[k] = f
			}
		}
	}
}
