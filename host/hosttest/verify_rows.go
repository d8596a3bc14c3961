package hosttest

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tallystick/audit"
	"tallystick/engine"
)

// verifyRows compares the rows that workers and the clock look at with the instance they belong to.
func (s *Store) verifyRows(key int64, st engine.State) error {
	for _, j := range st.Jobs() {
		row, there := s.jobs[j.Key]
		if !there || row.Instance != key {
			return fmt.Errorf("job %s of %s has no row", j.Type, j.Element)
		}
		if row.Element != j.Element || row.Definition != st.Definition() {
			return fmt.Errorf("job %s of %s has a row of %s in definition %d", j.Type, j.Element, row.Element, row.Definition)
		}
		if row.Retries != j.Retries || !row.notBefore.Equal(j.NotBefore) {
			return fmt.Errorf("job %s of %s has %d retries, its row says %d", j.Type, j.Element, j.Retries, row.Retries)
		}
	}
	for _, t := range st.Timers() {
		if row, there := s.timers[t.Key]; !there || row.Instance != key || !row.Due.Equal(t.Due) {
			return fmt.Errorf("timer %s has no row, or one with another date", t.Element)
		}
	}
	for _, x := range st.Subscriptions() {
		if row, there := s.subscriptions[x.Key]; !there || row.Instance != key || row.Name != x.Name || row.CorrelationKey != x.CorrelationKey {
			return fmt.Errorf("subscription %s has no row, or one for something else", x.Element)
		} else if row.Element != x.Element || row.Definition != st.Definition() {
			return fmt.Errorf("subscription %s has a row of %s in definition %d", x.Element, row.Element, row.Definition)
		}
	}
	return nil
}

// verifyOwners finds rows whose owner is gone.
func (s *Store) verifyOwners() error {
	states := make(map[int64]engine.State, len(s.instances))
	for key, i := range s.instances {
		st, err := engine.DecodeState(i.State)
		if err != nil {
			return err
		}
		states[key] = st
	}
	for key, row := range s.jobs {
		if _, open := states[row.Instance].Job(key); !open {
			return fmt.Errorf("a row of job %s has no owner", row.Type)
		}
	}
	for key, row := range s.timers {
		if !armed(states[row.Instance], key) {
			return fmt.Errorf("a row of timer %d has no owner", key)
		}
	}
	for key, row := range s.subscriptions {
		if !slices.ContainsFunc(states[row.Instance].Subscriptions(), func(x engine.Subscription) bool { return x.Key == key }) {
			return fmt.Errorf("a row of subscription %s has no owner", row.Element)
		}
	}
	for key := range s.claims {
		if _, there := s.timers[key]; !there {
			return fmt.Errorf("a claim of timer %d has no owner", key)
		}
	}
	return nil
}

func armed(st engine.State, key int64) bool {
	for _, t := range st.Timers() {
		if t.Key == key {
			return true
		}
	}
	return false
}

// verifyCommands counts the entries of commands with an idempotency key: one for each kept outcome of an
// instance, and the reverse.
func (s *Store) verifyCommands() error {
	kept := 0
	for id, o := range s.commands {
		var r struct{ Instance int64 }
		if err := json.Unmarshal(o.Receipt, &r); err != nil {
			return err
		}
		if r.Instance == 0 {
			continue
		}
		kept++
		if _, there := s.find(r.Instance); !there {
			return fmt.Errorf("the outcome of command %s has no owner", id)
		}
	}
	logged := map[string]bool{}
	for _, row := range s.entries {
		e := row.Entry
		if e.IdempotencyKey == nil || e.Outcome != audit.OutcomeOK {
			continue
		}
		id := e.Actor + " " + hex.EncodeToString(e.IdempotencyKey[:])
		if logged[id] {
			return fmt.Errorf("a command of %s has two entries", e.Actor)
		}
		logged[id] = true
	}
	if kept != len(logged) {
		return fmt.Errorf("%d outcomes are kept, %d commands with a key are in the log", kept, len(logged))
	}
	return nil
}

// VerifyPunctual checks that no timer fired before it was due by the clock of the store, whatever the clocks
// of the nodes said. It is not for runs in which a test sets the clock.
func (s *Store) VerifyPunctual() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	due := map[int64]time.Time{}
	for _, e := range s.journal {
		switch r := e.Record.(type) {
		case engine.TimerArmed:
			due[r.Key] = r.Due
		case engine.TimerFired:
			if early := due[r.Key].Sub(e.at); early > 0 {
				return fmt.Errorf("timer %s of %d fired %s before it was due", r.Element, e.Instance, early)
			}
		}
	}
	return nil
}
