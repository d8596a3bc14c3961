package host

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tallystick/engine"
	"tallystick/fault"
)

// commit writes what the groups made, together with refusals and notes, in one transaction.
func (b *batch) commit(ctx context.Context) error {
	notes := b.notes()
	out := b.assemble()
	if len(out.Instances) == 0 && len(notes) == 0 {
		return nil
	}
	if err := b.rivals(&out); err != nil {
		return err
	}
	if err := b.leave(ctx, &out); err != nil {
		return err
	}
	b.handOver(&out)
	begin := b.host.clock.now()
	err := b.host.writeNotes(ctx, &out, notes, b.actGhosts())
	b.figures.Commit += b.host.clock.now().Sub(begin)
	if err != nil {
		b.takeBack()
		b.host.errands.unroom(b.held, len(out.Errands))
		if lostAnswer(err) {
			b.haunt(&out)
		}
		return err
	}
	b.figures.Instances, b.figures.Entries = len(out.Instances), len(out.Audit.Entries)
	b.events = out.Events
	b.settleGroups() //nolint:contextcheck // jobs are done under the context of their crew
	b.host.errands.take(b.held, out.Errands)
	return nil
}

func (b *batch) assemble() Batch {
	out := Batch{At: b.now.At, Policy: b.policy(), Library: b.libraryUsed()}
	for _, g := range b.groups {
		r := &g.result
		if !r.changed {
			continue
		}
		out.Instances = append(out.Instances, InstanceChange{
			Key: g.key, Version: r.row.version, State: r.state, Status: string(r.row.state.Status()), Head: r.row.head,
		})
		out.Events = append(out.Events, r.events...)
		out.Commands = append(out.Commands, r.commands...)
		out.Leases = append(out.Leases, r.leases...)
		out.Locked = append(out.Locked, r.locked...)
		out.Audit.Entries = append(out.Audit.Entries, r.audit...)
	}
	b.collect(&out)
	return out
}

// libraryUsed is the oldest library version that starts were decided on: "latest" must still be the latest when they
// are written, also of those that a later look at the store left as they were. It is 0 when nothing was started.
func (b *batch) libraryUsed() int64 {
	oldest := int64(0)
	for _, g := range b.groups {
		if (g.starts() || g.result.library) && len(g.result.events) > 0 && (oldest == 0 || g.result.basis < oldest) {
			oldest = g.result.basis
		}
	}
	return oldest
}

// policy is the oldest version that decided something in this batch: when it is not the newest, Commit
// says so and the calls are authorized again.
func (b *batch) policy() int64 {
	oldest := b.host.authorizer.Version()
	for _, g := range b.groups {
		for _, d := range g.result.drafts {
			if v := d.entry.PolicyVersion; v != nil {
				oldest = min(oldest, *v)
			}
		}
		for _, p := range g.calls {
			if p.refusal != nil && p.refusal.entry.PolicyVersion != nil {
				oldest = min(oldest, *p.refusal.entry.PolicyVersion)
			}
		}
	}
	for _, p := range b.calls {
		if p.act != nil && p.err == nil && p.note.entry.PolicyVersion != nil {
			oldest = min(oldest, *p.note.entry.PolicyVersion)
		}
	}
	return oldest
}

// notes are the entries that belong to no instance, in order of arrival.
func (b *batch) notes() []note {
	var notes []note
	for _, p := range b.calls {
		n := p.note
		if n == nil {
			n = p.refusal
		}
		if n == nil || p.settled || p.act != nil && p.err != nil {
			continue
		}
		stored := b.now.Store.UnixMicro()
		n.entry.StoreTime = &stored
		notes = append(notes, *n)
	}
	return notes
}

// settleGroups brings the cache to what the store has now, and wakes who waits for it.
func (b *batch) settleGroups() {
	handed := make(map[int64]bool, len(b.handed))
	for _, j := range b.handed {
		handed[j.job.Key] = true
	}
	for _, g := range b.groups {
		r := &g.result
		if !r.changed {
			continue
		}
		r.row.version++
		if r.row.state.Status() == engine.Active {
			b.lane.cache.put(g.key, r.row, r.row.size)
		} else {
			b.lane.cache.drop(g.key)
		}
		b.host.standings.put(g.key, InstanceStatus{Status: string(r.row.state.Status()), ProcessID: r.process.ID})
		b.host.wake(g.key, r, handed)
	}
	for _, j := range b.handed {
		j.crew.give(j.job)
	}
}

// writeNotes links notes to their streams and commits, unless a ghost is seen in a stream: what only the head of a
// stream fences is looked for after the head was read.
func (h *Host) writeNotes(ctx context.Context, out *Batch, notes []note, ghosts []ghost) error {
	held, err := h.streams.hold(ctx, streamsOf(notes))
	if err != nil {
		return err
	}
	for _, g := range ghosts {
		there, err := h.appeared(ctx, g)
		if there && err == nil {
			err = &Moved{Streams: []string{g.stream}}
		}
		if err != nil {
			h.streams.release(held, nil)
			return err
		}
	}
	linked := link(h.random, held, notes)
	out.Audit.Entries = append(out.Audit.Entries, linked.Entries...)
	out.Audit.Streams = linked.Streams
	err = h.settle(ctx, out, h.put(ctx, out))
	if err == nil {
		h.streams.release(held, linked.Streams)
	} else {
		h.streams.release(held, nil)
	}
	return err
}

func (h *Host) put(ctx context.Context, b *Batch) error {
	ctx, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	return h.store.Commit(ctx, *b)
}

// settle finds out what became of a commit whose answer was lost: nil when it is durable, *Moved of
// everything when it is not, ErrUnknown when the store stays silent. Repeating a lost commit is safe even
// when it arrives late after all: versions, heads and command ids let only one of the two through.
func (h *Host) settle(ctx context.Context, b *Batch, err error) error {
	if fault.CodeOf(err) != codeUnknown && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	h.opts.Log.WarnContext(ctx, "the outcome of a commit is not known", slog.Any("err", err))
	ctx, cancel := context.WithTimeout(ctx, h.opts.SettleMax)
	defer cancel()
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		durable, err := h.durable(ctx, b)
		if err == nil && durable {
			return nil
		}
		if err == nil {
			return everything(b)
		}
		if !sleep(ctx, h.random.spread(pause)) {
			return ErrUnknown
		}
	}
}

// durable looks for the first entry of the batch: all rows of a batch are written or none.
func (h *Host) durable(ctx context.Context, b *Batch) (bool, error) {
	if len(b.Audit.Entries) == 0 {
		return false, errors.New("host: a batch without a trace")
	}
	first := &b.Audit.Entries[0]
	// An entry in the same place with another hash is that of a rival.
	hash, ok, err := h.store.EntryHash(ctx, first.Entry.Stream, first.Entry.Seq)
	return ok && hash == first.Hash, err
}

// everything is the Moved of a batch of which nothing is there.
func everything(b *Batch) *Moved {
	m := &Moved{unanswered: true, Policy: true, Library: b.Deployment != nil || b.Suspension != nil || b.Library != 0}
	for _, i := range b.Instances {
		m.Instances = append(m.Instances, i.Key)
	}
	for _, c := range b.Commands {
		m.Commands = append(m.Commands, c.ID)
	}
	for _, s := range b.Audit.Streams {
		m.Streams = append(m.Streams, s.Before.Stream)
	}
	return m
}

// plan decides what to write, on the newest policy and library. done means that there is nothing to do.
type plan func(ctx context.Context, now moment) (b Batch, notes []note, done bool, err error)

// write carries out what is no call of an instance: deployments, accounts. It thinks again after a lost
// race, like a batch. What was begun is finished even when the caller leaves.
func (h *Host) write(ctx context.Context, decide plan) error {
	ctx = context.WithoutCancel(ctx)
	var ghosts []ghost
	for attempt := range h.opts.AttemptsMax {
		if attempt > 1 {
			sleep(ctx, h.random.spread(time.Duration(attempt)*time.Millisecond))
		}
		now, err := h.present(ctx)
		if err != nil {
			return unsure(err, ghosts)
		}
		for _, g := range ghosts {
			if there, err := h.appeared(ctx, g); there || err != nil {
				return unsure(err, ghosts)
			}
		}
		b, notes, done, err := decide(ctx, now)
		if err != nil || done {
			return err
		}
		b.At = now.At
		err = h.writeNotes(ctx, &b, notes, nil) // versions of policy and library fence the ghosts
		if _, lost := errors.AsType[*Moved](err); !lost {
			return unsure(err, ghosts)
		}
		if first := b.Audit.Entries; lostAnswer(err) && len(first) > 0 {
			ghosts = append(ghosts, ghost{stream: first[0].Entry.Stream, seq: first[0].Entry.Seq, hash: first[0].Hash})
		}
	}
	return unsure(ErrContended, ghosts)
}

// present is the time by the store, with policy and library as they are now.
func (h *Host) present(ctx context.Context) (moment, error) {
	loaded, err := h.load(ctx, nil)
	if err != nil {
		return moment{}, err
	}
	return h.catchUp(ctx, loaded)
}

// queueNote hands an entry to the first lane, where it shares a transaction with others.
func (h *Host) queueNote(n note) (*pending, error) {
	p := &pending{note: &n, done: make(chan answer, 1)}
	return p, h.gate.put(h.lanes[0], p)
}
