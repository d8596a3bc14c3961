package ordeal

import (
	"os/exec"
	"path/filepath"
	"strings"
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
	a := enter(t, seed, nowhere, node(t, "node-1", file))
	for round := 1; round <= n && !t.Failed(); round++ {
		pause(t.Context(), time.Duration(200+random.IntN(300))*time.Millisecond)
		a.kill(a.nodes[0])
		a.lookBack(round)
	}
	entries := a.leave(file)
	t.Logf("SUMMARY kill -9 on SQLite: %d rounds; %v; %d audit entries; restart to ready: %s", n, a.load.Ledger, entries, a.ready)
}

// nowhere is a URL for ordeals without HTTP jobs.
const nowhere = "http://127.0.0.1:1/"

// offline checks the database with the command line, server stopped.
func offline(t *testing.T, dsn string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), program(t), "audit", "verify", dsn).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "0 breaks") {
		t.Errorf("audit verify: %v\n%s", err, out)
	}
}
