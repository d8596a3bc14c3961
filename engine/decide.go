package engine

import (
	"tallystick/fault"
	"tallystick/internal/canon"
)

// The refusals of an instance. What has ended or never was is not found, as in the REST API.
var (
	// ErrInstanceNotFound refuses commands to an instance that has not started.
	ErrInstanceNotFound = fault.New(fault.NotFound, "instance.not_found", "no such instance")
	// ErrInstanceEnded refuses commands to an instance that is completed or terminated.
	ErrInstanceEnded = fault.New(fault.NotFound, "instance.ended", "the instance has ended")
	// ErrInstanceExists refuses to start an instance twice.
	ErrInstanceExists = fault.New(fault.Conflict, "instance.exists", "the instance has started already")
	// ErrInstanceKey refuses a key that is no key of an instance.
	ErrInstanceKey = fault.New(fault.Invalid, "instance.key_invalid", "the key is no key of an instance")
	// ErrInstanceFull refuses everything but cancellation when the keys of an instance are used up.
	ErrInstanceFull = fault.New(fault.Conflict, "instance.full", "the instance has used up its keys; it can only be canceled")
	// ErrVariableInvalid refuses a variable without a name or with one that is too long.
	ErrVariableInvalid = fault.New(fault.Invalid, "variable.invalid", "a variable needs a name of at most 1024 bytes and a value")
	// ErrCommand refuses a command that this build does not know.
	ErrCommand = fault.New(fault.Invalid, "command.unknown", "the command is unknown")
)

// decide carries out a command up to the point where tokens move, or refuses it.
func (x *machine) decide(cmd Command) error {
	if err := checkTexts(cmd); err != nil {
		return err
	}
	if start, ok := cmd.(StartInstance); ok {
		return x.startInstance(start)
	}
	if err := x.mayChange(cmd); err != nil {
		return err
	}
	if err := x.mayRest(cmd); err != nil {
		return err
	}
	switch c := cmd.(type) {
	case CancelInstance:
		return x.cancelInstance(c)
	case CompleteJob:
		return x.completeJob(c)
	case FailJob:
		return x.failJob(c)
	case ThrowJobError:
		return x.throwJobError(c)
	case UpdateJob:
		return x.updateJob(c)
	case AssignTask:
		return x.assignTask(c)
	case UnassignTask:
		return x.unassignTask(c)
	case UpdateTask:
		return x.updateTask(c)
	case CompleteTask:
		return x.completeTask(c)
	case FireTimer:
		return x.fireTimer(c)
	case ResolveIncident:
		return x.resolveIncident(c)
	case SetVariables:
		return x.setVariables(c)
	case CorrelateMessage:
		return x.correlateMessage(c)
	case CatchSignal:
		return x.catchSignal(c)
	case SuspendInstance:
		return x.suspendInstance()
	case ResumeInstance:
		return x.resumeInstance()
	case MigrateInstance:
		return ErrCommand.With("%s takes two definitions", c.Name())
	case ModifyInstance:
		return x.modifyInstance(c)
	}
	return x.decideCall(cmd)
}

// mayChange refuses commands to an instance that is not running or has no keys left.
func (x *machine) mayChange(cmd Command) error {
	switch {
	case x.st.key == 0:
		return ErrInstanceNotFound
	case x.st.status != Active:
		return ErrInstanceEnded.With("the instance is %s", x.st.status)
	case x.st.last >= localEnd:
		if _, cancel := cmd.(CancelInstance); !cancel {
			return ErrInstanceFull
		}
	}
	return nil
}

// mayStore refuses variables of the caller that have no proper name or do not fit.
func (x *machine) mayStore(vars Variables) error {
	if len(vars) == 0 {
		return nil
	}
	name, valid, _ := survey(vars)
	if !valid {
		return ErrVariableInvalid.With("variable %q needs a name of at most %d bytes and a value", brief(canon.JSON(name)), NameBytesMax)
	}
	if wrong := x.st.unfit(vars); wrong != nil {
		return wrong
	}
	if x.st.last+int64(len(vars)) >= localEnd {
		return ErrInstanceFull
	}
	return nil
}

// survey measures variables and finds the first one, in the order of names, without a proper name or a value.
func survey(vars Variables) (first string, valid bool, size int) {
	valid = true
	for name, value := range vars {
		size += len(name) + len(value)
		if (name == "" || len(name) > NameBytesMax || value == "") && (valid || name < first) {
			first, valid = name, false
		}
	}
	return first, valid, size
}
