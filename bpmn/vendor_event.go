package bpmn

import "strings"

// multiInstance reads the collection; the number of instances and the conditions are of the standard.
func (x *extras) multiInstance() {
	collection, item := x.attr("collection"), x.attr("elementVariable")
	if collection != "" {
		x.put("loopCharacteristics", "inputCollection", variable(collection), "inputElement", item)
	}
	if activity := x.e.parent; activity != nil && speaksOf(activity, "loopCounter") {
		x.converted("loopCounter counts from 1 here, not from 0")
	}
}

// speaksOf reports whether a word stands in an attribute or text of the element.
func speaksOf(e *element, word string) bool {
	if strings.Contains(e.text, word) {
		return true
	}
	for _, a := range e.attributes {
		if strings.Contains(a.value, word) {
			return true
		}
	}
	for _, c := range e.children {
		if speaksOf(c, word) {
			return true
		}
	}
	return false
}

// eventDefinition reads what extensions make of a trigger; it belongs to the event around it.
func (x *extras) eventDefinition() {
	event := x.target()
	if event == x {
		return
	}
	throws := event.e.name == "intermediateThrowEvent" || event.e.name == "endEvent"
	switch x.e.name {
	case "messageEventDefinition":
		if throws {
			event.job(x)
		}
	case "signalEventDefinition":
		for _, in := range x.all("in") {
			if throws {
				event.payload(in)
			}
		}
		if x.attr("async") == "true" {
			x.ignored(x.e, "async has no effect: %s", adviceStep)
		}
	case "conditionalEventDefinition":
		x.conditional()
	}
}

// payload is a variable that a signal carries.
func (x *extras) payload(in *element) {
	var all bool
	var list []Mapping
	x.p.passage(in, &all, &list)
	for _, m := range list {
		x.put("ioMapping").grow("input", in, "source", m.Source.Text, "target", m.Target)
	}
	if all {
		x.ignored(in, "a signal carries the variables that it names; name them one by one")
	}
}

// conditional reads the filter of a conditional event, which fires at each change while it is true.
func (x *extras) conditional() {
	var kept []string
	events := x.attr("variableEvents")
	for _, event := range words(events) {
		if event == "delete" {
			x.ignored(x.e, "the variable event delete has no effect here: no variable is deleted")
			continue
		}
		kept = append(kept, event)
	}
	x.putSome("conditionalFilter", "variableNames", x.attr("variableName"), "variableEvents", strings.Join(kept, ", "))
	p, e := x.p, x.e
	p.afterLink(func() {
		if condition := p.conditions[e]; condition != nil {
			condition.OnChange = true
		}
	})
}
