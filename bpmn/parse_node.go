package bpmn

// readNode reads a flow node. A refused one stays in the model as KindUnknown, so that what
// refers to it is not reported as dangling too.
func (p *parser) readNode(scope *Scope, e *element) *Node {
	n := &Node{
		ID: p.identify(e), Name: e.attr("name"), Documentation: e.documentation(),
		Position: e.position, Scope: scope,
	}
	if n.ID != "" && p.nodes[n.ID] == nil {
		p.nodes[n.ID] = n
	}
	if roles[e.name] == roleNodeRefused {
		p.misfit(e)
		return n
	}
	n.Kind = nodeKinds[e.name]
	p.links = append(p.links, pendingLink{n, e})
	switch {
	case n.Kind.isActivity():
		p.readActivity(n, e)
	case n.Kind.isEvent():
		p.readEvent(n, e)
	default:
		p.readGateway(n, e)
	}
	if n.Kind != KindUnknown {
		p.readNodeExtensions(n, e)
		p.finishScript(n, e)
	}
	return n
}

// readParts looks at the children of a node that has no flow elements inside.
func (p *parser) readParts(n *Node, e *element) {
	for _, c := range e.standard() {
		p.readPart(n, c)
	}
}

// readPart reads a child that several kinds of nodes have.
func (p *parser) readPart(n *Node, e *element) {
	switch r := roles[e.name]; {
	case r == roleData && !n.Kind.isGateway():
		p.readNodeData(n, e)
	case people[e.name] && n.Kind.isActivity():
		// read with the user task; of other activities it describes who does them
	case r == roleDrawing:
	case n.Kind.isActivity() && e.name == "standardLoopCharacteristics":
		p.readLoop(n, e)
	case n.Kind.isActivity() && e.name == "multiInstanceLoopCharacteristics":
		p.readMultiInstance(n, e)
	default:
		p.misfit(e)
	}
}
