package bpmn

// globalTasks are the tasks that stand at the root of a file for call activities of any process to call
// (BPMN 2.0.2, 10.3.6), with the kinds of task that they are.
var globalTasks = map[string]Kind{
	"globalTask":             KindTask,
	"globalUserTask":         KindUserTask,
	"globalManualTask":       KindManualTask,
	"globalScriptTask":       KindScriptTask,
	"globalBusinessRuleTask": KindBusinessRuleTask,
}

// readGlobalTask makes a global task a process of one task, which starts implicitly.
func (p *parser) readGlobalTask(e *element) {
	process := &Process{
		ID: p.identify(e), Name: e.attr("name"), Executable: true, GlobalTask: true,
		Forms: map[string]string{}, Properties: map[string]string{}, Body: &Scope{}, Position: e.position,
	}
	p.definitions.Processes = append(p.definitions.Processes, process)
	p.bodies[e] = process.Body
	n := &Node{
		ID: p.freeID(process.ID + "_task"), Name: process.Name, Documentation: e.documentation(), Kind: globalTasks[e.name],
		Position: e.position, Scope: process.Body, StartQuantity: 1, CompletionQuantity: 1,
	}
	process.Body.Nodes = []*Node{n}
	p.nodes[n.ID] = n
	if n.Kind == KindUserTask {
		n.UserTask = &UserTask{}
		p.readPeople(n, e)
	}
	for _, c := range e.standard() {
		if c.name != "ioSpecification" {
			p.readPart(n, c)
		}
	}
	p.readProcessData(process, e)
	p.readNodeExtensions(n, e)
	p.finishScript(n, e)
}

// freeID returns an id that no element of the file has.
func (p *parser) freeID(id string) string {
	for p.ids[id] != nil || p.nodes[id] != nil {
		id += "_"
	}
	return id
}
