package sim

import (
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing/synctest"
	"time"

	"tallystick/host/hosttest"
)

// world is one case: nodes on a store, clients, and the scheduler that decides what happens next.
type world struct {
	seed  uint64
	draw  *rand.Rand
	store *hosttest.Store
	gate  *gate
	nodes []*node
	plan  plan
	calm  bool          // no more faults
	full  time.Time     // until when writes fail
	down  time.Duration // the longest that a dead node stays away

	writes int           // that were tried
	points map[int]Fault // what strikes which of them, besides the plan
	idle   map[int]bool  // of the writes, those that changed nothing
	made   []op          // the writes, when they are noted

	clients  sync.WaitGroup
	busy     atomic.Int64 // clients at work
	requests atomic.Int64 // that were sent
	ledger   *ledger
	tally    *Tally
	trace    trace
	steps    int
	problem  error // what the scheduler itself found
}

// trace is what happened, in the order of the scheduler.
type trace struct {
	digest interface {
		io.Writer
		Sum64() uint64
	}
	lines *strings.Builder // nil: only the digest is wanted
}

func newTrace(keep bool) trace {
	t := trace{digest: fnv.New64a()}
	if keep {
		t.lines = &strings.Builder{}
	}
	return t
}

func (t trace) add(what string, k *ticket, err error) {
	code := ""
	if err != nil {
		code = err.Error()
	}
	var at [8]byte
	since := time.Since(epoch)
	for i := range at {
		at[i] = byte(since >> (8 * i))
	}
	_, _ = t.digest.Write(at[:])
	for _, s := range []string{what, k.who, string(k.op), k.detail, code} {
		_, _ = io.WriteString(t.digest, s)
	}
	if t.lines != nil {
		fmt.Fprintf(t.lines, "%12s %-9s %s %s %s %s\n", since, what, k.who, k.op, k.detail, code)
	}
}

// epoch is when the time of a bubble begins.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// stepsMax ends a case that would go on for ever.
const stepsMax = 20_000

// run lets things happen until the condition holds.
func (w *world) run(until func() bool) {
	for {
		synctest.Wait()
		if until() {
			return
		}
		if w.steps++; w.steps > stepsMax {
			w.problem = fmt.Errorf("the case did not end within %d steps", stepsMax)
			return
		}
		w.step()
	}
}

// step is one decision: a fault, a commit that arrives late, some time, or the next call.
func (w *world) step() {
	w.wakeNodes()
	queue := w.ready()
	if len(queue) == 0 {
		w.rest()
		return
	}
	if !w.calm && len(w.plan.kinds) > 0 && w.draw.IntN(w.plan.rate) == 0 {
		if w.strike(w.plan.kinds[w.draw.IntN(len(w.plan.kinds))], queue) {
			return
		}
	}
	if len(w.gate.limbo) > 0 && w.draw.IntN(4) == 0 {
		w.arrive()
		return
	}
	if w.draw.IntN(16) == 0 {
		time.Sleep(time.Duration(w.draw.IntN(20)) * time.Millisecond)
		return
	}
	w.serve(queue[w.draw.IntN(len(queue))])
}

// ready are the calls of clients and of nodes that are not paused.
func (w *world) ready() []*ticket {
	queue := w.gate.queue()
	now := time.Now()
	var out []*ticket
	for _, t := range queue {
		if t.wire == nil || !w.nodeOf(t).paused.After(now) {
			out = append(out, t)
		}
	}
	return out
}

// rest lets time pass until something arrives, or a node comes back.
func (w *world) rest() {
	next := time.Now().Add(24 * time.Hour)
	for _, n := range w.nodes {
		for _, at := range []time.Time{n.paused, n.restart} {
			if at.After(time.Now()) && at.Before(next) {
				next = at
			}
		}
	}
	t := time.NewTimer(time.Until(next))
	defer t.Stop()
	select {
	case <-w.gate.arrived:
	case <-t.C:
	}
}

func (w *world) wakeNodes() {
	now := time.Now()
	for _, n := range w.nodes {
		if !n.restart.IsZero() && !n.restart.After(now) {
			n.restart = time.Time{}
			n.start()
		}
	}
}

// serve carries out a call.
func (w *world) serve(t *ticket) {
	var err error
	if t.op.writes() {
		w.writes++
		w.made = append(w.made, t.op)
		if kind, struck := w.points[w.writes]; struck {
			w.inflict(kind, t)
			return
		}
	}
	switch {
	case t.wire == nil || t.op == opWork:
	case t.op.writes() && w.full.After(time.Now()):
		t.err = errFull
		w.tally.meet(DiskFull, t.features)
	default:
		w.tally.Operations++
		err = t.do()
	}
	if t.idle {
		w.idle[w.writes] = true
	}
	w.trace.add("", t, err)
	w.gate.settle(t)
}

// answer gives a call an error.
func (w *world) answer(t *ticket, err error) {
	t.err = err
	w.gate.settle(t)
}

// arrive lets a commit reach the store after its caller gave it up, or never.
func (w *world) arrive() {
	i := w.draw.IntN(len(w.gate.limbo))
	t := w.gate.limbo[i]
	w.gate.limbo = append(w.gate.limbo[:i], w.gate.limbo[i+1:]...)
	if w.draw.IntN(4) == 0 {
		return
	}
	w.tally.Operations++
	w.trace.add("arrives", t, t.do())
}

// hit counts a fault.
func (w *world) hit(kind Fault, t *ticket) {
	w.trace.add(kind.String(), t, nil)
	w.tally.Faults[kind]++
	f := t.features
	if kind >= CrashBefore && kind < LostResult {
		for _, other := range w.gate.queue() {
			if other.wire == t.wire {
				f |= other.features
			}
		}
	}
	w.tally.meet(kind, f)
}

func (w *world) nodeOf(t *ticket) *node {
	for _, n := range w.nodes {
		if n.name == t.wire.node {
			return n
		}
	}
	panic("sim: a ticket of no node")
}

// heal ends all faults: paused nodes go on, dead ones come back.
func (w *world) heal() {
	w.calm, w.full = true, time.Time{}
	for _, n := range w.nodes {
		n.paused = time.Time{}
		if !n.restart.IsZero() {
			n.restart = time.Now()
		}
	}
}
