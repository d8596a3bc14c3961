package bpmn

import (
	"strconv"
	"strings"
)

// mappings reads inputOutput.
func (x *extras) mappings() {
	for _, e := range x.all("inputOutput") {
		x.target().inputOutput(e)
	}
}

func (x *extras) inputOutput(e *element) {
	for _, parameter := range e.own("inputParameter") {
		x.mapping("input", parameter)
	}
	for _, parameter := range e.own("outputParameter") {
		x.mapping("output", parameter)
	}
}

func (x *extras) mapping(name string, parameter *element) {
	source, ok := x.parameter(parameter)
	if !ok {
		return
	}
	if source == "" {
		source = "${null}"
	}
	x.put("ioMapping").grow(name, parameter, "source", source, "target", strings.TrimSpace(parameter.attr("name")))
}

// parameter returns the value of a parameter as an expression or literal: a text, a list, a map or a script.
func (x *extras) parameter(e *element) (source string, ok bool) {
	for _, c := range e.children {
		if vendors[c.space] == "" {
			continue
		}
		operand, ok := x.structure(c)
		return "${" + operand + "}", ok
	}
	return juel(e.text), true
}

// structure returns a list, map or script as an operand of expr.
func (x *extras) structure(e *element) (operand string, ok bool) {
	var parts []string
	opening, closing := "[", "]"
	switch e.name {
	case "list":
		for _, c := range e.children {
			part, ok := x.item(c)
			if !ok {
				return "", false
			}
			parts = append(parts, part)
		}
	case "map":
		opening, closing = "{", "}"
		for _, entry := range e.own("entry") {
			part, ok := x.item(entry)
			if !ok {
				return "", false
			}
			parts = append(parts, strconv.Quote(entry.attr("key"))+": "+part)
		}
	default:
		return x.inlineScript(e)
	}
	return opening + strings.Join(parts, ", ") + closing, true
}

// item returns an item of a list or the value of an entry of a map.
func (x *extras) item(e *element) (operand string, ok bool) {
	if e.name == "list" || e.name == "map" || e.name == "script" {
		return x.structure(e)
	}
	for _, c := range e.children {
		if vendors[c.space] != "" {
			return x.structure(c)
		}
	}
	text := juel(e.text)
	if expression := inside(text); expression != text {
		return "(" + expression + ")", true
	}
	if strings.Contains(text, "${") {
		x.p.fail(e, CodeExtensionUnsupported, "text around an expression inside a list or map is not read: join it by +")
		return "", false
	}
	return strconv.Quote(text), true
}

// inlineScript reads a script inside a mapping. There is no worker for it, so a foreign language is refused.
func (x *extras) inlineScript(e *element) (operand string, ok bool) {
	format := strings.ToLower(e.attr("scriptFormat"))
	if e.name == "script" && (format == "juel" || format == "expr") && e.text != "" {
		return inside(e.text), true
	}
	x.p.fail(e, CodeExtensionUnsupported,
		"%s %q inside a mapping is not executed: write it as an expression, or make it a script task in front", shorten(e.name), shorten(format))
	return "", false
}

// properties are kept for those who read the model.
func (x *extras) properties() {
	for _, properties := range x.all("properties") {
		for _, property := range properties.own("property") {
			x.target().put("properties").grow("property", property, "name", property.attr("name"), "value", property.attr("value"))
		}
	}
}
