package bpmn

// readActivity reads what all activities have, and the inside of a sub-process.
func (p *parser) readActivity(n *Node, e *element) {
	n.ForCompensation = p.boolean(e, "isForCompensation", false)
	p.only(e, "startQuantity", "1")
	p.only(e, "completionQuantity", "1")
	switch n.Kind {
	case KindSubProcess, KindTransaction, KindAdHocSubProcess:
		p.readSubProcess(n, e)
		return
	case KindUserTask:
		n.UserTask = &UserTask{}
	case KindReceiveTask, KindSendTask:
		n.Message = p.readMessageRef(n, e)
		n.Instantiate = n.Kind == KindReceiveTask && p.boolean(e, "instantiate", false)
	}
	p.readParts(n, e)
}

// readSubProcess reads a sub-process of any kind. Only the plain one can be triggered by an event
// (BPMN 2.0.2, 10.3.5).
func (p *parser) readSubProcess(n *Node, e *element) {
	n.Body = &Scope{Owner: n}
	switch n.Kind {
	case KindTransaction:
		p.only(e, "triggeredByEvent", "false")
		p.only(e, "method", "##Compensate")
	case KindAdHocSubProcess:
		p.only(e, "triggeredByEvent", "false")
		n.AdHoc = &AdHoc{
			Sequential:    p.choice(e, "ordering", "Parallel", "Sequential") == "Sequential",
			KeepRemaining: !p.boolean(e, "cancelRemainingInstances", true),
		}
	default:
		if p.boolean(e, "triggeredByEvent", false) {
			n.Kind = KindEventSubProcess
		}
	}
	p.readScope(n.Body, e)
}
