package host

import (
	"context"
	"errors"
	"strconv"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/internal/canon"
)

// Deletion says which instance is to be forgotten, and why.
type Deletion struct {
	Instance  int64
	Reason    string
	RequestID string

	item  *BatchOutcome // of a batch operation, written with the deletion
	cause string        // the audit entry of its creation
}

// Delete forgets the history of an instance that has ended, and of those that it called, as retention does: what the
// audit log says of them stays and verifies. Batch operations call it for each of their instances.
//
// It is refused with engine.ErrInstanceNotFound when there is no such instance, also the second time, with
// ErrInstanceActive while it or one that it called goes on, at whatever depth and before anything is gone, and with
// ErrInstanceCalled for one that goes with its caller. Trees of more than pruneMax instances go in several transactions, the topmost instance last, so that what
// was interrupted is finished by the same call.
func (h *Host) Delete(ctx context.Context, by Actor, d Deletion) error {
	if h.opts.History == nil {
		return ErrNoHistory
	}
	st, ok, err := ask2(ctx, h, func(ctx context.Context) (InstanceStatus, bool, error) { return h.store.Status(ctx, d.Instance) })
	switch {
	case err != nil:
		return err
	case !ok:
		return engine.ErrInstanceNotFound.With("there is no process instance %d", d.Instance)
	}
	on := Target{Scope: "def:" + st.ProcessID}
	if err := h.require(ctx, by, ActionInstanceDelete, on); err != nil {
		return err
	}
	if st.Status == string(engine.Active) || st.Status == StatusSuspended {
		return ErrInstanceActive.With("process instance %d has not ended", d.Instance)
	}
	for more := true; more; {
		if more, err = h.deleteChunk(ctx, by, d, st.ProcessID); err != nil {
			return err
		}
	}
	return nil
}

func (h *Host) deleteChunk(ctx context.Context, by Actor, d Deletion, processID string) (bool, error) {
	for range h.opts.AttemptsMax {
		more, err := h.tryDelete(ctx, by, d, processID)
		if moved, lost := errors.AsType[*Moved](err); lost && len(moved.Items) > 0 {
			return false, errItemGone
		}
		if again, err := h.lost(ctx, err, by, ActionInstanceDelete, Target{Scope: "def:" + processID}); !again {
			return more, err
		}
	}
	return false, ErrContended
}

func (h *Host) tryDelete(ctx context.Context, by Actor, d Deletion, processID string) (bool, error) {
	stream := "history/default/" + h.opts.Node
	held, err := h.streams.hold(ctx, []string{stream})
	if err != nil {
		return false, err
	}
	v := h.authorizer.Allow(by, ActionInstanceDelete, Target{Scope: "def:" + processID})
	if !v.Allowed {
		h.streams.keep(held)
		return false, denied(v, ActionInstanceDelete, "def:"+processID)
	}
	e := h.deletion(by, v, d, processID)
	var linked AuditBatch
	seal := func(done Pruned) (AuditBatch, error) {
		linked = link(h.random, held, []note{{stream: stream, draft: d.draft(e, done)}})
		return linked, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.opts.StoreTimeout)
	defer cancel()
	done, err := h.opts.History.Forget(ctx, d.forgetting(e), seal)
	if err != nil {
		h.streams.release(held, nil)
		return false, err
	}
	h.streams.release(held, linked.Streams)
	return done.More, nil
}

// forgetting is what the store is asked for: the item of a batch operation names the entry of its last transaction.
func (d Deletion) forgetting(e audit.Entry) Forgetting {
	f := Forgetting{Instance: d.Instance, Max: pruneMax}
	if d.item != nil {
		done := *d.item
		done.Entry, done.At = e.EventID.String(), time.UnixMicro(e.NodeTime)
		f.Item = &done
	}
	return f
}

// deletion is the entry that says who forgot which instance.
func (h *Host) deletion(by Actor, v Verdict, d Deletion, processID string) audit.Entry {
	e := h.entry(moment{Node: h.clock.node()}, by, "history", ActionInstanceDelete)
	judged(&e, v)
	e.Resource = audit.Given("instance:" + strconv.FormatInt(d.Instance, 10))
	e.Instance, e.Definition, e.RequestID = audit.Given(d.Instance), audit.Given(processID), audit.Given(d.RequestID)
	if event, err := audit.ParseEventID(d.cause); err == nil {
		e.Cause = &event
	}
	return e
}

// draft adds why, what went with it, and how many rows.
func (d Deletion) draft(e audit.Entry, done Pruned) draft {
	private := forgotten(done)
	if d.Reason != "" {
		private["reason"] = canon.String(d.Reason)
	}
	return draft{entry: e, private: []byte(canon.Object(private))}
}

// forgotten lists what went, for the private part of an entry.
func forgotten(done Pruned) map[string]canon.JSON {
	keys := make([]canon.JSON, len(done.Instances))
	for i, k := range done.Instances {
		keys[i] = canon.String(strconv.FormatInt(k, 10))
	}
	rows := make(map[string]canon.JSON, len(done.Rows))
	for table, n := range done.Rows {
		rows[table] = canon.Int(n)
	}
	return map[string]canon.JSON{"instances": canon.List(keys), "rows": canon.Object(rows)}
}
