package rules

import (
	"tallystick/rules/feel"
)

// table compiles a decision table (DMN 1.5, 8). Orientation and labels do not matter.
func (c *compiler) table(n *node, scope names) expression {
	before := c.errors
	t := &table{element: n.id(), at: n.at, policy: c.policy(n)}
	for _, in := range n.all("input") {
		t.inputs = append(t.inputs, c.inputClause(in, scope))
	}
	for _, out := range n.all("output") {
		t.outputs = append(t.outputs, c.outputClause(out, scope))
	}
	c.checkOutputs(n, t)
	for _, r := range n.all("rule") {
		t.rules = append(t.rules, c.rule(r, t, scope))
	}
	if t.sound = c.errors == before; t.sound {
		t.index = newIndex(t)
		t.expect()
	}
	return t
}

func (c *compiler) policy(n *node) policy {
	p := policy{name: n.attr("hitPolicy"), aggregation: n.attr("aggregation")}
	if p.name == "" {
		p.name = unique
	}
	if !p.known() {
		c.fail(n, "rules.hit_policy", "there is no hit policy %s", p)
	}
	return p
}

func (c *compiler) inputClause(n *node, scope names) inputClause {
	in := inputClause{id: n.attr("id"), name: n.attr("label"), expression: constant{}}
	e := n.first("inputExpression")
	if e == nil || e.childText("text") == "" {
		c.fail(n, "rules.input", "the input column %q has no expression", in.name)
		return in
	}
	if in.name == "" {
		in.name = e.childText("text")
	}
	in.expression = c.textual(e, n.id(), scope)
	in.typ = c.typeOf(e)
	if values := n.first("inputValues"); values != nil {
		in.allowed = c.cell(values, scope)
		in.limits = in.allowed
	} else if in.typ != nil && in.typ.allowed != nil {
		in.allowed = &cell{tests: in.typ.allowed}
		in.limits = literalCell(in.typ.order)
	}
	return in
}

func (c *compiler) outputClause(n *node, scope names) outputClause {
	out := outputClause{id: n.attr("id"), name: n.attr("name"), label: n.attr("label"), typ: c.typeOf(n)}
	order := ""
	if values := n.first("outputValues"); values != nil {
		out.allowed = c.cell(values, scope)
		order = values.childText("text")
	} else if out.typ != nil {
		order = out.typ.order
	}
	if order != "" && order != "-" {
		// The values are written like unary tests; in brackets the same text is the list of them.
		if program := c.source(n, "["+order+"]", scope, feel.Compile); program != nil {
			out.order = &literal{program: program, element: n.id()}
		}
	}
	if fallback := n.first("defaultOutputEntry"); fallback != nil {
		out.fallback = c.literal(fallback, scope)
	}
	return out
}

// expect notes for which inputs a column gets a warning: those of a kind that its cells never pass.
func (t *table) expect() {
	for number := range t.rules {
		for i, c := range t.rules[number].cells {
			kind, of := c.wants()
			for k := worded; k < compound && kind != ""; k++ {
				if k != of {
					t.inputs[i].wants[k] = kind
				}
			}
		}
	}
}

// checkOutputs refuses tables whose result would not be defined.
func (c *compiler) checkOutputs(n *node, t *table) {
	if len(t.outputs) == 0 {
		c.fail(n, "rules.output", "the table has no output column")
	}
	seen := map[string]bool{}
	ordered := false
	for i, out := range t.outputs {
		if len(t.outputs) > 1 && (out.name == "" || seen[out.name]) {
			c.fail(n, "rules.output", "output column %d needs a name of its own: the result is a context", i+1)
		}
		seen[out.name] = true
		ordered = ordered || out.order != nil
	}
	if t.policy.byPriority() && !ordered {
		c.fail(n, "rules.hit_policy", "hit policy %s needs output values, their order is the priority", t.policy)
	}
	// DMN 1.5, 8.2.11: aggregators are not defined for compound outputs; counting needs no output.
	if a := t.policy.aggregation; a != "" && a != count && len(t.outputs) > 1 {
		c.fail(n, "rules.hit_policy", "%s cannot be built of %d output columns", t.policy, len(t.outputs))
	}
}

// inputEntry compiles an input entry and holds it against the type of its column.
func (c *compiler) inputEntry(n *node, in *inputClause, scope names) *cell {
	scope.input = in.typ.feelType()
	out := c.cell(n, scope)
	kind, _ := out.wants()
	if column, plain := scope.input.Plain(); plain && kind != "" && column.String() != kind {
		c.warn(n, "rules.null", "the column is a %s, but %s tests for a %s: it never matches", column, shorten(out.source), kind)
	}
	return out
}

func (c *compiler) rule(n *node, t *table, scope names) rule {
	entries, results := n.all("inputEntry"), n.all("outputEntry")
	if len(entries) != len(t.inputs) || len(results) != len(t.outputs) {
		c.fail(n, "rules.rule", "the rule has %d input and %d output entries, the table %d and %d columns",
			len(entries), len(results), len(t.inputs), len(t.outputs))
		return rule{id: n.attr("id")}
	}
	r := rule{id: n.attr("id"), at: n.at}
	for i, entry := range entries {
		r.cells = append(r.cells, c.inputEntry(entry, &t.inputs[i], scope))
	}
	for _, entry := range results {
		r.outputs = append(r.outputs, c.literal(entry, scope))
	}
	return r
}
