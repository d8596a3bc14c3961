package bpmn

import "strings"

func checkConditionalEvent(p *plan) {
	p.each(func(n *planNode) {
		for _, d := range n.triggers {
			if conditions := d.all("condition"); d.is("conditionalEventDefinition") && (len(conditions) == 0 || conditions[0].text == "") {
				p.say(d, "the event has no condition")
			}
		}
	})
}

func checkSingleDefinition(p *plan) {
	p.each(func(n *planNode) {
		if len(n.triggers) > 1 {
			p.say(n.e, "the event has %d triggers", len(n.triggers))
		}
	})
}

func checkLink(p *plan) {
	for _, s := range p.scopes {
		throws, catches := map[string]int{}, map[string]int{}
		for _, n := range s.nodes {
			count(n, throws, catches)
		}
		for _, n := range s.nodes {
			for _, d := range n.triggers {
				if d.is("linkEventDefinition") {
					p.checkLinkEnd(n, d, throws, catches)
				}
			}
		}
	}
}

func count(n *planNode, throws, catches map[string]int) {
	for _, d := range n.triggers {
		switch {
		case !d.is("linkEventDefinition"):
		case n.kind == KindIntermediateThrowEvent:
			throws[d.attr("name")]++
		case n.kind == KindIntermediateCatchEvent:
			catches[d.attr("name")]++
		}
	}
}

func (p *plan) checkLinkEnd(n *planNode, d *element, throws, catches map[string]int) {
	name := d.attr("name")
	switch {
	case strings.TrimSpace(name) == "":
		p.say(n.e, "the link has no name")
	case n.kind == KindIntermediateThrowEvent && catches[name] == 0:
		p.say(n.e, "no link %q is caught", shorten(name))
	case n.kind == KindIntermediateCatchEvent && throws[name] == 0:
		p.say(n.e, "no link %q is thrown", shorten(name))
	case n.kind == KindIntermediateCatchEvent && catches[name] > 1:
		p.say(n.e, "the link %q is caught %d times", shorten(name), catches[name])
	}
}

// checkBoundaries finds boundary events that catch what cannot happen.
func checkBoundaries(p *plan) {
	p.each(func(n *planNode) {
		if n.host == nil {
			return
		}
		for _, d := range n.triggers {
			thrown := strings.TrimSuffix(d.name, "EventDefinition")
			code := p.code(d, thrown)
			switch {
			case thrown != "error" && thrown != "escalation" && thrown != "cancel":
			case !p.throws(n.host, thrown, code):
				p.say(n.e, "nothing inside %q throws what this event catches", n.host.e.id())
			}
		}
	})
}

// code returns the code of the error or escalation that a definition names; "" stands for any.
func (p *plan) code(d *element, thrown string) string { return p.codes[thrown+" "+d.ref(thrown+"Ref")] }

// throws reports whether an activity may throw an error, escalation or cancellation with a code. What a
// job, a called process or somebody who does a task may throw is not known, so it is believed.
func (p *plan) throws(n *planNode, thrown, code string) bool {
	switch n.kind {
	case KindTask, KindManualTask, KindReceiveTask:
		return false
	case KindSubProcess, KindTransaction, KindAdHocSubProcess, KindEventSubProcess:
		return p.throwsInside(n.body, thrown, code)
	case KindEndEvent, KindIntermediateThrowEvent:
		for _, d := range n.triggers {
			known := d.name == thrown+"EventDefinition" && (code == "" || p.code(d, thrown) == code || strings.Contains(p.code(d, thrown), "{"))
			if known || d.name == "eventDefinitionRef" {
				return true
			}
		}
		return false
	}
	return thrown != "cancel" && n.kind.isActivity()
}

// throwsInside leaves it open whether a boundary event further inside catches it first.
func (p *plan) throwsInside(s *planScope, thrown, code string) bool {
	question := throwing{s, thrown, code}
	answer, known := p.thrown[question]
	for i := 0; i < len(s.nodes) && !known && !answer; i++ {
		answer = p.throws(s.nodes[i], thrown, code)
	}
	p.thrown[question] = answer
	return answer
}
