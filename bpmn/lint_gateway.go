package bpmn

func checkComplexGateway(p *plan) { p.eachGateway(KindComplexGateway, "a complex gateway") }

func checkInclusiveGateway(p *plan) { p.eachGateway(KindInclusiveGateway, "an inclusive gateway") }

func (p *plan) eachGateway(kind Kind, what string) {
	p.each(func(n *planNode) {
		if n.kind == kind {
			p.say(n.e, "%s runs, but few readers know when it waits; exclusive and parallel ones say the same", what)
		}
	})
}

func checkJoinFork(p *plan) {
	p.each(func(n *planNode) {
		if n.kind.isGateway() && len(n.in) > 1 && len(n.out) > 1 {
			p.say(n.e, "the gateway joins %d flows and forks into %d", len(n.in), len(n.out))
		}
	})
}

func checkSuperfluousGateway(p *plan) {
	p.each(func(n *planNode) {
		if n.kind.isGateway() && len(n.in) == 1 && len(n.out) == 1 {
			p.say(n.e, "the gateway has one way in and one way out")
		}
	})
}

func checkEventGateway(p *plan) {
	p.each(func(n *planNode) {
		if n.kind != KindEventBasedGateway {
			return
		}
		if len(n.out) < 2 {
			p.say(n.e, "an event-based gateway needs two flows to choose from")
		}
		for _, f := range n.out {
			if f.target.kind != KindIntermediateCatchEvent && f.target.kind != KindReceiveTask {
				p.say(f.e, "%q catches no event", f.target.e.id())
			}
		}
	})
}
