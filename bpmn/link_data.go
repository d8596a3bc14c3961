package bpmn

import "strings"

// linkReferences resolves references to data objects and data stores. One that refers to nothing is drawn
// alone: it is its own item. Tools name the reference rather than the object, which then has that name.
func (p *parser) linkReferences() {
	for _, e := range p.data.references {
		name, kind := "dataObjectRef", DataObject
		if e.name == "dataStoreReference" {
			name, kind = "dataStoreRef", DataStore
		}
		item, id := p.data.items[e.ref(name)], e.id()
		switch {
		case item != nil && item.Kind == kind:
		case e.ref(name) != "":
			p.fail(e, CodeReferenceUnresolved, "%s=%q does not exist", name, shorten(e.ref(name)))
			continue
		default:
			item = &DataItem{ID: id, Kind: kind, Scope: p.scopeOf(e), Position: e.position}
			if kind == DataStore {
				item.Scope = nil
			}
		}
		if item.Name == "" {
			item.Name = strings.TrimSpace(e.attr("name"))
		}
		if id != "" && p.data.items[id] == nil {
			p.data.items[id] = item
		}
	}
}

// scopeOf is the scope whose element holds e.
func (p *parser) scopeOf(e *element) *Scope {
	if n := p.nodes[e.parent.id()]; n != nil {
		return n.Body
	}
	return p.bodies[e.parent]
}

// drawnTarget starts the name of the property that bpmn.io gives a drawn association as its target.
const drawnTarget = "__targetRef"

// linkAssociationData reads a data association (BPMN 2.0.2, 10.4.2). One that is only drawn, with no source or
// no target and nothing assigned, moves nothing.
func (p *parser) linkAssociationData(a pendingAssociation) {
	read := &DataAssociation{ID: a.element.id(), Position: a.element.position}
	for _, c := range a.element.standard() {
		switch c.name {
		case "sourceRef":
			if item := p.itemOf(a.node, c); item != nil {
				read.Sources = append(read.Sources, item)
			}
		case "targetRef":
			read.Target = p.itemOf(a.node, c)
		case "transformation":
			read.Transformation = p.optional(c)
		case "assignment":
			read.Assignments = append(read.Assignments, p.readAssignment(a.node, c))
		case "documentation", "extensionElements":
		default:
			p.misfit(c)
		}
	}
	if read.isDrawn() {
		return
	}
	p.checkAssociation(a.node, read)
	if a.element.name == "dataInputAssociation" {
		a.node.DataInputs = append(a.node.DataInputs, read)
	} else {
		a.node.DataOutputs = append(a.node.DataOutputs, read)
	}
}

func (a *DataAssociation) isDrawn() bool {
	unbound := a.Target == nil || strings.HasPrefix(a.Target.Name, drawnTarget) || len(a.Sources) == 0
	return unbound && a.Transformation == nil && len(a.Assignments) == 0
}

func (p *parser) checkAssociation(n *Node, a *DataAssociation) {
	fail := func(why string) { p.add(SeverityError, CodeDataAssociation, n.ID, a.Position, "%s", why) }
	switch {
	case len(a.Assignments) > 0 && a.Transformation != nil:
		fail("a data association has a transformation or assignments, not both")
	case a.Transformation != nil && a.Target == nil:
		fail("a transformation needs a targetRef")
	case len(a.Assignments) == 0 && a.Transformation == nil && len(a.Sources) > 1:
		fail("several sources need a transformation or assignments")
	}
}

// itemOf resolves a reference to data that the node can see.
func (p *parser) itemOf(n *Node, e *element) *DataItem {
	ref := localPart(e.text)
	if ref == "" {
		return nil
	}
	item := p.data.items[ref]
	switch {
	case item == nil:
		p.failAt(n, e, CodeReferenceUnresolved, "%s %q is no data", e.name, shorten(ref))
	case !item.visibleTo(n):
		p.failAt(n, e, CodeDataCrossesScope, "%s %q cannot be seen here", e.name, shorten(ref))
	}
	return item
}

// visibleTo reports whether a node can read the item: its own, and those of the scopes around it and inside it.
func (d *DataItem) visibleTo(n *Node) bool {
	switch {
	case d.Owner == n, d.Kind == DataStore, d.Scope == nil:
		return true
	case d.Owner != nil && d.Owner.Body == nil:
		return false
	case d.Scope == n.Body:
		return true
	case d.Owner != nil:
		return encloses(d.Owner.Body, n.Scope)
	}
	return encloses(d.Scope, n.Scope)
}

func (p *parser) readAssignment(n *Node, e *element) Assignment {
	var read Assignment
	for _, c := range e.standard() {
		switch c.name {
		case "from":
			read.From = p.expression(c)
		case "to":
			read.To = p.expression(c)
		}
	}
	if read.From.Text == "" || read.To.Text == "" {
		p.failAt(n, e, CodeDataAssociation, "an assignment needs from and to")
	}
	return read
}

// validateData warns of two items of a scope that would be one variable.
func (p *parser) validateData(scope *Scope) {
	seen := map[string]*DataItem{}
	for _, item := range scope.Data {
		name := item.Variable()
		if first := seen[name]; first != nil {
			p.add(SeverityWarning, CodeDataDuplicate, item.ID, item.Position, "%q and %q are the same variable %q", first.ID, item.ID, name)
		}
		seen[name] = item
	}
}
