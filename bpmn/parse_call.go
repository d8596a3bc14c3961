package bpmn

import "strings"

// readCall reads what a call activity calls: a process or a global task of any file (BPMN 2.0.2, 10.3.6).
// Without zeebe:calledElement nothing passes beside what is mapped.
func (p *parser) readCall(n *Node, e *element) {
	called := p.value(e, "calledElement")
	if isLiteral(called) {
		called.Text = localPart(called.Text)
	}
	n.Call = &Call{ProcessID: called, Binding: BindingLatest, Position: e.position}
}

// readCalledElement reads zeebe:calledElement. Both ways of variables are open unless closed.
func (p *parser) readCalledElement(call *Call, x *element) {
	for _, name := range []string{"processIdExpression", "processId"} {
		if id := p.value(x, name); id.Text != "" {
			call.ProcessID = id
			if name == "processIdExpression" && isLiteral(id) {
				call.ProcessID.Text = "=" + id.Text
			}
		}
	}
	call.Binding, call.VersionTag = p.readBinding(x)
	call.BusinessKey = p.value(x, "businessId")
	call.AllIn = p.boolean(x, "propagateAllParentVariables", true)
	call.AllOut = p.boolean(x, "propagateAllChildVariables", true)
	call.Position = x.position
}

// listenerEvents are the events of execution and of task listeners.
var (
	listenerEvents     = []string{"start", "end"}
	taskListenerEvents = []string{"creating", "assigning", "updating", "completing", "canceling"}
)

// readListeners reads zeebe:executionListeners or zeebe:taskListeners.
func (p *parser) readListeners(x *element) []Listener {
	task := x.name == "taskListeners"
	child, events := "executionListener", listenerEvents
	if task {
		child, events = "taskListener", taskListenerEvents
	}
	var read []Listener
	for _, c := range x.children {
		if c.space != spaceZeebe || c.name != child {
			continue
		}
		l := Listener{
			Task: task, Event: c.attr("eventType"), Type: p.value(c, "type"), Retries: p.value(c, "retries"),
			Headers: map[string]string{}, Position: c.position,
		}
		for _, h := range c.children {
			if h.space == spaceZeebe && h.name == "taskHeaders" {
				p.pairs(l.Headers, h, "header", "key")
			}
		}
		p.checkListener(c, l, events)
		read = append(read, l)
	}
	return read
}

func (p *parser) checkListener(x *element, l Listener, events []string) {
	known := false
	for _, event := range events {
		known = known || event == l.Event
	}
	if !known {
		p.fail(x, CodeListenerInvalid, "eventType=%q is none of %s", shorten(l.Event), strings.Join(events, ", "))
	}
	if l.Type.Text == "" {
		p.fail(x, CodeListenerInvalid, "a listener needs a type")
	}
	p.checkRetries(x, l.Retries)
}
