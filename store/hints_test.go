package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tallystick/internal/pgtest"
	"tallystick/store"
)

func TestHintsReachTheOtherNodes(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	here, _ := open(t, store.Options{DSN: dsn}).Hints()
	there, ok := open(t, store.Options{DSN: dsn}).Hints()
	if !ok {
		t.Fatal("PostgreSQL has no hints")
	}
	ctx, stop := context.WithCancel(t.Context())
	heard, ended := make(chan string, 100), make(chan error, 1)
	go func() { ended <- there.Listen(ctx, func(hint string) { heard <- hint }) }()
	const odd = `job:it's "odd" \ ü`
	// Whoever is not listening yet misses hints, which is what polling is for: so send until one arrives.
	for got := ""; got != odd; {
		if err := here.Send(ctx, []string{string(make([]byte, 9000)), odd}); err != nil {
			t.Fatal(err)
		}
		select {
		case got = <-heard:
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("listening ended with %v", err)
	}
}

func TestListeningEndsWithItsConnection(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Start(t)
	hints, _ := open(t, store.Options{DSN: dsn + "&application_name=ears"}).Hints()
	admin := rawPostgres(t, dsn)
	ended := make(chan error, 1)
	go func() { ended <- hints.Listen(t.Context(), func(string) {}) }()
	for {
		_, err := admin.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE application_name = 'ears' AND query LIKE 'LISTEN%' AND datname = current_database()`)
		if err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			if !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("got %v", err)
			}
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestSQLiteHasNoHints(t *testing.T) {
	t.Parallel()
	if _, ok := openMemory(t, store.Options{}).Hints(); ok {
		t.Error("who would they be for?")
	}
}
