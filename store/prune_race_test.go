package store_test

import (
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
	"tallystick/store/storetest"
)

// TestNodesPruneSideBySide has four nodes prune one database at the same time, each under a stream of its own: every
// old instance goes exactly once.
func TestNodesPruneSideBySide(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	first := open(t, store.Options{DSN: dsn})
	f := storetest.Fill(t, first, 60, time.Now().Add(-100*24*time.Hour))
	var mu sync.Mutex
	times := map[int64]int{}
	var wg sync.WaitGroup
	for node := range 4 {
		db := open(t, store.Options{DSN: dsn})
		wg.Go(func() {
			for _, k := range pruneAs(t, db, fmt.Sprint("history/default/n", node)) {
				mu.Lock()
				times[k]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, k := range f.Ended {
		if times[k] != 1 {
			t.Errorf("instance %d was pruned %d times", k, times[k])
		}
	}
	verified(t, first)
}

// pruneAs prunes until nothing is left to look at, three instances at a time.
func pruneAs(t *testing.T, db *store.DB, stream string) (keys []int64) {
	head := audit.Genesis(db.Origin(), query.Tenant, stream)
	p := host.Pruning{ProcessID: "order", Before: time.Now(), Max: 3}
	for more := true; more; {
		after := head
		done, err := db.Prune(t.Context(), p, func(host.Pruned) (b host.AuditBatch, _ error) {
			e, linked := head.Link(audit.Entry{Category: "history", Action: "history.prune", Outcome: audit.OutcomeOK, Actor: "system:retention"})
			after = linked
			return host.AuditBatch{Entries: []host.AuditRow{{Entry: e, Hash: e.Hash()}}, Streams: []host.StreamChange{{Before: head, After: linked}}}, nil
		})
		if _, lost := errors.AsType[*host.Moved](err); lost {
			continue
		}
		if err != nil {
			t.Error(err)
			return keys
		}
		head, keys = after, append(keys, done.Instances...)
		more, p.After = done.More, done.Next
	}
	return keys
}
