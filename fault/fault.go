// Package fault is the coded error that crosses package borders.
//
// A fault.Error says whose doing a failure is (its Kind) and names it with a stable code
// (noun.state, listed in docs/errors.md). It knows nothing of HTTP, SQL or BPMN.
package fault

import (
	"errors"
	"fmt"
)

// Kind is the family of a failure; each has exactly one HTTP status.
type Kind uint8

// The kinds. Everything that is not one of the callers' doings is Internal.
const (
	Internal        Kind = iota // ours; details stay in the log
	Invalid                     // malformed input or model
	Unauthenticated             // who are you
	Denied                      // known, but not allowed
	NotFound                    // no such thing, or gone
	Conflict                    // the thing is in another state
	TooLarge                    // a size limit
	Unprocessable               // same idempotency key, other body
	Overloaded                  // try again later
	Timeout                     // the outcome did not come in time
)

// Detail is one finding about the input: a model diagnostic or a request field.
type Detail struct {
	Resource string `json:"resource,omitempty"`
	Element  string `json:"elementId,omitempty"`
	Field    string `json:"field,omitempty"`
	Severity string `json:"severity,omitempty"`
	Code     string `json:"code"`
	Message  string `json:"message"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

// Error is a failure with a kind and a stable code. Message is for the caller;
// Cause is for the log only.
type Error struct {
	Kind    Kind
	Code    string
	Message string
	Details []Detail
	Cause   error
}

// New returns an Error with a formatted message.
func New(kind Kind, code, format string, args ...any) *Error {
	return &Error{Kind: kind, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an Internal error that keeps its cause for the log.
func Wrap(cause error, code, format string, args ...any) *Error {
	return &Error{Kind: Internal, Code: code, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// Error returns the code and the message; the cause is appended when there is one.
func (e *Error) Error() string {
	if e.Cause != nil {
		return e.Code + ": " + e.Message + ": " + e.Cause.Error()
	}
	return e.Code + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether target is an Error with the same code, so that sentinels work with errors.Is.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && t.Code == e.Code
}

// With returns a copy of e with another message; the code and kind stay.
func (e *Error) With(format string, args ...any) *Error {
	c := *e
	c.Message = fmt.Sprintf(format, args...)
	return &c
}

// KindOf returns the kind of err: Internal when err is no *Error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// CodeOf returns the code of err, or "" when err is no *Error.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
