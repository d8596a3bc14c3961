package host

import (
	"context"
	"strconv"
	"time"

	"tallystick/internal/canon"
)

// batchesForgotten is how many batch operations one transaction forgets.
const batchesForgotten = 10

// ForgetBatches forgets batch operations that ended longer ago than keep, with their items, and returns how many.
// Each transaction leaves an audit entry. It needs no running host.
func (h *Host) ForgetBatches(ctx context.Context, by Actor, keep time.Duration) (int, error) {
	on := Target{Scope: scopeBatch}
	if err := h.require(ctx, by, ActionHistoryPrune, on); err != nil {
		return 0, err
	}
	before, total := h.clock.read().Add(-keep), 0
	for range h.opts.AttemptsMax {
		n, err := h.forgetBatches(ctx, by, before, on)
		again, err := h.lost(ctx, err, by, ActionHistoryPrune, on)
		if again {
			continue
		}
		total += n
		if err != nil || n < batchesForgotten || ctx.Err() != nil {
			return total, err
		}
	}
	return total, nil
}

func (h *Host) forgetBatches(ctx context.Context, by Actor, before time.Time, on Target) (int, error) {
	stream := "history/default/" + h.opts.Node
	held, err := h.streams.hold(ctx, []string{stream})
	if err != nil {
		return 0, err
	}
	v := h.authorizer.Allow(by, ActionHistoryPrune, on)
	if !v.Allowed {
		h.streams.keep(held)
		return 0, denied(v, ActionHistoryPrune, on.Scope)
	}
	var linked AuditBatch
	n, err := ask1(ctx, h, func(ctx context.Context) (int, error) {
		return h.store.ForgetBatches(ctx, before, batchesForgotten, func(gone []int64) (AuditBatch, error) {
			linked = link(h.random, held, []note{{stream: stream, draft: h.forgottenDraft(by, v, before, gone)}})
			return linked, nil
		})
	})
	switch {
	case err != nil:
		h.streams.release(held, nil)
	case n == 0:
		h.streams.keep(held)
	default:
		h.streams.release(held, linked.Streams)
	}
	return n, err
}

func (h *Host) forgottenDraft(by Actor, v Verdict, before time.Time, gone []int64) draft {
	e := h.entry(moment{Node: h.clock.node()}, by, "history", ActionHistoryPrune)
	judged(&e, v)
	scope := scopeBatch
	e.Resource = &scope
	keys := make([]canon.JSON, len(gone))
	for i, k := range gone {
		keys[i] = canon.String(strconv.FormatInt(k, 10))
	}
	return draft{entry: e, private: []byte(canon.Object(map[string]canon.JSON{
		"endedBefore": canon.String(before.UTC().Format(time.RFC3339Nano)), "batchOperations": canon.List(keys),
	}))}
}
