package host

import (
	"context"
	"sync"
	"time"

	"tallystick/audit"
	"tallystick/engine"
)

// pending is a call on its way: what was asked, and the answer to the one who waits. Fields below done
// belong to the lane that carries it out.
type pending struct {
	by    Actor
	call  Call
	duty  duty
	id    string
	event audit.EventID // of the command's audit entry
	note  *note         // set instead of a command: an audit entry of its own
	act   act           // what makes the note, and more
	deed  *deed         // what the command's transaction does beside
	done  chan answer
	at    time.Time // when it came

	asked     bool // the store was asked for a kept outcome
	suspect   bool // the store says that the id is taken
	overtaken bool // somebody else has the lease of its job
	unlocked  bool // nobody has its job
	settled   bool // answered from a kept outcome; nothing is left to think
	counted   bool // a refusal that was counted and, with written, goes to the audit log
	written   bool
	refusal   *note
	ghosts    []ghost
	receipt   Receipt
	err       error
}

type answer struct {
	receipt Receipt
	err     error
}

func (p *pending) keyed() bool { return p.call.Key != "" }

func (p *pending) reply() { p.done <- answer{p.receipt, p.err} }

// gate closes the queues once; calls that come later are refused.
type gate struct {
	mu     sync.RWMutex
	closed bool
}

func (g *gate) close(lanes []*lane) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for _, l := range lanes {
		close(l.in)
	}
}

// shut reports whether no more calls are taken.
func (g *gate) shut() bool {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.closed
}

func (g *gate) put(l *lane, p *pending) error {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if g.closed {
		return ErrStopped
	}
	select {
	case l.in <- p:
		return nil
	default:
		return ErrOverloaded
	}
}

// Do carries out one call: authorized, once, with its audit entry, all in one transaction. It returns
// after the transaction. When ctx ends first the call is still carried out and the error is ErrUnknown.
func (h *Host) Do(ctx context.Context, by Actor, c Call) (Receipt, error) {
	p, err := h.submit(ctx, by, c)
	if err != nil {
		return Receipt{}, err
	}
	return p.wait(ctx)
}

func (p *pending) wait(ctx context.Context) (Receipt, error) {
	select {
	case a := <-p.done:
		return a.receipt, a.err
	case <-ctx.Done():
		return Receipt{}, ErrUnknown
	}
}

// submit queues a call without waiting for it.
func (h *Host) submit(ctx context.Context, by Actor, c Call) (*pending, error) {
	return h.submitWith(ctx, by, c, nil)
}

// submitWith queues a call that does something beside its command.
func (h *Host) submitWith(ctx context.Context, by Actor, c Call, beside *deed) (*pending, error) {
	d, ok := dutyOf(by, c.Command)
	if !ok {
		return nil, ErrCommandInvalid.With("the command %T has no action", c.Command)
	}
	c.Instance = instanceOf(c, d)
	if start, ok := c.Command.(engine.StartInstance); ok {
		key, err := h.startKey(ctx, beside)
		if err != nil {
			return nil, err
		}
		beside.begin(&start, key)
		c.Instance, c.Command = key, start
	}
	if c.Instance <= 0 {
		return nil, engine.ErrInstanceNotFound
	}
	p := h.pend(by, c, d)
	p.deed = beside
	return p, h.gate.put(h.laneOf(c.Instance), p)
}

// startKey is the key of an instance to start: what called it may have drawn it.
func (h *Host) startKey(ctx context.Context, beside *deed) (int64, error) {
	if beside != nil && beside.key != 0 {
		return beside.key, nil
	}
	return h.sequences.draw(ctx)
}

// pend makes a call ready for its way. The id of a command without a key is that of its audit entry.
func (h *Host) pend(by Actor, c Call, d duty) *pending {
	now := h.clock.now()
	p := &pending{by: by, call: c, duty: d, done: make(chan answer, 1), at: now, event: h.random.eventID(now)}
	p.id = commandID(by, c.Key, p.event)
	return p
}

// laneOf keeps the calls of one instance in one lane, so that they never race each other on this node.
func (h *Host) laneOf(instance int64) *lane {
	return h.lanes[(instance/engine.InstanceKey(1))%int64(len(h.lanes))]
}
