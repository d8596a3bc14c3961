package bench

import (
	"testing"
)

// TestReplayLeavesWhatTheRunLeft records a run with overlapping transactions on both databases; replay itself
// compares the rows.
func TestReplayLeavesWhatTheRunLeft(t *testing.T) {
	t.Parallel()
	for _, database := range databases {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			within(t, func(s *scope) {
				const instances = 6
				rec := s.record(database, workloadNamed("W1"), 4, instances)
				if took := s.replay(rec); took <= 0 || rec.counts["audit_entry"] < int64(rec.commands) {
					t.Errorf("replayed in %v, %d audit entries of %d commands", took, rec.counts["audit_entry"], rec.commands)
				}
				rows := int64(0)
				for _, tx := range rec.run {
					rows += tx.rows
				}
				if s.pour(rec); rows < 10*instances {
					t.Errorf("the replay counted %d rows", rows)
				}
			})
		})
	}
}

func TestReplayKeepsTheOrderOfTheRecording(t *testing.T) {
	t.Parallel()
	// The first two overlapped; the third began after both had ended.
	first := &transaction{conn: 1, begun: 1, ended: 3}
	second := &transaction{conn: 2, begun: 2, ended: 4}
	third := &transaction{conn: 1, begun: 5, ended: 6}
	p := newPlayer([]*transaction{first, second, third}, nil)
	if !p.free(first) || !p.free(second) || p.free(third) {
		t.Fatal("at the beginning the first two are free, the third is not")
	}
	p.finish(second, nil)
	if p.free(third) {
		t.Error("the third is free before the first has ended")
	}
	p.finish(first, nil)
	if !p.free(third) {
		t.Error("the third is not free although both have ended")
	}
}

func TestWritingLeavesOutWhatOnlyReads(t *testing.T) {
	t.Parallel()
	mixed := &transaction{statements: []statement{{query: "SELECT 1"}, {query: "INSERT INTO a"}, {query: "WITH d AS (…) UPDATE a"}}}
	if got := mixed.writing(); len(got) != 2 || got[0].query != "INSERT INTO a" {
		t.Errorf("got %v", got)
	}
	function := &transaction{statements: []statement{{query: "SELECT apply(1)"}}}
	if got := function.writing(); len(got) != 1 {
		t.Errorf("a transaction of one function call is left with %v", got)
	}
}
