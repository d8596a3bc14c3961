package host

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"runtime/debug"

	"tallystick/audit"
	"tallystick/engine"
	"tallystick/fault"
)

// thought is what a group of calls makes of its instance: nothing of it is durable yet.
type thought struct {
	row      row
	state    []byte
	commands []CommandRow // of calls with a key
	leases   []Lease
	locked   []int64    // jobs whose locks move
	library  bool       // it rests on the library: on what starts, or whose jobs are done here
	basis    int64      // the version of the library that it was thought on
	changed  bool       // at least one call was carried out
	keyed    bool       // the process starts by messages, whose correlation keys are free when the instance ends
	vacated  bool       // it was migrated away from the process whose correlation keys it held
	follow   []*pending // calls that calculations ask for, still to be stepped
	events   []Event
	drafts   []draft
	audit    []AuditRow
	process  Deployed
}

// think carries out every group that was not thought yet. It holds no transaction and no lock.
func (b *batch) think(ctx context.Context) {
	b.decideActs()
	for _, g := range b.groups {
		if g.thought {
			continue
		}
		g.result = thought{basis: b.library.Version()}
		if g.base != nil {
			g.result.row = *g.base
		}
		for _, p := range g.calls {
			if !p.settled {
				b.step(ctx, g, p)
				b.followUp(ctx, g)
			}
		}
		b.conclude(g)
		g.thought = true
	}
}

// step carries out one call, or refuses it. A panic is the failure of this call alone.
func (b *batch) step(ctx context.Context, g *group, p *pending) {
	p.receipt, p.err, p.refusal = Receipt{}, nil, nil
	defer func() {
		if r := recover(); r != nil {
			b.host.opts.Log.ErrorContext(ctx, "a step panicked", slog.Any("instance", g.key), slog.Any("action", p.duty.action),
				slog.Any("err", r), slog.String("stack", string(debug.Stack())))
			p.err = fault.New(fault.Internal, "host.panic", "the call could not be carried out")
		}
	}()
	p.err = b.decide(ctx, g, p)
}

func (b *batch) decide(ctx context.Context, g *group, p *pending) error {
	switch {
	case p.deed != nil && p.deed.beaten != nil:
		return p.deed.beaten
	case g.broken != nil:
		return g.broken
	case p.overtaken:
		return ErrLease
	case p.unlocked:
		return ErrNotLocked
	}
	process, err := b.process(g, p)
	if err != nil {
		return err
	}
	st := g.result.row.state
	v := b.host.permit(p, st, process.ID)
	if !v.Allowed {
		return b.deny(p, v, process)
	}
	if _, starts := p.call.Command.(engine.StartInstance); starts {
		if named := p.call.Process.Version; named != 0 && named != process.Version {
			return ErrProcessVersion.With("the process definition %d has version %d, not %d", process.Key, process.Version, named)
		}
		if err := b.mayStart(process); err != nil {
			return err
		}
	}
	lib := b.libraryOf(ctx, g)
	s, err := b.advance(ctx, p, st, process, v, engine.Meta{At: b.now.At, Actor: p.by.Ref(), Library: lib})
	if lib.err != nil {
		// What the machine made of a decision that could not be read is not what the model says.
		return lib.err
	}
	if err != nil {
		return err
	}
	if vacates, err := b.vacates(ctx, process, s.process); err != nil {
		return err
	} else if vacates {
		g.result.vacated = true
	}
	g.result.keyed = startsByMessage(s.def)
	return b.accept(ctx, g, p, s.accepted)
}

// process finds the definition that the call is about.
func (b *batch) process(g *group, p *pending) (Deployed, error) {
	if _, ok := p.call.Command.(engine.StartInstance); ok {
		d, ok := b.library.Process(p.call.Process)
		if !ok {
			return d, ErrProcessNotFound
		}
		return d, nil
	}
	if g.result.row.state.Key() == 0 {
		return Deployed{}, engine.ErrInstanceNotFound
	}
	key := g.result.row.state.Definition()
	d, ok := b.library.Process(ProcessRef{Key: key})
	if !ok {
		return d, fault.New(fault.Internal, "process.lost", "process definition %d is not in the library", key)
	}
	return d, nil
}

// deny refuses a call and, unless the same refusal floods the log, drafts its audit entry.
func (b *batch) deny(p *pending, v Verdict, process Deployed) error {
	refusal := denied(v, p.duty.action, "def:"+process.ID)
	by, on := p.by, Target{Scope: "def:" + process.ID}
	if !p.counted {
		p.counted = true
		p.written = b.host.refusals.admit(by, p.duty.action, on.Scope, refusal.Message, b.now.Node)
	}
	if p.written {
		p.refusal = b.host.refusalNote(by, p.duty.action, on, v, refusal.Message)
		p.refusal.entry.Instance = audit.Given(p.call.Instance)
		p.refusal.entry.RequestID = audit.Given(p.call.RequestID)
	}
	return refusal
}

// accepted is a call that the machine carried out.
type accepted struct {
	before, after engine.State
	records       []engine.Record
	process       Deployed
	verdict       Verdict
}

func (b *batch) accept(ctx context.Context, g *group, p *pending, a accepted) error {
	p.receipt = Receipt{
		CommandID: p.id, Instance: g.key, Definition: a.process.Key, ProcessID: a.process.ID,
		Version: a.process.Version, Status: string(a.after.Status()), At: b.now.At, Message: p.deed.message(),
	}
	var kept []byte
	if p.keyed() {
		var err error
		if kept, err = encodeReceipt(p.receipt); err != nil {
			return err
		}
	}
	drafts, err := b.host.drafts(b.now, g.key, p, a)
	if err != nil {
		p.receipt = Receipt{}
		return err
	}
	p.receipt.Records = a.records
	r := &g.result
	r.row.state, r.process, r.changed = a.after, a.process, true
	r.drafts = append(r.drafts, drafts...)
	if p.keyed() {
		r.commands = append(r.commands, CommandRow{ID: p.id, Actor: p.by.Ref(), Digest: p.call.Digest, Receipt: kept, At: b.now.At})
	}
	if p.call.Lease != 0 {
		r.leases = append(r.leases, Lease{Job: p.duty.key, Token: p.call.Lease})
	}
	if p.movesLock() {
		r.locked = append(r.locked, p.duty.key)
	}
	for _, rec := range a.records {
		r.events = append(r.events, Event{
			Instance: g.key, Definition: a.process.Key, ProcessID: a.process.ID, At: b.now.At, Actor: p.by.Ref(), Record: rec,
		})
	}
	b.calculate(ctx, g, a)
	return nil
}

// conclude encodes the new state and links the entries to the instance's chain. The last command's entry
// carries the digest of the state it left, so that a replay of the log can be compared with it.
func (b *batch) conclude(g *group) {
	r := &g.result
	if !r.changed {
		return
	}
	state, err := r.row.state.Encode()
	if err != nil {
		b.spoil(g, err)
		return
	}
	after := audit.Hash(sha256.Sum256(state))
	for i := len(r.drafts) - 1; i >= 0; i-- {
		if r.drafts[i].command {
			r.drafts[i].entry.After = &after
			break
		}
	}
	if g.base == nil {
		r.row.head = audit.Genesis(b.host.opts.Origin, tenant, streamInstance(g.key))
	}
	r.state, r.row.size = state, len(state)
	r.audit = make([]AuditRow, len(r.drafts))
	for i, d := range r.drafts {
		r.audit[i], r.row.head = d.link(b.host.random, r.row.head)
	}
}

// spoil refuses all calls of a group whose outcome cannot be written down.
func (b *batch) spoil(g *group, err error) {
	g.result = thought{}
	for _, p := range g.calls {
		if !p.settled && p.err == nil {
			p.receipt, p.err = Receipt{}, err
		}
	}
}
