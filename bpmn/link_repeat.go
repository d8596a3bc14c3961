package bpmn

import "strings"

// linkRepeat resolves the data of a multi-instance activity: the items are those of loopDataInputRef,
// each under the name of inputDataItem; the results, outputDataItem of each instance, make up
// loopDataOutputRef (BPMN 2.0.2, 10.3.8).
func (p *parser) linkRepeat(n *Node, e *element) {
	m := n.MultiInstance
	for _, c := range e.standard() {
		switch ref := localPart(c.text); {
		case c.name == "loopDataInputRef" && ref != "":
			p.ambiguous(n, c, m.Collection.Text != "")
			m.Collection = Expression{Text: "=" + ref, Position: c.position}
		case c.name == "loopDataOutputRef" && ref != "":
			m.OutputCollection = ref
		case c.name == "inputDataItem":
			m.InputElement = variableOf(c)
		case c.name == "outputDataItem":
			m.OutputElement = Expression{Text: "=" + variableOf(c), Position: c.position}
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

// variableOf is the variable of a data item: its name, or its id when it has none.
func variableOf(e *element) string {
	if name := strings.TrimSpace(e.attr("name")); isVariablePath(name) && !strings.Contains(name, ".") {
		return name
	}
	return e.id()
}
