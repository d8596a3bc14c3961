package rules

import (
	"fmt"

	"tallystick/rules/feel"
)

// context compiles a boxed context: an entry sees the entries before it.
func (c *compiler) context(n *node, scope names) expression {
	var out context
	for _, entry := range n.all("contextEntry") {
		if entry.first("functionDefinition") != nil {
			scope = scope.with(variableName(entry)) // a function may call itself
		}
		value := c.entry(entry, scope)
		if entry.first("variable") == nil {
			out.result = value
			break
		}
		name := variableName(entry)
		out.names = append(out.names, name)
		out.values = append(out.values, value)
		scope = scope.with(name)
	}
	return out
}

// entry compiles the value of a context entry with the type of its variable.
func (c *compiler) entry(n *node, scope names) expression {
	value := c.boxed(n, scope)
	if value == nil {
		return constant{}
	}
	v := n.first("variable")
	if v == nil || n.first("functionDefinition") != nil {
		return value
	}
	if typ := c.typeOf(v); typ != nil {
		return typed{logic: value, typ: typ, element: n.id()}
	}
	return value
}

// list compiles the items of a boxed list or of a row.
func (c *compiler) list(n *node, scope names) list {
	out := list{}
	for _, child := range n.children {
		for _, tag := range expressionTags {
			if child.tag() == tag {
				out = append(out, c.expression(child, scope))
			}
		}
	}
	return out
}

func (c *compiler) relation(n *node, scope names) expression {
	var out relation
	var types []*itemType
	for _, column := range n.all("column") {
		out.columns = append(out.columns, column.attr("name"))
		types = append(types, c.typeOf(column))
	}
	for _, row := range n.all("row") {
		cells := c.list(row, scope)
		if len(cells) != len(out.columns) {
			c.fail(row, "rules.relation", "the row has %d cells, the relation %d columns", len(cells), len(out.columns))
			continue
		}
		for i, typ := range types {
			if typ != nil {
				cells[i] = typed{logic: cells[i], typ: typ, element: n.id()}
			}
		}
		out.rows = append(out.rows, cells)
	}
	return out
}

// part compiles the expression in a named cell of a boxed conditional, filter or iteration.
func (c *compiler) part(n *node, tag string, scope names) expression {
	if cell := n.first(tag); cell != nil {
		if e := c.boxed(cell, scope); e != nil {
			return e
		}
	}
	c.fail(n, "rules.expression", "the boxed %s has no %s", n.tag(), tag)
	return constant{}
}

func (c *compiler) conditional(n *node, scope names) expression {
	return conditional{
		test: c.part(n, "if", scope), then: c.part(n, "then", scope), otherwise: c.part(n, "else", scope),
		element: n.id(),
	}
}

func (c *compiler) iteration(n *node, scope names) expression {
	variable := n.attr("iteratorVariable")
	inner, body := scope.with(variable), "satisfies"
	if n.tag() == "for" {
		inner, body = inner.with("partial"), "return"
	}
	return iteration{
		kind: n.tag(), variable: variable, in: c.part(n, "in", scope), body: c.part(n, body, inner),
	}
}

// filtered is the name under which the FEEL filter below reads its list.
const filtered = "filtered_list_"

// filter compiles a boxed filter (DMN 1.5, 10.2.1.9) to a FEEL filter over the value of its in
// cell, because only FEEL knows the entries of the items as names. A match cell of another kind is asked for each
// item, with item and the entries in scope.
func (c *compiler) filter(n *node, scope names) expression {
	in := c.part(n, "in", scope)
	match := n.first("match")
	if match == nil || match.first("literalExpression") == nil {
		inner := scope.with("item")
		inner.open, inner.entries = true, true
		return filter{in: in, match: c.part(n, "match", inner)}
	}
	source := fmt.Sprintf("%s[%s\n]", filtered, match.first("literalExpression").childText("text"))
	program := c.source(match, source, scope.with(filtered), feel.Compile)
	if program == nil {
		return constant{}
	}
	return application{program: program, names: []string{filtered}, args: []expression{in}, element: n.id()}
}
