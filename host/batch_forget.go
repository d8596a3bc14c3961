package host

import (
	"context"
	"strconv"
	"time"

	"tallystick/audit"
	"tallystick/internal/canon"
)

// batchRowsForgotten is how many batch operations and items one transaction forgets.
const batchRowsForgotten = 5000

// ForgetBatches forgets batch operations that ended longer ago than keep, with their items, and returns how many. It
// goes on until none is left; each transaction leaves an audit entry, and between two of them others have their turn. It
// needs no running host.
func (h *Host) ForgetBatches(ctx context.Context, by Actor, keep time.Duration) (int, error) {
	if err := h.require(ctx, by, ActionHistoryPrune, Target{Scope: scopeBatch}); err != nil {
		return 0, err
	}
	before, total := h.clock.read().Add(-keep), 0
	for {
		begin := h.opts.Now()
		done, err := h.forgetBatches(ctx, by, before)
		total += len(done.Keys)
		if err != nil || !done.More {
			return total, err
		}
		if !sleep(ctx, max(prunePause*h.opts.Now().Sub(begin), pruneRest)) {
			return total, ctx.Err()
		}
	}
}

func (h *Host) forgetBatches(ctx context.Context, by Actor, before time.Time) (done ForgottenBatches, err error) {
	on := Target{Scope: scopeBatch}
	err = h.forget(ctx, by, ActionHistoryPrune, on, func(ctx context.Context, v Verdict, link func(draft) AuditBatch) error {
		done, err = h.store.ForgetBatches(ctx, before, batchRowsForgotten, func(gone ForgottenBatches) (AuditBatch, error) {
			return link(h.forgottenDraft(by, v, before, gone)), nil
		})
		return err
	})
	if err != nil {
		return ForgottenBatches{}, err
	}
	return done, nil
}

func (h *Host) forgottenDraft(by Actor, v Verdict, before time.Time, gone ForgottenBatches) draft {
	e := h.entry(moment{Node: h.clock.node()}, by, "history", ActionHistoryPrune)
	judged(&e, v)
	e.Resource = audit.Given(scopeBatch)
	keys := make([]canon.JSON, len(gone.Keys))
	for i, k := range gone.Keys {
		keys[i] = canon.String(strconv.FormatInt(k, 10))
	}
	return draft{entry: e, private: []byte(canon.Object(map[string]canon.JSON{
		"endedBefore": canon.String(before.UTC().Format(time.RFC3339Nano)), "batchOperations": canon.List(keys), "items": canon.Int(gone.Items),
	}))}
}
