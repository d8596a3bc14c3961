package host

import "context"

// AwaitTask waits until over says that the listeners of a user task have heard of what is to happen to it; ErrTimeout
// when ctx ends first. Over is asked when this node wrote that they have, and every PollMax for what others wrote.
func (h *Host) AwaitTask(ctx context.Context, task int64, over func(context.Context) (bool, error)) error {
	for {
		w := h.ended.enter(task)
		done, err := over(ctx)
		if done || err != nil {
			h.ended.leave(task, w)
			return err
		}
		waiting := h.await(ctx, w)
		h.ended.leave(task, w)
		if !waiting {
			return ErrTimeout.With("the listeners of the task have not all answered")
		}
	}
}
