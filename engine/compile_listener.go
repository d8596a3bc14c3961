package engine

import "tallystick/bpmn"

// listener is a job before an element goes on.
type listener struct {
	typ, retries *expression
	headers      map[string]string
}

// The events that execution listeners listen to, by the names of the REST API.
const (
	listensStart = "START"
	listensEnd   = "END"
)

// listenerEvents are the events that models name.
var listenerEvents = map[string]string{"start": listensStart, "end": listensEnd}

func (c *compiler) listeners(b *bpmn.Node, n *node) {
	for _, l := range b.Listeners {
		event, known := listenerEvents[l.Event]
		if l.Task || !known {
			c.unheard(b.ID, l)
			continue
		}
		if n.listeners == nil {
			n.listeners = map[string][]listener{}
		}
		n.listeners[event] = append(n.listeners[event], listener{
			c.required(b, l.Type, "the job type of the listener"), c.expression(b.ID, l.Retries), l.Headers,
		})
	}
}

// unheard warns of a listener that has no job: models of other engines carry many that a process runs without.
func (c *compiler) unheard(element string, l bpmn.Listener) {
	c.found = append(c.found, bpmn.Diagnostic{
		Severity: bpmn.SeverityWarning, Code: bpmn.CodeElementUnsupported, Element: element, Position: l.Position,
		Message: "the listener to " + l.Event + " is not executed; those to start and end of an element are: use one, or a task beside",
	})
}
