package host

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"tallystick/fault"
)

// Retention says how long the history of ended instances is kept; 0 is for ever.
type Retention struct {
	Default time.Duration
	Of      map[string]time.Duration // by process id; wins over Default
}

// Keep is how long the history of a process is kept; 0 is for ever.
func (r Retention) Keep(processID string) time.Duration {
	if d, ok := r.Of[processID]; ok {
		return d
	}
	return r.Default
}

// forgets reports whether anything is forgotten at all.
func (r Retention) forgets() bool {
	for _, d := range r.Of {
		if d > 0 {
			return true
		}
	}
	return r.Default > 0
}

// Retain prunes the history of all deployed processes, and what was evaluated outside of them, as the retention says, again and again with a pause
// between, until ctx ends. Every node may run it: what one prunes, others pass over. It waits until the host runs.
func (h *Host) Retain(ctx context.Context, from History, r Retention, every time.Duration) {
	if !r.forgets() {
		return
	}
	select {
	case <-ctx.Done():
		return
	case <-h.ready:
	}
	for sleep(ctx, h.random.spread(every)) {
		h.retainAll(ctx, from, r)
	}
}

func (h *Host) retainAll(ctx context.Context, from History, r Retention) {
	if r.Default > 0 {
		if _, err := h.ForgetBatches(ctx, System("retention"), r.Default); err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "batch operations could not be forgotten", slog.Any("err", err))
		}
		if _, err := h.PruneEvaluations(ctx, System("retention"), from, r.Default); err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "evaluations could not be forgotten", slog.Any("err", err))
		}
	}
	for _, id := range h.processIDs() {
		keep := r.Keep(id)
		if keep <= 0 || ctx.Err() != nil {
			continue
		}
		n, err := h.Prune(ctx, System("retention"), from, id, keep)
		if n > 0 {
			h.opts.Log.InfoContext(ctx, "history was pruned", slog.Any("process", id), slog.Int64("instances", int64(n)))
		}
		if err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "history could not be pruned", slog.Any("process", id),
				slog.Any("code", fault.CodeOf(err)), slog.Any("err", err))
		}
	}
}

// processIDs lists every process that was ever deployed, once.
func (h *Host) processIDs() []string {
	all := h.Catalog().Processes()
	ids := make([]string, len(all))
	for i, d := range all {
		ids[i] = d.ID
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
