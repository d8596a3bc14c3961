package host

import (
	"context"

	"tallystick/engine"
)

// Await waits until an instance has ended and returns its status; ErrTimeout when ctx ends first.
func (h *Host) Await(ctx context.Context, by Actor, instance int64) (string, error) {
	authorized := false
	for {
		w := h.ended.enter(instance)
		st, err := h.look(ctx, instance)
		if err == nil && !authorized {
			err = h.require(ctx, by, ActionInstanceRead, Target{Scope: "def:" + st.ProcessID})
			authorized = true
		}
		if err != nil || st.Status != string(engine.Active) {
			h.ended.leave(instance, w)
			return st.Status, err
		}
		waiting := h.await(ctx, w)
		h.ended.leave(instance, w)
		if !waiting {
			return st.Status, ErrTimeout.With("the instance is still active")
		}
	}
}

// look reads how an instance stands in the store.
func (h *Host) look(ctx context.Context, instance int64) (InstanceStatus, error) {
	asked, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	st, ok, err := h.store.Status(asked, instance)
	switch {
	case err != nil && ctx.Err() != nil:
		return st, ErrTimeout.With("the instance is still active")
	case err == nil && !ok:
		return st, engine.ErrInstanceNotFound
	}
	return st, err
}
