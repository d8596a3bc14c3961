package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tallystick/audit"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/query"
	"tallystick/store"
)

// forgetter is a node that forgets evaluations under a stream of its own.
type forgetter struct {
	db   *store.DB
	head audit.Head
	keys []int64
}

// forget does it again as long as it loses races, and keeps what went.
func (f *forgetter) forget(t *testing.T, try func(seal func(host.ForgottenEvaluations) (host.AuditBatch, error)) error) error {
	for {
		after, gone := f.head, []int64(nil)
		err := try(func(done host.ForgottenEvaluations) (host.AuditBatch, error) {
			e, linked := f.head.Link(audit.Entry{Category: "history", Action: "history.prune", Outcome: audit.OutcomeOK, Actor: "system:retention"})
			after, gone = linked, done.Keys
			if int(done.Rows) != 2*len(done.Keys) {
				t.Errorf("%d rows of the evaluations %v went", done.Rows, done.Keys)
			}
			return host.AuditBatch{Entries: []host.AuditRow{{Entry: e, Hash: e.Hash()}}, Streams: []host.StreamChange{{Before: f.head, After: linked}}}, nil
		})
		if _, lost := errors.AsType[*host.Moved](err); lost {
			continue
		}
		if err == nil {
			f.head, f.keys = after, append(f.keys, gone...)
		}
		return err
	}
}

// TestNodesForgetEvaluationsSideBySide has three nodes prune while a fourth deletes the same evaluations by hand: each
// goes exactly once.
func TestNodesForgetEvaluationsSideBySide(t *testing.T) {
	t.Parallel()
	const n = 60
	dsn := pgtest.Start(t)
	first := open(t, store.Options{DSN: dsn})
	side, _ := rawOf(t, dsn)
	execute(t, side, fmt.Sprintf(`INSERT INTO decision_instance (key, position, root_decision, requirements, decision, decision_id, decision_name,
			decision_version, type, state, output, inputs, matched, at)
		SELECT k, p, 1, 1, 1, 'route', '', 1, 'X', 'EVALUATED', '1', '[]', '[]', k FROM generate_series(1, %d) k, generate_series(1, 2) p`, n))
	var nodes []*forgetter
	var all sync.WaitGroup
	act := func(what func(context.Context, *forgetter) error) {
		f := &forgetter{db: open(t, store.Options{DSN: dsn})}
		f.head = audit.Genesis(f.db.Origin(), query.Tenant, fmt.Sprint("history/default/n", len(nodes)))
		nodes = append(nodes, f)
		all.Go(func() {
			if err := what(t.Context(), f); err != nil {
				t.Error(err)
			}
		})
	}
	for range 3 {
		act(func(ctx context.Context, f *forgetter) error {
			for last := -1; last != len(f.keys); {
				last = len(f.keys)
				err := f.forget(t, func(seal func(host.ForgottenEvaluations) (host.AuditBatch, error)) error {
					_, err := f.db.PruneEvaluations(ctx, time.Now(), 3, seal)
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	act(func(ctx context.Context, f *forgetter) error {
		for key := int64(n); key > 0; key-- {
			err := f.forget(t, func(seal func(host.ForgottenEvaluations) (host.AuditBatch, error)) error {
				return f.db.ForgetEvaluation(ctx, key, seal)
			})
			if err != nil && !errors.Is(err, host.ErrNoEvaluation) {
				return err
			}
		}
		return nil
	})
	all.Wait()
	times := map[int64]int{}
	for _, f := range nodes {
		for _, key := range f.keys {
			times[key]++
		}
	}
	for key := int64(1); key <= n; key++ {
		if times[key] != 1 {
			t.Errorf("evaluation %d went %d times", key, times[key])
		}
	}
	verified(t, first)
}
