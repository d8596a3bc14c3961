package bpmn

import (
	"slices"
	"strconv"
	"strings"
)

// extras is what an element carries of another engine. Whatever is asked for is dealt with and leaves
// it; what is left at the end is reported.
type extras struct {
	p          *parser
	e          *element
	attributes []attribute
	elements   []*element
}

func (p *parser) extrasOf(e *element) *extras {
	x := &extras{p: p, e: e}
	for _, a := range e.attributes {
		if vendors[a.space] != "" {
			x.attributes = append(x.attributes, a)
		}
	}
	for _, extension := range e.all("extensionElements") {
		for _, c := range extension.children {
			if vendors[c.space] != "" {
				x.elements = append(x.elements, c)
			}
		}
	}
	return x
}

// attr takes an attribute, "" when absent.
func (x *extras) attr(name string) string {
	value := ""
	x.attributes = slices.DeleteFunc(x.attributes, func(a attribute) bool {
		if a.name == name && value == "" {
			value = strings.TrimSpace(a.value)
		}
		return a.name == name
	})
	return value
}

// value takes an attribute that may be an expression.
func (x *extras) value(name string) string { return juel(x.attr(name)) }

// all takes the elements of a name.
func (x *extras) all(name string) []*element {
	var found []*element
	x.elements = slices.DeleteFunc(x.elements, func(e *element) bool {
		if e.name == name {
			found = append(found, e)
		}
		return e.name == name
	})
	return found
}

// juel returns a text of another engine so that it means the same here: "#{…}" is "${…}", and a leading
// "=" does not make it FEEL.
func juel(text string) string {
	text = strings.ReplaceAll(text, "#{", "${")
	if strings.HasPrefix(strings.TrimSpace(text), "=") {
		return "${" + strconv.Quote(text) + "}"
	}
	return text
}

// variable returns the expression for a text that is a name of a variable or an expression.
func variable(text string) string {
	if text == "" || strings.Contains(text, "${") || strings.Contains(text, "#{") {
		return juel(text)
	}
	return "${" + text + "}"
}

// inside returns what stands between the marks of an expression.
func inside(text string) string {
	text = strings.TrimSpace(text)
	if len(text) > 3 && (strings.HasPrefix(text, "${") || strings.HasPrefix(text, "#{")) && strings.HasSuffix(text, "}") {
		return strings.TrimSpace(text[2 : len(text)-1])
	}
	return text
}

// put adds a zeebe: extension, or attributes to the one that was added before. When the file has one of
// that name itself, that one counts and what put returns is not read.
func (x *extras) put(name string, pairs ...string) *element {
	made := x.p.adoption.made[x.e]
	if made == nil {
		made = map[string]*element{}
		x.p.adoption.made[x.e] = made
	}
	e := made[name]
	if e == nil {
		e = &element{space: spaceZeebe, name: name, position: x.e.position, parent: x.e}
		made[name] = e
		x.attach(e)
	}
	e.set(pairs...)
	return e
}

func (x *extras) attach(e *element) {
	if slices.ContainsFunc(x.e.extensions(), func(own *element) bool { return own.name == e.name }) {
		if e.name != "userTask" {
			x.p.warn(x.e, CodeExtensionIgnored, "zeebe:%s counts, not what stands beside it for another engine", e.name)
		}
		return
	}
	x.append(e)
}

// append adds a child to the extension elements.
func (x *extras) append(e *element) {
	places := x.e.all("extensionElements")
	if len(places) == 0 {
		places = []*element{{space: spaceBPMN, name: "extensionElements", position: x.e.position, parent: x.e}}
		x.e.children = append(x.e.children, places[0])
	}
	e.parent = places[0]
	e.parent.children = append(e.parent.children, e)
}

// set gives an element attributes, by pairs of name and value; those without value are left out.
func (e *element) set(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			e.attributes = append(e.attributes, attribute{name: pairs[i], value: pairs[i+1]})
		}
	}
}

// grow adds a zeebe: child to an extension that was put, at the place in the file that it comes from.
func (e *element) grow(name string, from *element, pairs ...string) *element {
	c := &element{space: spaceZeebe, name: name, position: from.position, parent: e}
	c.set(pairs...)
	e.children = append(e.children, c)
	return c
}

// own returns the children of an extension of another engine with a name.
func (e *element) own(name string) []*element {
	var found []*element
	for _, c := range e.children {
		if c.name == name && vendors[c.space] != "" {
			found = append(found, c)
		}
	}
	return found
}
