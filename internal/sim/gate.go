package sim

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"tallystick/host/hosttest"
)

// gate is where every call of every node and every move of every client waits until the scheduler lets it
// through: the order of goroutines decides nothing.
type gate struct {
	mu      sync.Mutex
	waiting []*ticket
	limbo   []*ticket // commits whose caller gave up or was told nothing: they may still arrive
	arrived chan struct{}
	serial  int
	closed  bool // nobody deals with tickets any more
}

// ticket is a call that waits.
type ticket struct {
	who      string // node or client: what the order follows
	wire     *wire  // nil for clients
	op       op
	detail   string
	features features
	do       func() error // carries it out; the scheduler calls it
	err      error        // the answer, when it is not that of do
	conflict func() error // the answer of a lost race
	idle     bool         // it changed nothing
	done     chan struct{}
	serial   int
}

// op names what is waited for.
type op string

// The operations of a store, and the moves of clients and workers.
const (
	opLoad      op = "load"
	opOutcomes  op = "outcomes"
	opCommit    op = "commit"
	opDue       op = "due"
	opNextDue   op = "nextDue"
	opStatus    op = "status"
	opEntryHash op = "entryHash"
	opSequences op = "sequences"
	opHeads     op = "heads"
	opActivate  op = "activate"
	opExtend    op = "extend"
	opRenew     op = "renew"
	opJobInfo   op = "jobInfo"
	opCatalog   op = "catalog"
	opSource    op = "source"
	opClient    op = "client"
	opWork      op = "work"
)

// writes reports whether the operation changes the store.
func (o op) writes() bool {
	switch o {
	case opCommit, opDue, opSequences, opActivate, opExtend, opRenew, opErrands, opDismiss, opFree, opStarts, opClaimItems, opSettle:
		return true
	}
	return false
}

func newGate() *gate { return &gate{arrived: make(chan struct{}, 1)} }

// pass waits until the scheduler has dealt with the ticket; false when ctx ended first.
func (g *gate) pass(ctx context.Context, t *ticket) bool {
	t.done = make(chan struct{})
	g.mu.Lock()
	if g.closed {
		g.mu.Unlock()
		return false
	}
	g.serial++
	t.serial = g.serial
	g.waiting = append(g.waiting, t)
	g.mu.Unlock()
	select {
	case g.arrived <- struct{}{}:
	default:
	}
	select {
	case <-t.done:
		return true
	case <-ctx.Done():
	}
	if g.leave(t) {
		return false
	}
	<-t.done
	return true
}

// leave takes a ticket out that nobody has dealt with; a commit may still arrive at the store.
func (g *gate) leave(t *ticket) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting, t)
	if i < 0 {
		return false
	}
	g.waiting = slices.Delete(g.waiting, i, i+1)
	if t.op == opCommit {
		g.limbo = append(g.limbo, t)
	}
	return true
}

// close answers everything that waits, and what comes later, with failure.
func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
	for _, t := range g.waiting {
		t.err = hosttest.ErrUnavailable
		close(t.done)
	}
	g.waiting = nil
}

// settle answers a ticket.
func (g *gate) settle(t *ticket) {
	g.mu.Lock()
	if i := slices.Index(g.waiting, t); i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	g.mu.Unlock()
	close(t.done)
}

// forget keeps a ticket for later, after its caller was told something else.
func (g *gate) forget(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limbo = append(g.limbo, t)
}

// queue returns what waits, in an order that does not depend on goroutines.
func (g *gate) queue() []*ticket {
	g.mu.Lock()
	defer g.mu.Unlock()
	slices.SortFunc(g.waiting, order)
	return slices.Clone(g.waiting) // others come while the scheduler reads
}

func order(a, b *ticket) int {
	if c := cmp.Compare(a.who, b.who); c != 0 {
		return c
	}
	if c := cmp.Compare(a.op, b.op); c != 0 {
		return c
	}
	if c := cmp.Compare(a.detail, b.detail); c != 0 {
		return c
	}
	return cmp.Compare(a.serial, b.serial)
}
