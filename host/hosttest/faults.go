package hosttest

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"tallystick/host"
)

// Op names an operation that a fault can strike.
type Op string

// The operations of a Store.
const (
	OpLoad      Op = "load"
	OpOutcomes  Op = "outcomes"
	OpCommit    Op = "commit"
	OpDue       Op = "due"
	OpSequences Op = "sequences"
	OpHeads     Op = "heads"
	OpActivate  Op = "activate"
	OpExtend    Op = "extend"
	OpCatalog   Op = "catalog"
	OpSource    Op = "source"
	OpErrands   Op = "errands"
	OpDismiss   Op = "dismiss"
	OpMessages  Op = "messages"
	OpBatches   Op = "batches"
	OpItems     Op = "items" // claiming them
	OpForget    Op = "forget"
)

// Faults are what can go wrong. Every function may be nil; all are called one at a time.
type Faults struct {
	// Before makes an operation fail before it did anything.
	Before func(Op) error
	// Delay makes an operation slow.
	Delay func(Op) time.Duration
	// Lost makes a commit that was written answer ErrUnknown.
	Lost func() bool
}

// Disturb replaces the faults; the zero value ends them.
func (s *Store) Disturb(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
}

// Refuse makes commits of the batches that f refuses fail with its error, like data that a database does
// not take; nil ends it.
func (s *Store) Refuse(f func(host.Batch) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = f
}

// BumpPolicy raises the policy version, as another node's change of accounts does.
func (s *Store) BumpPolicy() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.policy++
}

// strike lets a fault happen before an operation.
func (s *Store) strike(ctx context.Context, op Op) error {
	s.mu.Lock()
	var err error
	var delay time.Duration
	if s.faults.Delay != nil {
		delay = s.faults.Delay(op)
	}
	if s.faults.Before != nil {
		err = s.faults.Before(op)
	}
	s.mu.Unlock()
	if delay > 0 {
		t := time.NewTimer(delay)
		defer t.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.C:
		}
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// Random strikes by chance, the same way for the same seed and the same order of operations: one in
// failEvery operations fails beforehand, one in lostEvery commits loses its answer, and every operation
// takes up to slow.
func Random(seed uint64, failEvery, lostEvery int, slow time.Duration) Faults {
	var mu sync.Mutex
	draw := rand.New(rand.NewPCG(seed, 0))
	chance := func(n int) int {
		mu.Lock()
		defer mu.Unlock()
		return draw.IntN(n)
	}
	return Faults{
		Before: func(op Op) error {
			if chance(failEvery) != 0 {
				return nil
			}
			// A commit may also break before anything was written, and look the same as one that was.
			if op == OpCommit && chance(2) == 0 {
				return ErrUnknown
			}
			return ErrUnavailable
		},
		Delay: func(Op) time.Duration { return time.Duration(chance(1 + int(slow))) },
		Lost:  func() bool { return chance(lostEvery) == 0 },
	}
}
