package bpmn

import (
	"cmp"
	"strings"
)

// readDefinitions reads the root elements. Those that events refer to come first, as a process
// may stand before them.
func (p *parser) readDefinitions(root *element) {
	d := p.definitions
	d.ID, d.Name, d.TargetNamespace = root.id(), root.attr("name"), root.attr("targetNamespace")
	d.Platform = root.attrIn(spaceModeler, "executionPlatform")
	d.PlatformVersion = root.attrIn(spaceModeler, "executionPlatformVersion")
	// XPath is the default of the schema, so tools write it without meaning it.
	if language := root.attr("expressionLanguage"); language != "http://www.w3.org/1999/XPath" {
		p.language = language
	}
	for _, e := range root.standard() {
		p.readReferable(e)
	}
	p.readCorrelation(root)
	executable := false
	for _, e := range root.standard() {
		switch r := roles[e.name]; {
		case e.name == "process":
			executable = p.readProcess(e).Executable || executable
		case globalTasks[e.name] != KindUnknown:
			p.readGlobalTask(e)
			executable = true
		case e.name == "collaboration":
			p.outlines = append(p.outlines, e.all("association")...)
			p.messages = append(p.messages, e.all("messageFlow")...)
		case r == roleRoot || r == roleDrawing || eventKinds[e.name] != 0: // event definitions are read where they are used
		default:
			p.misfit(e)
		}
	}
	p.requireExecutable(root, executable)
}

func (p *parser) requireExecutable(root *element, executable bool) {
	if executable {
		return
	}
	processes := root.all("process")
	if len(processes) == 0 {
		p.fail(root, CodeProcessNotExecutable, "the file has no process")
	}
	for _, e := range processes {
		p.fail(e, CodeProcessNotExecutable, "no process of the file is executable (isExecutable)")
	}
}

// readReferable reads a message, error, escalation or signal.
func (p *parser) readReferable(e *element) {
	if e.name == "dataStore" {
		p.readItem(e, nil, nil)
	}
	if !referable[e.name] {
		return
	}
	d, id, name := p.definitions, p.identify(e), e.attr("name")
	if id == "" {
		return
	}
	switch e.name {
	case "message":
		d.Messages[id] = &Message{ID: id, Name: cmp.Or(strings.TrimSpace(name), id), Position: e.position}
		p.readMessageExtensions(d.Messages[id], e)
	case "error":
		d.Errors[id] = &Error{ID: id, Name: name, Code: e.attr("errorCode"), Position: e.position}
	case "escalation":
		d.Escalations[id] = &Escalation{ID: id, Name: name, Code: e.attr("escalationCode"), Position: e.position}
	case "signal":
		d.Signals[id] = &Signal{ID: id, Name: cmp.Or(strings.TrimSpace(name), id), Position: e.position}
	}
}

// referable are the root elements that events refer to.
var referable = map[string]bool{"message": true, "error": true, "escalation": true, "signal": true}

func (p *parser) readProcess(e *element) *Process {
	process := &Process{
		ID: p.identify(e), Name: e.attr("name"), Executable: p.boolean(e, "isExecutable", false),
		Forms: map[string]string{}, Properties: map[string]string{}, Body: &Scope{}, Position: e.position,
	}
	p.definitions.Processes = append(p.definitions.Processes, process)
	// The content of a black or grey box pool is a drawing: nothing of it runs.
	if process.Executable {
		p.bodies[e] = process.Body
		p.readProcessExtensions(process, e)
		p.readScope(process.Body, e)
		p.readProcessData(process, e)
		p.readSubscriptions(process, e)
	}
	return process
}

// readScope reads the flow elements and artifacts of a process or sub-process.
func (p *parser) readScope(scope *Scope, e *element) {
	for _, c := range e.standard() {
		switch roles[c.name] {
		case roleNode, roleNodeRefused:
			scope.Nodes = append(scope.Nodes, p.readNode(scope, c))
		case roleFlow:
			p.flows = append(p.flows, pendingFlow{scope, c})
		case roleAssociation:
			p.outlines = append(p.outlines, c)
		default:
			p.readScopePart(scope, c)
		}
	}
}

// readScopePart reads a child of a process or sub-process that is neither node, flow nor artifact.
func (p *parser) readScopePart(scope *Scope, e *element) {
	switch r := roles[e.name]; {
	case r == roleScopeData, e.name == "property":
		p.readScopeData(scope, e)
	case scope.Owner == nil && (e.name == "ioSpecification" || e.name == "correlationSubscription" || people[e.name]):
		// read with the process, or describes it
	case scope.Owner == nil && r == roleDrawing:
	case scope.Owner == nil:
		p.misfit(e)
	case scope.Owner.Kind == KindAdHocSubProcess && e.name == "completionCondition":
		scope.Owner.AdHoc.Completion = p.optional(e)
	default:
		p.readPart(scope.Owner, e)
	}
}

// misfit reports an element that cannot stand where it stands.
func (p *parser) misfit(e *element) {
	switch roles[e.name] {
	case roleRefused, roleNodeRefused:
		p.fail(e, CodeElementUnsupported, "<%s> is not executed", e.name)
	case roleUnknown:
		p.fail(e, CodeElementUnknown, "<%s> is no element of BPMN 2.0", shorten(e.name))
	default:
		p.fail(e, CodeElementMisplaced, "<%s> is not allowed inside <%s>", e.name, e.parent.name)
	}
}

// boolean reads an xsd:boolean attribute.
func (p *parser) boolean(e *element, name string, absent bool) bool {
	switch value := strings.TrimSpace(e.attr(name)); value {
	case "":
		return absent
	case "true", "1":
		return true
	case "false", "0":
		return false
	default:
		p.fail(e, CodeAttributeInvalid, "%s=%q is neither true nor false", name, shorten(value))
		return absent
	}
}

// only refuses an attribute whose value is not the one that is executed.
func (p *parser) only(e *element, name, executed string) {
	if value := strings.TrimSpace(e.attr(name)); value != "" && value != executed {
		p.fail(e, CodeAttributeUnsupported, "%s=%q is not executed, only %q", name, shorten(value), executed)
	}
}

// expression reads an element whose text is an expression.
func (p *parser) expression(e *element) Expression {
	language := e.attr("language")
	if language == "" {
		language = p.language
	}
	return Expression{Text: e.text, Language: language, Position: e.position}
}
