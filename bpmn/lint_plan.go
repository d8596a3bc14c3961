package bpmn

import (
	"strings"
	"time"
)

// plan is a file as Lint looks at it: all that is drawn, executable or not.
type plan struct {
	findings
	rule   Rule
	root   *element
	now    time.Time
	scopes []*planScope // outer before inner
	nodes  map[string]*planNode
	codes  map[string]string // of errors and escalations, by kind and id
	thrown map[throwing]bool // what was found out already
}

// throwing is the question whether something inside a scope throws.
type throwing struct {
	scope      *planScope
	kind, code string
}

type planScope struct {
	e     *element
	owner *planNode // nil for a process
	nodes []*planNode
	flows []*planFlow
}

type planNode struct {
	e        *element
	kind     Kind
	scope    *planScope
	body     *planScope
	in, out  []*planFlow
	triggers []*element // event definitions and references to them
	host     *planNode
	boundary []*planNode
	linked   bool // by the association of a compensation event
}

type planFlow struct {
	e              *element
	source, target *planNode
	condition      string
	otherwise      bool // the default flow of its source
}

func newPlan(root *element, now time.Time) *plan {
	p := &plan{root: root, now: now, nodes: map[string]*planNode{}, codes: map[string]string{}, thrown: map[throwing]bool{}}
	for _, e := range root.standard() {
		if e.name == "error" || e.name == "escalation" {
			p.codes[e.name+" "+e.id()] = e.attr(e.name + "Code")
		}
	}
	for _, e := range root.all("process") {
		p.enter(e, nil)
	}
	for _, s := range p.scopes {
		p.connect(s)
	}
	return p
}

func (p *plan) enter(e *element, owner *planNode) *planScope {
	s := &planScope{e: e, owner: owner}
	p.scopes = append(p.scopes, s)
	for _, c := range e.standard() {
		kind, isNode := nodeKinds[c.name]
		if !isNode {
			continue
		}
		if kind == KindSubProcess && c.attr("triggeredByEvent") == "true" {
			kind = KindEventSubProcess
		}
		n := &planNode{e: c, kind: kind, scope: s}
		s.nodes = append(s.nodes, n)
		p.nodes[c.id()] = n
		for _, d := range c.standard() {
			if strings.HasSuffix(d.name, "EventDefinition") || d.name == "eventDefinitionRef" {
				n.triggers = append(n.triggers, d)
			}
		}
		if kind.isSubProcess() {
			n.body = p.enter(c, n)
		}
	}
	return s
}

// connect enters the flows of a scope, what is attached and what is associated.
func (p *plan) connect(s *planScope) {
	for _, e := range s.e.all("sequenceFlow") {
		source, target := p.nodes[e.ref("sourceRef")], p.nodes[e.ref("targetRef")]
		if source == nil || target == nil {
			continue // an error of Parse
		}
		f := &planFlow{e: e, source: source, target: target, otherwise: source.e.ref("default") == e.id()}
		for _, c := range e.all("conditionExpression") {
			f.condition = c.text
		}
		s.flows = append(s.flows, f)
		source.out, target.in = append(source.out, f), append(target.in, f)
	}
	for _, n := range s.nodes {
		if host := p.nodes[n.e.ref("attachedToRef")]; n.kind == KindBoundaryEvent && host != nil {
			n.host = host
			host.boundary = append(host.boundary, n)
		}
	}
	for _, e := range s.e.all("association") {
		source, target := p.nodes[e.ref("sourceRef")], p.nodes[e.ref("targetRef")]
		if source != nil && target != nil && source.is("compensateEventDefinition") {
			source.linked, target.linked = true, true
		}
	}
}

// is reports whether the node has the trigger.
func (n *planNode) is(definition string) bool {
	for _, d := range n.triggers {
		if d.name == definition {
			return true
		}
	}
	return false
}

// apart reports whether the node stands outside of the flow by its nature: compensation, event
// sub-processes, and what is inside an ad-hoc sub-process.
func (n *planNode) apart() bool {
	return n.linked || n.kind == KindEventSubProcess || n.e.attr("isForCompensation") == "true" ||
		n.kind == KindBoundaryEvent && n.is("compensateEventDefinition") ||
		n.scope.owner != nil && n.scope.owner.kind == KindAdHocSubProcess
}

// say reports a finding of the rule at work.
func (p *plan) say(e *element, format string, args ...any) {
	p.add(p.rule.Severity, p.rule.ID, e.subject(), e.position, format, args...)
}

// each goes over all nodes.
func (p *plan) each(do func(*planNode)) {
	for _, s := range p.scopes {
		for _, n := range s.nodes {
			do(n)
		}
	}
}

// named lists the elements of a name below e, e included.
func named(e *element, name string) []*element {
	var found []*element
	if e.is(name) {
		found = append(found, e)
	}
	for _, c := range e.children {
		found = append(found, named(c, name)...)
	}
	return found
}
