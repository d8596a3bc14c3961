package bpmn

import (
	"slices"
	"strings"
)

// dataParser holds the data items of a file by the ids of the items and of their references.
type dataParser struct {
	items        map[string]*DataItem
	references   []*element
	associations []pendingAssociation
}

// pendingAssociation is a data association of a node, read when all items are known.
type pendingAssociation struct {
	node    *Node
	element *element
}

// dataKinds are the elements that hold data.
var dataKinds = map[string]DataKind{
	"dataObject": DataObject, "property": DataProperty, "dataInput": DataInput, "dataOutput": DataOutput, "dataStore": DataStore,
}

// readItem enters a data item under its id.
func (p *parser) readItem(e *element, scope *Scope, owner *Node) *DataItem {
	item := &DataItem{
		ID: e.id(), Name: strings.TrimSpace(e.attr("name")), Kind: dataKinds[e.name], Collection: p.boolean(e, "isCollection", false),
		Scope: scope, Owner: owner, Position: e.position,
	}
	if item.ID != "" && p.data.items[item.ID] == nil {
		p.data.items[item.ID] = item
	}
	return item
}

// readScopeData reads the data objects and properties of a process or sub-process (BPMN 2.0.2, 10.4.1).
func (p *parser) readScopeData(scope *Scope, e *element) {
	switch e.name {
	case "dataObject", "property":
		scope.Data = append(scope.Data, p.readItem(e, scope, scope.Owner))
	case "dataObjectReference", "dataStoreReference":
		p.data.references = append(p.data.references, e)
	}
}

// readNodeData reads the properties of an activity or event, and the inputs and outputs of an event.
func (p *parser) readNodeData(n *Node, e *element) {
	switch e.name {
	case "property", "dataInput", "dataOutput":
		n.Data = append(n.Data, p.readItem(e, n.Scope, n))
	case "inputSet":
		n.InputSets = append(n.InputSets, p.readSet(e, "dataInputRefs"))
	case "ioSpecification":
		data, sets := p.readSpecification(e, n.Scope, n)
		n.Data, n.InputSets = append(n.Data, data...), append(n.InputSets, sets...)
	case "dataInputAssociation", "dataOutputAssociation":
		p.data.associations = append(p.data.associations, pendingAssociation{n, e})
	}
}

// readSpecification reads the inputs and outputs of an activity or process. What no set requires is
// optional; without sets nothing is required (BPMN 2.0.2, 10.4.2).
func (p *parser) readSpecification(e *element, scope *Scope, owner *Node) ([]*DataItem, [][]*DataItem) {
	var items []*DataItem
	for _, c := range e.standard() {
		if c.name == "dataInput" || c.name == "dataOutput" {
			items = append(items, p.readItem(c, scope, owner))
		}
	}
	inputs, outputs := [][]*DataItem{}, [][]*DataItem{}
	for _, c := range e.all("inputSet") {
		inputs = append(inputs, p.readSet(c, "dataInputRefs"))
	}
	for _, c := range e.all("outputSet") {
		outputs = append(outputs, p.readSet(c, "dataOutputRefs"))
	}
	required := map[*DataItem]int{}
	for _, set := range slices.Concat(inputs, outputs) {
		for _, item := range set {
			required[item]++
		}
	}
	for _, item := range items {
		sets := len(inputs)
		if item.Kind == DataOutput {
			sets = len(outputs)
		}
		item.Optional = sets == 0 || required[item] < sets
	}
	return items, inputs
}

// optionalRefs are the members of an input or output set that need not be there when it is used.
var optionalRefs = []string{"optionalInputRefs", "whileExecutingInputRefs", "optionalOutputRefs", "whileExecutingOutputRefs"}

// readSet returns the items that an input or output set requires.
func (p *parser) readSet(e *element, name string) []*DataItem {
	optional := map[string]bool{}
	for _, c := range e.standard() {
		if slices.Contains(optionalRefs, c.name) {
			optional[localPart(c.text)] = true
		}
	}
	required, seen := []*DataItem{}, map[*DataItem]bool{}
	for _, c := range e.all(name) {
		ref := localPart(c.text)
		item := p.data.items[ref]
		if item == nil {
			p.fail(c, CodeReferenceUnresolved, "%s=%q is no data input or output", name, shorten(ref))
		} else if !optional[ref] && !seen[item] {
			seen[item] = true
			required = append(required, item)
		}
	}
	return required
}

// readProcessData reads what a process takes from and gives to its caller.
func (p *parser) readProcessData(process *Process, e *element) {
	for _, c := range e.all("ioSpecification") {
		items, _ := p.readSpecification(c, process.Body, nil)
		for _, item := range items {
			if item.Kind == DataInput {
				process.Inputs = append(process.Inputs, item)
			} else {
				process.Outputs = append(process.Outputs, item)
			}
		}
	}
}
