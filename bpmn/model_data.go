package bpmn

import "strings"

// DataKind is the kind of a data item.
type DataKind uint8

// The data items of the standard (10.4).
const (
	DataObject DataKind = iota + 1
	DataProperty
	DataInput
	DataOutput
	DataStore
)

// DataItem is something that holds data. References to data objects and data stores are resolved to the item.
type DataItem struct {
	ID, Name   string
	Kind       DataKind
	Collection bool
	Optional   bool   // data input or output outside of the required sets
	Scope      *Scope // where it lives; nil for a data store of the file
	Owner      *Node  // the activity or event of an input, output or property; nil with a process
	Position   Position
}

// Variable is the name of the variable that holds the data: the name of the item, or its id when it has none,
// with _ for each character that a variable name cannot have.
func (d *DataItem) Variable() string { return variableName(d.Name, d.ID) }

func variableName(name, id string) string {
	if name = strings.TrimSpace(name); name == "" {
		name = id
	}
	first := true
	return strings.Map(func(r rune) rune {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0
		if !letter && (first || r < '0' || r > '9') {
			r = '_'
		}
		first = false
		return r
	}, name)
}

// DataAssociation moves data: Sources to Target, as they are, by Transformation or by Assignments.
type DataAssociation struct {
	ID             string
	Sources        []*DataItem
	Target         *DataItem // nil: only Assignments say where to
	Transformation *Expression
	Assignments    []Assignment
	Position       Position
}

// Assignment copies the value of From to the place that To names.
type Assignment struct{ From, To Expression }
