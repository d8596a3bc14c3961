package engine

import (
	"tallystick/bpmn"
	"tallystick/internal/lang"
)

func (c *compiler) event(b *bpmn.Node, n *node) {
	n.event = b.Event.Kind
	switch b.Event.Kind {
	case bpmn.EventTimer:
		n.timer = c.timer(b)
	case bpmn.EventError:
		text := ""
		if b.Event.Error != nil {
			text = b.Event.Error.Code
		}
		n.code, n.caught = c.code(b, text)
	case bpmn.EventEscalation:
		text := ""
		if b.Event.Escalation != nil {
			text = b.Event.Escalation.Code
		}
		n.code, n.caught = c.code(b, text)
	case bpmn.EventCompensation:
		n.activity = c.ref(b.Event.Activity)
		if b.Event.Activity != nil && n.activity == nil {
			c.report(CodeModelIncomplete, b.ID, b.Position, "the activity to compensate does not exist")
		}
	}
	if !executes(b.Kind, b.Event.Kind) || b.Event.NoWait {
		c.report(bpmn.CodeElementUnsupported, b.ID, b.Position, "the event with this trigger is not executed")
	}
}

// executes reports whether an event of a kind may have a trigger.
func executes(k bpmn.Kind, e bpmn.EventKind) bool {
	switch k {
	case bpmn.KindIntermediateCatchEvent:
		return e == bpmn.EventTimer
	case bpmn.KindIntermediateThrowEvent:
		return e == bpmn.EventEscalation || e == bpmn.EventCompensation
	case bpmn.KindEndEvent:
		return e == bpmn.EventError || e == bpmn.EventEscalation || e == bpmn.EventCompensation || e == bpmn.EventTerminate
	case bpmn.KindBoundaryEvent:
		return e == bpmn.EventTimer || e == bpmn.EventError || e == bpmn.EventEscalation || e == bpmn.EventCompensation
	}
	return false
}

// code compiles the code of an error or escalation: evaluated where it is thrown, literal where it is caught.
func (c *compiler) code(b *bpmn.Node, text string) (*expression, string) {
	_, _, literal := lang.Split(text)
	if b.Kind != bpmn.KindBoundaryEvent {
		return c.required(b, bpmn.Expression{Text: text, Position: b.Event.Position}, "the code"), ""
	}
	if !literal {
		c.report(CodeExpressionInvalid, b.ID, b.Event.Position, "a caught code is a literal, no expression")
	}
	return nil, text
}

func (c *compiler) timer(b *bpmn.Node) *timer {
	t := b.Event.Timer
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

// attach links a boundary event to its activity by trigger.
func (c *compiler) attach(b *bpmn.Node, n *node) {
	boundary := c.ref(b)
	if boundary == nil {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the boundary event is in no scope")
		return
	}
	if b.Event == nil {
		return // reported where the event itself is compiled
	}
	switch b.Event.Kind {
	case bpmn.EventTimer:
		n.timers = append(n.timers, boundary)
	case bpmn.EventError:
		n.errors = append(n.errors, boundary)
	case bpmn.EventEscalation:
		n.escalations = append(n.escalations, boundary)
	case bpmn.EventCompensation:
		if n.compensator = c.ref(b.Compensates); n.compensator == nil {
			c.report(bpmn.CodeCompensationNoHandler, b.ID, b.Position, "no activity is linked to the compensation event")
		}
	}
}
