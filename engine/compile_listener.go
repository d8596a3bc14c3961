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

// The events that task listeners listen to.
const (
	listensCreating   = "CREATING"
	listensAssigning  = "ASSIGNING"
	listensUpdating   = "UPDATING"
	listensCompleting = "COMPLETING"
	listensCanceling  = "CANCELING"
)

// listenerEvents and taskListenerEvents are the events that models name.
var (
	listenerEvents     = map[string]string{"start": listensStart, "end": listensEnd}
	taskListenerEvents = map[string]string{
		"creating": listensCreating, "assigning": listensAssigning, "updating": listensUpdating,
		"completing": listensCompleting, "canceling": listensCanceling,
	}
)

// processType is the type of the process itself among elements.
const processType = "PROCESS"

// processNode stands for the process where its listeners are jobs.
func (c *compiler) processNode(p *bpmn.Process) *node {
	n := &node{id: p.ID, name: p.Name, elementType: processType}
	c.listeners(&bpmn.Node{ID: p.ID, Position: p.Position, Listeners: p.Listeners}, n)
	return n
}

func (c *compiler) listeners(b *bpmn.Node, n *node) {
	for _, l := range b.Listeners {
		event, known := listenerEvents[l.Event]
		if l.Task {
			event, known = taskListenerEvents[l.Event]
			known = known && n.user != nil
		}
		if !known {
			c.unheard(b.ID, l)
			continue
		}
		c.def.cancels = c.def.cancels || event == listensCanceling
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
		Message: "the listener to " + l.Event + " is not executed here; those to start and end of an element are: use one, or a task beside",
	})
}
