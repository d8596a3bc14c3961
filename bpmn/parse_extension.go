package bpmn

import (
	"strconv"
	"strings"
)

// readProcessExtensions reads the zeebe: extensions of a process.
func (p *parser) readProcessExtensions(process *Process, e *element) {
	for _, x := range e.extensions() {
		switch x.name {
		case "versionTag":
			process.VersionTag = x.attr("value")
		case "userTaskForm":
			p.enter(process.Forms, x, x.attr("id"), x.text)
		case "properties":
			p.pairs(process.Properties, x, "property", "name")
		case "executionListeners":
			process.Listeners = append(process.Listeners, p.readListeners(x)...)
		case "jobPriorityDefinition":
			process.JobPriority = p.readJobPriority(x)
		default:
			p.foreignPlace(x)
		}
	}
}

// readMessageExtensions reads the zeebe: extensions of a message.
func (p *parser) readMessageExtensions(m *Message, e *element) {
	for _, x := range e.extensions() {
		if x.name == "subscription" {
			m.CorrelationKey = p.value(x, "correlationKey")
		} else {
			p.foreignPlace(x)
		}
	}
}

func (p *parser) readFlowExtensions(e *element) {
	for _, x := range e.extensions() {
		if x.name != "properties" {
			p.foreignPlace(x)
		}
	}
}

// readNodeExtensions reads the zeebe: extensions of a flow node. Each may stand once.
func (p *parser) readNodeExtensions(n *Node, e *element) {
	seen := map[string]bool{}
	for _, x := range e.extensions() {
		if seen[x.name] {
			p.warn(x, CodeExtensionDuplicate, "zeebe:%s is given twice, the last one counts", shorten(x.name))
		}
		seen[x.name] = true
		if !p.readNodeExtension(n, x) {
			p.foreignPlace(x)
		}
	}
	if n.Kind == KindUserTask && !seen["userTask"] {
		p.warn(e, CodeTaskNotManaged, "without zeebe:userTask the user task is managed by the engine all the same, not a job")
	}
}

// readNodeExtension reports whether the extension belongs to this kind of node.
func (p *parser) readNodeExtension(n *Node, x *element) bool {
	user := n.Kind == KindUserTask
	switch {
	case x.name == "properties":
		n.Properties = map[string]string{}
		p.pairs(n.Properties, x, "property", "name")
	case x.name == "ioMapping" && (n.Kind.isActivity() || n.Kind.isEvent()):
		p.readMappings(n, x)
	case x.name == "taskHeaders" && (n.isJob() || user):
		n.Headers = map[string]string{}
		p.pairs(n.Headers, x, "header", "key")
	case x.name == "taskDefinition" && n.isJob():
		n.Task = &TaskDefinition{Type: p.value(x, "type"), Retries: p.value(x, "retries")}
		p.checkRetries(x, n.Task.Retries)
	case x.name == "jobPriorityDefinition" && n.isJob():
		n.JobPriority = p.readJobPriority(x)
	case x.name == "executionListeners" || x.name == "taskListeners" && user:
		n.Listeners = append(n.Listeners, p.readListeners(x)...)
	case x.name == "calledElement" && n.Kind == KindCallActivity:
		p.readCalledElement(n.Call, x)
	case x.name == "adHoc" && n.Kind == KindAdHocSubProcess:
		n.AdHoc.Active = p.value(x, "activeElementsCollection")
		n.AdHoc.OutputCollection, n.AdHoc.OutputElement = x.attr("outputCollection"), p.value(x, "outputElement")
	case x.name == "calledDecision" && n.Kind == KindBusinessRuleTask:
		n.CalledDecision = p.readCalledDecision(x)
	case x.name == "script" && n.Kind == KindScriptTask:
		n.Script = &Script{Expression: p.value(x, "expression"), ResultVariable: x.attr("resultVariable")}
	default:
		return user && p.readUserTask(n.UserTask, x)
	}
	return true
}

// readUserTask reports whether the extension belongs to user tasks.
func (p *parser) readUserTask(u *UserTask, x *element) bool {
	switch x.name {
	case "userTask":
	case "assignmentDefinition":
		u.Assignee = p.value(x, "assignee")
		u.CandidateGroups = p.value(x, "candidateGroups")
		u.CandidateUsers = p.value(x, "candidateUsers")
	case "taskSchedule":
		u.DueDate, u.FollowUpDate = p.value(x, "dueDate"), p.value(x, "followUpDate")
	case "priorityDefinition":
		u.Priority = p.value(x, "priority")
		p.checkPriority(x, u.Priority)
	case "formDefinition":
		u.FormID, u.FormKey, u.ExternalReference = x.attr("formId"), x.attr("formKey"), x.attr("externalReference")
		u.FormBinding, u.FormVersionTag = p.readBinding(x)
	default:
		return false
	}
	return true
}

func (p *parser) readCalledDecision(x *element) *CalledDecision {
	binding, tag := p.readBinding(x)
	return &CalledDecision{
		DecisionID: p.value(x, "decisionId"), ResultVariable: x.attr("resultVariable"),
		Binding: binding, VersionTag: tag,
	}
}

// readBinding reads bindingType, which is latest when absent, and its version tag.
func (p *parser) readBinding(x *element) (Binding, string) {
	tag := x.attr("versionTag")
	switch binding := Binding(x.attr("bindingType")); binding {
	case "":
		return BindingLatest, ""
	case BindingLatest, BindingDeployment:
		return binding, ""
	case BindingVersionTag:
		if tag == "" {
			p.fail(x, CodeBindingInvalid, "bindingType versionTag needs a versionTag")
		}
		return binding, tag
	default:
		p.fail(x, CodeBindingInvalid, "bindingType %q is none of latest, deployment and versionTag", shorten(string(binding)))
		return BindingLatest, ""
	}
}

// readMappings reads the mappings that this kind of node can have: activities and throwing
// events inputs and outputs, other events outputs.
func (p *parser) readMappings(n *Node, x *element) {
	n.Inputs, n.Outputs = nil, nil
	for _, c := range x.children {
		switch {
		case c.space != spaceZeebe:
		case c.name == "input" && (n.Kind.isActivity() || n.Kind.isThrow()):
			n.Inputs = append(n.Inputs, p.readMapping(c))
		case c.name == "output":
			n.Outputs = append(n.Outputs, p.readMapping(c))
		default:
			p.foreignPlace(c)
		}
	}
}

func (p *parser) readMapping(x *element) Mapping {
	m := Mapping{Source: p.value(x, "source"), Target: strings.TrimSpace(x.attr("target")), Position: x.position}
	if m.Source.Text == "" || !isVariablePath(m.Target) {
		p.fail(x, CodeMappingInvalid, "a mapping needs a source and a target variable path, not %q to %q",
			shorten(m.Source.Text), shorten(m.Target))
	}
	return m
}

// isVariablePath reports whether s is a name or names joined by dots.
func isVariablePath(s string) bool {
	for name := range strings.SplitSeq(s, ".") {
		if name == "" || strings.ContainsAny(name, " \t\r\n\"'`=(){}[],;") {
			return false
		}
	}
	return true
}

// idleExtensions describe and have no effect on the engine.
var idleExtensions = map[string]bool{"agentDefinition": true}

// effectiveExtensions change what happens and are not executed.
var effectiveExtensions = map[string]bool{
	"executionListeners": true, "taskListeners": true, "loopCharacteristics": true,
	"calledElement": true, "adHoc": true, "linkedResources": true,
}

// foreignPlace reports a zeebe: extension that is not read where it stands.
func (p *parser) foreignPlace(x *element) {
	switch {
	case idleExtensions[x.name]:
	case !effectiveExtensions[x.name]:
		p.warn(x, CodeExtensionUnknown, "zeebe:%s has no effect here", shorten(x.name))
	case len(x.attributes)+len(x.children) > 0:
		p.fail(x, CodeExtensionUnsupported, "zeebe:%s is not executed", x.name)
	}
}

// value reads an attribute that holds a literal or an expression; the language of the file does
// not count here, as zeebe: values mark their expressions themselves.
func (p *parser) value(x *element, name string) Expression {
	text := strings.TrimSpace(x.attr(name))
	if text == "" {
		return Expression{}
	}
	return Expression{Text: text, Position: x.position}
}

// pairs enters the named children: a key attribute and a value.
func (p *parser) pairs(into map[string]string, x *element, child, key string) {
	for _, c := range x.children {
		if c.space == spaceZeebe && c.name == child {
			p.enter(into, c, c.attr(key), c.attr("value"))
		}
	}
}

func (p *parser) enter(into map[string]string, x *element, key, value string) {
	if _, twice := into[key]; twice {
		p.warn(x, CodeExtensionDuplicate, "%q is given twice, the last one counts", shorten(key))
	}
	into[key] = value
}

// isLiteral reports whether a value carries no mark of an expression.
func isLiteral(e Expression) bool {
	return e.Text != "" && !strings.HasPrefix(e.Text, "=") && !strings.Contains(e.Text, "${")
}

func (p *parser) checkRetries(x *element, retries Expression) {
	if n, err := strconv.ParseInt(retries.Text, 10, 32); isLiteral(retries) && (err != nil || n < 0) {
		p.fail(x, CodeTaskRetriesInvalid, "retries=%q is neither a number from 0 nor an expression", shorten(retries.Text))
	}
}

// readJobPriority reads which jobs go first: higher numbers, then older jobs.
func (p *parser) readJobPriority(x *element) Expression {
	priority := p.value(x, "priority")
	if _, err := strconv.ParseInt(priority.Text, 10, 32); isLiteral(priority) && err != nil {
		p.fail(x, CodeJobPriorityInvalid, "priority=%q is neither a whole number nor an expression", shorten(priority.Text))
	}
	return priority
}

func (p *parser) checkPriority(x *element, priority Expression) {
	if n, err := strconv.Atoi(priority.Text); isLiteral(priority) && (err != nil || n < 0 || n > 100) {
		p.fail(x, CodeTaskPriorityInvalid, "priority=%q is neither a number from 0 to 100 nor an expression", shorten(priority.Text))
	}
}
