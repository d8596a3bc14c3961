package host

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// batch is a run of calls that share one transaction.
type batch struct {
	lane    *lane
	host    *Host
	calls   []*pending
	groups  []*group // in order of first arrival
	byKey   map[int64]*group
	now     moment
	library *Snapshot
	stale   bool // what the node knows of policy and library is too old
	blind   bool // nothing was read in this attempt
	handed  []handed
	held    bool // the errands of the batch are this node's
	figures BatchFigures
	events  []Event // that became durable
}

// group is what a batch does to one instance. On a lost race only the groups that moved think again.
type group struct {
	key     int64
	calls   []*pending
	base    *row  // nil: no such instance
	fresh   bool  // base was read in this batch
	broken  error // base cannot be read
	thought bool
	result  thought
}

func newBatch(l *lane, calls []*pending) *batch {
	b := &batch{lane: l, host: l.host, calls: calls, byKey: map[int64]*group{}}
	for _, p := range calls {
		if p.note != nil {
			continue
		}
		g := b.byKey[p.call.Instance]
		if g == nil {
			g = &group{key: p.call.Instance}
			b.byKey[g.key] = g
			b.groups = append(b.groups, g)
		}
		g.calls = append(g.calls, p)
	}
	return b
}

// carry tries until the batch is written, others stop winning the race, or the store gives up.
func (b *batch) carry(ctx context.Context) {
	b.begin()
	err := error(ErrContended)
	for attempt := range b.host.opts.AttemptsMax {
		b.figures.Attempts++
		err = b.try(ctx)
		moved, lost := errors.AsType[*Moved](err)
		if !lost {
			break
		}
		b.host.opts.Log.DebugContext(ctx, "batch moved", slog.Any("err", moved), slog.Int("attempt", attempt))
		b.unthink(moved)
		err = ErrContended
		// The first repetition is immediate; later ones step out of the way of the winner.
		if attempt > 0 {
			sleep(ctx, b.host.random.spread(time.Duration(attempt)*time.Millisecond))
		}
	}
	if err != nil && b.split(ctx, err) {
		return
	}
	if err != nil {
		b.fail(ctx, err)
	}
	b.measured(err)
	for _, p := range b.calls {
		p.reply()
	}
}

// begin notes how long the calls have waited.
func (b *batch) begin() {
	now := b.host.clock.now()
	for _, p := range b.calls {
		b.figures.Queued = max(b.figures.Queued, now.Sub(p.at))
	}
}

// measured tells the meter what the batch was.
func (b *batch) measured(err error) {
	f := &b.figures
	f.Calls, f.Failed = len(b.calls), err != nil
	for _, p := range b.calls {
		if err == nil && p.err != nil {
			f.Refused++
		}
	}
	b.host.failure.Store(&err)
	b.host.opts.Meter.Carried(*f, b.events)
}

// split carries each instance and each act alone when the store did not take the batch for what is in it: what the
// store cannot keep harms its own instance, or its own act, only.
func (b *batch) split(ctx context.Context, err error) bool {
	kind := fault.KindOf(err)
	if kind == fault.Overloaded || kind == fault.Timeout {
		return false
	}
	parts := b.parts()
	if len(parts) < 2 {
		return false
	}
	b.host.opts.Log.WarnContext(ctx, "batch is split", slog.Int("parts", len(parts)), slog.Any("err", err))
	for _, calls := range parts {
		newBatch(b.lane, calls).carry(ctx)
	}
	return true
}

// parts are what a batch can be split into: the calls of each instance, each act, and the entries that are nothing else.
func (b *batch) parts() [][]*pending {
	var parts [][]*pending
	for _, g := range b.groups {
		parts = append(parts, g.calls)
	}
	var notes []*pending
	for _, p := range b.calls {
		switch {
		case p.act != nil:
			parts = append(parts, []*pending{p})
		case p.note != nil:
			notes = append(notes, p)
		}
	}
	if len(notes) > 0 {
		parts = append(parts, notes)
	}
	return parts
}

// try is load, think, commit (design, section 1.5).
func (b *batch) try(ctx context.Context) error {
	if err := b.recall(ctx); err != nil {
		return err
	}
	for {
		if err := b.load(ctx); err != nil {
			return err
		}
		found, err := b.recognize(ctx)
		if err != nil {
			return err
		}
		if found { // calls behind a start that was there already need its instance
			if err := b.load(ctx); err != nil {
				return err
			}
		}
		begin := b.host.clock.now()
		b.think(ctx)
		b.figures.Think += b.host.clock.now().Sub(begin)
		if b.doubt() {
			continue
		}
		if err := b.reconsider(ctx); err != nil {
			return err
		}
		return b.commit(ctx)
	}
}

// load reads the instances that the cache lacks, and the versions of everything else. A node that has heard of
// the store lately reads nothing when the cache has all: the commit compares versions anyway, and the clock
// runs on.
func (b *batch) load(ctx context.Context) error {
	var missing []int64
	for _, g := range b.groups {
		if g.thought || g.fresh || g.starts() || b.cached(g) {
			continue
		}
		missing = append(missing, g.key)
	}
	b.figures.Misses += len(missing)
	if len(missing) == 0 && !b.stale && b.host.clock.fresh(2*b.host.opts.PollMax) {
		b.now, b.library, b.blind = b.host.clock.moment(), b.host.shelf.snapshot(), true
		return nil
	}
	begin := b.host.clock.now()
	loaded, err := b.host.load(ctx, missing)
	b.figures.Load += b.host.clock.now().Sub(begin)
	if err != nil {
		return err
	}
	b.stale, b.blind = false, false
	if b.now, err = b.host.catchUp(ctx, loaded); err != nil {
		return err
	}
	b.library = b.host.shelf.snapshot()
	for _, key := range missing {
		g := b.byKey[key]
		g.arrive(loaded.Instances)
		if err := b.absent(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// absent tells an instance that has ended from one that never was.
func (b *batch) absent(ctx context.Context, g *group) error {
	if g.base != nil || g.broken != nil {
		return nil
	}
	st, err := b.host.look(ctx, g.key)
	switch {
	case err == nil:
		g.broken = engine.ErrInstanceEnded.With("the instance is %s", st.Status)
	case !errors.Is(err, engine.ErrInstanceNotFound):
		return err
	}
	return nil
}

func (b *batch) cached(g *group) bool {
	if r, ok := b.lane.cache.get(g.key); ok {
		g.base = &r
		b.figures.Hits++
	}
	return g.base != nil
}

// starts reports whether the group begins with the start of its instance: its key was drawn for it. When somebody
// else has started it, what the other calls are about is in the store.
func (g *group) starts() bool {
	first := g.calls[0]
	_, ok := first.call.Command.(engine.StartInstance)
	elsewhere := first.settled || first.deed != nil && first.deed.beaten != nil
	return ok && (len(g.calls) == 1 || !elsewhere)
}

func (g *group) arrive(stored map[int64]Stored) {
	g.fresh, g.base, g.broken = true, nil, nil
	s, ok := stored[g.key]
	if !ok {
		return
	}
	st, err := engine.DecodeState(s.State)
	if err != nil {
		g.broken = err
		return
	}
	g.base = &row{state: st, version: s.Version, head: s.Head, size: len(s.State)}
}

// doubt finds groups that refused calls on the word of what this node remembers. Another node may have changed
// the instance, the policy or the library since; what is written is fenced by versions, what is refused has to
// be looked up.
func (b *batch) doubt() bool {
	found := false
	for _, g := range b.groups {
		if b.blind && g.refused() {
			g.thought, found = false, true
		}
		if g.fresh || g.starts() || g.result.changed || !g.refused() {
			continue
		}
		b.lane.cache.drop(g.key)
		g.base, g.thought = nil, false
		found = true
	}
	b.stale = b.stale || b.blind && found
	return found
}

// reconsider looks for kept outcomes of refused calls once more: a twin on another node may have been carried
// out after the first look, and is then the very reason for the refusal.
func (b *batch) reconsider(ctx context.Context) error {
	for _, p := range b.calls {
		p.suspect = p.suspect || p.note == nil && p.keyed() && p.err != nil && !p.settled
	}
	return b.recall(ctx)
}

func (g *group) refused() bool {
	for _, p := range g.calls {
		if p.err != nil && !p.settled {
			return true
		}
	}
	return false
}

// unthink undoes what a lost race made worthless.
func (b *batch) unthink(m *Moved) {
	for _, key := range m.Instances {
		b.lane.cache.drop(key)
		if g := b.byKey[key]; g != nil {
			g.base, g.fresh, g.thought = nil, false, false
		}
	}
	for _, id := range m.Commands {
		for _, p := range b.calls {
			if p.id == id && p.note == nil {
				p.suspect = true
				b.byKey[p.call.Instance].thought = false
			}
		}
	}
	for _, job := range m.Leases {
		b.overtaken(job)
	}
	for _, job := range m.Unlocked {
		b.unlocked(job)
	}
	b.beat(m)
	b.stale = m.Policy || m.Library
	for _, g := range b.groups {
		if m.Policy || m.Library && (g.starts() || g.result.library) {
			g.thought = false
		}
	}
	b.figures.Moved += len(m.Instances)
}

// overtaken refuses the calls that finish a job under a lease that is not the job's any more.
func (b *batch) overtaken(job int64) {
	for _, p := range b.calls {
		if p.note == nil && p.duty.key == job && p.call.Lease != 0 {
			p.overtaken = true
			b.byKey[p.call.Instance].thought = false
		}
	}
}

// unlocked refuses the calls that move the lock of a job which has none.
func (b *batch) unlocked(job int64) {
	for _, p := range b.calls {
		if p.note == nil && p.duty.key == job && p.movesLock() {
			p.unlocked = true
			b.byKey[p.call.Instance].thought = false
		}
	}
}

// movesLock reports whether the call gives the lock of a job another time limit.
func (p *pending) movesLock() bool {
	c, ok := p.call.Command.(engine.UpdateJob)
	return ok && c.Timeout != nil
}

// fail gives every call that was not answered from a kept outcome the one error of the batch.
func (b *batch) fail(ctx context.Context, err error) {
	b.host.opts.Log.WarnContext(ctx, "batch failed", slog.Int("calls", len(b.calls)), slog.Any("err", err))
	for _, p := range b.calls {
		if !p.settled {
			p.receipt, p.err = Receipt{}, unsure(err, p.ghosts)
		}
		if p.note != nil && p.note.tally != nil {
			b.host.refusals.again(*p.note.tally, b.host.clock.node())
		}
	}
	for _, g := range b.groups {
		b.lane.cache.drop(g.key)
	}
}
