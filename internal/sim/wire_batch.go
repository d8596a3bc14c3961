package sim

import (
	"context"
	"strconv"
	"time"

	"tallystick/host"
)

// The operations on batch operations.
const (
	opBatches    op = "batches"
	opClaimItems op = "claimItems"
	opSettle     op = "settleItems"
)

// CountItems implements host.Store.
func (w *wire) CountItems(ctx context.Context, s host.BatchSelection) (int64, error) {
	return send(ctx, w, &ticket{op: opBatches, detail: s.Type}, func(ctx context.Context) (int64, error) { return w.store.CountItems(ctx, s) })
}

// OpenBatches implements host.Store.
func (w *wire) OpenBatches(ctx context.Context, limit int) ([]host.BatchOperation, error) {
	t := &ticket{op: opBatches}
	return send(ctx, w, t, func(ctx context.Context) ([]host.BatchOperation, error) {
		open, err := w.store.OpenBatches(ctx, limit)
		t.idle = len(open) == 0
		return open, err
	})
}

// ClaimItems implements host.Store.
func (w *wire) ClaimItems(ctx context.Context, batch int64, now, until time.Time, limit int) ([]host.BatchItem, error) {
	t := &ticket{op: opClaimItems, detail: strconv.FormatInt(batch, 10)}
	return send(ctx, w, t, func(ctx context.Context) ([]host.BatchItem, error) {
		items, err := w.store.ClaimItems(ctx, batch, now, until, limit)
		t.idle = len(items) == 0
		return items, err
	})
}

// SettleItems implements host.Store.
func (w *wire) SettleItems(ctx context.Context, all []host.BatchOutcome) error {
	_, err := send(ctx, w, &ticket{op: opSettle}, func(ctx context.Context) (struct{}, error) { return struct{}{}, w.store.SettleItems(ctx, all) })
	return err
}

// BatchCounts implements host.Store.
func (w *wire) BatchCounts(ctx context.Context, batch int64) (host.BatchCounts, bool, error) {
	type answer struct {
		counts host.BatchCounts
		ok     bool
	}
	a, err := send(ctx, w, &ticket{op: opBatches, detail: strconv.FormatInt(batch, 10)}, func(ctx context.Context) (answer, error) {
		c, ok, err := w.store.BatchCounts(ctx, batch)
		return answer{c, ok}, err
	})
	return a.counts, a.ok, err
}

// ForgetBatches implements host.Store.
func (w *wire) ForgetBatches(ctx context.Context, before time.Time, limit int, seal func(host.ForgottenBatches) (host.AuditBatch, error)) (host.ForgottenBatches, error) {
	return send(ctx, w, &ticket{op: opSettle}, func(ctx context.Context) (host.ForgottenBatches, error) {
		return w.store.ForgetBatches(ctx, before, limit, seal)
	})
}
