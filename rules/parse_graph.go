package rules

import "strings"

// graphElement is what a href may point to; exactly one field is set.
type graphElement struct {
	input     *InputData
	decision  *Decision
	knowledge *knowledge
	service   *Service
	other     string // the tag of an element that is no target of a requirement
}

// graph reads the elements of the requirements graph and resolves their requirements.
func (c *compiler) graph(m *Model) {
	for _, n := range c.root.children {
		c.element(m, n)
	}
	for _, d := range m.Decisions {
		d.requirements = c.requirements(d.source)
		for _, r := range d.list {
			if r.decision != nil {
				d.Requires = append(d.Requires, r.decision.ID)
			}
		}
	}
	for _, s := range m.Services {
		c.serviceParts(s)
	}
	for _, k := range m.knowledge {
		k.requirements = c.requirements(k.source)
	}
}

// element reads one child of the definitions.
func (c *compiler) element(m *Model, n *node) {
	switch n.tag() {
	case "inputData":
		c.inputData(m, n)
	case "decision":
		c.decision(m, n)
	case "businessKnowledgeModel":
		c.businessKnowledge(m, n)
	case "decisionService":
		c.service(m, n)
	case "import":
	default:
		if id := n.attr("id"); id != "" {
			c.elements[id] = graphElement{other: n.el.Tag}
		}
	}
}

func (c *compiler) inputData(m *Model, n *node) {
	in := &InputData{ID: n.attr("id"), Name: n.attr("name"), Variable: variableName(n), Namespace: m.Namespace}
	if v := n.first("variable"); v != nil {
		in.TypeRef = typeRef(v)
		in.typ = c.typeOf(v)
	}
	m.Inputs = append(m.Inputs, in)
	m.variables[in.Variable] = true
	c.elements[in.ID] = graphElement{input: in}
}

func (c *compiler) decision(m *Model, n *node) {
	d := &Decision{
		ID: n.attr("id"), Name: n.attr("name"), Variable: variableName(n),
		VersionTag: versionTag(n), Type: TypeLiteral, Namespace: m.Namespace,
	}
	d.source = n
	if v := n.first("variable"); v != nil {
		d.result = c.typeOf(v)
	}
	if d.ID == "" {
		c.fail(n, "decision.id_missing", "decision %q has no id and cannot be asked for", d.Name)
		return
	}
	m.Decisions = append(m.Decisions, d)
	m.variables[d.Variable] = true
	m.byID[d.ID] = d
	c.elements[d.ID] = graphElement{decision: d}
}

func (c *compiler) businessKnowledge(m *Model, n *node) {
	k := &knowledge{id: n.attr("id"), name: n.attr("name"), variable: variableName(n)}
	k.source = n
	m.knowledge = append(m.knowledge, k)
	m.variables[k.variable] = true
	c.elements[k.id] = graphElement{knowledge: k}
}

// variableName is the name of the element's variable, by default the element's own name.
func variableName(n *node) string {
	if v := n.first("variable"); v != nil && v.attr("name") != "" {
		return v.attr("name")
	}
	return n.attr("name")
}

// versionTag reads the tag that modelers write for Camunda 8 (extension element) and 7 (attribute).
func versionTag(n *node) string {
	if ext := n.first("extensionElements"); ext != nil {
		for _, child := range ext.children {
			if child.at.Space == spaceZeebe && child.el.Tag == "versionTag" {
				return child.attr("value")
			}
		}
	}
	return n.attrIn(spaceCamunda, "versionTag")
}

// requirements resolves the information and knowledge requirements of an element.
func (c *compiler) requirements(source *node) requirements {
	r := requirements{source: source}
	for _, requirement := range source.children {
		if requirement.tag() != "informationRequirement" && requirement.tag() != "knowledgeRequirement" {
			continue
		}
		for _, ref := range requirement.children {
			c.require(&r, ref)
		}
	}
	return r
}

// require resolves one reference; what it points to must fit its kind (DMN 1.5, 6.2.2).
func (c *compiler) require(r *requirements, ref *node) {
	kind := ref.tag()
	if kind != "requiredInput" && kind != "requiredDecision" && kind != "requiredKnowledge" {
		return
	}
	target, from, ok := c.refer(ref)
	if !ok {
		return
	}
	found := requirement{from: from}
	switch kind {
	case "requiredInput":
		found.input = target.input
	case "requiredDecision":
		found.decision = target.decision
	default:
		found.knowledge, found.service = target.knowledge, target.service
	}
	if found.binding == (binding{}) {
		c.fail(ref, "requirement.kind", "%s points to %q, which is an element of another kind", kind, ref.attr("href"))
		return
	}
	r.list = append(r.list, found)
}

// refer finds what an href points to and the import that leads there; a reference into nothing is
// reported.
func (c *compiler) refer(ref *node) (target graphElement, from *importedModel, ok bool) {
	href := ref.attr("href")
	space, id, found := strings.Cut(href, "#")
	if !found {
		space, id = "", href
	}
	if space == "" || space == c.namespace {
		target, ok = c.elements[id]
	}
	for _, i := range c.imported {
		if ok || !i.is(space) {
			continue
		}
		if i.model == nil {
			return target, nil, false // the missing model is reported at its import
		}
		from = i
		target, ok = i.model.elements[id]
	}
	if !ok {
		c.fail(ref, "requirement.dangling", "%s points to %q, which is not in this model", ref.tag(), href)
	}
	return target, from, ok
}
