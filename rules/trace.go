package rules

import "tallystick/internal/canon"

// Trace is the account of one evaluation: every decision that was evaluated, in order (required
// decisions first, the asked one last), and the result. It is what history and audit keep.
type Trace struct {
	Decisions []Evaluated `json:"decisions"`
	Output    canon.JSON  `json:"output"`
	// Failed is the id of the decision that could not be evaluated, Failure says why; Output is null then.
	Failed  string `json:"failed,omitempty"`
	Failure string `json:"failure,omitempty"`
}

// Evaluated is one decision of a Trace.
type Evaluated struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Type      string     `json:"type"` // DECISION_TABLE or LITERAL_EXPRESSION
	HitPolicy string     `json:"hitPolicy,omitempty"`
	Inputs    []Input    `json:"inputs"`
	Matched   []Match    `json:"matched"`
	Output    canon.JSON `json:"output"`
	Warnings  []string   `json:"warnings,omitempty"`
	// Namespace is that of the model of the decision where it is an imported one.
	Namespace string `json:"namespace,omitempty"`
	// Service is the id of the decision service that the decision was evaluated inside of; it may then
	// stand in the trace more than once.
	Service string `json:"service,omitempty"`
	// Key and Version are those of the deployed decision, where the evaluation knows what is deployed.
	Key     int64 `json:"key,omitempty"`
	Version int   `json:"version,omitempty"`
}

// Input is the value of one input column.
type Input struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Value canon.JSON `json:"value"`
}

// Match is a rule that matched; Index counts from 1 in table order.
type Match struct {
	RuleID  string   `json:"ruleId"`
	Index   int      `json:"index"`
	Outputs []Output `json:"outputs"`
}

// Output is the value of one output column of a matched rule.
type Output struct {
	ID    string     `json:"id"`
	Name  string     `json:"name"`
	Value canon.JSON `json:"value"`
}
