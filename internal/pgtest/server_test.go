package pgtest

import (
	"os"
	"testing"
)

func TestServerKeepsWhatWasCommittedAcrossAnImmediateRestart(t *testing.T) {
	t.Parallel()
	s := NewServer(t)
	s.Execute(t, `create table mark (id bigint)`)
	s.Execute(t, `insert into mark values (7)`)
	before := s.Ask(t, `select pg_postmaster_start_time()::text`)
	s.StopAtOnce(t)
	s.Start(t)
	if got := s.Ask(t, `select max(id)::text from mark`); got != "7" {
		t.Errorf("mark is %s, want 7", got)
	}
	if after := s.Ask(t, `select pg_postmaster_start_time()::text`); after == before {
		t.Error("the cluster was not restarted")
	}
}

func TestPromotedStandbyHasEveryCommit(t *testing.T) {
	t.Parallel()
	primary := NewServer(t)
	primary.Execute(t, `create table mark (id bigint)`)
	standby := primary.Standby(t)
	if got := standby.Ask(t, `select pg_is_in_recovery()::text`); got != "true" {
		t.Fatalf("the standby is in recovery: %s", got)
	}
	primary.Execute(t, `insert into mark values (8)`)
	primary.StopAtOnce(t)
	standby.Promote(t)
	if got := standby.Ask(t, `select max(id)::text from mark`); got != "8" {
		t.Errorf("mark is %s, want 8", got)
	}
	standby.Execute(t, `insert into mark values (9)`) // waits for nobody
}

func TestServerLeavesNothing(t *testing.T) {
	var s *Server
	t.Run("use", func(t *testing.T) { s = NewServer(t) })
	if _, err := os.Stat(s.dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there", s.dir)
	}
	if execute(s.DSN("postgres"), `select 1`) == nil {
		t.Error("the cluster still runs")
	}
}
