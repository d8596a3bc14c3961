package engine

import "tallystick/bpmn"

// adHoc is what an ad-hoc sub-process adds to its contents (13.3.5). What starts in it says a collection, a job,
// or, when there is neither, who performs it by ActivateAdHoc.
type adHoc struct {
	sequential bool
	keep       bool // the rest goes on when the completion condition holds
	active     *expression
	output     string
	outputItem *expression
	completion *expression
	elements   map[string]*node // what can be activated: the activities and events of the scope itself
}

func (c *compiler) adHoc(b *bpmn.Node, n *node) {
	if b.Kind != bpmn.KindAdHocSubProcess {
		return
	}
	if b.AdHoc == nil || b.Body == nil {
		c.report(CodeModelIncomplete, b.ID, b.Position, "the ad-hoc sub-process has no content")
		return
	}
	n.adHoc = &adHoc{
		sequential: b.AdHoc.Sequential, keep: b.AdHoc.KeepRemaining, active: c.expression(b.ID, b.AdHoc.Active),
		output: b.AdHoc.OutputCollection, outputItem: c.expression(b.ID, b.AdHoc.OutputElement),
		completion: c.optional(b, b.AdHoc.Completion), elements: map[string]*node{},
	}
	for _, inner := range b.Body.Nodes {
		if m := c.def.nodes[inner.ID]; !m.forCompensation && m.kind != bpmn.KindBoundaryEvent && m.kind != bpmn.KindEventSubProcess {
			n.adHoc.elements[inner.ID] = m
			m.adHocOwner = n
		}
	}
}
