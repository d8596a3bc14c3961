package engine

import (
	"tallystick/fault"
)

// The refusals of calls.
var (
	// ErrCallNotFound refuses the answer to a call that nobody waits for.
	ErrCallNotFound = fault.New(fault.NotFound, "call.not_found", "no element waits for this call")
	// ErrNotReturned refuses to compensate or release an instance that does not wait for it.
	ErrNotReturned = fault.New(fault.Conflict, "call.not_returned", "the instance has not returned to a caller")
)

// answered finds the call that an answer is for: of the element instance that called, or of the one that waits
// for the compensation of the call.
func (x *machine) answered(caller, called int64) (openCall, ElementInstance, *node, error) {
	c, ok := x.st.calls.get(rowID{key: caller})
	if !ok && called != 0 {
		c, ok = x.st.calls.latest(called, func(c *openCall) bool { return c.Waiting == caller })
	}
	waiting := c.Key
	if c.Called != 0 {
		waiting, ok = c.Waiting, ok && c.Waiting != 0 && c.Called == called
	}
	e, n, alive := x.element(waiting)
	if !ok || !alive || n.call == nil {
		return c, e, n, ErrCallNotFound.With("no call of the element instance %d is open", caller)
	}
	return c, e, n, nil
}

// returnCall completes a call, or the compensation of one.
func (x *machine) returnCall(r ReturnCall) error {
	c, e, n, err := x.answered(r.ElementInstance, r.Called)
	if err != nil && x.settledUnasked(c, r.Called) {
		return nil
	}
	if err != nil {
		return err
	}
	compensated := c.Waiting != 0
	x.emit(CallAnswered{
		Element: c.Element, ElementInstance: c.Key, Called: r.Called, Compensable: r.Compensable && !compensated,
	})
	wrong := x.st.unfit(r.Variables)
	switch {
	case compensated:
		x.emit(ElementCompleted{Key: e.Key, Element: e.Element})
		x.ended(e, false)
	case wrong != nil:
		// The variables are lost with the command: resolving the incident calls once more. What the called instance has
		// done stands, and cannot be undone by who never took note of it.
		if r.Compensable {
			x.emit(CallReleased{Element: c.Element, Called: r.Called})
		}
		x.park(e, retryExecute, errorSize, wrong.Message+"; the variables of the called instance do not fit")
	default:
		x.returned(n, e, r.Variables)
	}
	return nil
}

// throwCallError throws an error from a call activity. Without a code the called instance did not fail by the
// model, it could not be started or was canceled: that is an incident. To resolve it is to call again.
func (x *machine) throwCallError(r ThrowCallError) error {
	c, e, _, err := x.answered(r.ElementInstance, r.Called)
	if err != nil && x.settledUnasked(c, r.Called) {
		return nil
	}
	if err != nil {
		return err
	}
	vars := r.Variables
	if x.st.unfit(vars) != nil {
		vars = nil
	}
	x.emit(CallAnswered{Element: c.Element, ElementInstance: c.Key, Called: r.Called})
	if r.Code == "" {
		x.park(e, retryExecute, errorCalledElement, r.Message)
		return nil
	}
	x.throwError(e, thrown{code: r.Code, message: r.Message, vars: vars})
	return nil
}

// throwCallEscalation throws an escalation from a call activity, which goes on waiting unless it is interrupted.
func (x *machine) throwCallEscalation(r ThrowCallEscalation) error {
	_, e, _, err := x.answered(r.ElementInstance, r.Called)
	if err != nil {
		return err
	}
	x.escalate(e, r.Code, r.Variables)
	return nil
}

// releaseCalled ends a called instance that was kept for its compensation. One that is being undone was waited for
// by somebody who is gone: it ends like everything that instance called.
func (x *machine) releaseCalled() error {
	if !x.st.returned {
		return ErrNotReturned
	}
	if x.st.elements.len() > 0 {
		return x.cancelInstance(CancelInstance{ByCaller: true})
	}
	x.endInstance()
	return nil
}

// settledUnasked takes note that a called instance is done with its compensation, for better or worse, when whoever
// asked for it was interrupted and nobody has asked again: its entry has no more to undo. It reports whether it is so.
func (x *machine) settledUnasked(c openCall, called int64) bool {
	if c.Called == 0 || c.Called != called || c.Waiting == 0 {
		return false
	}
	entry, kept := x.st.ledger.latest(c.Key, func(l *compensable) bool { return l.ElementInstance == c.Key && l.Handler == "" })
	if !kept {
		return false
	}
	x.emit(CallAnswered{Element: c.Element, ElementInstance: c.Key, Called: called})
	x.emit(CompensationWithdrawn{Key: entry.Key, Element: entry.Element})
	return true
}

// compensateCalled undoes what a called instance has done, which stayed open for it (4.11 of the semantics). One that
// is at it already, because whoever asked first was interrupted, goes on and answers who asked last.
func (x *machine) compensateCalled() error {
	switch {
	case !x.st.returned:
		return ErrNotReturned
	case x.st.terminating != "":
		return ErrInstanceTerminating
	}
	x.emit(CompensationThrown{Key: x.st.key, Entries: x.unclaimed(x.st.key, "")})
	if x.st.elements.len() == 0 {
		x.compensateInstance()
	}
	return nil
}

// compensateInstance runs the youngest entry that is left of a called instance. When none is, it returns to its
// caller once more and ends.
func (x *machine) compensateInstance() {
	if x.st.terminating != "" {
		return
	}
	if c, more := x.st.ledger.latest(x.st.key, func(c *compensable) bool { return c.ClaimedBy == x.st.key }); more {
		x.compensate(ElementInstance{Key: x.st.key}, c)
		return
	}
	x.emit(CallReturned{Caller: x.st.caller})
	x.endInstance()
}

// decideCall carries out what is about calls.
func (x *machine) decideCall(cmd Command) error {
	switch c := cmd.(type) {
	case ReturnCall:
		return x.returnCall(c)
	case ThrowCallError:
		return x.throwCallError(c)
	case ThrowCallEscalation:
		return x.throwCallEscalation(c)
	case ActivateAdHoc:
		return x.activateAdHoc(c)
	case CompleteAdHoc:
		return x.completeAdHocBy(c)
	case CompensateCalled:
		return x.compensateCalled()
	case ReleaseCalled:
		return x.releaseCalled()
	}
	return ErrCommand
}
