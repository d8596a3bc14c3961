package rules

import (
	"strings"

	"tallystick/rules/feel"
)

// function compiles an encapsulatedLogic or functionDefinition; nil when it has no body.
func (c *compiler) function(n *node, scope names) expression {
	f := &function{}
	var locals []string
	for _, p := range n.all("formalParameter") {
		name := p.attr("name")
		locals = append(locals, name)
		f.params = append(f.params, feel.Parameter{Name: name, Type: c.typeOf(p).feelType()})
	}
	if kind := n.attr("kind"); kind != "" && !strings.EqualFold(kind, "FEEL") {
		return c.external(n, kind, f.params)
	}
	if f.body = c.boxed(n, scope.with(locals...)); f.body == nil {
		return nil
	}
	return f
}

// external compiles a function of kind Java to its equivalent here; every other one is refused.
func (c *compiler) external(n *node, kind string, params []feel.Parameter) expression {
	body := n.first("context")
	if !strings.EqualFold(kind, "Java") || body == nil {
		c.fail(n, "element.unsupported", "functions of kind %s are not executed", kind)
		return nil
	}
	class, signature := textEntry(body, "class"), textEntry(body, "method signature")
	f := feel.ExternalJava(params, class, signature)
	if f.IsNull() {
		c.fail(n, "element.unsupported", "the Java method %s.%s has no equivalent here", class, signature)
		return nil
	}
	return constant{f}
}

// textEntry is a string in a boxed context, "" when there is none.
func textEntry(context *node, name string) string {
	for _, entry := range context.all("contextEntry") {
		if e := entry.first("literalExpression"); e != nil && variableName(entry) == name {
			return strings.Trim(e.childText("text"), `"`)
		}
	}
	return ""
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
