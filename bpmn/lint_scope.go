package bpmn

// ordinary reports whether the scope is that of a process or of a sub-process with a flow of its own.
func (s *planScope) ordinary() bool {
	return len(s.nodes) > 0 && (s.owner == nil || s.owner.kind != KindAdHocSubProcess)
}

func (s *planScope) of(kind Kind) []*planNode {
	var found []*planNode
	for _, n := range s.nodes {
		if n.kind == kind {
			found = append(found, n)
		}
	}
	return found
}

func checkStartRequired(p *plan) {
	for _, s := range p.scopes {
		if s.ordinary() && len(s.of(KindStartEvent)) == 0 {
			p.say(s.e, "there is no start event")
		}
	}
}

func checkEndRequired(p *plan) {
	for _, s := range p.scopes {
		if s.ordinary() && len(s.of(KindEndEvent)) == 0 {
			p.say(s.e, "there is no end event")
		}
	}
}

func checkSingleBlankStart(p *plan) {
	for _, s := range p.scopes {
		blank := 0
		for _, n := range s.of(KindStartEvent) {
			if len(n.triggers) == 0 {
				blank++
			}
		}
		if blank > 1 {
			p.say(s.e, "there are %d start events without trigger", blank)
		}
	}
}

func checkBlankStart(p *plan) {
	for _, s := range p.scopes {
		if s.owner == nil || s.owner.kind == KindEventSubProcess {
			continue
		}
		for _, n := range s.of(KindStartEvent) {
			if len(n.triggers) > 0 {
				p.say(n.e, "a sub-process starts with its token, not by a trigger")
			}
		}
	}
}

func checkEventSubProcess(p *plan) {
	for _, s := range p.scopes {
		if s.owner == nil || s.owner.kind != KindEventSubProcess {
			continue
		}
		for _, n := range s.of(KindStartEvent) {
			if len(n.triggers) == 0 {
				p.say(n.e, "an event sub-process starts by a trigger")
			}
		}
	}
}

func checkAdHoc(p *plan) {
	for _, s := range p.scopes {
		if s.owner == nil || s.owner.kind != KindAdHocSubProcess {
			continue
		}
		activities := 0
		for _, n := range s.nodes {
			switch {
			case n.kind.isActivity():
				activities++
			case n.kind == KindStartEvent || n.kind == KindEndEvent:
				p.say(n.e, "a <%s> has no place in an ad-hoc sub-process", n.e.name)
			}
		}
		if activities == 0 {
			p.say(s.e, "an ad-hoc sub-process without activities has nothing to do")
		}
	}
}

// checkSuperfluousTermination finds a terminate event that is the only end of the only path.
func checkSuperfluousTermination(p *plan) {
	for _, s := range p.scopes {
		ends := s.of(KindEndEvent)
		if len(ends) == 1 && ends[0].is("terminateEventDefinition") && len(s.of(KindStartEvent)) == 1 && !s.parallel() {
			p.say(ends[0].e, "nothing else can be active, so an end event without trigger does the same")
		}
	}
}

// parallel reports whether two tokens may be in the scope at once.
func (s *planScope) parallel() bool {
	for _, n := range s.nodes {
		splits := len(n.out) > 1 && n.kind != KindExclusiveGateway && n.kind != KindEventBasedGateway
		beside := n.kind == KindBoundaryEvent && n.e.attr("cancelActivity") == "false"
		if splits || beside || n.kind == KindEventSubProcess || len(n.in) == 0 && n.kind != KindStartEvent && n.kind != KindBoundaryEvent {
			return true
		}
	}
	return false
}
