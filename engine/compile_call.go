package engine

import "tallystick/bpmn"

// call is what a call activity calls, and what passes between the two (10.3.6).
type call struct {
	process       *expression
	version       *expression
	businessID    *expression
	binding       bpmn.Binding
	versionTag    string
	allIn, allOut bool
	in, out       []mapping
}

func (c *compiler) call(b *bpmn.Node, n *node) {
	if b.Kind != bpmn.KindCallActivity {
		return
	}
	if b.Call == nil {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the call activity names no process")
		return
	}
	n.call = &call{
		process: c.required(b, b.Call.ProcessID, "the called process"), version: c.expression(b.ID, b.Call.Version),
		businessID: c.expression(b.ID, b.Call.BusinessKey), binding: b.Call.Binding, versionTag: b.Call.VersionTag,
		allIn: b.Call.AllIn, allOut: b.Call.AllOut, in: c.mappings(b, b.Call.In), out: c.mappings(b, b.Call.Out),
	}
}
