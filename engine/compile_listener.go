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
			c.report(bpmn.CodeElementUnsupported, b.ID, l.Position, "a listener to the event "+l.Event+" is not executed; start and end are")
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
