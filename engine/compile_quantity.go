package engine

import "tallystick/bpmn"

// quantity notes how many tokens an activity puts on each flow. How many it takes is in the flows that lead to it.
func (c *compiler) quantity(b *bpmn.Node, n *node) {
	if b.StartQuantity > QuantityMax || b.CompletionQuantity > QuantityMax {
		c.report(CodeModelTooLarge, b.ID, b.Position, "an activity takes and gives at most 1000 tokens")
		return
	}
	if b.CompletionQuantity > 1 {
		n.gives = b.CompletionQuantity
	}
}

// isActivity reports whether a kind of node is an activity, no event and no gateway.
func isActivity(k bpmn.Kind) bool { return k >= bpmn.KindTask && k <= bpmn.KindAdHocSubProcess }
