package ordeal

import (
	"syscall"
	"testing"
	"time"
)

// arena is an installation under load: nodes on one database, clients, and who checks them.
type arena struct {
	t      *testing.T
	nodes  []*Node
	load   *Load
	check  *Verifier
	deaths []Death
	ready  Times
}

// enter starts the nodes on one database and the load on them.
func enter(t *testing.T, seed uint64, callURL string, nodes ...*Node) *arena {
	t.Helper()
	a := &arena{t: t, nodes: nodes}
	var addresses []string
	for _, n := range nodes {
		_, err := n.Start(t.Context())
		must(t, err)
		addresses = append(addresses, n.Address())
	}
	token, err := Prepare(t.Context(), addresses[0], callURL)
	must(t, err)
	a.load = &Load{Ledger: &Ledger{}, Nodes: addresses, Token: token, Seed: seed}
	client := NewClient(addresses, token, 0)
	t.Cleanup(client.Close)
	a.check = &Verifier{Client: client, Ledger: a.load.Ledger}
	a.load.Begin(t.Context())
	t.Cleanup(a.load.End)
	return a
}

// kill ends a node with SIGKILL and starts it again.
func (a *arena) kill(n *Node) {
	a.t.Helper()
	n.Kill()
	a.deaths = append(a.deaths, Death{n.Address(), time.Now()})
	took, err := n.Start(a.t.Context())
	must(a.t, err)
	a.ready = append(a.ready, took)
}

// lookBack settles what the last disturbance left unknown and checks what was acknowledged around it.
func (a *arena) lookBack(round int) {
	a.t.Helper()
	fresh := a.load.Ledger.Fresh()
	none(a.t, "settle", Settle(a.t.Context(), a.check.Client, fresh))
	none(a.t, "recent", a.check.Recent(a.t.Context(), fresh[max(0, len(fresh)-10):]))
	if round%auditEvery == 0 {
		_, violations := a.check.Audit(a.t.Context())
		none(a.t, "audit", violations)
		a.t.Logf("round %d: %v", round, a.load.Ledger)
	}
}

// leave lets every instance end, compares everything and stops the nodes; it returns the number of audit entries.
func (a *arena) leave(dsn string) int64 {
	a.t.Helper()
	a.load.Halt()
	none(a.t, "settle", Settle(a.t.Context(), a.check.Client, a.load.Ledger.All()))
	none(a.t, "drain", a.check.Drain(a.t.Context()))
	a.load.End()
	all := a.load.Ledger.All()
	none(a.t, "settle", Settle(a.t.Context(), a.check.Client, all))
	none(a.t, "ask twice", AskTwice(a.t.Context(), a.check.Client, all[:min(len(all), 100)]))
	none(a.t, "whole", a.check.Whole(a.t.Context()))
	entries, violations := a.check.Audit(a.t.Context())
	none(a.t, "audit", violations)
	for _, n := range a.nodes {
		must(a.t, n.End(syscall.SIGTERM))
	}
	offline(a.t, dsn)
	return entries
}
