package hosttest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tallystick/engine"
)

// verifyInstance checks one instance against its log and its events.
func (s *Store) verifyInstance(key int64, i instance, records []engine.Record, events []written) error {
	st := engine.Replay(records)
	replayed, err := st.Encode()
	if err != nil {
		return err
	}
	if !bytes.Equal(replayed, i.State) {
		return fmt.Errorf("is not what its log says\nstored   %s\nreplayed %s", i.State, replayed)
	}
	if i.status != string(st.Status()) {
		return fmt.Errorf("is listed as %s and is %s", i.status, st.Status())
	}
	return errors.Join(
		sameRecords(records, events), verifyTokens(key, st, replayed, records), verifyOnce(records, events),
		s.verifyRows(key, st), s.verifyProgress(st),
	)
}

// sameRecords compares the log with what the projections were told.
func sameRecords(records []engine.Record, events []written) error {
	told := make([]engine.Record, len(events))
	for i, e := range events {
		told[i] = e.Record
	}
	a, err := engine.EncodeRecords(records)
	if err != nil {
		return err
	}
	b, err := engine.EncodeRecords(told)
	if err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("the log has %d records, the projections were told of %d, or of others", len(records), len(told))
	}
	return nil
}

// flow is a sequence flow of a scope.
type flow struct {
	Scope int64
	Flow  string
}

// verifyTokens counts tokens and element instances along the records: made = used up + there.
func verifyTokens(key int64, st engine.State, encoded []byte, records []engine.Record) error {
	c := counter{open: map[int64]string{}, tokens: map[flow]int{}}
	for _, r := range records {
		if err := c.count(r); err != nil {
			return err
		}
	}
	var stored struct {
		Tokens []struct {
			Scope int64
			Flow  string
			Count int
		}
	}
	if err := json.Unmarshal(encoded, &stored); err != nil {
		return err
	}
	for _, t := range stored.Tokens {
		c.tokens[flow{t.Scope, t.Flow}] -= t.Count
	}
	for f, n := range c.tokens {
		if n != 0 {
			return fmt.Errorf("%d tokens of flow %s are lost", n, f.Flow)
		}
	}
	for _, e := range st.Elements() {
		if _, open := c.open[e.Key]; !open && e.Key != key {
			return fmt.Errorf("element %s is there and was never activated", e.Element)
		}
		delete(c.open, e.Key)
	}
	for _, element := range c.open {
		return fmt.Errorf("element %s was activated and neither ended nor is there", element)
	}
	return nil
}

// counter follows tokens and element instances.
type counter struct {
	open   map[int64]string
	tokens map[flow]int
}

func (c *counter) count(r engine.Record) error {
	switch r := r.(type) {
	case engine.FlowTaken:
		c.tokens[flow{r.Scope, r.Flow}]++
	case engine.ElementActivated:
		c.open[r.Key] = r.Element
		for _, via := range r.Via {
			f := flow{r.Scope, via}
			if c.tokens[f]--; c.tokens[f] < 0 {
				return fmt.Errorf("element %s consumed a token of %s that was not there", r.Element, via)
			}
		}
	case engine.TokensMigrated:
		c.migrate(r)
	case engine.ElementCompleted:
		if n := c.drop(r.Key); n != 0 {
			return fmt.Errorf("element %s completed with %d tokens in it", r.Element, n)
		}
		return c.close(r.Key, r.Element)
	case engine.ElementTerminated:
		c.drop(r.Key)
		return c.close(r.Key, r.Element)
	case engine.ScopeTerminated:
		c.drop(r.Scope)
	case engine.InstanceTerminated:
		clear(c.tokens)
		clear(c.open)
	}
	return nil
}

// migrate moves the tokens of a scope to other flows, all at once.
func (c *counter) migrate(r engine.TokensMigrated) {
	moved := map[flow]int{}
	for _, f := range r.Flows {
		from := flow{r.Scope, f.From}
		moved[flow{r.Scope, f.Flow}] += c.tokens[from]
		delete(c.tokens, from)
	}
	for f, n := range moved {
		c.tokens[f] += n
	}
}

func (c *counter) close(key int64, element string) error {
	if _, open := c.open[key]; !open {
		return fmt.Errorf("element %s ended and was not active", element)
	}
	delete(c.open, key)
	return nil
}

// drop takes the tokens of a scope away and counts them.
func (c *counter) drop(scope int64) int {
	lost := 0
	for f, n := range c.tokens {
		if f.Scope == scope {
			lost += n
			delete(c.tokens, f)
		}
	}
	return lost
}

// verifyOnce finds jobs, tasks and timers that ended twice, and timers that fired early.
func verifyOnce(records []engine.Record, events []written) error {
	ended := map[int64]string{}
	for _, r := range records {
		key, ends := ending(r)
		if !ends {
			continue
		}
		if before, twice := ended[key]; twice {
			return fmt.Errorf("%d ended by %s and by %s", key, before, r.Kind())
		}
		ended[key] = r.Kind()
	}
	due := map[int64]time.Time{}
	for _, e := range events {
		switch r := e.Record.(type) {
		case engine.TimerArmed:
			due[r.Key] = r.Due
		case engine.TimerFired:
			if early := due[r.Key].Sub(e.At); early > 0 {
				return fmt.Errorf("timer %s fired %s before it was due", r.Element, early)
			}
		}
	}
	return nil
}

// ending is the key of what a record ends; false when it ends nothing.
func ending(r engine.Record) (int64, bool) {
	switch r := r.(type) {
	case engine.JobCompleted:
		return r.Key, true
	case engine.JobErrorThrown:
		return r.Key, true
	case engine.JobCanceled:
		return r.Key, true
	case engine.TaskCompleted:
		return r.Key, true
	case engine.TaskCanceled:
		return r.Key, true
	case engine.TimerFired:
		return r.Key, true
	case engine.TimerCanceled:
		return r.Key, true
	}
	return 0, false
}

// verifyProgress finds an instance that nothing can move and that says so nowhere.
func (s *Store) verifyProgress(st engine.State) error {
	if st.Status() != engine.Active || st.Caller() != 0 && len(st.Elements()) == 0 { // kept to be compensated
		return nil
	}
	if len(st.Tasks())+len(st.Jobs())+len(st.Timers())+len(st.Incidents())+len(st.Subscriptions()) > 0 {
		return nil
	}
	for _, e := range st.Elements() {
		if e.ElementType == "CALL_ACTIVITY" && s.calling(e.Key) || e.ElementType == "AD_HOC_SUB_PROCESS" {
			return nil
		}
	}
	if st.Tokens() > 0 {
		return nil // they wait for others: a join, or a quantity that is not reached (13.3.2)
	}
	return errors.New("is active and waits for nothing")
}

// calling reports whether a call is on its way, or what it called is active, or the answer is on its way.
func (s *Store) calling(elementInstance int64) bool {
	if _, active := s.instances[s.called[elementInstance]]; active {
		return true
	}
	for _, e := range s.errands {
		if e.About == elementInstance {
			return true
		}
	}
	return false
}
