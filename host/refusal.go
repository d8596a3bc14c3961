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
	ErrProcessVersion   = fault.New(fault.Invalid, "process.version_mismatch", "the process definition has another version")
	ErrDecisionNotFound = fault.New(fault.NotFound, "decision.not_deployed", "no such decision definition")
	ErrModelNotFound    = fault.New(fault.NotFound, "model.not_found", "no such scoring model")
	ErrDefinition       = fault.New(fault.Invalid, "definition.invalid", "the resources cannot be deployed")
	ErrActivation       = fault.New(fault.Invalid, "activation.invalid", "the activation is not complete")
	ErrLease            = fault.New(fault.Conflict, "job.lease_stale", "somebody else has the job by now")
	ErrNotLocked        = fault.New(fault.Conflict, "job.not_locked", "no worker has the job, so its lock has no time limit")
	ErrInstanceActive   = fault.New(fault.Conflict, "instance.active", "the instance has not ended")
	ErrInstanceCalled   = fault.New(fault.Conflict, "instance.called", "the instance was called by another and is forgotten with it")
	ErrNoHistory        = fault.New(fault.Invalid, "instance.kept", "this server deletes no instances")
	ErrNoEvaluation     = fault.New(fault.NotFound, "evaluation.not_found", "no such evaluation of a decision")
	ErrEvaluationInside = fault.New(fault.Conflict, "evaluation.inside", "the evaluation belongs to a process instance and is forgotten with it")
	ErrMessage          = fault.New(fault.Invalid, "message.invalid", "the message is not complete or too large")
	ErrMessageDuplicate = fault.New(fault.Conflict, "message.duplicate", "a message with this id waits already")
	ErrMessageUnwanted  = fault.New(fault.NotFound, "message.not_correlated", "nobody waits for the message")
	ErrSignal           = fault.New(fault.Invalid, "signal.invalid", "the signal is not complete or too large")
	ErrSignalTooLarge   = fault.New(fault.TooLarge, "signal.too_large", "the variables of the signal are too large for all who catch it")
	ErrCondition        = fault.New(fault.Invalid, "condition.invalid", "the variables are not complete or too large")
	ErrErrand           = fault.New(fault.Internal, "errand.unreadable", "an errand cannot be read")
	ErrBatch            = fault.New(fault.Invalid, "batch.invalid", "the batch operation is not complete or too large")
	ErrBatchTooLarge    = fault.New(fault.TooLarge, "batch.too_large", "too many items for one batch operation")
	ErrBatchNotFound    = fault.New(fault.NotFound, "batch.not_found", "no such batch operation")
	ErrBatchState       = fault.New(fault.Conflict, "batch.state", "the batch operation is in another state")
	errBatchItem        = fault.New(fault.Internal, "batch.item_failed", "the item could not be carried out; the log has the cause")
	ErrPasswordChanged  = fault.New(fault.Conflict, "password.changed", "the password was changed meanwhile")
	ErrUserExists       = fault.New(fault.Conflict, "user.exists", "there is a user with this name already")
	ErrGroupExists      = fault.New(fault.Conflict, "group.exists", "there is a group with this id already")
	ErrClock            = fault.New(fault.Denied, "clock.real", "the clock of this server is real")
)

// codeUnknown is the store's word for a commit whose answer was lost.
const codeUnknown = "store.unknown"

// What becomes of a deed that somebody else did, or that is not free to be done. No client sees these.
var (
	errErrandGone  = fault.New(fault.Conflict, "errand.gone", "somebody else carried it out, or something earlier is not done yet")
	errItemGone    = fault.New(fault.Conflict, "batch.item_gone", "somebody else did it, or the batch operation was canceled")
	errRepeated    = fault.New(fault.Conflict, "command.repeated", "a request with the same key was faster")
	errCorrelated  = fault.New(fault.Conflict, "message.correlated", "the message has entered the process")
	errStartLocked = fault.New(fault.Conflict, "message.start_locked", "an instance with the correlation key is active")
)
