package host

import (
	"context"
	"sync/atomic"
)

// lane is one goroutine that carries out batches. It owns the cache of its instances, which therefore
// needs no lock.
type lane struct {
	host  *Host
	in    chan *pending
	cache *lru[int64, row]

	cached, cachedBytes atomic.Int64 // what the cache holds, for those who watch
}

func newLane(h *Host) *lane {
	n := h.opts.Lanes
	return &lane{
		host:  h,
		in:    make(chan *pending, max(1, h.opts.QueueMax/n)),
		cache: newLRU[int64, row](max(1, h.opts.CacheCount/n), max(1, h.opts.CacheBytes/n)),
	}
}

// run takes what is waiting, up to BatchMax, and never waits for more: an idle lane adds no delay, a
// busy one shares each transaction among many.
func (l *lane) run(ctx context.Context) {
	for p := range l.in {
		calls := []*pending{p}
		for len(calls) < l.host.opts.BatchMax {
			next, more := l.poll()
			if !more {
				break
			}
			calls = append(calls, next)
		}
		l.carry(ctx, calls)
		l.cached.Store(int64(len(l.cache.items)))
		l.cachedBytes.Store(int64(l.cache.bytes))
	}
}

func (l *lane) poll() (*pending, bool) {
	select {
	case p, ok := <-l.in:
		return p, ok
	default:
		return nil, false
	}
}

// refuse answers everything that waits when the host could not start.
func (l *lane) refuse(err error) {
	for p := range l.in {
		p.err = err
		p.reply()
	}
}

// carry answers all calls. Twins, calls with the command id of an earlier one, go into a batch of their
// own: by then the first outcome is kept and theirs to get.
func (l *lane) carry(ctx context.Context, calls []*pending) {
	for len(calls) > 0 {
		first, twins := splitTwins(calls)
		newBatch(l, first).carry(ctx)
		calls = twins
	}
}

func splitTwins(calls []*pending) (first, twins []*pending) {
	seen := make(map[string]bool, len(calls))
	for _, p := range calls {
		if seen[p.id] {
			twins = append(twins, p)
			continue
		}
		seen[p.id] = p.id != "" // which notes do not have
		first = append(first, p)
	}
	return first, twins
}
