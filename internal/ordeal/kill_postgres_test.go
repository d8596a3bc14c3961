package ordeal

import (
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// takeoverMax is how long the work of a dead node may lie.
const takeoverMax = 15 * time.Second

// TestKillsOnPostgreSQL kills one of two nodes at a time, while clients go on with the other. Timers that the dead
// node had armed fire all the same.
func TestKillsOnPostgreSQL(t *testing.T) {
	n := rounds(t, "ROUNDS_POSTGRES", 2)
	seed, random := seed(t)
	dsn := pgtest.Start(t)
	a := enter(t, seed, nowhere, node(t, "node-1", dsn), node(t, "node-2", dsn))
	for round := 1; round <= n && !t.Failed(); round++ {
		pause(t.Context(), time.Duration(200+random.IntN(300))*time.Millisecond)
		a.kill(a.nodes[random.IntN(2)])
		a.lookBack(round)
	}
	a.load.Halt()
	none(t, "drain", a.check.Drain(t.Context()))
	late, err := a.check.Orphaned(t.Context(), a.deaths)
	must(t, err)
	entries := a.leave(dsn)
	t.Logf("SUMMARY kill -9 of one of two nodes on PostgreSQL: %d rounds; %v; %d audit entries; restart to ready: %s; lateness of timers that dead nodes had armed: %s",
		n, a.load.Ledger, entries, a.ready, late)
	if late.Above(takeoverMax) > 0 {
		t.Errorf("timers of dead nodes fired more than %s late", takeoverMax)
	}
}
