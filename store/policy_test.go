package store_test

import (
	"errors"
	"testing"
	"time"

	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/query"
	"tallystick/store"
)

// A change of policy is answered when no batch that was allowed by the old one can still be committed.
func TestPolicyChangeWaitsForBatchesOnTheirWay(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	written, release := make(chan bool), make(chan bool)
	slow := open(t, store.Options{DSN: dsn, Observe: func(s store.Statement) {
		if s.Operation == "WITH" {
			written <- true
			<-release
		}
	}})
	other := open(t, store.Options{DSN: dsn})
	batch, change := make(chan error, 1), make(chan error, 1)
	go func() { batch <- slow.Commit(t.Context(), commandBatch("c1")) }()
	<-written
	ann := host.Account{User: query.User{Username: "ann"}}
	go func() {
		change <- other.Commit(t.Context(), host.Batch{Policy: 1, Accounts: []host.AccountChange{{CreateUser: &ann}}})
	}()
	awaitLock(t, dsn, change)
	close(release)
	if err := errors.Join(<-batch, <-change); err != nil {
		t.Fatal(err)
	}
	var moved *host.Moved
	if err := other.Commit(t.Context(), commandBatch("c2")); !errors.As(err, &moved) || !moved.Policy {
		t.Errorf("a batch under the old policy: %v", err)
	}
}

// awaitLock waits until somebody waits for the installation.
func awaitLock(t *testing.T, dsn string, done <-chan error) {
	t.Helper()
	db := rawPostgres(t, dsn)
	for {
		var waiting int
		err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks
			WHERE NOT granted AND relation = 'installation'::regclass`).Scan(&waiting)
		if err != nil || waiting > 0 {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		select {
		case err := <-done:
			t.Fatalf("the change did not wait: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
}
