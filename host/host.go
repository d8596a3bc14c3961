package host

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Host is the shell around the machine: the one door for every change. Its methods may be called by many
// goroutines at once.
type Host struct {
	opts       Options
	store      Store
	authorizer Authorizer

	lanes     []*lane
	gate      gate
	shelf     *shelf
	streams   *streams
	refusals  *refusals
	clock     *clock
	random    *random
	sequences *sequences

	alarm *alarm        // wakes the timer loop
	jobs  *bell[string] // wakes waiters by job type
	ended *bell[int64]  // wakes waiters by instance, and by user task whose listeners have heard

	standings *shared[int64, InstanceStatus] // of instances that this node wrote lately
	errands   *errands
	batches   doorbell         // wakes the loop of batch operations
	crews     map[string]*crew // in-process workers by job type
	hints     *hints

	failure atomic.Pointer[error] // of the last batch
	leaving chan struct{}         // closed by Drain
	leave   sync.Once
	running atomic.Bool
	ready   chan struct{}
}

// New returns a Host that is not running yet; Do waits until it is. It fails when an option is missing or
// the authorizer does not know an action that a command needs.
func New(o Options) (*Host, error) {
	if o.Authorizer == nil {
		return nil, errors.New("host: Authorizer is required")
	}
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	h := &Host{
		opts: o, store: o.Store, authorizer: o.Authorizer,
		shelf:     newShelf(o.Library, o.StoreTimeout, o.DefinitionsMax),
		streams:   &streams{store: o.Store, timeout: o.StoreTimeout, origin: o.Origin, heads: map[string]*streamHead{}},
		refusals:  newRefusals(),
		clock:     &clock{now: o.Now},
		random:    newRandom(o.Rand),
		sequences: &sequences{turn: newTurn(), store: o.Store, timeout: o.StoreTimeout, block: o.SequenceBlock},
		alarm:     newAlarm(),
		jobs:      newBell[string](),
		ended:     newBell[int64](),
		standings: newShared[int64, InstanceStatus](standingsMax),
		batches:   make(doorbell, 1),
		ready:     make(chan struct{}), leaving: make(chan struct{}),
	}
	h.hints = newHints(h)
	h.errands = newErrands(h)
	h.crews = make(map[string]*crew, len(o.Workers))
	for jobType, w := range o.Workers {
		h.crews[jobType] = newCrew(h, jobType, w)
	}
	for range o.Lanes {
		h.lanes = append(h.lanes, newLane(h))
	}
	return h, nil
}

// Ready is closed once the host runs: the library is read and calls are carried out.
func (h *Host) Ready() <-chan struct{} { return h.ready }

// Drain ends the waiting of long polls: each is answered as if its time was over. Calls go on being carried
// out until the context of Run ends. It may be called more than once.
func (h *Host) Drain() { h.leave.Do(func() { close(h.leaving) }) }

// Gauges tells how the host is at this moment.
func (h *Host) Gauges() Gauges {
	select {
	case <-h.ready:
	default:
		return Gauges{}
	}
	g := Gauges{Running: !h.gate.shut()}
	for _, l := range h.lanes {
		g.Queue, g.QueueMax = g.Queue+len(l.in), g.QueueMax+cap(l.in)
		g.Cached, g.CachedBytes = g.Cached+int(l.cached.Load()), g.CachedBytes+int(l.cachedBytes.Load())
	}
	g.Polls = h.jobs.waiters()
	if err := h.failure.Load(); err != nil {
		g.Failure = *err
	}
	return g
}

// Run carries out calls, fires timers and feeds the in-process workers until ctx ends. Then it takes no
// more calls, lets workers finish for Options.DrainMax, carries out what is waiting and returns nil. It
// may be called once.
func (h *Host) Run(ctx context.Context) error {
	if !h.running.CompareAndSwap(false, true) {
		return errors.New("host: Run was called twice")
	}
	// Batches outlive the caller's context: what was accepted is carried out.
	work := context.WithoutCancel(ctx)
	if err := h.open(work); err != nil {
		h.gate.close(h.lanes)
		for _, l := range h.lanes {
			l.refuse(err)
		}
		return err
	}
	var lanes, sources sync.WaitGroup
	for _, l := range h.lanes {
		lanes.Go(func() { l.run(work) })
	}
	sources.Go(func() { h.fireTimers(ctx) })
	sources.Go(func() { h.follow(ctx) })
	sources.Go(func() { h.errands.run(ctx) })
	sources.Go(func() { h.runBatches(ctx) })
	for _, c := range h.crews {
		sources.Go(func() { c.run(ctx) })
	}
	if len(h.crews) > 0 {
		sources.Go(func() { h.renewLeases(ctx) })
	}
	sources.Go(func() { h.hints.run(ctx) })
	close(h.ready)
	h.opts.Log.InfoContext(ctx, "host is running", slog.String("node", h.opts.Node), slog.Int("lanes", len(h.lanes)))
	<-ctx.Done()
	sources.Wait()
	h.flushRefusals(true)
	h.gate.close(h.lanes)
	lanes.Wait()
	h.opts.Log.InfoContext(ctx, "host has stopped", slog.String("node", h.opts.Node))
	return nil
}

func (h *Host) open(ctx context.Context) error {
	loaded, err := h.load(ctx, nil)
	if err != nil {
		return err
	}
	_, err = h.catchUp(ctx, loaded)
	return err
}

// follow looks at the store once per PollMax, so that policy, library and clock of an idle node follow
// those of the others, and writes the refusals that were only counted.
func (h *Host) follow(ctx context.Context) {
	for sleep(ctx, h.random.spread(h.opts.PollMax)) {
		if err := h.open(ctx); err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "the store does not answer", slog.Any("err", err))
		}
		h.flushRefusals(false)
		if err := h.sweepAll(ctx); err != nil && ctx.Err() == nil {
			h.opts.Log.WarnContext(ctx, "messages that are over could not be removed", slog.Any("err", err))
		}
	}
}

// sweep removes some of the messages whose time is over, up to sweepMax.
func (h *Host) sweep(ctx context.Context) (int, error) {
	return ask1(ctx, h, func(ctx context.Context) (int, error) {
		return h.store.SweepMessages(ctx, h.clock.moment().Store, sweepMax)
	})
}

// sweepAll removes all messages whose time is over.
func (h *Host) sweepAll(ctx context.Context) error {
	for {
		if n, err := h.sweep(ctx); err != nil || n < sweepMax || !sleep(ctx, sweepPause) {
			return err
		}
	}
}

// sweepPause lets others write between two runs of a long sweep.
const sweepPause = 10 * time.Millisecond

// load reads instances, and in any case the versions of policy and library and the store's clock.
func (h *Host) load(ctx context.Context, instances []int64) (Loaded, error) {
	ctx, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	return h.store.Load(ctx, instances)
}

// catchUp brings policy and library up to what the store told of itself.
func (h *Host) catchUp(ctx context.Context, l Loaded) (moment, error) {
	m := h.clock.observe(l.Now)
	if l.Policy > h.authorizer.Version() {
		if err := h.authorizer.Refresh(ctx, l.Policy); err != nil {
			return m, err
		}
	}
	return m, h.shelf.catchUp(ctx, l.Library)
}

// require refuses, and records the refusal, unless the policy allows the action. The policy is the newest.
func (h *Host) require(ctx context.Context, by Actor, action string, on Target) error {
	loaded, err := h.load(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := h.catchUp(ctx, loaded); err != nil {
		return err
	}
	v := h.authorizer.Allow(by, action, on)
	if v.Allowed {
		return nil
	}
	refusal := denied(v, action, on.Scope)
	h.refuse(by, action, on, v, refusal.Message)
	return refusal
}

// sleep waits; false when the context ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
