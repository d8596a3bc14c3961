package engine

import (
	"tallystick/bpmn"
	"tallystick/internal/lang"
)

// event compiles the event definitions of a node: one, or the parts of a multiple one (10.5.5).
func (c *compiler) event(b *bpmn.Node, n *node) {
	parts := []*bpmn.EventDefinition{b.Event}
	if b.Event.Kind == bpmn.EventMultiple || b.Event.Kind == bpmn.EventParallelMultiple {
		parts = b.Event.Parts
		n.all = b.Event.Kind == bpmn.EventParallelMultiple
	}
	if len(parts) == 0 {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the event has no trigger")
	}
	for i, e := range parts {
		t := c.trigger(b, e, catches(n))
		t.part = i
		n.triggers = append(n.triggers, t)
		if !executes(n, t, len(parts) > 1) {
			c.report(bpmn.CodeElementUnsupported, b.ID, b.Position, "the event with this trigger is not executed")
		}
	}
}

func catches(n *node) bool {
	return n.kind != bpmn.KindIntermediateThrowEvent && n.kind != bpmn.KindEndEvent
}

// executes reports whether an event may have a trigger, alone or beside others (10.5.5, tables 10.84 to 10.93).
func executes(n *node, t *trigger, several bool) bool {
	k := t.kind
	switch n.kind {
	case bpmn.KindStartEvent:
		if !n.startsHandler() {
			return n.owner == nil && t.armed()
		}
		return t.armed() || !n.all && (k == bpmn.EventEscalation || n.interrupting && k == bpmn.EventError) ||
			!several && k == bpmn.EventCompensation
	case bpmn.KindIntermediateCatchEvent:
		return t.armed() || !several && k == bpmn.EventLink
	case bpmn.KindBoundaryEvent:
		return t.armed() || !n.all && (k == bpmn.EventEscalation || n.interrupting && k == bpmn.EventError) ||
			!several && (k == bpmn.EventCompensation || k == bpmn.EventCancel)
	case bpmn.KindIntermediateThrowEvent:
		return throwable(k) || !several && k == bpmn.EventLink
	case bpmn.KindEndEvent:
		return throwable(k) || k == bpmn.EventError || k == bpmn.EventTerminate || k == bpmn.EventCancel
	}
	return false
}

// throwable lists what any throwing event may throw.
func throwable(k bpmn.EventKind) bool {
	switch k {
	case bpmn.EventMessage, bpmn.EventSignal, bpmn.EventEscalation, bpmn.EventCompensation:
		return true
	}
	return false
}

func (c *compiler) trigger(b *bpmn.Node, e *bpmn.EventDefinition, catch bool) *trigger {
	t := &trigger{kind: e.Kind, noWait: e.NoWait, link: e.Link}
	switch e.Kind {
	case bpmn.EventTimer:
		t.timer = c.timer(b, e)
	case bpmn.EventMessage:
		t.message = c.message(b, e.Message, catch)
	case bpmn.EventSignal:
		if e.Signal == nil {
			c.report(CodeModelIncomplete, b.ID, b.Position, "the signal is missing")
			break
		}
		t.signal = c.required(b, bpmn.Expression{Text: e.Signal.Name, Position: e.Signal.Position}, "the name of the signal")
	case bpmn.EventConditional:
		t.when = c.when(b, e)
	case bpmn.EventError, bpmn.EventEscalation:
		t.code, t.caught = c.code(b, e, catch)
	case bpmn.EventCompensation:
		t.activity = c.ref(e.Activity)
		if e.Activity != nil && t.activity == nil {
			c.report(CodeModelIncomplete, b.ID, b.Position, "the activity to compensate does not exist")
		}
		if t.noWait && len(b.Outputs) > 0 {
			c.report(bpmn.CodeMappingInvalid, b.ID, b.Position, "an event that does not wait for the compensation has no outputs")
		}
	case bpmn.EventCancel:
		if !catch && !inTransaction(c.ref(b)) {
			c.report(CodeModelIncomplete, b.ID, b.Position, "a cancel end event stands in a transaction")
		}
	}
	return t
}

func inTransaction(n *node) bool {
	for n = n.owner; n != nil; n = n.owner {
		if n.kind == bpmn.KindTransaction {
			return true
		}
	}
	return false
}

// code compiles the code of an error or escalation: evaluated where it is thrown, literal where it is caught.
func (c *compiler) code(b *bpmn.Node, e *bpmn.EventDefinition, catch bool) (*expression, string) {
	text := ""
	switch {
	case e.Error != nil:
		text = e.Error.Code
	case e.Escalation != nil:
		text = e.Escalation.Code
	}
	if !catch {
		return c.required(b, bpmn.Expression{Text: text, Position: e.Position}, "the code"), ""
	}
	if _, _, literal := lang.Split(text); !literal {
		c.report(CodeExpressionInvalid, b.ID, e.Position, "a caught code is a literal, no expression")
	}
	return nil, text
}

func (c *compiler) timer(b *bpmn.Node, e *bpmn.EventDefinition) *timer {
	t := e.Timer
	if t == nil || t.Expression.Text == "" {
		c.report(CodeTimerInvalid, b.ID, b.Position, "the timer has no date, duration or cycle")
		return nil
	}
	if source, _, literal := lang.Split(t.Expression.Text); literal && t.Expression.Language == "" {
		if _, err := readTimer(t.Kind, source, noTime); err != nil {
			c.report(CodeTimerInvalid, b.ID, t.Expression.Position, err.Error())
			return nil
		}
	}
	return &timer{kind: t.Kind, text: c.expression(b.ID, t.Expression)}
}

func (c *compiler) when(b *bpmn.Node, e *bpmn.EventDefinition) *condition {
	if e.Condition == nil || e.Condition.Expression.Text == "" {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the condition is missing")
		return nil
	}
	when := &condition{holds: c.boolean(b.ID, e.Condition.Expression), onChange: e.Condition.OnChange}
	if when.reads = e.Condition.Names; len(when.reads) == 0 && when.holds != nil {
		when.reads = when.holds.program.Names()
	}
	c.def.conditional = true
	return when
}

// attach links a boundary event to its activity.
func (c *compiler) attach(b *bpmn.Node, n *node) {
	boundary := c.ref(b)
	switch {
	case boundary == nil:
		c.report(CodeModelIncomplete, b.ID, b.Position, "the boundary event is in no scope")
	case b.Event == nil: // reported where the event itself is compiled
	case b.Event.Kind == bpmn.EventCompensation:
		if n.compensator = c.ref(b.Compensates); n.compensator == nil {
			c.report(bpmn.CodeCompensationNoHandler, b.ID, b.Position, "no activity is linked to the compensation event")
		}
	case b.Event.Kind == bpmn.EventCancel && n.kind != bpmn.KindTransaction:
		c.report(CodeModelIncomplete, b.ID, b.Position, "only a transaction is canceled")
	default:
		n.boundary = append(n.boundary, boundary)
	}
}
