package rules

// service reads a decision service; its parts are found when all elements are known.
func (c *compiler) service(m *Model, n *node) {
	s := &Service{
		ID: n.attr("id"), Name: n.attr("name"), Variable: variableName(n), Namespace: m.Namespace, source: n,
	}
	m.Services = append(m.Services, s)
	m.variables[s.Variable] = true
	c.elements[s.ID] = graphElement{service: s}
}

// serviceParts resolves what the service refers to.
func (c *compiler) serviceParts(s *Service) {
	before := c.errors
	if v := s.source.first("variable"); v != nil {
		s.result = c.resultOf(c.typeOf(v))
	}
	for _, ref := range s.source.children {
		c.servicePart(s, ref)
	}
	if len(s.outputs) == 0 {
		c.fail(s.source, "rules.service", "the decision service %q has no output decision", s.Name)
	}
	s.broken = c.errors > before
}

// resultOf is the type of what a service returns: the variable of a service may be typed as the function.
func (c *compiler) resultOf(t *itemType) *itemType {
	if t == nil || t.function == nil {
		return t
	}
	return t.function.result
}

func (c *compiler) servicePart(s *Service, ref *node) {
	kind := ref.tag()
	switch kind {
	case "inputData", "inputDecision", "outputDecision", "encapsulatedDecision":
	default:
		return
	}
	target, _, ok := c.refer(ref)
	switch {
	case !ok:
	case kind == "inputData" && target.input != nil:
		s.inputs = append(s.inputs, target.input)
	case kind == "inputDecision" && target.decision != nil:
		s.decisions = append(s.decisions, target.decision)
	case kind == "outputDecision" && target.decision != nil:
		s.outputs = append(s.outputs, target.decision)
		s.Outputs = append(s.Outputs, target.decision.ID)
	case kind == "encapsulatedDecision" && target.decision != nil:
	default:
		c.fail(ref, "requirement.kind", "%s points to %q, which is an element of another kind", kind, ref.attr("href"))
	}
}
