package bpmn

import (
	"slices"
	"strings"
)

// vendors are the namespaces of other engines whose extensions are read, with their usual prefixes.
// Flowable and Activiti have the words of Camunda 7, for all three are of one descent.
var vendors = map[string]string{
	"http://camunda.org/schema/1.0/bpmn": "camunda",
	"http://flowable.org/bpmn":           "flowable",
	"http://activiti.org/bpmn":           "activiti",
}

// adoption is the work of turning the extensions of other engines into zeebe: ones.
type adoption struct {
	made     map[*element]map[string]*element // the extensions that were added, by element and name
	deferred []func()                         // what can be done only in the linked model
}

// adopt adds to each element the zeebe: extensions that say what its vendor extensions say, before the
// model is read: so there is one reader and one set of rules. What the file says in zeebe: itself wins.
// What cannot be said is reported with the way to migrate.
func (p *parser) adopt(root *element) {
	if !isForeign(root) {
		return
	}
	p.adoption.made = map[*element]map[string]*element{}
	for _, e := range root.standard() {
		if e.name == "process" && e.attr("isExecutable") != "true" && e.attr("isExecutable") != "1" {
			continue // its content is a drawing
		}
		p.adoptTree(e)
	}
}

// adoptLinked does what needs the nodes of the model.
func (p *parser) adoptLinked() {
	for _, do := range p.adoption.deferred {
		do()
	}
}

func (p *parser) afterLink(do func()) { p.adoption.deferred = append(p.adoption.deferred, do) }

// isForeign reports whether the file was made for another engine.
func isForeign(root *element) bool {
	return root.attrIn(spaceModeler, "executionPlatform") == "Camunda Platform" || hasVendor(root)
}

func hasVendor(e *element) bool {
	return vendors[e.space] != "" ||
		slices.ContainsFunc(e.attributes, func(a attribute) bool { return vendors[a.space] != "" }) ||
		slices.ContainsFunc(e.children, hasVendor)
}

func (p *parser) adoptTree(e *element) {
	x := p.extrasOf(e)
	x.adopt()
	x.report()
	for _, c := range e.standard() {
		p.adoptTree(c)
	}
}

// adopt looks at one element: first what belongs to its kind, then what may stand anywhere.
func (x *extras) adopt() {
	switch name := x.e.name; {
	case name == "process":
		x.process()
	case name == "userTask":
		x.userTask()
	case name == "serviceTask" || name == "sendTask":
		x.job(x)
	case name == "businessRuleTask":
		x.ruleTask()
	case name == "scriptTask":
		x.scriptTask()
	case name == "callActivity":
		x.callActivity()
	case name == "multiInstanceLoopCharacteristics":
		x.multiInstance()
	case strings.HasSuffix(name, "EventDefinition"):
		x.eventDefinition()
	}
	x.retryCycle(x.target())
	x.mappings()
	x.listeners()
	x.properties()
}

// target is where extensions go that stand at a part of an activity or event.
func (x *extras) target() *extras {
	part := x.e.name == "multiInstanceLoopCharacteristics" || strings.HasSuffix(x.e.name, "EventDefinition")
	if part && x.e.parent != nil && !x.e.parent.is("definitions") {
		return x.p.extrasOf(x.e.parent)
	}
	return x
}
