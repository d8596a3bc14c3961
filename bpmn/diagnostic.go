package bpmn

import "fmt"

// Severity of a diagnostic. An error blocks deployment, the others do not.
type Severity uint8

// The severities. Only Lint has findings that are no more than a remark.
const (
	SeverityWarning Severity = iota
	SeverityError
	SeverityInfo
)

// String returns "warning", "error" or "info".
func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityInfo:
		return "info"
	}
	return "warning"
}

// Diagnostic is one finding about a model. Code is stable (element.unsupported, flow.dangling, …),
// Element is the id of the element, the position is that of its start tag.
type Diagnostic struct {
	Severity Severity
	Code     string
	Element  string
	Message  string
	Position Position
}

// String prints "line:column severity code element: message".
func (d Diagnostic) String() string {
	return fmt.Sprintf("%d:%d %s %s %s: %s", d.Position.Line, d.Position.Column, d.Severity, d.Code, d.Element, d.Message)
}

// Diagnostics is a list of findings in document order.
type Diagnostics []Diagnostic

// HasErrors reports whether one of the findings blocks deployment.
func (ds Diagnostics) HasErrors() bool {
	for _, d := range ds {
		if d.Severity == SeverityError {
			return true
		}
	}
	return false
}
