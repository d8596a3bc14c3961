package engine

import "tallystick/bpmn"

// typeLoopBody is the API's type of the element instance around the instances of a loop. It has the id of the
// activity, carries its boundary events, and is left by its flows.
const typeLoopBody = "MULTI_INSTANCE_BODY"

// loop is what repeats an activity: multi-instance (13.3.7) or standard loop (13.3.6).
type loop struct {
	standard   bool
	testBefore bool // standard: the condition comes before the first pass
	sequential bool
	count      *expression // the cardinality; standard: the maximum
	items      *expression
	item       string // the variable of an item
	output     string // the variable of the outputs
	outputItem *expression
	condition  *expression // the completion condition; standard: true is once more
	behaviors  []behavior
}

// repeat splits a compiled activity that loops in its body, which is the node, and the activity inside.
func (c *compiler) repeat(b *bpmn.Node, n *node) {
	var l *loop
	switch {
	case b.MultiInstance != nil:
		l = c.multiInstance(b)
	case b.Loop != nil:
		l = c.standardLoop(b)
	default:
		return
	}
	body, inner := *n, *n
	inner.loop, inner.incoming, inner.outgoing, inner.fallback, inner.conditional = l, nil, nil, nil, false
	inner.boundary = nil
	body.loop, body.inner, body.elementType = l, &inner, typeLoopBody
	body.compensator, body.body, body.inputs, body.outputs = nil, nil, nil, nil
	body.job, body.user, body.decision, body.script, body.call = nil, nil, nil, nil, nil
	body.adHoc, body.listeners, inner.adHocOwner, inner.gives = nil, nil, nil, 0
	// The items of a loop come from a data input and go to a data output of the activity as a whole (13.3.7).
	body.triggers, inner.data = nil, nil
	*n = body
	if inner.adHoc != nil {
		for _, m := range inner.adHoc.elements {
			m.adHocOwner = &inner
		}
	}
}

func (c *compiler) multiInstance(b *bpmn.Node) *loop {
	m := b.MultiInstance
	l := &loop{
		sequential: m.Sequential, item: m.InputElement, output: m.OutputCollection,
		count: c.expression(b.ID, m.Cardinality), items: c.expression(b.ID, m.Collection),
		outputItem: c.expression(b.ID, m.OutputElement), condition: c.optional(b, m.Completion),
	}
	l.behaviors = c.behaviors(b, m)
	if m.Cardinality.Text == "" && m.Collection.Text == "" {
		c.report(CodeModelIncomplete, b.ID, m.Position, "the multi-instance activity has no cardinality and no collection")
	}
	return l
}

func (c *compiler) standardLoop(b *bpmn.Node) *loop {
	l := &loop{
		standard: true, sequential: true, testBefore: b.Loop.TestBefore,
		count: c.expression(b.ID, b.Loop.Maximum), condition: c.optional(b, b.Loop.Condition),
	}
	if b.Loop.Maximum.Text == "" && l.condition == nil {
		c.report(CodeModelIncomplete, b.ID, b.Loop.Position, "the loop has no condition and no maximum: it would not end")
	}
	return l
}

// optional compiles an expression that may be absent.
func (c *compiler) optional(b *bpmn.Node, e *bpmn.Expression) *expression {
	if e == nil {
		return nil
	}
	return c.expression(b.ID, *e)
}

// nodeOf is the node of an element instance. The body of a loop and the instances inside have one id.
func (x *machine) nodeOf(e ElementInstance) *node {
	n := x.node(e.Element)
	if n.inner != nil && e.ElementType != typeLoopBody {
		return n.inner
	}
	return n
}

// behavior throws events when instances complete (13.3.7): each time when its condition holds, or at the first one.
type behavior struct {
	first    bool
	when     *expression
	throwing *node // with the triggers
}

func (c *compiler) behaviors(b *bpmn.Node, m *bpmn.MultiInstance) []behavior {
	switch m.Behavior {
	case bpmn.BehaviorNone, bpmn.BehaviorOne:
		if m.Event != nil {
			return []behavior{{first: m.Behavior == bpmn.BehaviorOne, throwing: c.throwing(b, m.Event)}}
		}
	case bpmn.BehaviorComplex:
		list := make([]behavior, 0, len(m.Complex))
		for _, r := range m.Complex {
			one := behavior{when: c.boolean(b.ID, r.Condition), throwing: &node{}}
			if r.Event != nil {
				one.throwing = c.throwing(b, r.Event)
			}
			list = append(list, one)
		}
		return list
	}
	return nil
}

// throwing compiles an event that an activity throws by itself.
func (c *compiler) throwing(b *bpmn.Node, e *bpmn.EventDefinition) *node {
	parts := []*bpmn.EventDefinition{e}
	if e.Kind == bpmn.EventMultiple {
		parts = e.Parts
	}
	n := &node{id: b.ID}
	for _, p := range parts {
		if k := p.Kind; k != bpmn.EventMessage && k != bpmn.EventSignal && k != bpmn.EventEscalation {
			c.report(bpmn.CodeElementUnsupported, b.ID, p.Position, "instances throw messages, signals and escalations when they complete, nothing else")
			continue
		}
		n.triggers = append(n.triggers, c.trigger(b, p, false))
	}
	return n
}
