package engine

import "tallystick/bpmn"

// refuse reports what a node asks for and this build does not execute: nothing is dropped in silence.
func (c *compiler) refuse(b *bpmn.Node) {
	m := b.MultiInstance
	for _, r := range []struct {
		asked bool
		what  string
	}{
		{len(b.DataInputs)+len(b.DataOutputs) > 0, "data associations"},
		{len(b.InputSets) > 1, "several input sets"},
		{m != nil && m.Behavior != "" && m.Behavior != bpmn.BehaviorAll, "None, One and Complex of a multi-instance activity"},
	} {
		if r.asked {
			c.report(bpmn.CodeElementUnsupported, b.ID, b.Position, r.what+" are not executed")
		}
	}
}
