package bpmn

// readActivity reads what all activities have, and the inside of a sub-process.
func (p *parser) readActivity(n *Node, e *element) {
	n.ForCompensation = p.boolean(e, "isForCompensation", false)
	p.only(e, "startQuantity", "1")
	p.only(e, "completionQuantity", "1")
	switch n.Kind {
	case KindSubProcess:
		p.readSubProcess(n, e)
	case KindUserTask:
		n.UserTask = &UserTask{}
		p.readParts(e)
	default:
		p.readParts(e)
	}
}

// readSubProcess reads an embedded sub-process; an event sub-process is refused as a whole.
func (p *parser) readSubProcess(n *Node, e *element) {
	n.Body = &Scope{Owner: n}
	if p.boolean(e, "triggeredByEvent", false) {
		p.fail(e, CodeElementUnsupported, "event sub-processes (triggeredByEvent) are not executed")
		n.Kind = KindUnknown
		return
	}
	p.readScope(n.Body, e)
}
