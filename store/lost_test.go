package store_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/internal/pgtest"
	"tallystick/store"
)

// cut ends all connections of the store right after the first statement of the given operation.
type cut struct {
	after atomic.Value // string
	end   func()
}

func (c *cut) observe(s store.Statement) {
	if c.after.CompareAndSwap(s.Operation, "") {
		c.end()
	}
}

func cutStore(t *testing.T) (*store.DB, *cut) {
	t.Helper()
	dsn := pgtest.Start(t)
	admin := rawPostgres(t, dsn)
	c := &cut{}
	c.after.Store("")
	c.end = func() {
		_, err := admin.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
			WHERE application_name = 'cut' AND datname = current_database()`)
		if err != nil {
			t.Error(err)
		}
	}
	return open(t, store.Options{DSN: dsn + "&application_name=cut", Observe: c.observe}), c
}

func commandBatch(id string) host.Batch {
	return host.Batch{Policy: 1, Commands: []host.CommandRow{{ID: id, Actor: "user:ann"}}}
}

func TestConnectionLostAtCommit(t *testing.T) {
	t.Parallel()
	db, c := cutStore(t)
	c.after.Store("WITH") // the last statement of this batch: COMMIT is next
	err := db.Commit(t.Context(), commandBatch("c1"))
	if fault.CodeOf(err) != "store.unknown" || fault.KindOf(err) != fault.Overloaded {
		t.Fatalf("got %v", err)
	}
	outcomes, err := db.Outcomes(t.Context(), []string{"c1"})
	if err != nil || len(outcomes) != 0 {
		t.Errorf("outcomes %v, %v", outcomes, err)
	}
	if err := db.Commit(t.Context(), commandBatch("c1")); err != nil {
		t.Errorf("the store did not recover: %v", err)
	}
}

func TestConnectionLostBeforeCommit(t *testing.T) {
	t.Parallel()
	db, c := cutStore(t)
	for _, operation := range []string{"BEGIN"} {
		c.after.Store(operation)
		err := db.Commit(t.Context(), commandBatch("c-"+operation))
		if fault.CodeOf(err) != "store.unavailable" || fault.KindOf(err) != fault.Overloaded {
			t.Errorf("after %s: got %v", operation, err)
		}
	}
	outcomes, err := db.Outcomes(t.Context(), []string{"c-BEGIN"})
	if err != nil || len(outcomes) != 0 {
		t.Errorf("outcomes %v, %v", outcomes, err)
	}
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), store.Options{DSN: "sqlite::memory:"})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Load(t.Context(), nil); err == nil || strings.Contains(fault.CodeOf(err), "unknown") {
		t.Errorf("got %v", err)
	}
}
