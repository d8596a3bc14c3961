package bpmn

import "strings"

// checkLabel wants labels where a reader has to understand: not at joining gateways, gateways that need
// no question, sub-processes and flows without condition.
func checkLabel(p *plan) {
	p.each(func(n *planNode) {
		switch {
		case n.kind == KindParallelGateway || n.kind == KindEventBasedGateway || n.kind.isSubProcess():
		case n.kind.isGateway() && len(n.out) < 2:
		case unnamed(n.e):
			p.say(n.e, "the <%s> has no label", n.e.name)
		}
	})
	for _, s := range p.scopes {
		for _, f := range s.flows {
			if f.condition != "" && unnamed(f.e) {
				p.say(f.e, "the flow has a condition, but no label")
			}
		}
	}
	for _, name := range []string{"participant", "lane"} {
		for _, e := range named(p.root, name) {
			if unnamed(e) {
				p.say(e, "the %s has no label", name)
			}
		}
	}
}

func unnamed(e *element) bool { return strings.TrimSpace(e.attr("name")) == "" }

// checkGlobal looks at the root elements that events refer to.
func checkGlobal(p *plan) {
	used := map[string]bool{}
	references(p.root, used)
	for _, kind := range []string{"error", "escalation", "message", "signal"} {
		names := map[string]bool{}
		for _, e := range p.root.all(kind) {
			name := strings.TrimSpace(e.attr("name"))
			switch {
			case name == "":
				p.say(e, "the %s has no name", kind)
			case names[name]:
				p.say(e, "another %s is called %q too", kind, shorten(name))
			}
			names[name] = true
			if !used[kind+" "+e.id()] {
				p.say(e, "the %s is not used", kind)
			}
		}
	}
}

// references notes what is referred to, as "kind id".
func references(e *element, used map[string]bool) {
	for _, kind := range []string{"error", "escalation", "message", "signal"} {
		if ref := e.ref(kind + "Ref"); ref != "" {
			used[kind+" "+ref] = true
		}
		if e.is(kind + "Ref") {
			used[kind+" "+localPart(e.text)] = true
		}
	}
	for _, c := range e.children {
		references(c, used)
	}
}
