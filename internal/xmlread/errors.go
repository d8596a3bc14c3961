package xmlread

import (
	"fmt"

	"tallystick/fault"
)

// The refusals of Check. Each error carries one detail with line and column.
var (
	// ErrMalformed says that the source is not well-formed XML with exactly one root.
	ErrMalformed = fault.New(fault.Invalid, "xml.malformed", "the document is not well-formed XML")
	// ErrDirective says that the source has a DOCTYPE, another directive or a processing instruction.
	ErrDirective = fault.New(fault.Invalid, "xml.directive", "directives and processing instructions are not accepted")
	// ErrLimit says that the document exceeds one of its Limits; the kind is fault.TooLarge for the size.
	ErrLimit = fault.New(fault.Invalid, "xml.limit", "the document exceeds a limit")
	// ErrEncoding says that the source is not UTF-8 or declares another encoding.
	ErrEncoding = fault.New(fault.Invalid, "xml.encoding", "the document is not UTF-8")
	// ErrDuplicateAttribute says that an element has the same attribute twice.
	ErrDuplicateAttribute = fault.New(fault.Invalid, "xml.duplicate_attribute", "an attribute is given twice")
	// ErrPrefix says that a namespace prefix is undeclared or wrongly declared.
	ErrPrefix = fault.New(fault.Invalid, "xml.prefix", "a namespace prefix is not declared")
)

// refuse returns a copy of sentinel that names a place in the source.
func refuse(sentinel *fault.Error, line, column int, format string, args ...any) *fault.Error {
	message := fmt.Sprintf(format, args...)
	err := sentinel.With("line %d, column %d: %s", line, column, message)
	err.Details = []fault.Detail{{
		Severity: "error", Code: sentinel.Code, Message: message, Line: line, Column: column,
	}}
	return err
}
