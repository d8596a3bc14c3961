package ordeal

import (
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// readyAgainMax is how long service may be away after the database is back.
const readyAgainMax = 10 * time.Second

// TestRestartsOfPostgreSQL ends the database at once, under load, and starts it again. The node stays up and serves
// again by itself.
func TestRestartsOfPostgreSQL(t *testing.T) {
	n := rounds(t, "RESTARTS", 1)
	seed, random := seed(t)
	server := pgtest.NewServer(t)
	dsn := server.DSN("postgres")
	a := enter(t, seed, nowhere, node(t, "node-1", dsn), node(t, "node-2", dsn))
	var again Times
	for round := 1; round <= n && !t.Failed(); round++ {
		pause(t.Context(), time.Duration(300+random.IntN(300))*time.Millisecond)
		server.StopAtOnce(t)
		server.Start(t)
		again = append(again, a.serves())
		a.lookBack(round)
	}
	entries := a.leave(dsn)
	t.Logf("SUMMARY immediate restarts of PostgreSQL: %d rounds; %v; %d audit entries; database up to service: %s",
		n, a.load.Ledger, entries, again)
	if again.Above(readyAgainMax) > 0 {
		t.Errorf("service took more than %s to come back", readyAgainMax)
	}
}

// serves waits until every node carries out calls again.
func (a *arena) serves() time.Duration {
	a.t.Helper()
	begin := time.Now()
	for _, n := range a.nodes {
		must(a.t, n.AwaitReady(a.t.Context()))
	}
	return time.Since(begin)
}

// TestCutConnections breaks the connections between nodes and database in every way, also right around COMMIT.
func TestCutConnections(t *testing.T) {
	n := rounds(t, "CUTS", 10)
	seed, random := seed(t)
	direct := pgtest.Start(t)
	p, dsn := between(t, direct)
	a := enter(t, seed, nowhere, node(t, "node-1", dsn), node(t, "node-2", dsn))
	done := map[string]int{}
	for round := 1; round <= n && !t.Failed(); round++ {
		pause(t.Context(), time.Duration(50+random.IntN(150))*time.Millisecond)
		name, worked := a.harm(p, round-1, random)
		if !worked {
			t.Errorf("round %d: there was nothing to break for %q", round, name)
		}
		done[name]++
		a.serves()
		a.lookBack(round)
	}
	entries := a.leave(direct)
	t.Logf("SUMMARY broken connections: %d rounds %v; %v; %d audit entries", n, done, a.load.Ledger, entries)
}

// between puts a proxy before a database and returns the DSN through it.
func between(t *testing.T, dsn string) (*Proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	p, err := NewProxy(u.Host)
	must(t, err)
	t.Cleanup(p.Close)
	u.Host = p.Address()
	return p, u.String()
}

// way is one way to break connections.
type way struct {
	name string
	do   func() bool
}

const afterCommit = "cut after COMMIT"

// harm breaks connections in the way that is the turn of this round.
func (a *arena) harm(p *Proxy, turn int, random *rand.Rand) (name string, worked bool) {
	ctx := a.t.Context()
	still := time.Duration(50+random.IntN(250)) * time.Millisecond
	ways := []way{
		{afterCommit, func() bool { return p.CutAtCommit(ctx, true, 5*time.Second) }},
		{"cut", func() bool { return p.Cut() > 0 }},
		{"cut before COMMIT", func() bool { return p.CutAtCommit(ctx, false, 5*time.Second) }},
		{"reset", func() bool { return p.Reset() > 0 }},
		{"stall", func() bool { return p.Stall(ctx, still) > 0 }},
		{afterCommit, func() bool { return p.CutAtCommit(ctx, true, 5*time.Second) }},
		{"stall and cut", func() bool { return p.StallThenCut(ctx, still) > 0 }},
		{"half-close to database", func() bool { return p.HalfClose(true) > 0 }},
		{"half-close to node", func() bool { return p.HalfClose(false) > 0 }},
	}
	w := ways[turn%len(ways)]
	return w.name, w.do()
}

// TestPromotions ends the primary at once, under load, and promotes its synchronous standby. The nodes stay up; the
// proxy between them and the database changes its target.
func TestPromotions(t *testing.T) {
	n := rounds(t, "PROMOTIONS", 1)
	seed, random := seed(t)
	primary := pgtest.NewServer(t)
	p, err := NewProxy(primary.Address())
	must(t, err)
	t.Cleanup(p.Close)
	dsn := primary.DSNThrough(p.Address(), "postgres")
	a := enter(t, seed, nowhere, node(t, "node-1", dsn), node(t, "node-2", dsn))
	var again Times
	for round := 1; round <= n && !t.Failed(); round++ {
		standby := primary.Standby(t)
		pause(t.Context(), time.Duration(300+random.IntN(500))*time.Millisecond)
		primary.StopAtOnce(t)
		standby.Promote(t)
		p.Switch(standby.Address())
		again = append(again, a.serves())
		a.lookBack(round)
		primary = standby
	}
	entries := a.leave(primary.DSN("postgres"))
	t.Logf("SUMMARY promotions of a synchronous standby: %d rounds; %v; %d audit entries; promoted to service: %s",
		n, a.load.Ledger, entries, again)
	if again.Above(readyAgainMax) > 0 {
		t.Errorf("service took more than %s to come back", readyAgainMax)
	}
}
