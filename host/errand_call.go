package host

import (
	"context"
	"errors"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// carryCall carries a call, or what came of it, to the other instance.
func (h *Host) carryCall(ctx context.Context, e *Errand, record engine.Record) error {
	switch r := record.(type) {
	case engine.ProcessCalled:
		return h.startCalled(ctx, e, r)
	case engine.CallCompensated:
		return h.undoCalled(ctx, e, r)
	}
	call := callOf(e, record)
	if call.Command == nil {
		return ErrErrand.With("an errand of kind %s comes from a %s", e.Kind, record.Kind())
	}
	err := h.settleBy(ctx, e, System("call"), call, &deed{})
	if refusedForGood(err) && !errors.Is(err, engine.ErrInstanceSuspended) { // which hears it when it is resumed
		// Whom it was for has ended, or has given up waiting: nobody is left to be told.
		return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}})
	}
	return err
}

// callOf is the command that an errand asks for.
func callOf(e *Errand, record engine.Record) Call {
	switch r := record.(type) {
	case engine.CallReturned:
		return Call{Instance: engine.InstanceOf(r.Caller), Command: engine.ReturnCall{
			ElementInstance: r.Caller, Called: e.Source, Variables: variablesOf(r.Variables), Compensable: r.Compensable,
		}}
	case engine.CallErrorThrown:
		return Call{Instance: engine.InstanceOf(r.Caller), Command: engine.ThrowCallError{
			ElementInstance: r.Caller, Called: e.Source, Code: r.Code, Message: r.Message, Variables: variablesOf(r.Variables),
		}}
	case engine.CallEscalationThrown:
		return Call{Instance: engine.InstanceOf(r.Caller), Command: engine.ThrowCallEscalation{
			ElementInstance: r.Caller, Called: e.Source, Code: r.Code, Variables: variablesOf(r.Variables),
		}}
	case engine.CallReleased:
		return Call{Instance: r.Called, Command: engine.ReleaseCalled{}}
	}
	return Call{}
}

func variablesOf(object canon.JSON) engine.Variables {
	if object == "" {
		return nil
	}
	return object.Fields()
}

// startCalled starts the called process. Its key is that of the errand, so that there is one whatever happens.
// When it cannot start, the call activity gets an incident.
func (h *Host) startCalled(ctx context.Context, e *Errand, r engine.ProcessCalled) error {
	call := Call{
		Process: ProcessRef{Key: r.Definition},
		Command: engine.StartInstance{
			BusinessID: r.BusinessID, Variables: variablesOf(r.Variables),
			Caller: &engine.Caller{Instance: e.Source, ElementInstance: r.ElementInstance, Root: r.Root, Depth: r.Depth},
		},
	}
	err := h.settleBy(ctx, e, System("call"), call, &deed{key: e.Key})
	if !refusedForGood(err) {
		return err
	}
	return h.failCall(ctx, e, engine.ThrowCallError{
		ElementInstance: r.ElementInstance, Message: "process " + r.ProcessID + ": " + err.Error(),
	})
}

// undoCalled asks a called instance to undo what it has done. When it never will, the call activity gets an incident.
func (h *Host) undoCalled(ctx context.Context, e *Errand, r engine.CallCompensated) error {
	err := h.settleBy(ctx, e, System("call"), Call{Instance: r.Called, Command: engine.CompensateCalled{}}, &deed{})
	if !refusedForGood(err) || errors.Is(err, engine.ErrInstanceSuspended) {
		return err
	}
	return h.failCall(ctx, e, engine.ThrowCallError{
		ElementInstance: r.ElementInstance, Called: r.Called,
		Message: "the called instance cannot undo what it did: " + fault.CodeOf(err),
	})
}

// failCall tells the caller that what it asked for cannot be. When it does not wait any more, nobody is told.
func (h *Host) failCall(ctx context.Context, e *Errand, c engine.ThrowCallError) error {
	err := h.settleBy(ctx, e, System("call"), Call{Instance: e.Source, Command: c}, &deed{})
	if refusedForGood(err) && !errors.Is(err, engine.ErrInstanceSuspended) {
		return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}})
	}
	return err
}

// cancelCalled cancels what an element instance called, or keeps it from starting.
func (h *Host) cancelCalled(ctx context.Context, e *Errand, record engine.Record) error {
	caller := record.(engine.CallCanceled).ElementInstance
	for {
		pending, err := ask1(ctx, h, func(ctx context.Context) (int64, error) { return h.store.PendingCall(ctx, caller) })
		if err != nil {
			return err
		}
		if pending != 0 {
			if done, err := h.dismissed(ctx, Dismissal{Errands: []int64{e.Key, pending}}); done || err != nil {
				return err
			}
		}
		called, err := ask1(ctx, h, func(ctx context.Context) (int64, error) { return h.store.Called(ctx, caller) })
		if err != nil {
			return err
		}
		if called != 0 {
			err := h.settleBy(ctx, e, System("call"), Call{Instance: called, Command: engine.CancelInstance{ByCaller: true}}, &deed{})
			if !refusedForGood(err) {
				return err
			}
		}
		// Nothing is pending and nothing runs, unless it began between the two looks.
		if pending == 0 {
			return h.dismiss(ctx, Dismissal{Errands: []int64{e.Key}})
		}
	}
}
