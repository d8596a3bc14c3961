package enginetest

import (
	"fmt"

	"tallystick/engine"
	"tallystick/fault"
	"tallystick/internal/canon"
)

// errand is what a command left to be done elsewhere: the part of the host in a scenario.
type errand func() error

const errandsMax = 10_000 // of one command; instances may go on sending each other messages for ever

// do gives an instance a command and then carries out what it left to be done elsewhere, in order.
func (r *runner) do(i *instance, actor string, cmd engine.Command) error {
	if err := r.step(i, actor, cmd); err != nil {
		return err
	}
	return r.errands()
}

func (r *runner) errands() error {
	r.outward = true
	defer func() { r.outward = false }()
	for n := 0; len(r.pending) > 0; n++ {
		if n == errandsMax {
			return fmt.Errorf("one command led to more than %d others", errandsMax)
		}
		next := r.pending[0]
		r.pending = r.pending[1:]
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) later(e errand) { r.pending = append(r.pending, e) }

// hear notes what a record means to others.
func (r *runner) hear(i *instance, rec engine.Record) {
	switch rec := rec.(type) {
	case engine.DataStoreWritten:
		r.library.stores[rec.Store] = rec.Value
	case engine.SubscriptionOpened:
		r.listen(i, rec)
	case engine.SubscriptionMigrated:
		r.relabel(rec)
	case engine.SubscriptionTriggered:
		r.unlisten(rec.Key)
	case engine.SubscriptionClosed:
		r.unlisten(rec.Key)
	case engine.MessageThrown:
		r.later(func() error {
			return r.publish(message{name: rec.Name, key: rec.CorrelationKey, variables: rec.Variables.Fields(), expires: r.now.Add(thrownTTL)})
		})
	case engine.SignalThrown:
		r.broadcast(rec.Name, rec.Variables.Fields())
	case engine.InstanceCompleted, engine.InstanceTerminated:
		r.later(func() error { return r.freed(i) })
	default:
		r.hearCall(i, rec)
	}
}

// hearCall notes what a record of a caller means to the called instance, and the reverse.
func (r *runner) hearCall(i *instance, rec engine.Record) {
	switch rec := rec.(type) {
	case engine.ProcessCalled:
		r.later(func() error { return r.call(i, rec) })
	case engine.CallCanceled:
		r.toCalled(rec.ElementInstance, engine.CancelInstance{ByCaller: true})
	case engine.CallReturned:
		r.toCaller(rec.Caller, engine.ReturnCall{
			ElementInstance: rec.Caller, Called: i.st.Key(), Variables: fields(rec.Variables), Compensable: rec.Compensable,
		})
	case engine.CallErrorThrown:
		r.toCaller(rec.Caller, engine.ThrowCallError{
			ElementInstance: rec.Caller, Called: i.st.Key(), Code: rec.Code, Message: rec.Message, Variables: fields(rec.Variables),
		})
	case engine.CallEscalationThrown:
		r.toCaller(rec.Caller, engine.ThrowCallEscalation{
			ElementInstance: rec.Caller, Called: i.st.Key(), Code: rec.Code, Variables: fields(rec.Variables),
		})
	case engine.CallCompensated:
		r.later(func() error { return r.undo(i, rec) })
	case engine.CallReleased:
		r.toInstance(rec.Called, engine.ReleaseCalled{})
	}
}

// fields returns the variables of a record, nil when it has none.
func fields(j canon.JSON) engine.Variables {
	if j == "" {
		return nil
	}
	return j.Fields()
}

// call starts a called process, unless its caller has given it up in the meantime.
func (r *runner) call(caller *instance, rec engine.ProcessCalled) error {
	if _, waits := caller.st.Element(rec.ElementInstance); !waits {
		return nil
	}
	def := r.library.versions[rec.Definition]
	if def == nil {
		return fmt.Errorf("the called process %s (%d) is not deployed", rec.ProcessID, rec.Definition)
	}
	return r.start(def, engine.StartInstance{
		BusinessID: rec.BusinessID, Variables: fields(rec.Variables),
		Caller: &engine.Caller{Instance: caller.st.Key(), ElementInstance: rec.ElementInstance, Root: rec.Root, Depth: rec.Depth},
	})
}

// toCaller gives a command to the instance whose element called; one that does not wait any more hears nothing.
func (r *runner) toCaller(element int64, cmd engine.Command) {
	r.later(func() error {
		i := r.instance(element)
		if i == nil || !i.active() {
			return nil
		}
		refusal, err := r.attempt(i, "", cmd)
		if err == nil && refusal != nil && fault.CodeOf(refusal) != engine.ErrCallNotFound.Code {
			err = r.rejected(refusal)
		}
		return err
	})
}

// toCalled gives a command to the instance that an element called, if it runs.
func (r *runner) toCalled(element int64, cmd engine.Command) {
	r.later(func() error {
		for _, i := range r.instances {
			if i.active() && i.st.Caller() == element {
				return r.step(i, "", cmd)
			}
		}
		return nil
	})
}

// undo asks a called instance to undo what it has done. When it cannot any more, the caller learns of it.
func (r *runner) undo(caller *instance, rec engine.CallCompensated) error {
	called := r.instance(rec.Called)
	if called == nil {
		return fmt.Errorf("the called instance %d is not known", rec.Called)
	}
	refusal, err := r.attempt(called, "", engine.CompensateCalled{})
	if refusal != nil {
		r.toCaller(caller.st.Key(), engine.ThrowCallError{
			ElementInstance: rec.ElementInstance, Called: rec.Called, Message: "the called instance cannot undo what it did: " + fault.CodeOf(refusal),
		})
	}
	return err
}

// toInstance gives a command to an instance that is still open.
func (r *runner) toInstance(key int64, cmd engine.Command) {
	r.later(func() error {
		if i := r.instance(key); i != nil && i.active() {
			return r.step(i, "", cmd)
		}
		return nil
	})
}
