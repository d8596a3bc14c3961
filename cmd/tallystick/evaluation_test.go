package main

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tallystick/host"
	"tallystick/internal/pgtest"
)

// evaluates evaluates a decision of the example outside of any process, and returns the key of the first decision in it.
func (s *story) evaluates() string {
	s.t.Helper()
	var made struct {
		Decisions []struct {
			Key string `json:"decisionEvaluationInstanceKey"`
		} `json:"evaluatedDecisions"`
	}
	in := map[string]any{"decisionDefinitionId": "risk-band", "variables": map[string]any{"prior": 1}}
	s.must(s.as("admin").r.call(s.t.Context(), http.MethodPost, "/v2/decision-definitions/evaluation", in, &made))
	if len(made.Decisions) == 0 {
		s.t.Fatal("nothing was evaluated")
	}
	return made.Decisions[0].Key
}

func (s *story) remembers(evaluation string) bool {
	s.t.Helper()
	err := s.as("admin").r.call(s.t.Context(), http.MethodGet, "/v2/decision-instances/"+evaluation, nil, nil)
	if p, ok := err.(*problemError); ok && p.Status == http.StatusNotFound {
		return false
	}
	s.must(err)
	return true
}

// TestRetentionOfEvaluations has a real server forget what was evaluated 91 days ago and keep what was evaluated since.
func TestRetentionOfEvaluations(t *testing.T) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db"), "postgres": pgtest.Start(t),
	} {
		t.Run(name, func(t *testing.T) {
			n := startNode(t, "--db", dsn, "--example", "--test-clock", "--retention", "90d", "--retention-every", "1s")
			s := &story{t: t, dsn: dsn, port: n.address[strings.LastIndexByte(n.address, ':')+1:]}
			old := s.evaluates()
			s.clock(91 * 24 * time.Hour)
			young := s.evaluates()
			for deadline := time.Now().Add(30 * time.Second); s.remembers(old); {
				if time.Now().After(deadline) {
					t.Fatal("the old evaluation is remembered")
				}
			}
			if !s.remembers(young) {
				t.Error("the young evaluation is forgotten")
			}
			entries, err := s.as("admin").r.search(t.Context(), "/v2/audit-entries/search", map[string]any{"actor": "system:retention"}, 10)
			s.must(err)
			if len(entries) != 1 || entries[0]["action"] != host.ActionHistoryPrune {
				t.Errorf("entries of the retention: %v", entries)
			}
			if report, err := verifyLocal(t.Context(), dsn); err != nil || !report.OK() {
				t.Errorf("%v %s", err, report.String())
			}
		})
	}
}

// TestPruneEvaluationsCommand prunes them without a server.
func TestPruneEvaluationsCommand(t *testing.T) {
	for name, dsn := range map[string]string{
		"sqlite": "sqlite:" + filepath.Join(t.TempDir(), "data", "tally.db"), "postgres": pgtest.Start(t),
	} {
		t.Run(name, func(t *testing.T) {
			n := startNode(t, "--db", dsn, "--example", "--test-clock")
			s := &story{t: t, dsn: dsn, port: n.address[strings.LastIndexByte(n.address, ':')+1:]}
			s.clock(-100 * 24 * time.Hour)
			s.evaluates()
			s.evaluates()
			s.clock(0)
			s.evaluates()
			n.stop()
			<-n.done
			n.done = nil
			for _, want := range []string{"2 evaluations pruned", "0 evaluations pruned"} {
				code, out, said := types(t, "db", "prune", "--db", dsn, "--evaluations", "--older-than", "90d")
				if code != exitOK || !strings.Contains(out, want) {
					t.Errorf("exit code %d: %s%s; want %s", code, out, said, want)
				}
			}
			if report, err := verifyLocal(t.Context(), dsn); err != nil || !report.OK() {
				t.Errorf("%v %s", err, report.String())
			}
		})
	}
	for _, what := range [][]string{{}, {"--process", "returns", "--evaluations"}} {
		args := append([]string{"db", "prune", "--db", "sqlite:none.db", "--older-than", "1d"}, what...)
		if code, _, said := types(t, args...); code != exitUsage || !strings.Contains(said, "--evaluations") {
			t.Errorf("%v: exit code %d: %s", what, code, said)
		}
	}
}
