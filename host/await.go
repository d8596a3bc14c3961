package host

import (
	"context"

	"tallystick/engine"
)

// standingsMax is of how many instances a node remembers how they stand.
const standingsMax = 8192

// Await waits until an instance has ended and returns its status; ErrTimeout when ctx ends first. What this
// node wrote last is believed: that an instance has ended stays true, and that it has not is looked up again
// every PollMax. A right that was revoked at another node may be used for as long.
func (h *Host) Await(ctx context.Context, by Actor, instance int64) (string, error) {
	authorized, remembered := false, true
	for {
		w := h.ended.enter(instance)
		st, err := h.standing(ctx, instance, remembered)
		if err == nil && !authorized {
			err = h.mayRead(ctx, by, st.ProcessID)
			authorized = true
		}
		if err != nil || st.Status != string(engine.Active) && st.Status != StatusSuspended {
			h.ended.leave(instance, w)
			return st.Status, err
		}
		waiting := h.await(ctx, w)
		remembered = !h.ended.leave(instance, w) // a ring says that this node wrote the end
		if !waiting {
			return st.Status, ErrTimeout.With("the instance is still active")
		}
	}
}

func (h *Host) mayRead(ctx context.Context, by Actor, process string) error {
	on := Target{Scope: "def:" + process}
	if h.clock.fresh(2*h.opts.PollMax) && h.authorizer.Allow(by, ActionInstanceRead, on).Allowed {
		return nil
	}
	return h.require(ctx, by, ActionInstanceRead, on)
}

// standing tells how an instance stands: from memory when that may be asked and has it, else from the store.
func (h *Host) standing(ctx context.Context, instance int64, remembered bool) (InstanceStatus, error) {
	if remembered {
		if st, ok := h.standings.get(instance); ok {
			return st, nil
		}
	}
	return h.look(ctx, instance)
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
