//go:build unix

package ordeal

import (
	"syscall"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// TestPausesOnPostgreSQL stops one of two nodes for a while, wherever it stands, and lets it go on: what it then
// writes from an outdated state must be fenced.
func TestPausesOnPostgreSQL(t *testing.T) {
	n := rounds(t, "PAUSES", 1)
	seed, random := seed(t)
	dsn := pgtest.Start(t)
	a := enter(t, seed, nowhere, node(t, "node-1", dsn), node(t, "node-2", dsn))
	for round := 1; round <= n && !t.Failed(); round++ {
		pause(t.Context(), time.Duration(100+random.IntN(300))*time.Millisecond)
		victim := a.nodes[random.IntN(2)]
		must(t, victim.Signal(syscall.SIGSTOP))
		pause(t.Context(), time.Duration(500+random.IntN(2000))*time.Millisecond)
		must(t, victim.Signal(syscall.SIGCONT))
		a.lookBack(round)
	}
	entries := a.leave(dsn)
	t.Logf("SUMMARY pauses of one of two nodes on PostgreSQL: %d rounds; %v; %d audit entries", n, a.load.Ledger, entries)
}
