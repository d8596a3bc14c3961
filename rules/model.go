package rules

import "tallystick/fault"

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
	knowledge []*knowledge
	byID      map[string]*Decision
	variables map[string]bool // variable names of all elements: hidden where they are not required
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
	VersionTag string
	Type       string   // TypeTable, or TypeLiteral for every other boxed expression
	HitPolicy  string   // of a table: UNIQUE, COLLECT SUM, …
	Requires   []string // ids of the required decisions
	Reads      []string // names of required input data and of variables the logic reads, sorted

	requirements
	result *itemType
	logic  expression // nil: a decision without logic yields null
	names  map[string]binding
	broken bool // an error diagnostic concerns this decision
}

// InputData is an input of the requirements graph; its value is the variable of that name.
type InputData struct {
	ID       string
	Name     string
	Variable string
	TypeRef  string
	typ      *itemType
}

// knowledge is a business knowledge model: a named function.
type knowledge struct {
	requirements
	id       string
	name     string
	variable string
	function *function
	names    map[string]binding
}

// requirements are the resolved requirements of a decision or a knowledge model.
type requirements struct {
	source    *node
	inputs    []*InputData
	decisions []*Decision
	knowledge []*knowledge
}

// binding is what a name means inside the logic of an element: one of its requirements.
type binding struct {
	input     *InputData
	decision  *Decision
	knowledge *knowledge
}
