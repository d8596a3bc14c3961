package host

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// batchesOnce is how many batch operations a node works at side by side.
const batchesOnce = 16

// doorbell wakes one loop; rings while it is awake are one.
type doorbell chan struct{}

func (d doorbell) ring() {
	select {
	case d <- struct{}{}:
	default:
	}
}

// wait waits for a ring or until the time is over; false when the context ended first.
func (d doorbell) wait(ctx context.Context, most time.Duration) bool {
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-d:
	case <-t.C:
	}
	return true
}

// runBatches carries out items of batch operations until ctx ends. Every node does so. Items that a node had in
// hand when it died are another's once the claim has run out.
func (h *Host) runBatches(ctx context.Context) {
	for {
		n, err := h.carryBatches(ctx)
		if err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "batch operations could not be carried on", slog.Any("err", err))
		}
		if n > 0 && err == nil && ctx.Err() == nil {
			continue
		}
		if !h.batches.wait(ctx, h.random.spread(h.opts.PollMax)) {
			return
		}
	}
}

// carryBatches carries out the next items, at most Options.ItemsMax, in equal parts of every open batch operation, and
// tells how many it had in hand. Other work comes between two rounds.
func (h *Host) carryBatches(ctx context.Context) (int, error) {
	open, err := ask1(ctx, h, func(ctx context.Context) ([]BatchOperation, error) { return h.store.OpenBatches(ctx, batchesOnce) })
	if err != nil || len(open) == 0 {
		return 0, err
	}
	share := max(1, h.opts.ItemsMax/len(open))
	var round []*itemCall
	for i := range open {
		items, failed := h.claimItems(ctx, open[i].Key, share)
		for _, item := range items {
			round = append(round, &itemCall{of: &open[i], item: item})
		}
		if failed == nil && len(items) == 0 {
			failed = h.endBatch(ctx, open[i].Key)
		}
		err = errors.Join(err, failed)
	}
	return len(round), errors.Join(err, h.carryItems(ctx, round))
}

func (h *Host) claimItems(ctx context.Context, batch int64, most int) ([]BatchItem, error) {
	return ask1(ctx, h, func(ctx context.Context) ([]BatchItem, error) {
		now := h.clock.moment().Store
		return h.store.ClaimItems(ctx, batch, now, now.Add(h.opts.ErrandClaim), most)
	})
}

// carryItems carries out items side by side and writes down what became of those that were refused. What was
// claimed is carried out even while the host stops.
func (h *Host) carryItems(ctx context.Context, round []*itemCall) error {
	ctx = context.WithoutCancel(ctx)
	for _, i := range round {
		i.begin(ctx, h)
	}
	var refused []BatchOutcome
	for _, i := range round {
		if o, ok := i.outcome(ctx, h, i.end(ctx, h)); ok {
			o.At = h.clock.moment().At
			refused = append(refused, o)
		}
	}
	if len(refused) == 0 {
		return nil
	}
	_, err := ask1(ctx, h, func(ctx context.Context) (struct{}, error) { return struct{}{}, h.store.SettleItems(ctx, refused) })
	return err
}
