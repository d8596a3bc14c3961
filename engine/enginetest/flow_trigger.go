package enginetest

import (
	"slices"
	"strconv"
	"strings"
)

// trigger is one event definition of a shape.
type trigger struct {
	kind, value string
	key         string // of a message
	watch       string // of a condition
}

// triggers lists the event definitions of a shape in the order in which they were written.
func (s *shape) triggers() []trigger {
	k := kinds[s.kind]
	var found []trigger
	if k.event != "" {
		found = append(found, trigger{kind: k.event, value: s.get("code")})
	}
	if !k.triggered && k.event == "" && s.kind != "timer" {
		return nil
	}
	for _, a := range s.attributes {
		switch a.name {
		case "message", "signal", "condition", "link", "error", "escalation", "after", "at", "every", "terminate", "cancel", "compensation":
			found = append(found, trigger{kind: a.name, value: a.value})
		case "key", "watch":
			if len(found) > 0 {
				last := &found[len(found)-1]
				last.key, last.watch = either(a.name == "key", a.value, last.key), either(a.name == "watch", a.value, last.watch)
			}
		}
	}
	return found
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// root is an element outside of the processes that events refer to.
type root struct {
	trigger
	id string
}

// rooted are the triggers that have a root element.
var rooted = []string{"message", "signal", "error", "escalation"}

// refer returns the id of the root element of a trigger, "" when it needs none.
func (d *drawing) refer(t trigger) string {
	if !slices.Contains(rooted, t.kind) || t.value == "" {
		return ""
	}
	t.watch = ""
	for _, r := range d.roots {
		if r.trigger == t {
			return r.id
		}
	}
	id := t.kind + "_" + strings.Map(func(r rune) rune {
		if isID("_" + string(r)) {
			return r
		}
		return '_'
	}, t.value)
	base := id
	for n := 2; d.taken(id); n++ {
		id = base + "_" + strconv.Itoa(n)
	}
	d.roots = append(d.roots, root{t, id})
	return id
}

func (d *drawing) taken(id string) bool {
	return d.shapes[id] != nil || slices.ContainsFunc(d.roots, func(r root) bool { return r.id == id })
}

// rootElements writes what was referred to.
func (d *drawing) rootElements(out *document) {
	for i, e := range d.shared {
		d.event(out, e.trigger, e.of, sharedID(i))
	}
	for _, r := range d.roots {
		attributes := []string{"id", r.id, "name", r.value}
		switch {
		case r.kind == "error" || r.kind == "escalation":
			out.tag(r.kind, append(attributes, r.kind+"Code", r.value), nil)
		case r.key == "":
			out.tag(r.kind, attributes, nil)
		default:
			out.tag(r.kind, attributes, func() {
				out.tag("extensionElements", nil, func() {
					out.tag("zeebe:subscription", []string{"correlationKey", expression(r.key)}, nil)
				})
			})
		}
	}
}

// events writes the event definitions of a shape, in place or as references to shared ones.
func (d *drawing) events(out *document, s *shape) {
	for i, t := range s.triggers() {
		if s.marked("shared") {
			out.text("eventDefinitionRef", d.share(s, t))
			continue
		}
		d.event(out, t, s, s.id+"_event"+either(i > 0, strconv.Itoa(i+1), ""))
	}
}

// share returns the id of the event definition that stands beside the processes and says what t says.
func (d *drawing) share(s *shape, t trigger) string {
	for i, other := range d.shared {
		if other.trigger == t && other.of.get("of") == s.get("of") {
			return sharedID(i)
		}
	}
	d.shared = append(d.shared, sharedEvent{t, s})
	return sharedID(len(d.shared) - 1)
}

// sharedEvent is an event definition that events refer to, as the first of them describes it.
type sharedEvent struct {
	trigger
	of *shape
}

func sharedID(i int) string { return "shared_event_" + strconv.Itoa(i+1) }

// timerForms are the children of a timer event definition.
var timerForms = map[string]string{"after": "timeDuration", "at": "timeDate", "every": "timeCycle"}

// event writes one event definition.
func (d *drawing) event(out *document, t trigger, s *shape, id string) {
	formal := []string{"xsi:type", "tFormalExpression"}
	switch t.kind {
	case "after", "at", "every":
		out.tag("timerEventDefinition", []string{"id", id}, func() { out.text(timerForms[t.kind], t.value, formal...) })
	case "condition":
		out.tag("conditionalEventDefinition", []string{"id", id}, func() {
			if t.watch != "" {
				out.tag("extensionElements", nil, func() { out.tag("zeebe:conditionalFilter", []string{"variableNames", t.watch}, nil) })
			}
			out.text("condition", expression(t.value), formal...)
		})
	case "link":
		out.tag("linkEventDefinition", []string{"id", id, "name", t.value}, nil)
	case "compensation":
		wait := either(s.marked("nowait"), "false", "")
		out.tag("compensateEventDefinition", []string{"id", id, "activityRef", s.get("of"), "waitForCompletion", wait}, nil)
	default:
		out.tag(t.kind+"EventDefinition", []string{"id", id, t.kind + "Ref", d.refer(t)}, nil)
	}
}
