package rules

import (
	"sync/atomic"

	"tallystick/fault"
)

// ErrDecision says that a model has no decision of the asked id.
var ErrDecision = fault.New(fault.NotFound, "decision.not_found", "no such decision")

// The types of a decision, as history and the API name them.
const (
	TypeTable   = "DECISION_TABLE"
	TypeLiteral = "LITERAL_EXPRESSION"
)

// Model is a compiled DMN file. It is immutable and may be shared by any number of evaluations.
type Model struct {
	ID        string
	Name      string
	Namespace string
	Decisions []*Decision  // in document order
	Inputs    []*InputData // in document order
	Services  []*Service   // in document order
	Imports   []Import     // in document order
	knowledge []*knowledge
	byID      map[string]*Decision
	elements  map[string]graphElement
	types     map[string]*itemType
	imported  []*importedModel
	variables map[string]bool // variable names of all elements: hidden where they are not required

	spare atomic.Pointer[opened] // of the last evaluation
}

// Empty reports whether a model holds nothing that could be evaluated or imported.
func (m *Model) Empty() bool {
	return len(m.Decisions)+len(m.Services)+len(m.knowledge)+len(m.types) == 0
}

// Decision returns the decision with the id.
func (m *Model) Decision(id string) (*Decision, bool) {
	d, ok := m.byID[id]
	return d, ok
}

// Decision is a decision of the requirements graph with its compiled logic.
type Decision struct {
	ID         string
	Name       string
	Variable   string // the name under which other decisions see the result
	Namespace  string // of the model it is an element of
	VersionTag string
	Type       string   // TypeTable, or TypeLiteral for every other boxed expression
	HitPolicy  string   // of a table: UNIQUE, COLLECT SUM, …
	Rules      int      // of a table: how many it has
	Requires   []string // ids of the required decisions
	Reads      []string // names of required input data and of variables the logic reads, sorted

	requirements
	result *itemType
	logic  expression // nil: a decision without logic yields null
	sight  *sight
	broken bool // an error diagnostic concerns this decision
}

// InputData is an input of the requirements graph; its value is the variable of that name.
type InputData struct {
	ID        string
	Name      string
	Variable  string
	TypeRef   string
	Namespace string // of the model it is an element of
	typ       *itemType
}

// knowledge is a business knowledge model: a named function.
type knowledge struct {
	requirements
	id       string
	name     string
	variable string
	function expression
	sight    *sight
}

// requirements are the resolved requirements of a decision or a knowledge model, in document order.
type requirements struct {
	source *node
	list   []requirement
}

// requirement is an element with the import it comes through, nil for elements of the model itself.
type requirement struct {
	from *importedModel
	binding
}

// binding is what a name means inside the logic of an element: one of its requirements. Exactly one
// field is set.
type binding struct {
	input     *InputData
	decision  *Decision
	knowledge *knowledge
	service   *Service
}

// sight is what the logic of an element sees at its root: the requirements by their names, and, when
// it is open, variables of the caller whose names are not hidden by elements of the model.
type sight struct {
	names  map[string]binding
	hidden map[string]bool
	open   bool
}

// Invocable finds the id of a decision service or business knowledge model by its name.
func (m *Model) Invocable(name string) (id string, ok bool) {
	for _, s := range m.Services {
		if s.Name == name || s.Variable == name {
			return s.ID, true
		}
	}
	for _, k := range m.knowledge {
		if k.name == name || k.variable == name {
			return k.id, true
		}
	}
	return "", false
}

// OutputsOf counts the output decisions of a decision service; the result of more than one is a context.
func (m *Model) OutputsOf(serviceID string) int {
	if s := m.elements[serviceID].service; s != nil {
		return len(s.outputs)
	}
	return 0
}
