package ordeal

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tallystick/internal/pgtest"
)

// healMax is how long a server may take to serve again once the reason is gone.
const healMax = 10 * time.Second

// TestFullDiskIsRefusedAndHeals fills the file system of a SQLite file: changes are refused with 503 and nothing is
// lost; once there is space the same server takes changes again.
func TestFullDiskIsRefusedAndHeals(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t)
	server := node(t, "node-1", "sqlite:"+filepath.Join(dir, "full.db"))
	server.log = logIn(t, t.TempDir())
	_, err := server.Start(t.Context())
	must(t, err)
	token, err := Prepare(t.Context(), server.Address(), nowhere)
	must(t, err)
	ballast := ""
	l := refusedAndHeals(t, server, token, func() { ballast = fill(t, dir) }, func() { must(t, os.Remove(ballast)) })
	t.Logf("SUMMARY full disk: %v", l)
}

// smallDisk mounts a file system of 16 MiB.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=16m", "none", dir).CombinedOutput(); err != nil {
		t.Skipf("NOT RUN: a full disk needs the right to mount a small file system: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

func logIn(t *testing.T, dir string) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "node.log"))
	must(t, err)
	return f
}

// fill writes until nothing more fits.
func fill(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "ballast"))
	must(t, err)
	defer f.Close()
	for size := 1 << 20; size >= 512; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return f.Name()
}

// TestReadOnlyDatabaseIsRefusedAndHeals leads a running server to the standby of its database, as a name does that
// points to the wrong machine after a failover: it can be read and not written.
func TestReadOnlyDatabaseIsRefusedAndHeals(t *testing.T) {
	t.Parallel()
	primary := pgtest.NewServer(t)
	p, err := NewProxy(primary.Address())
	must(t, err)
	t.Cleanup(p.Close)
	server := node(t, "node-1", primary.DSNThrough(p.Address(), "postgres"))
	_, err = server.Start(t.Context())
	must(t, err)
	token, err := Prepare(t.Context(), server.Address(), nowhere)
	must(t, err)
	standby := primary.Standby(t)
	l := refusedAndHeals(t, server, token, func() { p.Switch(standby.Address()) }, func() { p.Switch(primary.Address()) })
	t.Logf("SUMMARY read-only database: %v", l)
}

// refusedAndHeals starts instances, does harm, goes on until the server refuses, heals and demands that the server
// takes changes again by itself and that all that was acknowledged is there.
func refusedAndHeals(t *testing.T, server *Node, token string, harm, heal func()) *Ledger {
	t.Helper()
	load := &Load{Ledger: &Ledger{}, Nodes: []string{server.Address()}, Token: token, Seed: 1, run: "heal"}
	h := &hand{Client: NewClient(load.Nodes, token, 0), load: load}
	defer h.Close()
	start := func() Answer {
		return h.act(t.Context(), Operation{Kind: Start, Call: Call{Method: http.MethodPost, Path: "/v2/process-instances"}})
	}
	for range 20 {
		if a := start(); a.Outcome() != Done {
			t.Fatalf("the start was answered with %d %s %v", a.Status, a.Body, a.Err)
		}
	}
	harm()
	refused := 0
	for begin := time.Now(); refused < 5; {
		switch a := start(); {
		case a.Outcome() == Done && time.Since(begin) < healMax:
		case a.Status == http.StatusServiceUnavailable:
			refused++
		default:
			t.Fatalf("the start was answered with %d %s %v, want 503", a.Status, a.Body, a.Err)
		}
	}
	read := h.Do(t.Context(), Call{Method: http.MethodPost, Path: "/v2/process-instances/search", Body: map[string]any{}})
	if read.Outcome() != Done {
		t.Errorf("a search was answered with %d %s %v", read.Status, read.Body, read.Err)
	}
	heal()
	begin := time.Now()
	waitFor(t, "a start", func() bool { return start().Outcome() == Done })
	if took := time.Since(begin); took > healMax {
		t.Errorf("the server took %s to heal", took)
	}
	v := &Verifier{Client: h.Client, Ledger: load.Ledger}
	none(t, "settle", Settle(t.Context(), h.Client, load.Ledger.All()))
	none(t, "recent", v.Recent(t.Context(), load.Ledger.All()))
	none(t, "answers", load.Ledger.Failures())
	_, violations := v.Audit(t.Context())
	none(t, "audit", violations)
	noPanic(t, server)
	return load.Ledger
}

func noPanic(t *testing.T, n *Node) {
	t.Helper()
	text, err := os.ReadFile(n.LogPath())
	must(t, err)
	if strings.Contains(string(text), "panic") {
		t.Errorf("the log of %s tells of a panic", n.Name)
	}
}
