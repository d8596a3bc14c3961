package bpmn

import "strings"

func (p *parser) validateActivity(n *Node, process *Process) {
	p.validateHandler(n)
	p.validateBoundaries(n)
	p.validateInstantiate(n)
	if n.Kind == KindAdHocSubProcess {
		n.AdHoc.Manual = n.AdHoc.Active.Text == "" && n.Task == nil
	}
	switch n.Kind {
	case KindSubProcess, KindTransaction, KindAdHocSubProcess, KindEventSubProcess:
		p.validateScope(n.Body, process)
	case KindServiceTask:
		if n.Task == nil {
			p.failNode(n, CodeTaskNoType, "a service task needs a zeebe:taskDefinition with a type")
		}
	case KindSendTask:
		if n.Task == nil && n.Message == nil {
			p.failNode(n, CodeTaskNoType, "a send task needs a messageRef or a zeebe:taskDefinition with a type")
		}
	case KindCallActivity:
		if n.Call.ProcessID.Text == "" {
			p.failNode(n, CodeCallMissing, "a call activity needs a calledElement or a zeebe:calledElement with a processId")
		}
	case KindReceiveTask:
		if n.Message == nil {
			p.failNode(n, CodeMessageMissing, "a receive task needs a messageRef")
		}
	case KindBusinessRuleTask:
		p.validateDecision(n)
	case KindScriptTask:
		p.validateScript(n)
	}
	p.validateJob(n)
}

func (p *parser) validateJob(n *Node) {
	if n.Task != nil && n.Task.Type.Text == "" {
		p.failNode(n, CodeTaskNoType, "zeebe:taskDefinition needs a type")
	}
}

func (p *parser) validateDecision(n *Node) {
	called := n.CalledDecision
	switch {
	case called == nil && n.Task == nil:
		p.failNode(n, CodeTaskNoDecision, "a business rule task needs a zeebe:calledDecision or a zeebe:taskDefinition")
	case called == nil:
	case n.Task != nil:
		p.failNode(n, CodeTaskAmbiguous, "zeebe:calledDecision and zeebe:taskDefinition exclude each other")
	case called.DecisionID.Text == "":
		p.failNode(n, CodeTaskNoDecision, "zeebe:calledDecision needs a decisionId")
	case called.ResultVariable == "":
		p.warnNode(n, CodeTaskResultDropped, "zeebe:calledDecision has no resultVariable, so its result is dropped")
	}
}

func (p *parser) validateScript(n *Node) {
	script := n.Script
	switch {
	case script == nil && n.Task == nil:
		p.failNode(n, CodeTaskNoScript, "a script task needs a script, a zeebe:script or a zeebe:taskDefinition")
	case script == nil:
	case n.Task != nil:
		p.failNode(n, CodeTaskAmbiguous, "zeebe:script and zeebe:taskDefinition exclude each other")
	case script.Expression.Text == "":
		p.failNode(n, CodeTaskNoScript, "zeebe:script needs an expression")
	case script.ResultVariable == "":
		p.warnNode(n, CodeTaskResultDropped, "the script has no resultVariable, so its result is dropped")
	}
}

// embeddedForm starts the key of a form that the process carries (zeebe:userTaskForm).
const embeddedForm = "camunda-forms:bpmn:"

func (p *parser) validateForms(scope *Scope, process *Process) {
	for _, n := range scope.Nodes {
		if n.Body != nil {
			p.validateForms(n.Body, process)
		}
		if n.UserTask == nil {
			continue
		}
		id, embedded := strings.CutPrefix(n.UserTask.FormKey, embeddedForm)
		if _, found := process.Forms[id]; embedded && !found {
			p.warnNode(n, CodeReferenceUnresolved, "the process has no form %q", shorten(id))
		}
	}
}
