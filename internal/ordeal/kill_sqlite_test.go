package ordeal

import (
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// auditEvery is how many rounds pass between two checks of the whole audit log.
const auditEvery = 25

// TestKillsOnSQLite kills the server under load, starts it again and compares.
func TestKillsOnSQLite(t *testing.T) {
	n := rounds(t, "ROUNDS_SQLITE", 3)
	seed, random := seed(t)
	file := "sqlite:" + filepath.Join(t.TempDir(), "data", "ordeal.db")
	server := node(t, "node-1", file)
	_, err := server.Start(t.Context())
	must(t, err)
	token, err := Prepare(t.Context(), server.Address(), "http://127.0.0.1:1/")
	must(t, err)
	load := &Load{Ledger: &Ledger{}, Nodes: []string{server.Address()}, Token: token, Seed: seed}
	client := NewClient(load.Nodes, token, 0)
	defer client.Close()
	v := &Verifier{Client: client, Ledger: load.Ledger}
	load.Begin(t.Context())
	var ready Times
	for round := 1; round <= n && !t.Failed(); round++ {
		pause(t.Context(), time.Duration(200+random.IntN(300))*time.Millisecond)
		server.Kill()
		took, err := server.Start(t.Context())
		must(t, err)
		ready = append(ready, took)
		lookBack(t, v, round)
	}
	load.Halt()
	none(t, "drain", v.Drain(t.Context()))
	load.End()
	entries := wholly(t, v)
	must(t, server.End(syscall.SIGTERM))
	offline(t, file)
	t.Logf("SUMMARY sqlite: %d SIGKILL rounds, %v, %d audit entries, restart to ready: %s", n, load.Ledger, entries, ready)
}

// lookBack settles what the last kill left unknown and checks what was acknowledged around it.
func lookBack(t *testing.T, v *Verifier, round int) {
	t.Helper()
	fresh := v.Ledger.Fresh()
	none(t, "settle", Settle(t.Context(), v.Client, fresh))
	last := fresh[max(0, len(fresh)-10):]
	none(t, "recent", v.Recent(t.Context(), last))
	if round%auditEvery == 0 {
		_, violations := v.Audit(t.Context())
		none(t, "audit", violations)
		t.Logf("round %d: %v", round, v.Ledger)
	}
}

// wholly settles, repeats and compares everything; it returns the number of audit entries.
func wholly(t *testing.T, v *Verifier) int64 {
	t.Helper()
	all := v.Ledger.All()
	none(t, "settle", Settle(t.Context(), v.Client, all))
	none(t, "ask twice", AskTwice(t.Context(), v.Client, all[:min(len(all), 100)]))
	none(t, "whole", v.Whole(t.Context()))
	entries, violations := v.Audit(t.Context())
	none(t, "audit", violations)
	return entries
}

// offline checks the database with the command line, server stopped.
func offline(t *testing.T, dsn string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program(t), "audit", "verify", dsn).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "0 breaks") {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
}
