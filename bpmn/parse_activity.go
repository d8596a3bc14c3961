package bpmn

import (
	"strconv"
	"strings"
)

// readActivity reads what all activities have, and the inside of a sub-process.
func (p *parser) readActivity(n *Node, e *element) {
	n.ForCompensation = p.boolean(e, "isForCompensation", false)
	n.StartQuantity, n.CompletionQuantity = p.quantity(n, e, "startQuantity"), p.quantity(n, e, "completionQuantity")
	switch n.Kind {
	case KindSubProcess, KindTransaction, KindAdHocSubProcess:
		p.readSubProcess(n, e)
		return
	case KindUserTask:
		n.UserTask = &UserTask{}
		p.readPeople(n, e)
	case KindCallActivity:
		p.readCall(n, e)
	case KindReceiveTask, KindSendTask:
		n.Message = p.readMessageRef(n, e)
		n.Instantiate = n.Kind == KindReceiveTask && p.boolean(e, "instantiate", false)
	}
	p.readParts(n, e)
}

// quantityMax is the number of tokens that an activity may take or give at once.
const quantityMax = 1000

// quantity reads a number of tokens, 1 when absent (BPMN 2.0.2, 13.3.2).
func (p *parser) quantity(n *Node, e *element, name string) int {
	text := strings.TrimSpace(e.attr(name))
	if text == "" {
		return 1
	}
	count, err := strconv.ParseInt(text, 10, 32)
	if err != nil || count < 1 || count > quantityMax {
		p.failAt(n, e, CodeAttributeInvalid, "%s=%q is no whole number from 1 to %d", name, shorten(text), quantityMax)
		return 1
	}
	return int(count)
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
