package rules

import (
	"strings"

	"tallystick/rules/feel"
)

// function compiles an encapsulatedLogic or functionDefinition; nil when it has no body.
func (c *compiler) function(n *node, scope names) *function {
	if kind := n.attr("kind"); kind != "" && kind != "FEEL" {
		c.fail(n, "element.unsupported", "functions of kind %s are not executed", kind)
		return nil
	}
	f := &function{}
	var locals []string
	for _, p := range n.all("formalParameter") {
		name := p.attr("name")
		locals = append(locals, name)
		f.params = append(f.params, feel.Parameter{Name: name, Type: c.typeOf(p).feelType()})
	}
	if f.body = c.boxed(n, scope.with(locals...)); f.body == nil {
		return nil
	}
	return f
}

// functionDefinition compiles a boxed function; its value is the function.
func (c *compiler) functionDefinition(n *node, scope names) expression {
	if f := c.function(n, scope); f != nil {
		return f
	}
	return constant{}
}

// invocation compiles a boxed invocation (DMN 1.5, 10.2.1.5) to a FEEL call with named arguments.
func (c *compiler) invocation(n *node, scope names) expression {
	callee := ""
	if e := n.first("literalExpression"); e != nil {
		callee = e.childText("text")
	}
	if callee == "" {
		c.fail(n, "rules.invocation", "the invocation names no function")
		return constant{}
	}
	out := application{element: n.id()}
	var written []string
	for i, b := range n.all("binding") {
		arg := c.boxed(b, scope)
		if arg == nil {
			arg = constant{}
		}
		out.names, out.args = append(out.names, argumentName(i)), append(out.args, arg)
		if p := b.first("parameter"); p != nil {
			written = append(written, p.attr("name")+": "+argumentName(i))
		}
	}
	source := callee + "(" + strings.Join(written, ", ") + ")"
	out.program = c.source(n, source, scope.with(out.names...), feel.Compile)
	if out.program == nil {
		return constant{}
	}
	return out
}
