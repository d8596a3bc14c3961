package engine

import (
	"strings"

	"tallystick/bpmn"
)

// embeddedForm marks the key of a form that stands in the process itself.
const embeddedForm = "camunda-forms:bpmn:"

// jobPriority is that of the element, else that of its process.
func (c *compiler) jobPriority(b *bpmn.Node) bpmn.Expression {
	if b.JobPriority.Text != "" {
		return b.JobPriority
	}
	return c.process.JobPriority
}

func (c *compiler) node(b *bpmn.Node, n *node) {
	n.inputs, n.outputs = c.mappings(b, b.Inputs), c.mappings(b, b.Outputs)
	if holdsBody(b.Kind) {
		n.body = c.body(b.Body, n, b.ID, b.Position)
	}
	if b.Task != nil {
		n.job = &jobTask{
			typ: c.required(b, b.Task.Type, "the job type"), retries: c.expression(b.ID, b.Task.Retries),
			priority: c.expression(b.ID, c.jobPriority(b)),
		}
	}
	c.task(b, n)
	c.call(b, n)
	c.adHoc(b, n)
	c.listeners(b, n)
	c.quantity(b, n)
	c.data(b, n)
	switch {
	case b.Event != nil:
		c.event(b, n)
	case b.Kind == bpmn.KindIntermediateCatchEvent || b.Kind == bpmn.KindBoundaryEvent:
		c.report(CodeModelIncomplete, b.ID, b.Position, "the event has no trigger")
	}
	for _, boundary := range b.Boundary {
		c.attach(boundary, n)
	}
	c.repeat(b, n)
}

func holdsBody(k bpmn.Kind) bool {
	switch k {
	case bpmn.KindSubProcess, bpmn.KindEventSubProcess, bpmn.KindTransaction, bpmn.KindAdHocSubProcess:
		return true
	}
	return false
}

// required compiles an expression that has to be there.
func (c *compiler) required(b *bpmn.Node, e bpmn.Expression, what string) *expression {
	if e.Text == "" {
		c.report(CodeModelIncomplete, b.ID, b.Position, what+" is missing")
	}
	return c.expression(b.ID, e)
}

func (c *compiler) mappings(b *bpmn.Node, list []bpmn.Mapping) []mapping {
	compiled := make([]mapping, 0, len(list))
	for _, m := range list {
		name, _, _ := strings.Cut(m.Target, ".")
		if name == "" || strings.HasSuffix(m.Target, ".") || strings.Contains(m.Target, "..") {
			c.report(bpmn.CodeMappingInvalid, b.ID, m.Position, "the target of the mapping is no variable path")
			continue
		}
		compiled = append(compiled, mapping{c.required(b, m.Source, "the source of the mapping"), m.Target, name})
	}
	return compiled
}

func (c *compiler) task(b *bpmn.Node, n *node) {
	switch {
	case b.Kind == bpmn.KindUserTask:
		n.user = c.user(b)
	case b.Kind == bpmn.KindReceiveTask:
		wait := &bpmn.EventDefinition{Kind: bpmn.EventMessage, Message: b.Message, Position: b.Position}
		n.triggers = []*trigger{c.trigger(b, wait, true)}
	case b.CalledDecision != nil:
		d := b.CalledDecision
		n.decision = &decisionTask{c.required(b, d.DecisionID, "the decision"), d.ResultVariable, d.Binding, d.VersionTag}
	case b.Script != nil:
		n.script = &scriptTask{c.required(b, b.Script.Expression, "the script"), b.Script.ResultVariable}
	case b.Kind == bpmn.KindSendTask && n.job == nil && b.Message != nil:
		n.triggers = []*trigger{{kind: bpmn.EventMessage, message: c.message(b, b.Message, false)}}
	case needsWork(b.Kind) && n.job == nil:
		c.report(CodeModelIncomplete, b.ID, b.Position, "the task has no job type, decision or script")
	}
}

func needsWork(k bpmn.Kind) bool {
	switch k {
	case bpmn.KindServiceTask, bpmn.KindSendTask, bpmn.KindBusinessRuleTask, bpmn.KindScriptTask:
		return true
	}
	return false
}

func (c *compiler) user(b *bpmn.Node) *userTask {
	if b.UserTask == nil {
		return &userTask{}
	}
	t := b.UserTask
	if id, ok := strings.CutPrefix(t.FormKey, embeddedForm); ok {
		if _, known := c.process.Forms[id]; !known {
			c.report(CodeFormMissing, b.ID, b.Position, "the process has no form "+id)
		}
	}
	return &userTask{
		assignee: c.expression(b.ID, t.Assignee),
		groups:   c.expression(b.ID, t.CandidateGroups), users: c.expression(b.ID, t.CandidateUsers),
		due: c.expression(b.ID, t.DueDate), followUp: c.expression(b.ID, t.FollowUpDate),
		priority:   c.expression(b.ID, t.Priority),
		linkedForm: t.FormID, embeddedForm: t.FormKey, external: t.ExternalReference,
	}
}
