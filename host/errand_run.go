package host

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
)

// errandsOnce is how many errands one look at the store brings.
const errandsOnce = 128

// errands carries out what commands left. Those that this node wrote come straight from the commit, others
// are claimed from the store.
type errands struct {
	host *Host

	ctx  context.Context //nolint:containedctx // the life of the host, not a call
	stop context.CancelFunc

	mu       sync.Mutex
	open     bool
	promised int                 // to batches that are not written yet
	held     int                 // in hand
	chains   map[chain][]*Errand // in hand behind one that is being carried out
	matching [64]turn            // by name and key of messages: who looks for both takes turns
	busy     sync.WaitGroup
}

func newErrands(h *Host) *errands {
	ctx, stop := context.WithCancel(context.Background())
	e := &errands{host: h, ctx: ctx, stop: stop, open: true, chains: map[chain][]*Errand{}}
	for i := range e.matching {
		e.matching[i] = newTurn()
	}
	return e
}

// turnOf is the turn of those on this node who look for messages of a name and key: they would only meet in the
// store.
func (e *errands) turnOf(name, key string) turn {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name + "\x00" + key))
	return e.matching[h.Sum32()%uint32(len(e.matching))]
}

// room promises to take n errands; false when there are too many in hand.
func (e *errands) room(n int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n == 0 || !e.open || e.held+e.promised+n > e.host.opts.ErrandsMax {
		return false
	}
	e.promised += n
	return true
}

// unroom breaks a promise.
func (e *errands) unroom(promised bool, n int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if promised {
		e.promised -= n
	}
}

// take begins errands that were promised; errands of one chain wait for each other.
func (e *errands) take(promised bool, all []Errand) {
	if !promised {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.promised -= len(all)
	for i := range all {
		e.begin(&all[i])
	}
}

// begin needs the lock.
func (e *errands) begin(x *Errand) {
	if !e.open {
		return
	}
	e.held++
	behind, running := e.chains[x.chain()]
	if running {
		e.chains[x.chain()] = append(behind, x)
		return
	}
	e.chains[x.chain()] = nil
	e.busy.Go(func() { e.work(x) })
}

// work carries out one errand of a chain after the other.
func (e *errands) work(x *Errand) {
	for x != nil {
		e.host.carryErrand(e.ctx, x)
		x = e.next(x.chain())
	}
}

func (e *errands) next(c chain) *Errand {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.held--
	behind := e.chains[c]
	if len(behind) == 0 {
		delete(e.chains, c)
		return nil
	}
	e.chains[c] = behind[1:]
	return behind[0]
}

// run claims errands that nobody has in hand, until ctx ends; then what is in hand is left to others.
func (e *errands) run(ctx context.Context) {
	defer e.busy.Wait()
	defer e.close()
	for {
		n, err := e.claim(ctx)
		if err != nil && ctx.Err() == nil {
			e.host.opts.Log.WarnContext(ctx, "errands could not be claimed", slog.Any("err", err))
		}
		if n == errandsOnce {
			continue
		}
		if !sleep(ctx, e.host.random.spread(e.host.opts.PollMax)) {
			return
		}
	}
}

func (e *errands) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.open = false
	for c := range e.chains {
		e.held -= len(e.chains[c])
		e.chains[c] = nil
	}
	e.stop()
}

// claim takes errands from the store.
func (e *errands) claim(ctx context.Context) (int, error) {
	if !e.room(errandsOnce) {
		return 0, nil
	}
	asked, cancel := context.WithTimeout(ctx, e.host.opts.StoreTimeout)
	defer cancel()
	now := e.host.clock.moment().Store
	claimed, err := e.host.store.ClaimErrands(asked, now, now.Add(e.host.opts.ErrandClaim), errandsOnce)
	e.unroom(true, errandsOnce-len(claimed))
	e.take(true, claimed)
	return len(claimed), err
}

// carryErrand carries out an errand, again while the trouble is one that passes. What stays undone comes again
// when the claim has run out.
func (h *Host) carryErrand(ctx context.Context, e *Errand) {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := h.carryOut(context.WithoutCancel(ctx), e)
		kind := fault.KindOf(err)
		switch {
		case err == nil:
			h.opts.Meter.CarriedOut(e.Kind, h.clock.moment().Store.Sub(e.Created))
			return
		case errors.Is(err, errErrandGone), errors.Is(err, ErrStopped), errors.Is(err, engine.ErrInstanceSuspended):
			return
		case kind != fault.Overloaded && kind != fault.Timeout:
			h.opts.Log.ErrorContext(ctx, "an errand could not be carried out", slog.String("kind", e.Kind), slog.Int64("errand", e.Key), slog.Any("err", err))
			return
		}
		if !sleep(ctx, h.random.spread(pause)) || !h.clock.moment().Store.Before(e.Next) {
			return
		}
	}
}

// carryOut does what an errand asks for. Nil means that the errand is gone.
func (h *Host) carryOut(ctx context.Context, e *Errand) error {
	switch e.Kind {
	case ErrandMatch:
		return h.match(ctx, e)
	case ErrandSignal:
		return h.deliverSignal(ctx, e)
	}
	record, err := e.record()
	if err != nil {
		return err
	}
	switch e.Kind {
	case ErrandSeek:
		return h.seek(ctx, e, record)
	case ErrandFree:
		return h.freeStart(ctx, e)
	case ErrandCancel:
		return h.cancelCalled(ctx, e, record)
	}
	return h.carryCall(ctx, e, record)
}

// settleBy carries out an errand by a command. A refusal leaves the errand where it is.
func (h *Host) settleBy(ctx context.Context, e *Errand, by Actor, c Call, beside *deed) error {
	beside.errand = e.Key
	beside.causedBy(e.Cause)
	_, err := h.doWith(ctx, by, c, beside)
	return err
}

// doWith waits for a place in the queue and for the answer.
func (h *Host) doWith(ctx context.Context, by Actor, c Call, beside *deed) (Receipt, error) {
	for {
		p, err := h.submitWith(ctx, by, c, beside)
		if errors.Is(err, ErrOverloaded) && sleep(ctx, h.random.spread(10*time.Millisecond)) {
			continue
		}
		if err != nil {
			return Receipt{}, err
		}
		return p.wait(ctx)
	}
}

// dismiss removes an errand that is over without a command.
func (h *Host) dismiss(ctx context.Context, d Dismissal) error {
	_, err := h.dismissed(ctx, d)
	return err
}

// dismissed is dismiss that tells whether everything was still there.
func (h *Host) dismissed(ctx context.Context, d Dismissal) (bool, error) {
	return ask1(ctx, h, func(ctx context.Context) (bool, error) { return h.store.Dismiss(ctx, d) })
}

// refusedForGood reports whether err says that there is nothing left to do to the one aimed at: it has ended, or
// does not wait any more.
func refusedForGood(err error) bool {
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Conflict, fault.Invalid, fault.Unprocessable:
		return !errors.Is(err, errErrandGone)
	}
	return false
}

// ask1 asks the store within the time that an answer may take.
func ask1[T any](ctx context.Context, h *Host, question func(context.Context) (T, error)) (T, error) {
	asked, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	return question(asked)
}

// ask2 is ask1 for what may not be there.
func ask2[T any](ctx context.Context, h *Host, question func(context.Context) (T, bool, error)) (T, bool, error) {
	asked, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	return question(asked)
}

// causeOf is the audit entry that an errand follows from.
func causeOf(e *Errand) *audit.EventID {
	var d deed
	d.causedBy(e.Cause)
	return d.cause
}
