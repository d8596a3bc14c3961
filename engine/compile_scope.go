package engine

import (
	"tallystick/bpmn"
)

// body compiles the inside of the process or of a sub-process: its flows, its nodes, and where it starts.
func (c *compiler) body(s *bpmn.Scope, owner *node, id string, at bpmn.Position) *body {
	compiled := &body{}
	if s == nil {
		c.report(CodeModelIncomplete, id, at, "the scope has no content")
		return compiled
	}
	for _, f := range s.Flows {
		c.flow(f)
	}
	for _, b := range s.Nodes {
		c.node(b, c.def.nodes[b.ID])
	}
	c.links(s)
	c.handlers(s, compiled)
	c.entries(s, compiled)
	c.checkEntries(compiled, owner, id, at)
	return compiled
}

// entries finds where a scope starts.
func (c *compiler) entries(s *bpmn.Scope, compiled *body) {
	implicit := true
	for _, b := range s.Nodes {
		n := c.def.nodes[b.ID]
		switch {
		case b.Kind == bpmn.KindStartEvent && b.Event == nil:
			compiled.entries = append(compiled.entries, n)
			implicit = false
		case b.Kind == bpmn.KindStartEvent || b.Instantiate:
			compiled.triggered = append(compiled.triggered, n)
			implicit = implicit && b.Kind != bpmn.KindStartEvent
		}
	}
	if !implicit {
		return
	}
	for _, b := range s.Nodes {
		if n := c.def.nodes[b.ID]; startsItself(n) {
			compiled.entries = append(compiled.entries, n)
		}
	}
}

// startsItself reports whether a node gets a token when a scope without start events opens (13.5.1).
func startsItself(n *node) bool {
	switch {
	case len(n.incoming) > 0 || n.forCompensation || n.instantiate:
		return false
	case n.kind == bpmn.KindBoundaryEvent || n.kind == bpmn.KindEventSubProcess:
		return false
	}
	return n.kind != bpmn.KindIntermediateCatchEvent || n.trigger(bpmn.EventLink) == nil
}

// checkEntries reports scopes that nothing can start, and sub-processes that do not say where.
func (c *compiler) checkEntries(compiled *body, owner *node, id string, at bpmn.Position) {
	switch {
	case owner == nil:
		if len(compiled.entries)+len(compiled.triggered) == 0 {
			c.report(bpmn.CodeScopeNoStart, id, at, "nothing starts the process")
		}
	case owner.kind == bpmn.KindEventSubProcess:
		if len(compiled.triggered) != 1 || !compiled.triggered[0].startsHandler() {
			c.report(bpmn.CodeScopeNoStart, id, at, "an event sub-process has exactly one start event with a trigger")
		}
		compiled.entries = compiled.triggered
	case owner.kind == bpmn.KindAdHocSubProcess:
	case len(compiled.entries) == 0:
		c.report(bpmn.CodeScopeNoStart, id, at, "nothing starts in the scope")
	case len(compiled.entries) > 1 && compiled.entries[0].kind == bpmn.KindStartEvent:
		c.report(bpmn.CodeScopeMultipleStart, id, at, "the scope has several none start events")
	}
}

// handlers collects the event sub-processes of a scope. Their bodies are compiled by now.
func (c *compiler) handlers(s *bpmn.Scope, compiled *body) {
	for _, b := range s.Nodes {
		n := c.def.nodes[b.ID]
		if n.kind != bpmn.KindEventSubProcess {
			continue
		}
		for _, start := range n.body.triggered {
			switch {
			case start.trigger(bpmn.EventCompensation) == nil:
				compiled.handlers = append(compiled.handlers, start)
			case compiled.compensation != nil:
				c.report(CodeModelIncomplete, b.ID, b.Position, "the scope has several compensation event sub-processes")
			default:
				compiled.compensation = n
			}
		}
	}
}

// links joins throwing link events to the catching one of the same name in the scope (10.5.5).
func (c *compiler) links(s *bpmn.Scope) {
	catching := map[string]*node{}
	for _, b := range s.Nodes {
		n := c.def.nodes[b.ID]
		if t := n.trigger(bpmn.EventLink); t != nil && catches(n) {
			if catching[t.link] != nil {
				c.report(CodeModelIncomplete, b.ID, b.Position, "several events of the scope catch the link "+t.link)
			}
			catching[t.link] = n
		}
	}
	for _, b := range s.Nodes {
		n := c.def.nodes[b.ID]
		if t := n.trigger(bpmn.EventLink); t != nil && !catches(n) {
			if n.jump = catching[t.link]; n.jump == nil {
				c.report(CodeModelIncomplete, b.ID, b.Position, "no event of the scope catches the link "+t.link)
			}
		}
	}
}

// watch notes what has something to arm.
func (c *compiler) watch() {
	c.def.watched = c.def.body.watched()
	for _, n := range c.def.order {
		for ; n != nil; n = n.inner {
			n.watched = n.body != nil && n.body.watched()
			for _, b := range n.boundary {
				n.watched = n.watched || b.armed()
			}
		}
	}
}
