package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tallystick/fault"
	"tallystick/host"
	"tallystick/host/hosttest"
	"tallystick/internal/pgtest"
	"tallystick/store"
)

// TestRetention runs a real server that keeps history for 90 days, ends instances, moves its clock and finds them
// forgotten, those that go on and those of a process that is kept for ever still there, and the log sound.
func TestRetention(t *testing.T) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db"), "postgres": pgtest.Start(t),
	} {
		t.Run(name, func(t *testing.T) {
			n := startNode(t, "--db", dsn, "--example", "--test-clock", "--retention", "forever", "--retention-for", "returns=90d", "--retention-every", "1s")
			s := &story{t: t, dsn: dsn, port: n.address[strings.LastIndexByte(n.address, ':')+1:]}
			s.people()
			gone := s.claim("C-1", "gold", 49, 3, 0, "SHIRT-M")
			s.ends(gone, "refunded")
			s.clock(91 * 24 * time.Hour)
			s.forgotten(gone)
			young := s.claim("C-2", "gold", 49, 3, 0, "SHIRT-M")
			s.ends(young, "refunded")
			entries, err := s.as("admin").r.search(t.Context(), "/v2/audit-entries/search", map[string]any{"actor": "system:retention", "outcome": "ok"}, 10)
			s.must(err)
			if len(entries) != 1 || entries[0]["action"] != host.ActionHistoryPrune {
				t.Errorf("entries of the retention: %v", entries)
			}
			if rows, err := s.as("admin").r.search(t.Context(), "/v2/audit-entries/search", map[string]any{"processInstanceKey": gone}, 100); err != nil || len(rows) == 0 {
				t.Errorf("the log of the forgotten instance: %d entries, %v", len(rows), err)
			}
			if report, err := verifyLocal(t.Context(), dsn); err != nil || !report.OK() {
				t.Errorf("%v %s", err, report.String())
			}
		})
	}
}

// forgotten waits until the instance is not found any more, nor anything of it.
func (s *story) forgotten(instance string) {
	s.t.Helper()
	admin := s.as("admin").r
	for deadline := time.Now().Add(30 * time.Second); ; {
		err := admin.call(s.t.Context(), http.MethodGet, "/v2/process-instances/"+instance, nil, nil)
		if p, ok := err.(*problemError); ok && p.Status == http.StatusNotFound {
			break
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("instance %s is remembered: %v", instance, err)
		}
	}
	for _, what := range []string{"variables", "element-instances", "user-tasks", "jobs", "incidents"} {
		rows, err := admin.search(s.t.Context(), "/v2/"+what+"/search", map[string]any{"processInstanceKey": instance}, 10)
		if err != nil || len(rows) != 0 {
			s.t.Errorf("%d %s are left, %v", len(rows), what, err)
		}
	}
}

// TestPruneCommand prunes without a server, and refuses beside one on SQLite.
func TestPruneCommand(t *testing.T) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db"), "postgres": pgtest.Start(t),
	} {
		t.Run(name, func(t *testing.T) {
			n := startNode(t, "--db", dsn, "--example", "--test-clock")
			s := &story{t: t, dsn: dsn, port: n.address[strings.LastIndexByte(n.address, ':')+1:]}
			s.people()
			s.clock(-100 * 24 * time.Hour)
			s.ends(s.claim("C-1", "gold", 49, 3, 0, "SHIRT-M"), "refunded")
			code, out, said := types(t, "db", "prune", "--db", dsn, "--process", "returns", "--older-than", "90d")
			beside := map[string]bool{"postgres": true}[name]
			if beside != (code == exitOK) || beside != strings.Contains(out, "1 instances") {
				t.Errorf("beside the server: exit code %d: %s%s", code, out, said)
			}
			n.stop()
			<-n.done
			n.done = nil
			code, out, said = types(t, "db", "prune", "--db", dsn, "--process", "returns", "--older-than", "90d")
			if code != exitOK || beside == strings.Contains(out, "1 instances") {
				t.Errorf("exit code %d: %s%s", code, out, said)
			}
			if report, err := verifyLocal(t.Context(), dsn); err != nil || !report.OK() {
				t.Errorf("%v %s", err, report.String())
			}
		})
	}
	if code, _, said := types(t, "db", "prune", "--db", "sqlite:none.db", "--process", "x", "--older-than", "1d"); code != exitNotFound {
		t.Errorf("no database: exit code %d: %s", code, said)
	}
}

// TestPruneIsRefused asks a host on a real store as somebody whom the policy does not let.
func TestPruneIsRefused(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "x.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	policy := hosttest.NewPolicy(func(_ int64, by host.Actor, action, scope string) bool { return by.Kind == "system" })
	h, err := host.New(host.Options{Store: db, Jobs: db, Library: db, Authorizer: policy, Node: "n", Origin: db.Origin()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	_, err = h.Prune(ctx, host.Actor{Kind: "user", Name: "eve"}, db, "returns", time.Hour)
	if fault.KindOf(err) != fault.Denied {
		t.Errorf("got %v, want a refusal", err)
	}
	if _, err := h.PruneEvaluations(ctx, host.Actor{Kind: "user", Name: "eve"}, db, time.Hour); fault.KindOf(err) != fault.Denied {
		t.Errorf("got %v, want a refusal", err)
	}
	if n, err := h.Prune(ctx, host.System("retention"), db, "returns", time.Hour); n != 0 || err != nil {
		t.Errorf("%d pruned, %v", n, err)
	}
	if n, err := h.PruneEvaluations(ctx, host.System("retention"), db, time.Hour); n != 0 || err != nil {
		t.Errorf("%d pruned, %v", n, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	report, err := host.VerifyLedger(t.Context(), db.Origin(), db)
	if err != nil || !report.OK() || report.Entries != 2 {
		t.Errorf("%v %s; want the entries of the refusals", err, report.String())
	}
}

func TestRetentionFlags(t *testing.T) {
	for text, want := range map[string]time.Duration{"forever": 0, "1d": day, "90d": 90 * day, "P30D": 30 * day, "36h": 36 * time.Hour} {
		if got, err := parseKeep(text); got != want || err != nil {
			t.Errorf("%s: %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "0", "0d", "-1d", "d", "P1Y", "1s", "-36h", "999999999999d", "36601d", "soon"} {
		if got, err := parseKeep(text); err == nil {
			t.Errorf("%q is taken as %v", text, got)
		}
	}
	for _, flags := range [][]string{
		{"--retention", "soon"},
		{"--retention-for", "returns"},
		{"--retention-for", "=90d"},
		{"--retention-for", "a=0d"},
		{"--retention-for", "a=1d,a=2d"},
		{"--retention-every", "1ms"},
	} {
		args := append([]string{"serve", "--db", "sqlite:" + filepath.Join(t.TempDir(), "x.db")}, flags...)
		if code, _, said := types(t, args...); code != exitUsage || !strings.Contains(said, "retention") {
			t.Errorf("%s: exit code %d: %s", fmt.Sprint(flags), code, said)
		}
	}
}
