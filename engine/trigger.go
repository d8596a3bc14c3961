package engine

import "tallystick/bpmn"

// trigger is a compiled event definition: what an event waits for, or what it throws. Kind says which of the
// details are set.
type trigger struct {
	kind     bpmn.EventKind
	part     int // its place among the definitions of a multiple event
	timer    *timer
	message  *messageEvent
	signal   *expression
	when     *condition
	code     *expression // a thrown error or escalation
	caught   string      // the code that is caught, "" for all
	activity *node       // compensation: the activity, nil is a broadcast
	noWait   bool        // compensation: the event does not wait for it
	link     string
}

// timer is a timer event definition; the literal forms are parsed when the process is compiled only to
// refuse wrong ones, the text is read again when the timer is armed.
type timer struct {
	kind bpmn.TimerKind
	text *expression
}

// messageEvent says how a message is named and correlated. Keys are what its correlation key is made of; those
// of the standard's correlation properties read the content of a message that is thrown, all others see the
// process (8.4.2).
type messageEvent struct {
	name        *expression
	keys        []*expression
	fromContent bool
}

// condition is a conditional event definition. Reads are the variables whose changes count.
type condition struct {
	holds    *expression
	reads    []string
	onChange bool
}

// armed reports whether waiting for the trigger is a row of the state: a timer or a subscription. Errors,
// escalations, compensation and cancellation look for their catchers when they are thrown.
func (t *trigger) armed() bool {
	switch t.kind {
	case bpmn.EventTimer, bpmn.EventMessage, bpmn.EventSignal, bpmn.EventConditional:
		return true
	}
	return false
}

// trigger returns the first trigger of a kind, nil when the event has none.
func (n *node) trigger(kind bpmn.EventKind) *trigger {
	for _, t := range n.triggers {
		if t.kind == kind {
			return t
		}
	}
	return nil
}

// armed reports whether one of the triggers is a timer or subscription.
func (n *node) armed() bool {
	for _, t := range n.triggers {
		if t.armed() {
			return true
		}
	}
	return false
}

// startsHandler reports whether the node is the start event of an event sub-process.
func (n *node) startsHandler() bool {
	return n.kind == bpmn.KindStartEvent && n.owner != nil && n.owner.kind == bpmn.KindEventSubProcess
}

// ends reports whether catching ends what the event stands on.
func (n *node) ends() bool {
	return n.interrupting && (n.kind == bpmn.KindBoundaryEvent || n.startsHandler())
}

// eventSubProcess is the type of the element instances of event sub-processes.
const eventSubProcess = "EVENT_SUB_PROCESS"

// body is the compiled inside of a process or sub-process.
type body struct {
	// entries are where its tokens start: the none start events, or, when there is no start event at all, the
	// nodes without incoming flow (10.5.2, 13.5.1).
	entries []*node
	// triggered are the start events with a trigger, and what else creates instances.
	triggered []*node
	// handlers are the start events of its event sub-processes, in document order, but for that of compensation.
	handlers []*node
	// compensation is the event sub-process that undoes the completed scope.
	compensation *node
}

// watched reports whether something is to be armed when the scope opens.
func (b *body) watched() bool {
	for _, n := range b.handlers {
		if n.armed() {
			return true
		}
	}
	return false
}
