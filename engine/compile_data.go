package engine

import (
	"strings"

	"tallystick/bpmn"
)

// dataFlow is the ioSpecification of an activity or event with its data associations (10.4).
type dataFlow struct {
	properties      []string // local variables from the start
	inputs, outputs []association
	sets            [][]string // the inputs that each set needs; one set has to be there
}

// association moves data: the sources as they are, what a transformation makes of them, or what assignments say.
type association struct {
	id             string
	sources        []dataItem
	target         dataItem
	transformation *expression
	assignments    []assignment
}

type assignment struct {
	from *expression
	to   string // a variable path
}

// dataItem is a variable, or the content of a data store, which outlives instances.
type dataItem struct{ name, store string }

func itemOf(d *bpmn.DataItem) dataItem {
	name := d.Name
	if name == "" {
		name = d.ID
	}
	if d.Kind == bpmn.DataStore {
		return dataItem{name: name, store: d.ID}
	}
	return dataItem{name: name}
}

func (c *compiler) data(b *bpmn.Node, n *node) {
	d := &dataFlow{inputs: c.associations(b, b.DataInputs), outputs: c.associations(b, b.DataOutputs)}
	for _, item := range b.Data {
		if item.Kind == bpmn.DataProperty {
			d.properties = append(d.properties, itemOf(item).name)
		}
	}
	if b.Body != nil {
		// The data objects of a sub-process live as long as an instance of it (10.4.1).
		for _, item := range b.Body.Data {
			d.properties = append(d.properties, itemOf(item).name)
		}
	}
	for _, set := range b.InputSets {
		names := make([]string, len(set))
		for i, item := range set {
			names[i] = itemOf(item).name
		}
		d.sets = append(d.sets, names)
	}
	if len(d.properties)+len(d.inputs)+len(d.outputs)+len(d.sets) > 0 {
		n.data = d
	}
}

func (c *compiler) associations(b *bpmn.Node, list []*bpmn.DataAssociation) []association {
	compiled := make([]association, 0, len(list))
	for _, a := range list {
		m := association{id: a.ID, transformation: c.optional(b, a.Transformation)}
		for _, s := range a.Sources {
			m.sources = append(m.sources, itemOf(s))
		}
		if a.Target != nil {
			m.target = itemOf(a.Target)
		}
		for _, s := range a.Assignments {
			m.assignments = append(m.assignments, assignment{c.required(b, s.From, "the source of the assignment"), c.assigned(b, m.target, s.To)})
		}
		plain := len(m.assignments) == 0
		if plain && (m.target.name == "" || m.transformation == nil && len(m.sources) != 1) {
			c.report(bpmn.CodeMappingInvalid, b.ID, a.Position, "the data association does not say what goes where")
			continue
		}
		compiled = append(compiled, m)
	}
	return compiled
}

// assigned is the path that an assignment names: of its own, or inside the target of the association.
func (c *compiler) assigned(b *bpmn.Node, target dataItem, to bpmn.Expression) string {
	path := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(to.Text), "="))
	root, _, _ := strings.Cut(path, ".")
	if path == "" || strings.ContainsAny(path, " ()[]{}\"'+-*/") || root == "" || strings.HasSuffix(path, ".") {
		c.report(bpmn.CodeMappingInvalid, b.ID, to.Position, "the target of the assignment is no variable path")
	}
	if target.name != "" && root != target.name {
		return target.name + "." + path
	}
	return path
}

// keepsResults reports whether what the work of a node produced stays local, because something says what leaves it.
func (n *node) keepsResults() bool {
	return len(n.outputs) > 0 || n.data != nil && len(n.data.outputs) > 0
}
