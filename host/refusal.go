package host

import "tallystick/fault"

// The refusals of this package.
var (
	ErrOverloaded       = fault.New(fault.Overloaded, "host.overloaded", "too many calls are waiting")
	ErrContended        = fault.New(fault.Overloaded, "host.contended", "others keep changing the same things")
	ErrStopped          = fault.New(fault.Overloaded, "host.stopped", "the server is stopping")
	ErrUnknown          = fault.New(fault.Timeout, "host.unknown", "the outcome is not known; repeat with the same idempotency key")
	ErrTimeout          = fault.New(fault.Timeout, "host.timeout", "it did not happen in time")
	ErrDenied           = fault.New(fault.Denied, "authz.denied", "not allowed")
	ErrReused           = fault.New(fault.Unprocessable, "command.reused", "the idempotency key was used for something else")
	ErrCommandInvalid   = fault.New(fault.Invalid, "command.invalid", "the call is not complete")
	ErrProcessNotFound  = fault.New(fault.NotFound, "process.not_found", "no such process definition")
	ErrDecisionNotFound = fault.New(fault.NotFound, "decision.not_deployed", "no such decision definition")
	ErrModelNotFound    = fault.New(fault.NotFound, "model.not_found", "no such scoring model")
	ErrDefinition       = fault.New(fault.Invalid, "definition.invalid", "the resources cannot be deployed")
	ErrActivation       = fault.New(fault.Invalid, "activation.invalid", "the activation is not complete")
	ErrLease            = fault.New(fault.Conflict, "job.lease_stale", "somebody else has the job by now")
	ErrClock            = fault.New(fault.Denied, "clock.real", "the clock of this server is real")
)

// codeUnknown is the store's word for a commit whose answer was lost.
const codeUnknown = "store.unknown"
