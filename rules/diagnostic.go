package rules

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity of a diagnostic. An error blocks deployment, a warning does not.
type Severity uint8

// The severities.
const (
	SeverityWarning Severity = iota
	SeverityError
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == SeverityError {
		return "error"
	}
	return "warning"
}

// Diagnostic is one finding about a decision model. Code is stable (rules.expression,
// element.unsupported, …), Element is the id of the element, Line and Column are those of its start tag.
type Diagnostic struct {
	Severity Severity
	Code     string
	Element  string
	Message  string
	Line     int
	Column   int
}

// String prints "line:column severity code element: message".
func (d Diagnostic) String() string {
	return fmt.Sprintf("%d:%d %s %s %s: %s", d.Line, d.Column, d.Severity, d.Code, d.Element, d.Message)
}

// Diagnostics is a list of findings in document order.
type Diagnostics []Diagnostic

// HasErrors reports whether one of the findings blocks deployment.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity == SeverityError })
}

// sort brings the findings into document order; findings at one place keep the order they were made in.
func (ds Diagnostics) sort() {
	slices.SortStableFunc(ds, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
