package engine

import "tallystick/bpmn"

// listener is a job before an element goes on.
type listener struct {
	typ, retries *expression
	headers      map[string]string
}

// The events that listeners listen to, by the names of the REST API.
const (
	listensStart      = "START"
	listensEnd        = "END"
	listensCreating   = "CREATING"
	listensAssigning  = "ASSIGNING"
	listensUpdating   = "UPDATING"
	listensCompleting = "COMPLETING"
)

// listenerEvents are the events that models name.
var listenerEvents = map[bool]map[string]string{
	false: {"start": listensStart, "end": listensEnd},
	true: {
		"creating": listensCreating, "assigning": listensAssigning, "updating": listensUpdating, "completing": listensCompleting,
	},
}

func (c *compiler) listeners(b *bpmn.Node, n *node) {
	for _, l := range b.Listeners {
		event, known := listenerEvents[l.Task][l.Event]
		switch {
		case !known:
			c.report(bpmn.CodeElementUnsupported, b.ID, l.Position, "nothing listens to the event "+l.Event)
			continue
		case l.Task && b.Kind != bpmn.KindUserTask:
			c.report(CodeModelIncomplete, b.ID, l.Position, "a task listener belongs to a user task")
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
