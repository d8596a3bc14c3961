package store_test

import (
	"testing"

	"tallystick/internal/pgtest"
	"tallystick/store"
	"tallystick/store/storetest"
)

func BenchmarkCommitSQLite(b *testing.B) { storetest.Bench(b, openSQLite) }

func BenchmarkCommitPostgres(b *testing.B) {
	storetest.Bench(b, func(t testing.TB, o store.Options) *store.DB {
		o.DSN = pgtest.Start(t)
		return open(t, o)
	})
}
