package enginetest

import (
	"strings"
)

// loop writes the loop characteristics of an activity.
func (d *drawing) loop(out *document, s *shape) {
	switch {
	case s.get("while") != "" || s.get("max") != "":
		attributes := []string{"testBefore", either(s.marked("before"), "true", ""), "loopMaximum", s.get("max")}
		out.tag("standardLoopCharacteristics", attributes, func() {
			if s.get("while") != "" {
				out.text("loopCondition", expression(s.get("while")), "xsi:type", "tFormalExpression")
			}
		})
	case s.get("each") != "" || s.get("times") != "":
		d.instances(out, s)
	}
}

// instances writes multi-instance characteristics. What one and none throw are shared event definitions.
func (d *drawing) instances(out *document, s *shape) {
	attributes := []string{"isSequential", either(s.marked("sequential"), "true", "")}
	for _, behavior := range []string{"none", "one"} {
		kind, value, _ := strings.Cut(s.get(behavior), ":")
		if kind == "" {
			continue
		}
		attributes = append(attributes, "behavior", ordering(behavior))
		if value != "" {
			attributes = append(attributes, behavior+"BehaviorEventRef", d.share(&shape{}, trigger{kind: kind, value: value}))
		}
	}
	out.tag("multiInstanceLoopCharacteristics", attributes, func() {
		out.extended(func(in *document) {
			in.some("zeebe:loopCharacteristics", "inputCollection", expressionOrNone(s.get("each")), "inputElement", s.get("as"),
				"outputCollection", s.get("into"), "outputElement", expressionOrNone(s.get("value")))
		})
		for _, part := range [][2]string{{"times", "loopCardinality"}, {"done", "completionCondition"}} {
			if text := s.get(part[0]); text != "" {
				out.text(part[1], expression(text), "xsi:type", "tFormalExpression")
			}
		}
	})
}

// called writes what a call activity calls, and what passes.
func (s *shape) called(out *document) {
	if s.kind != "call" {
		return
	}
	attributes := []string{"processId", s.get("process"), "bindingType", s.get("binding"), "versionTag", s.get("version")}
	if all := s.get("all"); all != "" {
		attributes = append(attributes,
			"propagateAllParentVariables", either(all == "in" || all == "both", "true", "false"),
			"propagateAllChildVariables", either(all == "out" || all == "both", "true", "false"))
	}
	out.tag("zeebe:calledElement", attributes, nil)
}

// taskListeners are the events of listeners that belong to user tasks.
const taskListeners = " creating assigning updating completing canceling "

// listeners writes the attributes listener.EVENT=TYPE.
func (s *shape) listeners(out *document) {
	for _, ofTask := range []bool{false, true} {
		name := either(ofTask, "zeebe:taskListener", "zeebe:executionListener")
		in := &document{depth: out.depth + 1}
		for _, a := range s.attributes {
			event, found := strings.CutPrefix(a.name, "listener.")
			if found && ofTask == strings.Contains(taskListeners, " "+event+" ") {
				in.tag(name, []string{"eventType", event, "type", a.value}, nil)
			}
		}
		if in.Len() > 0 {
			out.tag(name+"s", nil, func() { out.WriteString(in.String()) })
		}
	}
}

func expressionOrNone(text string) string {
	if text == "" {
		return ""
	}
	return expression(text)
}
