package bpmn

// linkRepeat resolves the data of a multi-instance activity: the items are those of loopDataInputRef,
// each under the name of inputDataItem; the results, outputDataItem of each instance, make up
// loopDataOutputRef (BPMN 2.0.2, 10.3.8).
func (p *parser) linkRepeat(n *Node, e *element) {
	m := n.MultiInstance
	for _, c := range e.standard() {
		switch ref := localPart(c.text); {
		case c.name == "loopDataInputRef" && ref != "":
			p.ambiguous(n, c, m.Collection.Text != "")
			m.Collection = p.collection(n, c, ref)
		case c.name == "loopDataOutputRef" && ref != "":
			m.OutputCollection = p.outputCollection(n, c, ref)
		case c.name == "inputDataItem":
			m.InputElement = variableName(c.attr("name"), c.id())
		case c.name == "outputDataItem":
			m.OutputElement = Expression{Text: "=" + variableName(c.attr("name"), c.id()), Position: c.position}
		}
	}
	p.ambiguous(n, e, m.Collection.Text != "" && m.Cardinality.Text != "")
	if m.Collection.Text == "" && m.Cardinality.Text == "" {
		p.failAt(n, e, CodeLoopIncomplete, "a multi-instance activity needs a loopCardinality or a collection")
	}
}

func (p *parser) ambiguous(n *Node, e *element, twice bool) {
	if twice {
		p.failAt(n, e, CodeLoopAmbiguous, "the number of instances is given twice: by cardinality or by one collection")
	}
}

// collection is what the items are taken from. A data input of the activity is filled once for all
// instances, so what fills it is the collection itself.
func (p *parser) collection(n *Node, e *element, ref string) Expression {
	item := p.loopItem(n, e, ref)
	for i, a := range n.DataInputs {
		if item == nil || a.Target != item {
			continue
		}
		n.DataInputs = append(n.DataInputs[:i:i], n.DataInputs[i+1:]...)
		switch {
		case a.Transformation != nil:
			return *a.Transformation
		case len(a.Assignments) > 0:
			p.failAt(n, e, CodeDataAssociation, "the collection of a multi-instance activity cannot be assigned; use a transformation")
		}
		if len(a.Sources) > 0 {
			item = a.Sources[0]
		}
		break
	}
	return Expression{Text: "=" + loopVariable(item, ref), Position: e.position}
}

// outputCollection is the variable of the results: that which the data output of the activity goes to.
func (p *parser) outputCollection(n *Node, e *element, ref string) string {
	item := p.loopItem(n, e, ref)
	for i, a := range n.DataOutputs {
		if item == nil || len(a.Sources) != 1 || a.Sources[0] != item {
			continue
		}
		if a.Target == nil || a.Transformation != nil || len(a.Assignments) > 0 {
			p.failAt(n, e, CodeDataAssociation, "the results of a multi-instance activity go to their target as they are")
			break
		}
		n.DataOutputs = append(n.DataOutputs[:i:i], n.DataOutputs[i+1:]...)
		item = a.Target
		break
	}
	return loopVariable(item, ref)
}

// loopItem finds the data of a loop. Some tools write the name of a variable, which is taken as such.
func (p *parser) loopItem(n *Node, e *element, ref string) *DataItem {
	item := p.data.items[ref]
	switch {
	case item == nil:
		p.warnAt(n, e, CodeReferenceUnresolved, "%s %q is no data of the file, it is taken as a variable", e.name, shorten(ref))
	case item.Kind == DataStore || !item.visibleTo(n):
		p.failAt(n, e, CodeDataCrossesScope, "%s %q cannot be seen here", e.name, shorten(ref))
	}
	return item
}

func loopVariable(item *DataItem, ref string) string {
	if item == nil {
		return variableName(ref, "")
	}
	return item.Variable()
}
