package bpmn

import "strings"

// readGateway reads what complex and event-based gateways add (BPMN 2.0.2, 10.6.5 and 10.6.6).
func (p *parser) readGateway(n *Node, e *element) {
	for _, c := range e.standard() {
		if n.Kind == KindComplexGateway && c.name == "activationCondition" {
			n.Activation = p.optional(c)
			continue
		}
		p.readPart(n, c)
	}
	if n.Kind == KindEventBasedGateway {
		n.Instantiate = p.boolean(e, "instantiate", false)
		n.AllEvents = p.choice(e, "eventGatewayType", "Exclusive", "Parallel") == "Parallel"
	}
}

// optional reads an expression element; one without text is as good as none.
func (p *parser) optional(e *element) *Expression {
	read := p.expression(e)
	if read.Text == "" {
		return nil
	}
	return &read
}

// choice reads an enumeration; the first value is the default.
func (p *parser) choice(e *element, name string, values ...string) string {
	written := strings.TrimSpace(e.attr(name))
	if written == "" {
		return values[0]
	}
	for _, value := range values {
		if value == written {
			return value
		}
	}
	p.fail(e, CodeAttributeInvalid, "%s=%q is none of %s", name, shorten(written), strings.Join(values, ", "))
	return values[0]
}
