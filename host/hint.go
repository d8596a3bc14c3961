package host

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// hintJob begins a hint that a job of a type waits.
const hintJob = "job:"

// Pauses between two hints, so that a busy node sends few, and after a lost connection.
const (
	hintPause  = 20 * time.Millisecond
	hintRepair = time.Second
)

// hints collects what other nodes may like to know and sends it beside the transactions: a notification inside
// of one would take a lock that all commits of the database share.
type hints struct {
	host *Host
	mu   sync.Mutex
	out  map[string]bool
	some chan struct{}
}

func newHints(h *Host) *hints {
	return &hints{host: h, out: map[string]bool{}, some: make(chan struct{}, 1)}
}

// add puts a hint on its way; without other nodes it does nothing.
func (h *hints) add(hint string) {
	if h.host.opts.Hints == nil {
		return
	}
	h.mu.Lock()
	h.out[hint] = true
	h.mu.Unlock()
	select {
	case h.some <- struct{}{}:
	default:
	}
}

func (h *hints) run(ctx context.Context) {
	if h.host.opts.Hints == nil {
		return
	}
	var listening sync.WaitGroup
	listening.Go(func() { h.listen(ctx) })
	defer listening.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.some:
		}
		if err := h.host.opts.Hints.Send(ctx, h.take()); err != nil && ctx.Err() == nil {
			h.host.opts.Log.DebugContext(ctx, "hints could not be sent", slog.Any("err", err))
		}
		if !sleep(ctx, hintPause) {
			return
		}
	}
}

func (h *hints) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]string, 0, len(h.out))
	for hint := range h.out {
		all = append(all, hint)
	}
	clear(h.out)
	return all
}

func (h *hints) listen(ctx context.Context) {
	for {
		err := h.host.opts.Hints.Listen(ctx, h.heard)
		if ctx.Err() != nil {
			return
		}
		h.host.opts.Log.DebugContext(ctx, "hints are not heard", slog.Any("err", err))
		if !sleep(ctx, h.host.random.spread(hintRepair)) {
			return
		}
	}
}

func (h *hints) heard(hint string) {
	if jobType, ok := strings.CutPrefix(hint, hintJob); ok {
		h.host.jobs.ring(jobType, 1)
	}
}
