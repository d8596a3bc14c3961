package engine

import (
	"tallystick/bpmn"
	"tallystick/internal/lang"
)

// starts lists the ways to start the process.
func (c *compiler) starts() {
	implicit := false
	for _, n := range c.def.body.entries {
		if n.kind == bpmn.KindStartEvent {
			c.def.starts = append(c.def.starts, StartInfo{Element: n.id, Type: StartsNone})
		}
		implicit = implicit || n.kind != bpmn.KindStartEvent
	}
	if implicit {
		c.def.starts = append(c.def.starts, StartInfo{Type: StartsNone})
	}
	for _, n := range c.def.body.triggered {
		for i, t := range n.startTriggers() {
			info := StartInfo{Element: n.id, Part: i, All: n.all}
			c.start(n, t, &info)
			c.def.starts = append(c.def.starts, info)
		}
	}
}

// startTriggers are what starts a process at a node: its own triggers, those of all targets of a gateway.
func (n *node) startTriggers() []*trigger {
	if n.kind != bpmn.KindEventBasedGateway {
		return n.triggers
	}
	var list []*trigger
	for _, f := range n.outgoing {
		list = append(list, f.target.triggers...)
	}
	return list
}

func (c *compiler) start(n *node, t *trigger, info *StartInfo) {
	switch {
	case t.timer != nil:
		info.Type, info.TimerKind, info.Timer = StartsTimer, t.timer.kind, c.known(n, t.timer.text, "the timer")
	case t.message != nil:
		info.Type, info.Name = SubscribesMessage, c.known(n, t.message.name, "the name of the message")
	case t.signal != nil:
		info.Type, info.Name = SubscribesSignal, c.known(n, t.signal, "the name of the signal")
	case t.when != nil && t.when.holds != nil:
		info.Type, info.Condition, info.condition = SubscribesConditional, t.when.holds.program.Source(), t.when.holds
	}
}

// known evaluates an attribute that is needed before there is an instance: it reads no variables.
func (c *compiler) known(n *node, e *expression, what string) string {
	switch {
	case e == nil: // reported where it was compiled
		return ""
	case len(e.program.Names()) > 0:
		c.report(CodeExpressionInvalid, n.id, bpmn.Position{}, what+" of a start reads no variables: there are none yet")
		return ""
	}
	r := e.value
	if !e.literal {
		var err error
		if r, err = e.program.Eval(lang.Env{Now: noTime}); err != nil {
			c.report(CodeExpressionInvalid, n.id, bpmn.Position{}, message(err))
			return ""
		}
	}
	text, ok := r.Value.Text()
	if !ok || text == "" {
		c.report(CodeExpressionInvalid, n.id, bpmn.Position{}, what+" is "+brief(r.Value)+", no text")
	}
	return text
}
