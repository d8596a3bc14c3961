package bpmn

import (
	"slices"
	"strings"
)

// readErrorRef resolves errorRef. A throwing event needs a code; a catching one without a code
// catches every error (BPMN 2.0.2, 10.5.6), which nil stands for.
func (p *parser) readErrorRef(n *Node, e *element) *Error {
	ref := e.ref("errorRef")
	found := p.definitions.Errors[ref]
	switch {
	case ref != "" && found == nil:
		p.failAt(n, e, CodeReferenceUnresolved, "there is no error %q", shorten(ref))
	case found != nil && found.Code != "":
		return found
	case n.Kind.isThrow():
		p.failAt(n, e, CodeErrorNoCode, "a thrown error needs an errorRef to an error with an errorCode")
	case found != nil:
		p.warnAt(n, e, CodeErrorNoCode, "the error %q has no errorCode, so every error is caught", ref)
	}
	return nil
}

// readEscalationRef resolves escalationRef by the same rules as errors.
func (p *parser) readEscalationRef(n *Node, e *element) *Escalation {
	ref := e.ref("escalationRef")
	found := p.definitions.Escalations[ref]
	switch {
	case ref != "" && found == nil:
		p.failAt(n, e, CodeReferenceUnresolved, "there is no escalation %q", shorten(ref))
	case found != nil && found.Code != "":
		return found
	case n.Kind.isThrow():
		p.failAt(n, e, CodeEscalationNoCode, "a thrown escalation needs an escalationRef to an escalation with an escalationCode")
	case found != nil:
		p.warnAt(n, e, CodeEscalationNoCode, "the escalation %q has no escalationCode, so every escalation is caught", ref)
	}
	return nil
}

// readMessageRef resolves messageRef of an event definition or task, nil when it names none: a job
// can do without.
func (p *parser) readMessageRef(n *Node, e *element) *Message {
	ref := e.ref("messageRef")
	found := p.definitions.Messages[ref]
	if ref != "" && found == nil {
		p.failAt(n, e, CodeReferenceUnresolved, "there is no message %q", shorten(ref))
		return nil
	}
	return found
}

func (p *parser) readSignalRef(n *Node, e *element) *Signal {
	ref := e.ref("signalRef")
	found := p.definitions.Signals[ref]
	switch {
	case ref == "":
		p.failAt(n, e, CodeSignalMissing, "the event needs a signalRef")
	case found == nil:
		p.failAt(n, e, CodeReferenceUnresolved, "there is no signal %q", shorten(ref))
	}
	return found
}

// readEventCondition reads a conditional event definition with its zeebe:conditionalFilter, a shared one once.
func (p *parser) readEventCondition(n *Node, e *element) *Condition {
	if condition := p.conditions[e]; condition != nil {
		return condition
	}
	condition := &Condition{}
	p.conditions[e] = condition
	for _, c := range e.all("condition") {
		condition.Expression = p.expression(c)
	}
	if condition.Expression.Text == "" {
		p.failAt(n, e, CodeConditionMissing, "a conditional event needs a condition")
	}
	for _, x := range e.extensions() {
		switch x.name {
		case "conditionalFilter":
			condition.Names = words(x.attr("variableNames"))
			condition.Changes = p.readChanges(x)
		default:
			p.foreignPlace(x)
		}
	}
	return condition
}

// readChanges reads which changes of variables count.
func (p *parser) readChanges(x *element) []string {
	changes := words(x.attr("variableEvents"))
	for _, change := range changes {
		if change != "create" && change != "update" {
			p.fail(x, CodeAttributeInvalid, "variableEvents=%q: a variable has the events create and update", shorten(change))
		}
	}
	if slices.Contains(changes, "create") != slices.Contains(changes, "update") {
		p.warn(x, CodeExtensionIgnored, "variableEvents=%q: the event looks at every change, whether it creates or updates a variable", shorten(changes[0]))
	}
	return changes
}

// words splits a list that is separated by commas; empty ones do not count.
func words(list string) []string {
	var found []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			found = append(found, word)
		}
	}
	return found
}

func (p *parser) readLinkName(n *Node, e *element) string {
	name := strings.TrimSpace(e.attr("name"))
	if name == "" {
		p.failAt(n, e, CodeLinkMissing, "a link event needs a name, which joins throw and catch")
	}
	return name
}
