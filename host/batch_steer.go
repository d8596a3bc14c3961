package host

import (
	"context"
	"slices"

	"tallystick/audit"
	"tallystick/internal/canon"
)

// SteerBatch suspends, resumes or cancels a batch operation: to is BatchSuspended, BatchActive or BatchCanceled.
// Items that are in hand are still carried out when it is suspended; once it is canceled, none is. The reason and
// the request id go to the audit entry.
func (h *Host) SteerBatch(ctx context.Context, by Actor, batch int64, to, reason, request string) error {
	from, ok := batchMoves[to]
	if !ok {
		return ErrBatch.With("a batch operation cannot be made %s", to)
	}
	on := Target{Scope: scopeBatch}
	if err := h.require(ctx, by, ActionBatchUpdate, on); err != nil {
		return err
	}
	err := h.write(ctx, func(ctx context.Context, now moment) (Batch, []note, bool, error) {
		v := h.authorizer.Allow(by, ActionBatchUpdate, on)
		if !v.Allowed {
			return Batch{}, nil, false, denied(v, ActionBatchUpdate, on.Scope)
		}
		counts, found, err := h.store.BatchCounts(ctx, batch)
		switch {
		case err != nil:
			return Batch{}, nil, false, err
		case !found:
			return Batch{}, nil, false, ErrBatchNotFound
		case !slices.Contains(from, counts.State):
			return Batch{}, nil, false, ErrBatchState.With("the batch operation is %s", counts.State)
		}
		private := map[string]canon.JSON{"state": canon.String(to)}
		if reason != "" {
			private["reason"] = canon.String(reason)
		}
		n := h.batchNote(now, by, ActionBatchUpdate, v, batch, private)
		n.entry.RequestID = audit.Given(request)
		move := &BatchMove{Key: batch, From: []string{counts.State}, To: to, At: now.At}
		return Batch{Policy: v.Policy, Operations: []BatchChange{{Move: move}}}, []note{n}, false, nil
	})
	if err == nil {
		h.batches.ring()
	}
	return err
}

// batchMoves are the states that a batch operation can be moved from, by the state to move it to.
var batchMoves = map[string][]string{
	BatchSuspended: {BatchCreated, BatchActive},
	BatchActive:    {BatchSuspended},
	BatchCanceled:  {BatchCreated, BatchActive, BatchSuspended},
}

// endBatch ends a batch operation whose items are all done; nothing when some are in the hands of others.
func (h *Host) endBatch(ctx context.Context, batch int64) error {
	by, on := System("batch"), Target{Scope: scopeBatch}
	return h.write(ctx, func(ctx context.Context, now moment) (Batch, []note, bool, error) {
		counts, found, err := h.store.BatchCounts(ctx, batch)
		if err != nil || !found || counts.Active > 0 || counts.State != BatchActive {
			return Batch{}, nil, true, err
		}
		v := h.authorizer.Allow(by, ActionBatchUpdate, on)
		if !v.Allowed {
			return Batch{}, nil, false, denied(v, ActionBatchUpdate, on.Scope)
		}
		n := h.batchNote(now, by, ActionBatchUpdate, v, batch, map[string]canon.JSON{
			"state": canon.String(counts.end()), "items": canon.Int(counts.Total()), "completed": canon.Int(counts.Completed),
			"failed": canon.Int(counts.Failed), "skipped": canon.Int(counts.Skipped),
		})
		move := &BatchMove{Key: batch, From: []string{BatchActive}, To: counts.end(), At: now.At}
		return Batch{Policy: v.Policy, Operations: []BatchChange{{Move: move}}}, []note{n}, false, nil
	})
}
