package ordeal

import (
	"net/http"
	"os"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// takeoverMax is how long the work of a dead node may lie.
const takeoverMax = 15 * time.Second

// TestKillsOnPostgreSQL kills one of two nodes at a time. The other takes over what the dead one had in hand: timers
// that it had armed and, in the long run, HTTP jobs that it was carrying out.
func TestKillsOnPostgreSQL(t *testing.T) {
	n := rounds(t, "ROUNDS_POSTGRES", 2)
	seed, random := seed(t)
	dsn := pgtest.Start(t)
	catcher, err := NewCatcher()
	must(t, err)
	t.Cleanup(catcher.Close)
	allow := []string{"--allow-http", catcher.Address()}
	a := enter(t, seed, catcher.URL(), node(t, "node-1", dsn, allow...), node(t, "node-2", dsn, allow...))
	probes := os.Getenv("ROUNDS_POSTGRES") != ""
	for round := 1; round <= n && !t.Failed(); round++ {
		if probes {
			a.probe(catcher, 4)
		}
		pause(t.Context(), time.Duration(200+random.IntN(300))*time.Millisecond)
		a.kill(a.nodes[random.IntN(2)])
		catcher.Release()
		a.lookBack(round)
	}
	a.takenOver(catcher)
	entries := a.leave(dsn)
	t.Logf("SUMMARY kill -9 of one of two nodes on PostgreSQL: %d rounds; %v; %d audit entries; restart to ready: %s",
		n, a.load.Ledger, entries, a.ready)
}

// probe starts instances whose HTTP jobs are held, so that each node has some in hand.
func (a *arena) probe(c *Catcher, instances int) {
	a.t.Helper()
	for range instances {
		got := a.check.Client.Patient(a.t.Context(), Call{
			Method: http.MethodPost, Path: "/v2/process-instances", Body: map[string]any{"processDefinitionId": "ordeal-call"},
		})
		if got.Outcome() != Done {
			a.t.Fatalf("start: %d %s %v", got.Status, got.Body, got.Err)
		}
	}
	waitFor(a.t, "a held call", func() bool { return c.Held() > 0 })
}

// takenOver waits until nothing is left of what dead nodes had in hand, and judges how long that took.
func (a *arena) takenOver(c *Catcher) {
	a.t.Helper()
	for begin := time.Now(); c.Orphans() > 0; pause(a.t.Context(), 50*time.Millisecond) {
		if time.Since(begin) > 5*takeoverMax {
			a.t.Errorf("%d jobs of dead nodes were not taken over within %s", c.Orphans(), 5*takeoverMax)
			break
		}
	}
	timers, err := a.check.Orphaned(a.t.Context(), a.deaths)
	must(a.t, err)
	jobs := c.Takeovers()
	a.t.Logf("SUMMARY takeover: lateness of timers: %s; HTTP jobs: %s", timers, jobs)
	if n := timers.Above(takeoverMax); n > 0 {
		a.t.Errorf("%d timers of dead nodes fired more than %s late", n, takeoverMax)
	}
	if n := jobs.Above(takeoverMax); n > 0 {
		a.t.Errorf("%d HTTP jobs of dead nodes were taken over after more than %s", n, takeoverMax)
	}
}
