package host

import (
	"context"

	"tallystick/engine"
)

// Await waits until an instance has ended and returns its state; ErrTimeout when ctx ends first.
func (h *Host) Await(ctx context.Context, by Actor, instance int64) (string, error) {
	authorized := false
	for {
		w := h.ended.enter(instance)
		st, err := h.look(ctx, instance)
		if err == nil && !authorized {
			err = h.mayRead(ctx, by, st)
			authorized = true
		}
		if err != nil || st.Status() != engine.Active {
			h.ended.leave(instance, w)
			return string(st.Status()), err
		}
		waiting := h.await(ctx, w)
		h.ended.leave(instance, w)
		if !waiting {
			return string(engine.Active), ErrTimeout.With("the instance is still active")
		}
	}
}

func (h *Host) mayRead(ctx context.Context, by Actor, st engine.State) error {
	d, _ := h.Catalog().Process(ProcessRef{Key: st.Definition()})
	return h.require(ctx, by, ActionInstanceRead, Target{Scope: "def:" + d.ID})
}

// look reads an instance as it is in the store.
func (h *Host) look(ctx context.Context, instance int64) (engine.State, error) {
	loaded, err := h.load(ctx, []int64{instance})
	if err != nil {
		if ctx.Err() != nil {
			return engine.State{}, ErrTimeout.With("the instance is still active")
		}
		return engine.State{}, err
	}
	if _, err := h.catchUp(ctx, loaded); err != nil {
		return engine.State{}, err
	}
	stored, ok := loaded.Instances[instance]
	if !ok {
		return engine.State{}, engine.ErrInstanceNotFound
	}
	return engine.DecodeState(stored.State)
}
