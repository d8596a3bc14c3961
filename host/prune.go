package host

import (
	"context"
	"time"

	"tallystick/audit"
	"tallystick/internal/canon"
)

// History is the part of the store that forgets ended instances and what was evaluated outside of them.
type History interface {
	// Prune removes the history of ended instances of one process, one chunk in one short transaction, and keeps
	// the heads of their audit streams. seal is called once inside the transaction when at least one instance went;
	// the rows it returns are written with it. Instances that another node is pruning are passed over.
	Prune(ctx context.Context, p Pruning, seal func(Pruned) (AuditBatch, error)) (Pruned, error)
	Forgetter
	EvaluationPruner
}

// Forgetter is the part of the store that forgets one instance, or one evaluation.
type Forgetter interface {
	// Forget removes the history of one instance that has ended and of those that it called, up to a number of
	// instances in one short transaction, the deepest first and itself last, and keeps the heads. seal is called once
	// inside the transaction. It is refused with engine.ErrInstanceNotFound, with ErrInstanceCalled, with
	// ErrInstanceActive when any of the tree goes on, however large it is, and with *Moved when the item is not open.
	Forget(ctx context.Context, f Forgetting, seal func(Pruned) (AuditBatch, error)) (Pruned, error)
	EvaluationForgetter
}

// Forgetting says which instance goes, and how many with it at most. Item is that of a batch operation: it gets this
// outcome in the transaction in which the instance itself goes.
type Forgetting struct {
	Instance int64
	Max      int
	Item     *BatchOutcome
}

// Pruning asks for one chunk: instances of the process that ended before a time, with keys above After.
type Pruning struct {
	ProcessID string
	Before    time.Time
	After     int64
	Max       int
}

// Pruned is what one chunk removed. Next is how far the keys were looked at; More is false when none beyond it
// can be old enough.
type Pruned struct {
	Instances []int64
	Rows      map[string]int64 // by table
	Next      int64
	More      bool
}

// The sizes of chunks and the pauses between them: pruning holds the writer of SQLite, and row locks on PostgreSQL,
// so it takes what is quick and then leaves the store to others four times as long.
const (
	pruneMax   = 500
	pruneMin   = 10
	pruneFirst = 100
	pruneLong  = 100 * time.Millisecond
	pruneShort = 25 * time.Millisecond
	pruneRest  = 20 * time.Millisecond
	prunePause = 4 // times as long as the chunk took
)

// Prune forgets the history of the instances of a process that ended longer ago than keep, chunk by chunk, and
// returns how many. Each chunk leaves one audit entry; audit entries themselves stay for ever. Instances that go
// on are never touched, nor those whose root goes on. It needs no running host.
func (h *Host) Prune(ctx context.Context, by Actor, from History, processID string, keep time.Duration) (int, error) {
	on := Target{Scope: "def:" + processID}
	if err := h.require(ctx, by, ActionHistoryPrune, on); err != nil {
		return 0, err
	}
	p := Pruning{ProcessID: processID, Before: h.clock.read().Add(-keep), Max: pruneFirst}
	total := 0
	for more := true; more; {
		begin := h.opts.Now()
		done, err := h.pruneChunk(ctx, by, from, p, on)
		if err != nil {
			return total, err
		}
		took := h.opts.Now().Sub(begin)
		total, more, p.After = total+len(done.Instances), done.More, done.Next
		p.Max = pruneNext(p.Max, took)
		if more && !sleep(ctx, max(prunePause*took, pruneRest)) {
			return total, ctx.Err()
		}
	}
	return total, nil
}

// pruneNext is the size of the next chunk by the time that the last one took.
func pruneNext(size int, took time.Duration) int {
	switch {
	case took > pruneLong:
		return max(size/2, pruneMin)
	case took < pruneShort:
		return min(size*2, pruneMax)
	}
	return size
}

// pruneChunk prunes once, again when somebody else wrote the stream meanwhile.
func (h *Host) pruneChunk(ctx context.Context, by Actor, from History, p Pruning, on Target) (Pruned, error) {
	for range h.opts.AttemptsMax {
		done, err := h.tryPrune(ctx, by, from, p, on)
		if again, err := h.lost(ctx, err, by, ActionHistoryPrune, on); !again {
			return done, err
		}
	}
	return Pruned{}, ErrContended
}

func (h *Host) tryPrune(ctx context.Context, by Actor, from History, p Pruning, on Target) (Pruned, error) {
	stream := "history/default/" + h.opts.Node
	held, err := h.streams.hold(ctx, []string{stream})
	if err != nil {
		return Pruned{}, err
	}
	v := h.authorizer.Allow(by, ActionHistoryPrune, on)
	if !v.Allowed { // the right was taken while chunks went on
		h.streams.keep(held)
		return Pruned{}, denied(v, ActionHistoryPrune, on.Scope)
	}
	var linked AuditBatch
	seal := func(done Pruned) (AuditBatch, error) {
		linked = link(h.random, held, []note{{stream: stream, draft: h.pruneDraft(by, v, p, done)}})
		return linked, nil
	}
	ctx, cancel := context.WithTimeout(ctx, h.opts.StoreTimeout)
	defer cancel()
	done, err := from.Prune(ctx, p, seal)
	switch {
	case err != nil:
		h.streams.release(held, nil)
	case len(done.Instances) == 0:
		h.streams.keep(held)
	default:
		h.streams.release(held, linked.Streams)
	}
	return done, err
}

// pruneDraft says who forgot which instances and how many rows.
func (h *Host) pruneDraft(by Actor, v Verdict, p Pruning, done Pruned) draft {
	e := h.entry(moment{Node: h.clock.node()}, by, "history", ActionHistoryPrune)
	judged(&e, v)
	e.Resource, e.Definition = audit.Given("def:"+p.ProcessID), audit.Given(p.ProcessID)
	private := forgotten(done)
	private["endedBefore"] = canon.String(p.Before.UTC().Format(time.RFC3339Nano))
	return draft{entry: e, private: []byte(canon.Object(private))}
}
