package main

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"tallystick/fault"
)

// The exit codes; the README lists them.
const (
	exitOK       = 0
	exitFailure  = 1
	exitUsage    = 2
	exitNotFound = 3
	exitDenied   = 4
	exitConflict = 5
	exitTimeout  = 6
)

// usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// silentError fails a run whose findings are already on standard output.
type silentError struct{ code int }

func (e *silentError) Error() string { return "failed" }

// exitCode maps an error to the exit code that scripts can rely on.
func exitCode(err error) int {
	var (
		usage   *usageError
		quiet   *silentError
		problem *problemError
	)
	switch {
	case errors.As(err, &usage), isUsage(err):
		return exitUsage
	case errors.As(err, &quiet):
		return quiet.code
	case errors.As(err, &problem):
		return statusCode(problem.Status)
	case errors.Is(err, context.DeadlineExceeded):
		return exitTimeout
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		return exitNotFound
	case fault.Denied, fault.Unauthenticated:
		return exitDenied
	case fault.Conflict:
		return exitConflict
	case fault.Timeout:
		return exitTimeout
	}
	return exitFailure
}

// statusCode maps an HTTP status to an exit code.
func statusCode(status int) int {
	switch status {
	case http.StatusNotFound:
		return exitNotFound
	case http.StatusUnauthorized, http.StatusForbidden:
		return exitDenied
	case http.StatusConflict:
		return exitConflict
	case http.StatusGatewayTimeout:
		return exitTimeout
	}
	return exitFailure
}

// isUsage recognises cobra's own complaints, which have no type.
func isUsage(err error) bool {
	for _, p := range []string{"unknown command", "accepts ", "requires at least", "required flag"} {
		if strings.HasPrefix(err.Error(), p) {
			return true
		}
	}
	return false
}
