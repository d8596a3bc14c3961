package bpmn

import "strings"

// callActivity reads which version is called and what passes. Without in and out nothing passes.
func (x *extras) callActivity() {
	call := vendorCall{
		binding: x.attr("calledElementBinding"), tag: x.attr("calledElementVersionTag"),
		version: x.value("calledElementVersion"), key: x.value("businessKey"),
		allIn: x.attr("inheritVariables") == "true", ins: x.all("in"), outs: x.all("out"),
	}
	if x.attr("sameDeployment") == "true" {
		call.binding = string(BindingDeployment)
	}
	if x.attr("inheritBusinessKey") == "true" {
		x.ignored(x.e, "inheritBusinessKey has no effect here; name the key: businessKey=\"${…}\"")
	}
	p, e := x.p, x.e
	for _, own := range e.extensions() {
		if own.name == "calledElement" {
			p.warn(e, CodeExtensionIgnored, "zeebe:calledElement counts, not what stands beside it for another engine")
			return
		}
	}
	p.afterLink(func() {
		if n := p.nodes[e.id()]; n != nil && n.Call != nil {
			p.completeCall(n.Call, e, call)
		}
	})
}

// vendorCall is what the extensions of a call activity say.
type vendorCall struct {
	binding, tag, version, key string
	allIn                      bool
	ins, outs                  []*element
}

func (p *parser) completeCall(c *Call, e *element, v vendorCall) {
	switch binding := Binding(v.binding); {
	case binding == BindingDeployment || binding == BindingVersionTag:
		c.Binding, c.VersionTag = binding, v.tag
	case v.binding == "version":
		c.Version = expressionAt(v.version, e)
	}
	c.BusinessKey = expressionAt(v.key, e)
	c.AllIn, c.AllOut = v.allIn, false
	for _, in := range v.ins {
		if key := in.attr("businessKey"); key != "" {
			c.BusinessKey = expressionAt(juel(key), in)
			continue
		}
		p.passage(in, &c.AllIn, &c.In)
	}
	for _, out := range v.outs {
		p.passage(out, &c.AllOut, &c.Out)
	}
}

func expressionAt(text string, e *element) Expression {
	if text == "" {
		return Expression{}
	}
	return Expression{Text: text, Position: e.position}
}

// passage reads one in or out: all variables, one variable, or the value of an expression.
func (p *parser) passage(e *element, all *bool, into *[]Mapping) {
	if e.attr("local") == "true" {
		p.warn(e, CodeExtensionIgnored, "local has no effect here: all variables that the element sees count")
	}
	if e.attr("variables") == "all" {
		*all = true
		return
	}
	source := juel(e.attr("sourceExpression"))
	if source != "" && inside(source) == source {
		source = "${" + source + "}"
	}
	if name := e.attr("source"); source == "" && name != "" {
		source = variable(name)
	}
	target := strings.TrimSpace(e.attr("target"))
	if source == "" || !isVariablePath(target) {
		p.fail(e, CodeMappingInvalid, "%s needs a source and a target variable, not %q to %q", e.name, shorten(source), shorten(target))
		return
	}
	*into = append(*into, Mapping{Source: expressionAt(source, e), Target: target, Position: e.position})
}
