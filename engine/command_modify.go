package engine

// ModifyInstance moves the tokens of a running instance by hand: element instances end, elements are activated
// without a flow that leads to them, or both at once. It is one unit: each instruction is judged against the state
// before any of them, and the instance does not end between them.
//
// An element is opened in the scopes around it. Those that are not active are opened with it: their events are armed,
// but nothing starts in them beside. A scope that loses its last content and gets none is terminated with it, the
// instance too. The bodies of loops and ad-hoc sub-processes go on as when an instance of them ended otherwise. What
// is activated in a suspended instance begins when the instance is resumed.
type ModifyInstance struct {
	Activate  []ActivateElement
	Move      []MoveElement
	Terminate []TerminateElement
}

// ActivateElement activates an element. Ancestor chooses among several instances of the scopes around it; the scopes
// below it are then opened anew. Named as ancestor, the body of a multi-instance activity gets another instance.
type ActivateElement struct {
	Element   string
	Ancestor  int64
	Variables []ScopedVariables
}

// MoveElement terminates an element instance, or every one of an element (of a loop its bodies), and activates an
// element for each.
type MoveElement struct {
	From         string
	FromInstance int64
	To           string
	Ancestor     int64
	Choice       AncestorChoice
	Variables    []ScopedVariables
}

// AncestorChoice says how a move finds the ancestor of what it activates; "" is as MoveElement.Ancestor says.
type AncestorChoice string

// The choices of an ancestor, by the names of the REST API.
const (
	AncestorInferred     AncestorChoice = "inferred"     // the nearest scope of the source that is also around the target
	AncestorSourceParent AncestorChoice = "sourceParent" // the scope that the source stands in
)

// TerminateElement ends an element instance with all that is inside, or every one of an element (of a loop its bodies).
type TerminateElement struct {
	Element         string
	ElementInstance int64
}

// ScopedVariables become local variables of the activated element or of a scope around it, which Scope names by the id
// of its element; "" is the instance.
type ScopedVariables struct {
	Scope     string
	Variables Variables
}

// InstructionsMax is the number of instructions of one ModifyInstance.
const InstructionsMax = 1_000

// Name implements Command.
func (ModifyInstance) Name() string { return "ModifyInstance" }

// unfit reports whether a text of the command cannot be kept.
func (c ModifyInstance) unfit() bool {
	for _, a := range c.Activate {
		if unfit(a.Element) || unfitScopes(a.Variables) {
			return true
		}
	}
	for _, m := range c.Move {
		if unfitAny(m.From, m.To, string(m.Choice)) || unfitScopes(m.Variables) {
			return true
		}
	}
	for _, t := range c.Terminate {
		if unfit(t.Element) {
			return true
		}
	}
	return false
}

func unfitScopes(list []ScopedVariables) bool {
	for _, s := range list {
		if unfit(s.Scope) || unfitNames(s.Variables) {
			return true
		}
	}
	return false
}
